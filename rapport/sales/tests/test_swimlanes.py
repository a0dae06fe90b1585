"""Swim-lanes of the board: what each adds up to, and moves that change two fields at once."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.actions import change_grants, change_role, create_role
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User, Workspace
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.changes.undo import undo
from rapport.records.models import ChangeSet
from rapport.records.reading import context_for
from rapport.records.surfaces.board.lanes import lanes_of
from rapport.records.surfaces.board.swimlanes import Swimlane, summed_swimlanes
from rapport.records.surfaces.listing.state import read_state
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.fields import make_field
from rapport.sales.models import Deal, Stage
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
BOARD = "/deals/board/?group=owner"


@pytest.fixture
def ida() -> User:
    seed()
    Workspace.objects.update(currency="EUR")
    return make_user("Ida Brandt", "owner")


@pytest.fixture
def browser(client: Client, ida: User) -> Client:
    client.force_login(ida)
    return client


def stage(label: str) -> UUID:
    return Stage.objects.get(label__en=label).pk


def head_of(page: str, name: str) -> str:
    """What stands in the head of a swim-lane."""
    found = re.search(rf'<section aria-label="{name}">.*?</header>', page, re.DOTALL)
    assert found, name
    return re.sub(r"<[^>]+>|\s+", " ", unescape(found.group()))


def cell_of(page: str, name: str) -> str:
    """A cell with its head and cards."""
    return page.split(f'data-name="{name}"', 1)[1].split('data-column="', 1)[0]


def test_each_swim_lane_and_cell_says_what_it_holds(browser: Client, ida: User) -> None:
    leo = make_user("Leo Haas", "member")
    for name, owner, amount, at in (
        ("A", ida, "100", "Qualify"), ("B", ida, "200", "Propose"), ("C", leo, "40", "Propose"),
        ("D", leo, "7", "Won"),
    ):  # fmt: skip
        create("deal", name=name, owner=str(owner.pk), amount=amount, stage=stage(at))
    page = browser.get(BOARD).content.decode()
    assert "2 cards €300" in " ".join(head_of(page, "Ida Brandt").split())
    assert "2 cards €40" in " ".join(head_of(page, "Leo Haas").split()), "what is won is not open"
    assert "1 card · €200" in cell_of(page, "Propose, Ida Brandt")
    assert "1 card · €40" in cell_of(page, "Propose, Leo Haas")
    assert ">C</a>" in cell_of(page, "Propose, Leo Haas")
    assert "card" not in re.sub("<[^>]+>", "", cell_of(page, "Discover, Leo Haas"))
    assert "€240" in page, "the lane of both"


def test_a_move_changes_both_fields_in_one_change(browser: Client, ida: User) -> None:
    leo = make_user("Leo Haas", "member")
    deal = create("deal", name="A", owner=str(ida.pk), amount="100", stage=stage("Qualify"))
    before = ChangeSet.objects.count()
    version = Deal.objects.get(pk=deal).version
    answer = browser.post(
        "/deals/board/move/?group=owner",
        {"record": deal, "column": stage("Propose"), "row": leo.pk, "version": version},
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('class="swim-n num"') == 2, "the heads of where it was and is"
    assert "1 card · €100" in page
    assert "Propose, Leo Haas" in answer["HX-Trigger"]
    moved = Deal.objects.get(pk=deal)
    assert (moved.stage_id, moved.owner_id) == (stage("Propose"), leo.pk)
    assert ChangeSet.objects.count() == before + 1
    undo(HOUSE, ChangeSet.objects.order_by("-at").values_list("pk", flat=True)[0], via="test")
    back = Deal.objects.get(pk=deal)
    assert (back.stage_id, back.owner_id) == (stage("Qualify"), ida.pk)


def test_a_field_that_stays_needs_no_right_to_change_it(client: Client, ida: User) -> None:
    role = create_role("Movers", "en", Role.objects.get(key="owner"))
    change_field_levels(role, "deal", {"owner": "read"})
    mia = make_user("Mia Mover", "member")
    change_role(mia, role.key)
    client.force_login(User.objects.get(pk=mia.pk))
    deal = create("deal", name="A", owner=str(ida.pk), stage=stage("Qualify"))
    asked = {"record": deal, "column": stage("Propose"), "row": ida.pk}
    url = "/deals/board/move/?group=owner"
    assert client.post(url, asked).status_code == 200
    assert client.post(url, {**asked, "row": mia.pk}).status_code in (403, 422)
    assert client.post(url, {**asked, "row": "nobody"}).status_code == 422
    assert Deal.objects.get(pk=deal).owner_id == ida.pk


def test_what_asks_for_more_keeps_the_other_field_in_mind(browser: Client, ida: User) -> None:
    leo = make_user("Leo Haas", "member")
    update("stage", stage("Propose"), required_fields=["source"])
    deal = create("deal", name="A", owner=str(ida.pk), stage=stage("Qualify"))
    asked = {"record": deal, "column": stage("Propose"), "row": leo.pk}
    page = browser.post("/deals/board/move/?group=owner", asked)
    assert page.status_code == 422
    assert f'name="_also" value="owner"><input type="hidden" name="owner" value="{leo.pk}"' in (
        page.content.decode()
    )


def test_a_stage_that_ends_deals_asks_with_the_swim_lane_in_mind(
    browser: Client, ida: User
) -> None:
    leo, lost = make_user("Leo Haas", "member"), Stage.objects.get(label__en="Lost")
    deal = create("deal", name="A", owner=str(ida.pk), stage=stage("Qualify"))
    sent = {"record": deal, "column": lost.pk, "row": leo.pk}
    asked = browser.post("/deals/board/move/?group=owner", sent)
    assert asked["Location"].startswith(f"/deals/{deal}/actions/lose/?next=%2Fdeals%2Fboard")
    form = browser.get(asked["Location"]).content.decode()
    assert 'name="_also" value="owner"' in form
    assert "Leo Haas" in form
    assert 'name="stage"' not in form, "there is one such stage only"
    unfit = create("stage", pipeline=lost.pipeline_id, label={"en": "Unfit"}, state="lost")
    asked = browser.post("/deals/board/move/?group=owner", sent | {"column": unfit})
    filled = {"_also": ["owner", "stage"], "owner": leo.pk, "lost_reason": "price"}
    wrong = browser.post(asked["Location"], filled | {"stage": stage("Won")})
    assert "Choose a stage that ends deals this way." in wrong.content.decode()
    browser.post(asked["Location"], filled | {"stage": unfit})
    ended = Deal.objects.get(pk=deal)
    assert (ended.stage_id, ended.owner_id, ended.lost_reason) == (unfit, leo.pk, "price")
    sent |= {"row": leo.pk}
    assert browser.post("/deals/board/move/?group=owner", sent).status_code == 200, "lost already"


def test_a_folded_swim_lane_reads_no_cards(browser: Client, ida: User) -> None:
    create("deal", name="Pumps", owner=str(ida.pk), amount="100")
    page = browser.get(BOARD).content.decode()
    (fold,) = re.findall(r'class="btn quiet sm" href="([^"]+)" hx-get', page)
    assert ">Pumps</a>" in page
    folded = browser.get(unescape(fold)).content.decode()
    assert ">Pumps</a>" not in folded
    assert "€100" in head_of(folded, "Ida Brandt")
    (again,) = re.findall(r'class="btn quiet sm" href="([^"]+)" hx-get', folded)
    assert ">Pumps</a>" in browser.get(unescape(again)).content.decode()


def test_a_cell_shows_its_first_cards_and_more_when_asked(browser: Client, ida: User) -> None:
    for number in range(8):
        create("deal", name=f"Deal {number}", owner=str(ida.pk), stage=stage("Qualify"))
    page = browser.get(BOARD).content.decode()
    assert len(re.findall(r">Deal \d</a>", page)) == 6
    more = re.search(r'class="lane-more" href="([^"]+)">Show 2 more', page)
    assert more
    whole = browser.get(unescape(more.group(1))).content.decode()
    assert len(re.findall(r">Deal \d</a>", whole)) == 8


def test_the_number_of_statements_does_not_grow_with_the_swim_lanes(
    browser: Client, ida: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(BOARD).status_code == 200
        return len(captured)

    create("deal", name="A", owner=str(ida.pk))
    asked()
    few = asked()
    for number in range(5):
        user = make_user(f"User {number}", "member")
        create("deal", name=f"Of {number}", owner=str(user.pk), stage=stage("Propose"))
    assert asked() == few


def test_a_choice_of_ones_own_makes_swim_lanes_that_may_be_empty(browser: Client) -> None:
    make_field("choice", "size", on="deal", label={"en": "Size"})
    create("deal", name="A", size="small", amount="5")
    create("deal", name="B", amount="6")
    page = browser.get("/deals/board/?group=size").content.decode()
    names = re.findall(r'<section aria-label="([^"]+)"', page)
    assert names == ["Small", "Large", "Without size"]
    assert ">A</a>" in cell_of(page, "Qualify, Small")
    assert ">B</a>" in cell_of(page, "Qualify, Without size")


def test_who_reaches_deals_by_a_rule_gets_the_same_sums(ida: User) -> None:
    firm = create("company", name="Sol", industry="Brewery")
    for number in range(3):
        create("deal", name=f"D{number}", company=str(firm), amount="100", owner=str(ida.pk))
    create("deal", name="Other", amount="1000", owner=str(ida.pk))
    role = create_role("Brewers", "en", Role.objects.get(key="read_only"))
    rule = {"field": "company.industry", "op": "is", "value": "Brewery"}
    change_grants(role, {"deal": {"view": "rule"}}, rules={"deal": {"view": rule}})
    mia = make_user("Mia Member", "member")
    change_role(mia, role.key)
    (seen,) = _summed(principal_of(User.objects.get(pk=mia.pk)))
    assert (seen.count, sum(cell.total for cell in seen.cells)) == (3, 300)


def _summed(asker: Principal) -> list[Swimlane]:
    deal = registry.get("deal")
    state = read_state(QueryDict("group=owner"), deal, context_for(asker), layout="board")
    board = deal.required_board()
    lanes = lanes_of(deal, board, asker, {})
    assert state.group
    return summed_swimlanes(state.source(), deal, board, lanes, state.group, state.context)
