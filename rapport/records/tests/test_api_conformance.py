"""Every declared object answers the API alike, for every role."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from rapport.accounts.actions import revoke_token
from rapport.accounts.models import ApiToken
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds import Computed
from rapport.records.models import Change, ChangeSet
from rapport.records.testing import make_sample, required_relations, sample_values
from rapport.records.tests.api import Program, program
from rapport.records.tests.covering import abilities, each_of
from rapport.records.tests.fields import OF_EACH_TYPE

pytestmark = pytest.mark.django_db

MUTABLE = [one for one in registry.all_objects() if one.trait == "mutable"]
every_object = each_of(MUTABLE)
#: What tokens and roles may is asked before any field is looked at.
every_sort = each_of(MUTABLE, abilities)
SHOWN = [one for one in MUTABLE if not one.for_administrators]
#: All ways of asking are the engine's: three sorts of objects say what the others would.
ASKED = {"person", "tag", "room"}
every_asked = pytest.mark.parametrize(
    "declaration",
    [pytest.param(one, marks=[] if one.name in ASKED else pytest.mark.long) for one in MUTABLE],
    ids=lambda one: one.name,
)
# Each field in the long suite; in the other one of each type.
each_with_fields = pytest.mark.parametrize(
    ("declaration", "names"),
    [
        pytest.param(one, [name for name in one.fields if (one.name, name) in told], id=one.name)
        for told in [{*OF_EACH_TYPE.values()}]
        for one in MUTABLE
        if any(one.name == name for name, _field in told)
    ]
    + [
        pytest.param(one, [*one.fields], id=f"{one.name}-whole", marks=pytest.mark.long)
        for one in MUTABLE
    ],
)
every_shown = each_of(SHOWN, abilities)


def sent_for(declaration: type[Object], number: int = 1) -> dict[str, Any]:
    return sample_values(declaration, number) | required_relations(declaration)


def traces() -> tuple[int, int]:
    """What any write leaves behind."""
    return ChangeSet.objects.count(), Change.objects.count()


@every_object
def test_a_record_is_created_read_changed_deleted_and_restored(declaration: type[Object]) -> None:
    owner = program()
    sent = sent_for(declaration)
    created = owner.post(f"/{declaration.plural}", sent)
    assert created.status_code == 201, created.content
    record = created.json()
    assert created["Location"] == f"/api/v1/{declaration.plural}/{record['id']}"
    assert created["ETag"] == f'"{record["version"]}"'

    place = f"/{declaration.plural}/{record['id']}"
    read = owner.get(place)
    assert (read.status_code, read.json(), read["ETag"]) == (200, record, created["ETag"])
    assert read["Cache-Control"] == "no-store"

    everything = owner.get(place, {"columns": "all"}).json()
    again = {name: value for name, value in everything.items() if name in sent}
    changed = owner.patch(place, again, If_Match=created["ETag"])
    assert changed.status_code == 200, changed.content
    stands = owner.get(place, {"columns": "all"}).json()
    assert {name: value for name, value in stands.items() if name in sent} == again

    assert owner.delete(place).status_code == 204
    assert owner.get(place).status_code == 404
    assert owner.delete(place).status_code == 404
    assert owner.post(f"{place}/restore").status_code == 200
    assert owner.get(place).status_code == 200
    kinds = [entry["kind"] for entry in owner.get(f"{place}/history").json()["data"]]
    assert {"create", "trash", "restore"} <= set(kinds)


@every_sort
def test_the_list_holds_the_record_as_it_is_read_alone(declaration: type[Object]) -> None:
    owner = program()
    record_id = make_sample(declaration.name, 7)
    for slash in ("", "/"):
        found = owner.get(f"/{declaration.plural}{slash}", {"id": record_id})
        assert found.status_code == 200, found.content
        assert found.json()["data"] == [owner.get(f"/{declaration.plural}/{record_id}").json()]
        assert found.json()["total"] == {"value": 1, "exact": True}
        assert found.json()["next"] is None


@every_object
def test_every_field_can_be_asked_for_alone_and_all_together(declaration: type[Object]) -> None:
    owner = program()
    record_id = make_sample(declaration.name, 3)
    place = f"/{declaration.plural}/{record_id}"
    for name in declaration.fields:
        answer = owner.get(place, {"columns": name})
        assert set(answer.json()) == {"id", "version", name}
    everything = owner.get(f"/{declaration.plural}", {"columns": "all", "id": record_id}).json()
    assert set(everything["data"][0]) == {"id", "version", *declaration.fields}
    usual = set(owner.get(place).json())
    assert usual >= {name for name, kind in declaration.fields.items() if kind.stored}
    assert usual >= set(declaration.quick)
    assert not {name for name in usual if isinstance(declaration.fields.get(name), Computed)}


@each_with_fields
def test_every_operator_of_every_field_is_answered(
    declaration: type[Object], names: list[str]
) -> None:
    owner = program()
    make_sample(declaration.name, 4)
    values = sample_values(declaration, 4)
    for name in names:
        for op in declaration.fields[name].operators:
            value = values.get(name, "1")
            text = value if isinstance(value, str) else "1"
            answer = owner.get(f"/{declaration.plural}", {f"{name}.{op}": text})
            assert answer.status_code in (200, 422), (name, op, answer.content)
            if op in ("empty", "filled"):
                assert answer.status_code == 200, (name, op, answer.content)


@each_with_fields
def test_every_order_is_answered_or_refused_by_name(
    declaration: type[Object], names: list[str]
) -> None:
    owner = program()
    for number in (1, 2, 3):
        make_sample(declaration.name, number)
    for name in names:
        for sort in (name, f"-{name}"):
            answer = owner.get(f"/{declaration.plural}", {"sort": sort, "limit": "2"})
            expected = 422 if declaration.fields[name].sort_key() is None else 200
            assert answer.status_code == expected, (sort, answer.content)
            if expected == 200 and (after := answer.json()["next"]):
                query = {"sort": sort, "limit": "2", "after": after}
                assert owner.get(f"/{declaration.plural}", query).status_code == 200


@every_object
def test_fields_that_nobody_may_set_are_refused_by_name(declaration: type[Object]) -> None:
    owner = program()
    record_id = make_sample(declaration.name)
    closed = [name for name, kind in declaration.fields.items() if not kind.editable]
    sent = dict.fromkeys([*closed, "id", "version", "deleted_at", "custom", "nonsense"], "1")
    before = traces()
    for answer in (
        owner.post(f"/{declaration.plural}", sent),
        owner.patch(f"/{declaration.plural}/{record_id}", sent),
    ):
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == set(sent)
    assert traces() == before


@every_shown
def test_a_member_changes_only_what_is_in_reach(declaration: type[Object]) -> None:
    owner, member = program(), program("member")
    theirs = owner.post(f"/{declaration.plural}", sent_for(declaration, 1)).json()
    place = f"/{declaration.plural}/{theirs['id']}"
    before, stand = traces(), owner.get(place).json()
    assert member.get(place).status_code == 200
    assert member.patch(place, sample_values(declaration, 2)).status_code in (403, 404)
    assert member.delete(place).status_code in (403, 404)
    owner.delete(place)
    assert member.post(f"{place}/restore").status_code in (403, 404)
    owner.post(f"{place}/restore")
    after = owner.get(place).json()
    kept = stand.keys() - {"version", "updated_at"}
    assert {name: after[name] for name in kept} == {name: stand[name] for name in kept}
    assert traces()[0] == before[0] + 2

    if declaration.access == "owned":
        mine = member.post(f"/{declaration.plural}", sent_for(declaration, 3))
        assert mine.status_code == 201, mine.content
        own = f"/{declaration.plural}/{mine.json()['id']}"
        assert member.patch(own, {}).status_code == 200
        assert member.delete(own).status_code == 204


def assert_read_only(reader: Program, declaration: type[Object], record_id: Any) -> None:
    before = traces()
    place = f"/{declaration.plural}/{record_id}"
    assert reader.get(f"/{declaration.plural}").status_code == 200
    assert reader.get(place).status_code == 200
    assert reader.get(f"{place}/history").status_code == 200
    # Refused before the body is looked at: a wrong one says nothing more.
    assert reader.post(f"/{declaration.plural}", {"nonsense": 1}).status_code == 403
    assert reader.patch(place, sample_values(declaration, 2)).status_code == 403
    assert reader.delete(place).status_code == 403
    assert reader.post(f"{place}/restore").status_code == 403
    assert traces() == before


@every_shown
def test_a_reader_reads_and_changes_nothing(declaration: type[Object]) -> None:
    record_id = make_sample(declaration.name)
    assert_read_only(program("read_only"), declaration, record_id)


@every_sort
def test_a_reading_token_changes_nothing_whoever_holds_it(declaration: type[Object]) -> None:
    record_id = make_sample(declaration.name)
    assert_read_only(program("owner", may_write=False), declaration, record_id)


@every_sort
def test_a_revoked_token_opens_nothing(declaration: type[Object]) -> None:
    record_id = make_sample(declaration.name)
    former = program()
    revoke_token(ApiToken.objects.get(user=former.user))
    before = traces()
    place = f"/{declaration.plural}/{record_id}"
    answers = [
        former.get(f"/{declaration.plural}"),
        former.post(f"/{declaration.plural}", {}),
        former.get(place),
        former.patch(place, {}),
        former.delete(place),
        former.post(f"{place}/restore"),
        former.get(f"{place}/history"),
        former.get(f"/objects/{declaration.name}"),
        former.get("/openapi.json"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert traces() == before


@every_asked
def test_texts_that_look_like_sql_are_only_texts(declaration: type[Object]) -> None:
    owner = program()
    make_sample(declaration.name)
    for payload in (
        "' OR 1=1--",
        '"; SELECT pg_sleep(9);--',
        "%",
        "_",
        "\\",
        "{0}",
        "%s",
        "%(id)s",
    ):
        for name in ("q", "sort", "after", "columns", "filter", "limit", "count", payload):
            answer = owner.get(f"/{declaration.plural}", {name: payload})
            assert answer.status_code in (200, 422), (name, payload, answer.content)
    with connection.cursor() as cursor:
        # Not by its text, which other tests send at the same time to databases of their own.
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event = 'PgSleep' AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == 0


def test_money_is_a_text_that_nobody_rounds() -> None:
    owner = program()
    for sent, told in (("9007199254740993.01", "9007199254740993.01"), (0.1, "0.10"), (5, "5.00")):
        body = {"name": "Blue", "price": {"amount": sent, "currency": "EUR"}}
        made = owner.post("/rooms", body).json()
        assert made["price"] == {"amount": told, "currency": "EUR"}
        again = owner.patch(f"/rooms/{made['id']}", {"price": made["price"]}).json()
        assert again["price"] == made["price"]
