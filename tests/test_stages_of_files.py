"""Stages and pipelines of another program that are not here: taken for ours, or made."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from django.test import Client

from rapport.accounts.models import Grant, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.running import run_import
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import receive
from rapport.records.imports.sets.running import run_set
from rapport.records.models import ImportSet
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE
from rapport.sales.models import Deal, Pipeline, Stage
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db

DEALS = """Deal name,Pipeline,Stage,Amount
Mill,Partners,Demo booked,100
Loom,Partners,Closed won,200
Wheel,New business,Demo booked,300
Gear,New business,Qualify,400
"""
#: As a replication tool writes them.
KEYED = {
    "deal_data.csv": "deal_id,property_dealname,deal_pipeline_stage_id\n1,Mill,s-1\n2,Loom,s-2\n",
    "deal_pipeline_stage_data.csv": "stage_id,label,pipeline_id,closed_won\n"
    "s-1,Demo booked,default,FALSE\ns-2,Qualify,default,FALSE\n",
}


@pytest.fixture
def ida() -> User:
    seed()
    return make_user()


def drafted(files: Mapping[str, str], user: User) -> ImportSet:
    sent = receive((name, io.BytesIO(text.encode())) for name, text in files.items())
    return draft_set(principal_of(user), "export", sent)


def taken(made: ImportSet, user: User) -> ImportSet:
    return run_set(made, principal_of(user), context_for(principal_of(user), currency="EUR"))


def fields(sort: str, words: Mapping[str, str]) -> dict[str, str]:
    """What a browser sends for these words that should name stages or pipelines."""
    form = {}
    for number, (word, means) in enumerate(words.items()):
        form[f"word-{sort}.{number}"] = word
        form[f"value-{sort}.{number}"] = means
    return form


def at() -> dict[str, tuple[str, str]]:
    deals = Deal.objects.select_related("stage__pipeline")
    return {one.name: (one.stage.pipeline.label["en"], one.stage.label["en"]) for one in deals}


def test_what_is_asked_for_is_made_in_its_pipeline_and_undone_with_the_import(
    client: Client, ida: User
) -> None:
    client.force_login(ida)
    made = drafted({"deals.csv": DEALS}, ida)
    page = client.get(f"/import/set/{made.pk}/").content.decode()
    assert "Demo booked" in page
    assert "Taken as “New business”" in page
    form = fields("pipeline", {"Partners": "+"})
    form |= fields("stage", {"Demo booked": "+", "Closed won": ""})
    answer = client.post(f"/import/set/{made.pk}/choose/", {**form, "do": "look"})
    assert answer.status_code == 200
    assert answer.content.decode().count('value="+" selected') == 2
    taken(ImportSet.objects.get(pk=made.pk), ida)
    assert at() == {
        "Mill": ("Partners", "Demo booked"),
        "Loom": ("Partners", "Closed won"),
        "Wheel": ("New business", "Demo booked"),
        "Gear": ("New business", "Qualify"),
    }
    won = Stage.objects.get(label__en="Closed won")
    assert (won.state, won.probability) == ("won", 100)
    new = Stage.objects.get(label__en="Demo booked", pipeline__label__en="New business")
    order = new.pipeline.stages.order_by("position", "pk").values_list("state", flat=True)
    assert list(order)[-2:] == ["won", "lost"], "an open stage after what ends a deal"
    made.refresh_from_db()
    assert made.change_set is not None
    undo(HOUSE, made.change_set, via="test")
    assert not Pipeline.objects.filter(deleted_at=None, label__en="Partners").exists()


def test_what_is_not_asked_for_is_taken_as_ours_or_as_what_is_chosen(
    client: Client, ida: User
) -> None:
    client.force_login(ida)
    before = Stage.objects.count()
    propose = Stage.objects.get(label__en="Propose")
    made = drafted({"deals.csv": DEALS.replace("Partners", "New business")}, ida)
    form = fields("stage", {"Demo booked": str(propose.pk)})
    client.post(f"/import/set/{made.pk}/choose/", {**form, "do": "look"})
    taken(ImportSet.objects.get(pk=made.pk), ida)
    assert at()["Mill"] == ("New business", "Propose")
    assert at()["Loom"] == ("New business", "Won")
    assert (Stage.objects.count(), Pipeline.objects.count()) == (before, 2)


def test_a_key_is_made_by_the_name_that_another_file_gives_it(client: Client, ida: User) -> None:
    client.force_login(ida)
    made = drafted(KEYED, ida)
    page = client.get(f"/import/set/{made.pk}/").content.decode()
    assert "Demo booked" in page
    assert 'value="s-2"' not in page, "its name is known here"
    form = fields("stage", {"s-1": "+"})
    client.post(f"/import/set/{made.pk}/choose/", {**form, "do": "look"})
    taken(ImportSet.objects.get(pk=made.pk), ida)
    assert at() == {
        "Mill": ("New business", "Demo booked"), "Loom": ("New business", "Qualify"),
    }  # fmt: skip


def test_one_file_may_ask_for_its_stages_too(ida: User) -> None:
    place = keep_upload(io.BytesIO(DEALS.encode()))
    asker = principal_of(ida)
    run = draft(asker, "deal", "deals.csv", place, meanings={"Stage": {"Demo booked": "+"}})
    run_import(run, asker, context_for(asker, currency="EUR"))
    assert at()["Mill"] == at()["Wheel"] == ("New business", "Demo booked")


def test_who_may_not_make_stages_has_none_made(client: Client, ida: User) -> None:
    bo = make_user("Bo", "member")
    for name in ("stage", "pipeline"):
        Grant.objects.update_or_create(
            role=bo.role, object_name=name, defaults={"view_scope": "all", "create_scope": "none"}
        )
    bo = User.objects.get(pk=bo.pk)
    client.force_login(bo)
    made = drafted({"deals.csv": DEALS}, bo)
    page = client.get(f"/import/set/{made.pk}/").content.decode()
    assert "Demo booked" in page
    assert 'value="+"' not in page
    form = fields("stage", {"Demo booked": "+"})
    client.post(f"/import/set/{made.pk}/choose/", {**form, "do": "look"})
    before = Stage.objects.count()
    taken(ImportSet.objects.get(pk=made.pk), bo)
    assert Stage.objects.count() == before
    assert at()["Mill"] == ("New business", "Qualify")
