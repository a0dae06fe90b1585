"""Fields that administrators make are fields like any other, for every kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.models import Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.store.errors import Rejected
from rapport.records.testing import HOUSE, create, found, read, reader, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db

#: What people type, a second value, and the value that a reader gets of the first.
TYPED: dict[str, tuple[str, str]] = {
    "text": ("Straße", "Zebra"),
    "long_text": ("<b>One</b>", "Two"),
    "integer": ("12", "40"),
    "decimal": ("1.25", "3"),
    "money": ("12.50 EUR", "99 EUR"),
    "percent": ("25", "30"),
    "boolean": ("yes", "no"),
    "date": ("2026-02-28", "2028-02-29"),
    "datetime": ("2026-01-03T10:00", "2026-05-03T23:59"),
    "choice": ("Small", "large"),
    "choices": ("small,large", "large"),
    "url": ("example.com/a", "https://example.org"),
    "rating": ("3", "5"),
    "email": ("ana@example.com", "bo@example.com"),
    "phone": ("+34 600 123 456", "0911 12345"),
}


def typed(kind: str, text: str) -> dict[str, Any]:
    """What a person types into the field of a kind."""
    return {f"own_{kind}": text}


@pytest.mark.parametrize("kind", TYPED)
def test_a_value_is_read_as_it_was_written(kind: str) -> None:
    make_field(kind)
    declared = registry.get("room").fields[f"own_{kind}"]
    first, second = TYPED[kind]
    room = create("room", name="A", **typed(kind, first))

    assert read("room", room, f"own_{kind}") == declared.parse(first, reader())
    update("room", room, **typed(kind, second))
    assert read("room", room, f"own_{kind}") == declared.parse(second, reader())
    if kind != "boolean":
        update("room", room, **typed(kind, ""))
        assert declared.blank(read("room", room, f"own_{kind}"))


@pytest.mark.parametrize("kind", [*TYPED, "relation", "user"])
def test_conditions_in_the_database_and_in_memory_agree(kind: str) -> None:
    make_field(kind)
    name = f"own_{kind}"
    declared = registry.get("room").fields[name]
    if kind in TYPED:
        first, second = TYPED[kind]
    else:
        first, second = (str(_target(kind, number)) for number in (1, 2))
    rooms = [create("room", name="empty")]
    rooms += [create("room", name=one, **typed(kind, one)) for one in (first, second)]
    context = reader()
    values = {one: read("room", one, name) for one in rooms}
    one_value = first.split(",")[0] if kind == "choices" else first

    for op in declared.operators:
        if op in ("named", "in"):
            continue
        raw: Any = [one_value] if op in ("any", "none") else one_value
        expected = {
            key
            for key, value in values.items()
            if declared.holds(op, declared.argument(op, raw, context), value)
        }
        assert found("room", name, op, raw) == expected, op


def _target(kind: str, number: int) -> UUID:
    if kind == "user":
        return make_user(email=f"u{number}@example.com").pk
    return create("rental", title=f"G{number}")


def test_amounts_are_compared_by_what_they_come_to_and_within_a_currency_that_is_named() -> None:
    row = make_field("money", "fee")
    workspace = Workspace.objects.get()
    ours, other = workspace.currency, "JPY"
    create("exchange_rate", currency=other, day="2020-01-01", rate="0.5")
    rooms = {
        text: create("room", name=text, fee=text)
        for text in ("12", f"20 {ours}", f"15 {other}", f"99 {other}", "40 CHF")
    }
    plain, twenty, few, many, unknown = rooms.values()
    assert read("room", plain, "fee") == (Decimal(12), ours)

    assert found("room", "fee", "gt", "10") == {plain, twenty, many}
    assert found("room", "fee", "lt", "10") == {few}
    assert found("room", "fee", "gt", f"10 {other}") == {few, many}
    assert found("room", "fee", "lte", f"15 {other}") == {few}
    assert found("room", "fee", "is", "12") == found("room", "fee", "is", f"12 {ours}") == {plain}
    assert found("room", "fee", "not", "12") == {twenty, few, many, unknown}
    assert found("room", "fee", "filled", "") == set(rooms.values())
    declared = registry.get("room").fields["fee"]
    in_order = Room.objects.order_by(declared.sort_key(), "pk").values_list("pk", flat=True)
    assert list(in_order) == [unknown, few, plain, twenty, many]

    # Rates that come later, or are put right, are followed, and nobody's version moves.
    before = Room.objects.get(pk=many).version
    create("exchange_rate", currency=other, day="2020-01-02", rate="0.1")
    create("exchange_rate", currency="CHF", day="2020-01-01", rate="1")
    assert found("room", "fee", "gt", "10") == {plain, twenty, unknown}
    assert Room.objects.get(pk=many).version == before
    Workspace.objects.update(currency=other)
    assert found("room", "fee", "gt", "90") == {many}
    Workspace.objects.update(currency=ours)
    kept = Room.objects.get(pk=plain).custom
    with change(HOUSE, via="test"):
        # As it was kept by a release that stored no currency.
        Room.objects.filter(pk=plain).update(custom={row.pk.hex: kept[row.pk.hex]})
    assert found("room", "fee", "is", "12") == found("room", "fee", "is", f"12 {ours}") == {plain}

    web = signed_in(make_user())
    form = web.get(f"/rooms/{many}/edit/").content.decode()
    assert f'value="99 {other}"' in form
    web.post(f"/rooms/{many}/edit/", {"fee": f"98 {other}", "_shown": "fee"})
    assert read("room", many, "fee") == (Decimal(98), other)
    with pytest.raises(Rejected):
        make_field("text", "why", visible_when={"field": "fee", "op": "gt", "value": "10"})
    make_field("text", "why", visible_when={"field": "fee", "op": "gt", "value": f"10 {other}"})
