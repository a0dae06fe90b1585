"""Pages and verbs of sales, stock and calendars: what is somebody else's is neither told nor done.

The matrix asks for every object one by one; here one person sees a company, a product and a person,
and nothing of what others sell to them. Doors are named in `access/elsewhere.txt`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import (
    count_stock,
    expect_delivery,
    make_variants,
    move_stock,
    release_reservation,
    reserve_stock,
)
from rapport.catalog.queries import Line
from rapport.contacts.actions import route_leads
from rapport.contacts.tests.sharing import NARROW, asking, narrow
from rapport.records.access import Denied
from rapport.records.store import Missing
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program
from rapport.sales.actions import (
    accept_quote,
    ask_approval,
    bill_order,
    clone_deal,
    confirm_order,
    contract_order,
    convert_lead,
    credit_invoice,
    deliver_order,
    give_notice,
    issue_invoice,
    judge_lead,
    make_renewal,
    order_quote,
    pay_invoice,
    revise_quote,
    send_quote,
    win_deal,
)
from rapport.sales.leads.queue import queues
from tests.test_hidden_fields import make_blind

pytestmark = pytest.mark.django_db
MARK, WORTH, SAID = "Geheim", "77,777", "Verborgen"
#: They add up to that.
LINES = [
    {"name": f"{MARK} line", "quantity": "1", "price": price, "tax": "0"}
    for price in ("70000", "7777")
]
#: What everybody may see of what the rest is about.
OPEN = {key: {"view": "all"} for key in ("company", "product", "stage", "pipeline")}
#: Of these some see nothing at all.
SOLD = (
    "deal", "quote", "order", "invoice", "contract", "lead", "meeting", "warehouse", "product",
)  # fmt: skip


@pytest.fixture
def nia() -> User:
    role = actions.create_role("Own deals", "en", Role.objects.get(key="member"))
    actions.change_grants(role, {"*": NARROW, **OPEN})
    return make_user("Nia Narrow", role.key)


@pytest.fixture
def boss() -> User:
    return make_user("Otto Owner", "owner")


@pytest.fixture
def world(boss: User) -> dict[str, UUID]:
    """What others sell to a company that everybody sees."""
    today = timezone.localdate()
    firm = create("company", name="Firm")
    pia = create("person", name=f"Pia {MARK}", company=str(firm))
    of: dict[str, Any] = {"company": str(firm), "owner": str(boss.pk)}
    found = {"firm": firm, "pia": pia, "product": create("product", name="Valve", price="5 EUR")}
    found["store"] = create("warehouse", name=f"{MARK} store", owner=str(boss.pk))
    move_stock(HOUSE, "receive", [Line(found["product"])], found["store"])
    found["deal"] = create(
        "deal", name=f"{MARK} deal", amount="77777 EUR", close_date=str(today), **of
    )
    won = create("deal", name=f"{MARK} won", amount="77777 EUR", **of)
    win_deal(HOUSE, [won], {})
    found["quote"] = create(
        "quote", name=f"{MARK} quote", deal=str(found["deal"]), lines=LINES, **of
    )
    found["order"] = create("order", name=f"{MARK} order", lines=LINES, **of)
    confirm_order(HOUSE, [found["order"]], {})
    found["invoice"] = create("invoice", name=f"{MARK} invoice", lines=LINES, **of)
    issue_invoice(HOUSE, [found["invoice"]], {})
    found["contract"] = create(
        "contract", name=f"{MARK} contract", state="active", amount="77777 EUR",
        start=str(today - timedelta(days=40)), term="12", **of,
    )  # fmt: skip
    found["lead"] = create("lead", person=str(pia), interest=SAID, source=MARK, owner=str(boss.pk))
    now = timezone.now().replace(hour=12, minute=0)
    found["meeting"] = create(
        "meeting", subject=f"{MARK} meeting", start=now.isoformat(),
        end=(now + timedelta(hours=1)).isoformat(), owner=str(boss.pk),
    )  # fmt: skip
    return found


def page(user: User, address: str) -> str:
    return signed_in(user).get(address).content.decode()


PAGES = (
    "/companies/{firm}/",
    "/products/{product}/",
    "/forecast/",
    "/outcomes/",
    "/sales/recurring/",
    "/sales/review/",
    "/leads/inbox/",
    "/stock/",
    "/calendar/?people={boss}",
)


@pytest.mark.long
def test_pages_tell_nothing_of_what_others_sell(
    nia: User, boss: User, world: Mapping[str, UUID]
) -> None:
    places = {one: str(key) for one, key in world.items()} | {"boss": str(boss.pk)}
    shown, told = {}, {}
    for address in PAGES:
        at = address.format(**places)
        shown[address] = any(word in page(boss, at) for word in (MARK, WORTH))
        told[address] = [word for word in (MARK, WORTH) if word in page(nia, at)]
    assert shown == dict.fromkeys(PAGES, True)
    assert told == {key: [] for key in PAGES}


@pytest.mark.long
def test_pages_tell_nothing_that_a_role_hides(world: Mapping[str, UUID], boss: User) -> None:
    blind = make_blind()
    places = {one: str(key) for one, key in world.items()} | {"boss": str(boss.pk)}
    pages = [*PAGES, *(f"/{one}s/{{{one}}}/" for one in ("quote", "order", "invoice", "contract"))]
    texts = {one: page(blind, one.format(**places)) for one in pages}
    told = {one: [word for word in (WORTH, SAID) if word in text] for one, text in texts.items()}
    assert told == {key: [] for key in pages}
    reports = ("/forecast/", "/outcomes/", "/sales/recurring/", "/sales/review/")
    assert {one: met(blind, one) for one in reports} == dict.fromkeys(reports, 403)


PROGRAMS = (
    "forecast", "sales/recurring", "sales/review", "stock/movements", "stock/deliveries",
)  # fmt: skip


def test_programs_are_told_nothing_of_what_others_sell(
    nia: User, boss: User, world: Mapping[str, UUID]
) -> None:
    expect_delivery(HOUSE, Line(world["product"]), world["store"], timezone.localdate())
    words = (MARK, WORTH, WORTH.replace(",", ""), str(world["store"]))

    def told(user: User) -> dict[str, bool]:
        answers = {one: Program(user).get(f"/{one}").content.decode() for one in PROGRAMS}
        return {one: any(word in text for word in words) for one, text in answers.items()}

    assert told(boss) == dict.fromkeys(PROGRAMS, True)
    assert told(nia) == dict.fromkeys(PROGRAMS, False)


ONES = (
    "/quotes/{quote}/document/",
    "/quotes/{quote}/changes/",
    "/quotes/{quote}/accepted/",
    "/invoices/{invoice}/document/",
    "/leads/{lead}/actions/convert/",
    "/stock/count/{store}/",
    "/api/v1/quotes/{quote}/document",
    "/api/v1/quotes/{quote}/approval",
    "/api/v1/leads/{lead}/conversion",
    "/api/v1/invoices/{invoice}/document",
)


def met(user: User, address: str) -> int:
    if address.startswith("/api/v1"):
        return Program(user).get(address.removeprefix("/api/v1")).status_code
    return signed_in(user).get(address).status_code


@pytest.mark.long
def test_pages_of_one_record_are_not_there_for_who_does_not_see_it(
    nia: User, world: Mapping[str, UUID]
) -> None:
    assert {one: met(nia, one.format(**world)) for one in ONES} == dict.fromkeys(ONES, 404)


@pytest.mark.long
def test_who_has_no_right_is_refused_at_the_first_door(
    world: Mapping[str, UUID], boss: User
) -> None:
    role = actions.create_role("No sales", "en", Role.objects.get(key="member"))
    nothing = dict.fromkeys(("view", "create", *NARROW), "none")
    actions.change_grants(role, dict.fromkeys(SOLD, nothing))
    nora = make_user("Nora None", role.key)
    whole = ("/companies/{firm}/", "/calendar/?people={boss}")
    places = {one: str(key) for one, key in world.items()} | {"boss": str(boss.pk)}
    programs = [f"/api/v1/{one}" for one in PROGRAMS]
    closed = [one for one in (*PAGES, *ONES, *programs) if one not in whole]
    answers = {one: met(nora, one.format(**places)) for one in closed}
    assert {one: code for one, code in answers.items() if code not in (403, 404)} == {}
    for one in whole:
        assert MARK not in page(nora, one.format(**places)).replace(f"Pia {MARK}", "")


def test_cards_name_no_company_and_nobody_that_one_does_not_see(
    world: Mapping[str, UUID], boss: User
) -> None:
    role = actions.create_role("Own companies", "en", Role.objects.get(key="member"))
    seen = {key: {"view": "all"} for key in ("person", "territory")}
    actions.change_grants(role, {"*": NARROW, **seen})
    tia = make_user("Tia Own", role.key)
    land = create("territory", name="North")
    hers = create("company", name="Hers", owner=str(tia.pk))
    part = create(
        "company", name=f"{MARK} part", parent=str(hers), owner=str(boss.pk), territory=land
    )
    person = create("person", name="Pat", company=str(part))
    pages = (f"/people/{person}/", f"/companies/{hers}/", f"/territories/{land}/")
    assert [MARK in page(boss, one) for one in pages] == [True] * 3
    assert [MARK in page(tia, one) for one in pages] == [False] * 3


@pytest.mark.long
def test_queues_count_only_leads_that_one_sees(nia: User, world: Mapping[str, UUID]) -> None:
    assert {queue.count for queue in queues(asking(nia), "answer")} == {0}


VERBS: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "quote order": (order_quote, {}),
    "quote revise": (revise_quote, {}),
    "order bill": (bill_order, {"what": "ordered"}),
    "order deliver": (deliver_order, {}),
    "order contract": (contract_order, {}),
    "invoice credit": (credit_invoice, {"cancel_reason": "Wrong"}),
    "invoice pay": (pay_invoice, {"amount": "1", "day": str(timezone.localdate())}),
    "contract notice": (give_notice, {"cancel_reason": "price"}),
    "contract renew": (make_renewal, {}),
    "deal clone": (clone_deal, {"name": "Mine"}),
    "lead route": (route_leads, {}),
}


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_with_what_others_sell(
    verb: str, nia: User, world: Mapping[str, UUID]
) -> None:
    if verb.startswith("quote"):
        send_quote(HOUSE, [world["quote"]], {})
        accept_quote(HOUSE, [world["quote"]], {})
    act, values = VERBS[verb]
    with pytest.raises((Denied, Missing)):
        act(asking(nia), [world[verb.split()[0]]], values)


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_who_makes_and_changes_nothing_does_none_of_it(
    verb: str, world: Mapping[str, UUID]
) -> None:
    looker = narrow("Lou Looker", view="all", edit="none", create="none")
    act, values = VERBS[verb]
    with pytest.raises((Denied, Missing)):
        act(asking(looker), [world[verb.split()[0]]], values)


@pytest.mark.long
def test_stock_of_others_stays_where_it_is(nia: User, world: Mapping[str, UUID]) -> None:
    who, store, lines = asking(nia), world["store"], [Line(world["product"])]
    kept = reserve_stock(HOUSE, lines, store, ("order", world["order"]))
    acts: tuple[Callable[[], Any], ...] = (
        lambda: move_stock(who, "receive", lines, store),
        lambda: count_stock(who, store, {world["product"]: (Decimal(1), Decimal(5))}),
        lambda: reserve_stock(who, lines, store, ("order", world["order"])),
        lambda: release_reservation(who, kept[0]),
        lambda: make_variants(who, [world["product"]], {}),
    )
    for act in acts:
        with pytest.raises((Denied, Missing)):
            act()


@pytest.mark.long
def test_quotes_and_leads_of_others_are_not_judged(nia: User, world: Mapping[str, UUID]) -> None:
    acts: tuple[Callable[[], Any], ...] = (
        lambda: ask_approval(asking(nia), world["quote"]),
        lambda: judge_lead(asking(nia), world["lead"], "reached", {}),
        lambda: convert_lead(asking(nia), [world["lead"]], {}),
    )
    for act in acts:
        with pytest.raises((Denied, Missing)):
            act()
