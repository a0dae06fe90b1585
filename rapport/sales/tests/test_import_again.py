"""A file like one before: what was chosen then, and what its words mean."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts.models import Team
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.new_fields import guess_kind
from rapport.records.imports.running import run_import
from rapport.records.metadata.noticing import refresh
from rapport.records.models import CustomField, ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import make_sample
from rapport.sales.models import Deal, Stage

pytestmark = pytest.mark.django_db
FILE = "Deal,Owner,Stage,Shelf\nRoof,Old Bob,Handshake,7\nPump,Old Bob,Handshake,8\n"


@pytest.fixture(autouse=True)
def pipeline() -> None:
    if not Stage.objects.exists():
        make_sample("stage")


def drafted(browser: Client, text: str = FILE) -> ImportRun:
    browser.post("/import/deals/", {"file": ContentFile(text.encode(), "deals.csv")})
    return ImportRun.objects.filter(is_dry_run=False).latest("created_at")


def imported(run: ImportRun) -> ImportRun:
    assert run.user is not None
    principal = principal_of(run.user)
    return run_import(ImportRun.objects.get(pk=run.pk), principal, context_for(principal))


def choose(browser: Client, run: ImportRun, **values: str) -> None:
    fields = {f"field-{one['place']}": one["field"] for one in run.mapping}
    browser.post(f"/import/run/{run.pk}/choose/", {**fields, "do": "look", **values})


def stage() -> Stage:
    return Stage.objects.order_by("position")[1]


def settle(browser: Client, run: ImportRun) -> dict[str, str]:
    return {
        "word-1-0": "Old Bob", "value-1-0": str(run.user_id),
        "word-2-0": "Handshake", "value-2-0": str(stage().pk),
    }  # fmt: skip


def test_words_that_name_nobody_are_asked_once_and_mean_what_was_chosen() -> None:
    browser = signed_in(make_user("Ida Brandt"))
    run = drafted(browser)
    page = browser.get(f"/import/run/{run.pk}/").content.decode()
    assert page.count('value="Old Bob"') == page.count('value="Handshake"') == 1
    choose(browser, run, **settle(browser, run))
    done = imported(run)
    assert (done.created, done.notes) == (2, {})
    deals = Deal.objects.filter(name__in=("Roof", "Pump"))
    assert {(one.owner_id, one.stage_id) for one in deals} == {(run.user_id, stage().pk)}


def test_a_file_with_the_same_columns_is_set_up_as_the_last_one_of_the_team() -> None:
    team = Team.objects.create(name="Blue")
    ida, luis, eva = (make_user(name) for name in ("Ida Brandt", "Luis Vega", "Eva Roth"))
    team.members.add(ida, luis)
    browser = signed_in(ida)
    run = drafted(browser)
    choose(browser, run, **settle(browser, run), **{"field-3": "description"})
    imported(run)
    again = drafted(signed_in(luis), FILE.replace("Roof", "Door"))
    assert [one["field"] for one in again.mapping] == ["name", "owner", "stage", "description"]
    assert again.mapping[1]["values"] == {"Old Bob": str(ida.pk)}
    assert b"As in deals.csv" in signed_in(luis).get(f"/import/run/{again.pk}/").content
    assert drafted(signed_in(luis), FILE.replace("Shelf", "Rack")).left_out == ["Rack"]
    assert drafted(signed_in(eva)).left_out == ["Shelf"]


def test_every_column_that_goes_nowhere_is_named_in_check_and_report() -> None:
    browser = signed_in(make_user())
    run = drafted(browser)
    browser.post(f"/import/run/{run.pk}/choose/", {"do": "check"})
    check = ImportRun.objects.get(check_of=run)
    for one in (imported(check), imported(run)):
        assert one.left_out == ["Shelf"]
        assert b"went nowhere" in browser.get(f"/import/run/{one.pk}/").content


def test_a_row_whose_key_leads_nowhere_says_so() -> None:
    user = make_user()
    principal = principal_of(user)
    kept, gone = make_sample("deal", 1), "01900000-0000-7000-8000-000000000000"
    text = f"ID,Deal\n{kept},Renamed\n{gone},Other\nx,Third\n"
    run = draft(
        principal, "deal", "d.csv", keep_upload(SimpleUploadedFile("d.csv", text.encode())),
        chosen={"ID": "id", "Deal": "name"},
    )  # fmt: skip
    done = run_import(run, principal, context_for(principal))
    assert (done.updated, done.created, done.failed) == (1, 0, 2)
    assert Deal.objects.get(pk=kept).name == "Renamed"
    reasons = list(run.problems.order_by("number").values_list("reason", flat=True))
    assert "leads to no record" in reasons[0]
    assert "is no key" in reasons[1]


def test_an_administrator_has_a_column_made_into_a_field() -> None:
    browser = signed_in(make_user())
    run = drafted(browser)
    fields = {f"field-{one['place']}": one["field"] for one in run.mapping} | {"field-3": "+"}
    browser.post(f"/import/run/{run.pk}/choose/", {**fields, "do": "check"})
    assert not CustomField.objects.exists()
    assert ImportRun.objects.get(check_of=run).new_fields == ["Shelf"]
    browser.post(f"/import/run/{run.pk}/choose/", {**fields, "do": "import"})
    made = CustomField.objects.get()
    assert (made.object, made.kind, made.label["en"]) == ("deal", "integer", "Shelf")
    refresh()
    done = imported(run)
    assert (done.created, done.left_out, done.partial) == (2, [], 0)
    roof = browser.get("/api/v1/deals", {"name": "Roof", "columns": made.name}).json()
    assert roof["data"][0][made.name] == 7


def test_who_does_not_administer_makes_no_fields() -> None:
    browser = signed_in(make_user("Luis Vega", "member"))
    run = drafted(browser)
    browser.post(f"/import/run/{run.pk}/choose/", {"field-0": "name", "field-3": "+", "do": "look"})
    run.refresh_from_db()
    assert run.new_fields == []
    assert b"A new field" not in browser.get(f"/import/run/{run.pk}/").content


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["yes", "No"], "boolean"),
        (["7", "-12"], "integer"),
        (["007", "12"], "text"),
        (["1.234,50", "7"], "decimal"),
        (["2026-01-31", "2025-12-01"], "date"),
        (["a@b.example", "c@d.example"], "email"),
        (["https://a.example/x"], "url"),
        (["x" * 200], "long_text"),
        (["blue", "7"], "text"),
        ([], "text"),
    ],
)
def test_the_kind_of_a_new_field_is_what_fits_all_values(values: list[str], kind: str) -> None:
    assert guess_kind(values) == kind
