"""Several files at once through the pages: what they are taken for, corrected, and to whom."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Company, Person
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import MOST_FILES, receive
from rapport.records.imports.sets.running import run_set
from rapport.records.imports.stored import path_of
from rapport.records.imports.tidying import DAYS, tidy_imports
from rapport.records.jobs import run_job
from rapport.records.models import ImportRun, ImportSet, Job
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE
from rapport.sales.models import Deal, OrderLine

pytestmark = pytest.mark.django_db

COMPANIES = "Company name,Website,Industry\nAcme,acme.example,Tools\n"
PEOPLE = "First name,Last name,Email,Company\nAda,Berg,ada@acme.example,Acme\n"
DEALS = "Deal name,Company,Amount,Stage\nBig,Acme,100,Qualify\n"


def drafted(files: Mapping[str, str]) -> ImportSet:
    sent = receive((name, io.BytesIO(text.encode())) for name, text in files.items())
    return draft_set(HOUSE, "export", sent)


def become(files: Mapping[str, str]) -> dict[str, str]:
    made = drafted(files)
    found = dict(made.runs.order_by("turn").values_list("filename", "object"))
    return found | {one["name"]: "" for one in made.left}


def test_the_page_says_before_how_many_rows_were_deleted_there() -> None:
    owner = make_user()
    accounts = "Id,IsDeleted,Name\n001A,true,Acme\n001B,false,Beta\n001C,1,Cafe\n"
    web = signed_in(owner)
    sent = SimpleUploadedFile("Account.csv", accounts.encode())
    place = web.post(
        "/import/files/", {"file": [sent, SimpleUploadedFile("b.csv", PEOPLE.encode())]}
    )
    page = web.get(place.headers["Location"]).content.decode()
    assert "2 of 3 rows" in page
    assert page.index("2 of 3 rows") < page.index('name="take"')
    assert ImportRun.objects.get(filename="Account.csv").gone_rows == 2
    clean = drafted({"Account.csv": accounts.replace("true", "no").replace(",1,", ",0,")})
    assert clean.runs.get().gone_rows == 0


def test_a_file_is_known_by_its_columns_or_by_its_name() -> None:
    files = {
        "a.csv": DEALS,
        "b.csv": PEOPLE,
        "c.csv": COMPANIES,
        "tareas.csv": "Asunto,Vence\nLlamar,2026-01-02\n",
        "notes.csv": "Text\nCall again\n",
        "teams.csv": "id,name\n1,North\n",
    }
    assert become(files) == {
        "c.csv": "company", "b.csv": "person", "a.csv": "deal", "tareas.csv": "task",
        "notes.csv": "note", "teams.csv": "",
    }  # fmt: skip


def test_a_name_and_a_way_to_reach_it_are_enough() -> None:
    files = {
        "list.csv": "Name,Mail,Firma\nAda Berg,ada@acme.example,Acme\n",
        "phone book.csv": "Name,Phone\nAda Berg,+34 600 000 000\n",
        "switchboards.csv": "Company name,Phone\nAcme,+34 600 000 001\n",
        # Spanish for everything, not a list of what is to be done.
        "todo.csv": "Name,Color\nAcme,Red\n",
    }
    assert become(files) == {
        "list.csv": "person",
        "phone book.csv": "person",
        "switchboards.csv": "company",
        "todo.csv": "",
    }


# The columns that Pipedrive's help names; no rows of anybody's.
PIPEDRIVE = {
    "o.csv": "Organization - ID,Organization - Name,Organization - Address,Organization - Owner",
    "p.csv": "Person - ID,Person - Name,Person - Organization,Person - Email - Work",
    "d.csv": "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Organization,Person - Name",
    "l.csv": "Lead - ID,Lead - Title,Lead - Owner,Lead - Source",
    "a.csv": "Activity - ID,Activity - Subject,Activity - Due date,Activity - Deal",
    "x.csv": "Product - ID,Product - Name,Product - Unit",
}


# The standard fields that Zoho's help lists for its modules; no rows of anybody's.
ZOHO = {
    "a.csv": "Account Owner,Account Name,Phone,Website,Industry,Annual Revenue,Billing City",
    "c.csv": "Contact Owner,First Name,Last Name,Account Name,Email,Phone,Mailing City",
    "l.csv": "Lead Owner,Company,First Name,Last Name,Email,Lead Source,Lead Status,Website",
    "d.csv": "Deal Owner,Deal Name,Account Name,Contact Name,Amount,Closing Date,Stage",
}


def test_the_standard_fields_of_zoho_say_what_its_files_are_and_find_ours() -> None:
    made = drafted({name: f"{head}\n{',' * head.count(',')}x\n" for name, head in ZOHO.items()})
    runs = {run.filename: run for run in made.runs.all()}
    assert {name: run.object for name, run in runs.items()} == {
        "a.csv": "company", "c.csv": "person", "l.csv": "lead", "d.csv": "deal",
    }  # fmt: skip
    assert {name: run.left_out for name, run in runs.items()} == {name: [] for name in ZOHO}


def test_the_columns_of_pipedrive_say_what_its_files_are() -> None:
    files = {
        name: f"{head}\n{','.join('1' * (head.count(',') + 1))}\n"
        for name, head in PIPEDRIVE.items()
    }
    assert become(files) == {
        "o.csv": "company", "p.csv": "person", "l.csv": "lead", "d.csv": "deal", "a.csv": "task",
        "x.csv": "",
    }  # fmt: skip


def zipped(files: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def sent(browser: Client, *files: tuple[str, bytes], where: str = "files") -> ImportSet:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = browser.post(f"/import/{where}/", {"file": uploads})
    assert answer.status_code == 302, answer.content.decode()
    return ImportSet.objects.latest("created_at")


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def work() -> None:
    for job in Job.objects.filter(state=Job.State.WAITING):
        run_job(job.pk)


EXPORT = {"people.csv": PEOPLE, "companies.csv": COMPANIES, "teams.csv": "id,name\n1,North\n"}


@pytest.mark.parametrize("where", ["files", "people"])
def test_a_zip_is_shown_corrected_imported_and_undone(browser: Client, where: str) -> None:
    made = sent(browser, ("export.zip", zipped(EXPORT)), where=where)
    page = browser.get(f"/import/set/{made.pk}/").content.decode()
    assert "companies.csv" in page
    assert "Its columns don&#x27;t say what it is about." in page
    answer = browser.post(f"/import/set/{made.pk}/choose/", {"left-0": "company", "do": "look"})
    assert answer.status_code == 200
    made.refresh_from_db()
    assert made.left == []
    teams = made.runs.get(filename="teams.csv")
    keys = [str(run.pk) for run in made.runs.all()]
    taken = [key for key in keys if key != str(teams.pk)]
    form = {"files": keys, "take": taken, "do": "import"}
    answer = browser.post(f"/import/set/{made.pk}/choose/", form)
    assert answer["Location"].startswith("/jobs/")
    work()
    assert [one.name for one in Company.objects.all()] == ["Acme"]
    assert Person.objects.get().company == Company.objects.get()
    report = browser.get(f"/import/set/{made.pk}/").content.decode()
    assert "You left it out." in report
    made.refresh_from_db()
    browser.post(f"/undo/{made.change_set}/")
    assert not Person.objects.filter(deleted_at=None).exists()
    assert not Company.objects.filter(deleted_at=None).exists()


def test_a_check_of_all_files_leaves_the_draft_and_nothing_else(browser: Client) -> None:
    made = sent(browser, *[(name, text.encode()) for name, text in EXPORT.items()])
    answer = browser.post(f"/import/set/{made.pk}/choose/", {"do": "check"})
    work()
    assert not Company.objects.exists()
    check = ImportSet.objects.get(check_of=made)
    assert [run.created for run in check.runs.order_by("turn")] == [1, 1]
    assert (
        "nothing has been changed" in browser.get(answer["Location"], follow=True).content.decode()
    )
    made.refresh_from_db()
    assert made.state == ImportRun.State.DRAFT


def test_another_object_maps_the_file_anew_and_its_columns_are_chosen_by_hand(
    browser: Client,
) -> None:
    made = sent(browser, ("people.csv", PEOPLE.encode()), ("deals.csv", DEALS.encode()))
    run = made.runs.get(filename="people.csv")
    browser.post(f"/import/set/{made.pk}/choose/", {f"object-{run.pk}": "company"})
    run = made.runs.get(filename="people.csv")
    assert run.object == "company"
    page = browser.get(f"/import/run/{run.pk}/").content.decode()
    assert "Back to all files" in page
    assert "Check without importing" not in page
    form = {"field-0": "name", "field-1": "", "field-2": "", "field-3": "", "do": "import"}
    answer = browser.post(f"/import/run/{run.pk}/choose/", form)
    assert answer["Location"] == f"/import/set/{made.pk}/"
    run.refresh_from_db()
    assert ([one["field"] for one in run.assigned], run.state) == (["name"], "draft")


def test_what_is_no_archive_of_tables_is_refused_with_a_sentence(browser: Client) -> None:
    for name, content in (("x.zip", zipped(EXPORT)[:-40]), ("x.zip", zipped({}))):
        answer = browser.post("/import/files/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert browser.post("/import/files/", {}).status_code == 422
    assert not ImportSet.objects.exists()


def test_as_many_files_come_at_once_as_an_import_takes(browser: Client) -> None:
    made = sent(browser, *[(f"{number}.csv", b"") for number in range(120)])
    assert len(made.left) == 120
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == MOST_FILES


@pytest.mark.parametrize("where", ["files", "people"])
def test_more_files_than_an_import_takes_are_refused_on_the_page(
    browser: Client, where: str
) -> None:
    uploads = [SimpleUploadedFile(f"{number}.csv", b"") for number in range(MOST_FILES + 1)]
    answer = browser.post(f"/import/{where}/", {"file": uploads})
    assert answer.status_code == 422
    assert "more than 500 files" in answer.content.decode()
    assert not ImportSet.objects.exists()


def test_two_clicks_start_a_set_once(browser: Client) -> None:
    made = sent(browser, ("deals.csv", DEALS.encode()))
    for _click in range(2):
        browser.post(f"/import/set/{made.pk}/choose/", {"do": "import"})
    assert Job.objects.filter(kind="import_set").count() == 1
    work()
    assert Deal.objects.count() == 1


def test_a_member_imports_what_his_role_may_and_nobody_else_sees_his_set() -> None:
    bo, cy = Client(), Client()
    bo.force_login(make_user("Bo", "member"))
    cy.force_login(make_user("Cy", "manager"))
    rates = "Currency,Day,Rate\nUSD,2026-01-01,1.1\n"
    made = sent(bo, ("people.csv", PEOPLE.encode()), ("exchange_rates.csv", rates.encode()))
    assert [run.object for run in made.runs.all()] == ["person"]
    for address, method in (("", cy.get), ("choose/", cy.post)):
        assert method(f"/import/set/{made.pk}/{address}").status_code == 404
    run = made.runs.get()
    assert cy.get(f"/import/run/{run.pk}/").status_code == 404
    bo.post(f"/import/set/{made.pk}/choose/", {f"object-{run.pk}": "exchange_rate", "do": "look"})
    assert [run.object for run in made.runs.all()] == ["person"]
    reader = Client()
    reader.force_login(make_user("Di", "read_only"))
    upload = {"file": SimpleUploadedFile("people.csv", PEOPLE.encode())}
    assert reader.post("/import/files/", upload).status_code == 403


def test_what_is_not_started_is_listed_and_one_night_let_go(browser: Client) -> None:
    made = sent(browser, *[(name, text.encode()) for name, text in EXPORT.items()])
    browser.post("/import/people/", {"file": SimpleUploadedFile("one.csv", PEOPLE.encode())})
    run = ImportRun.objects.get(set=None)
    page = browser.get("/import/").content.decode()
    assert f"/import/set/{made.pk}/" in page
    assert f"/import/run/{run.pk}/" in page
    other = Client()
    other.force_login(make_user("Bo"))
    assert "Not started yet" not in other.get("/import/").content.decode()
    places = [path_of(one.storage) for one in ImportRun.objects.all()]
    places += [path_of(made.left[0]["storage"])]
    tidy_imports(timestamp=0)
    assert all(place.exists() for place in places)
    checked = sent(browser, ("deals.csv", DEALS.encode()))
    browser.post(f"/import/set/{checked.pk}/choose/", {"do": "check"})
    long_ago = timezone.now() - timedelta(days=DAYS + 1)
    for model in (ImportSet, ImportRun):
        model.objects.filter(state=ImportRun.State.DRAFT).update(created_at=long_ago)
    for place in places:
        os.utime(place, (long_ago.timestamp(), long_ago.timestamp()))
    tidy_imports(timestamp=0)
    assert [one.pk for one in ImportSet.objects.filter(check_of=None)] == [checked.pk]
    assert not any(place.exists() for place in places)
    assert path_of(checked.runs.get().storage).exists()


def test_orders_of_salesforce_come_with_their_lines_and_products() -> None:
    files = {
        "OrderItem.csv": "Id,OrderId,Product2Id,Quantity,UnitPrice\n"
        "802A,801A,01tA,2,10\n802B,801A,01tB,1,5\n802C,801B,01tA,3,10\n",
        "Order.csv": "Id,OrderNumber,AccountId,Status,EffectiveDate\n"
        "801A,00000100,001A,Draft,2024-03-01\n801B,00000101,001A,Draft,2024-03-02\n",
        "Product2.csv": "Id,Name,ProductCode,Family,IsActive\n"
        "01tA,Valve,V-1,Fittings,true\n01tB,Pump,P-1,Fittings,true\n",
        "Account.csv": "Id,Name,BillingCity\n001A,Acme,Bonn\n",
    }
    made = drafted(files)
    run_set(made, HOUSE, context_for(HOUSE, currency="EUR", country="DE"))
    lines = OrderLine.objects.order_by("order__number", "position")
    said = [f"{one.order.number} {one.name} {one.quantity:f} {one.order.net:f}" for one in lines]
    assert said == [
        "00000100 Valve 2.0000 25.00", "00000100 Pump 1.0000 25.00", "00000101 Valve 3.0000 30.00",
    ]  # fmt: skip
    assert all(one.product and one.product.name == one.name for one in lines)
    assert set(lines.values_list("order__company__name", flat=True)) == {"Acme"}
