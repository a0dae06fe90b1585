"""Where people work and worked: the person and the rows say the same, whichever is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from rapport.contacts.models import Employment, Person
from rapport.contacts.queries import jobs_of
from rapport.records import registry
from rapport.records.changes.undo import undo
from rapport.records.kinds import Invalid
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, found, read, reader, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> UUID:
    return create("company", name="Acme")


@pytest.fixture
def bolt() -> UUID:
    return create("company", name="Bolt")


def rows(person: UUID) -> list[tuple[str, str, bool]]:
    found = Employment.objects.filter(person_id=person).order_by("-is_current", "id")
    return [(row.company.name, row.role, row.is_current) for row in found]


def test_the_first_company_needs_no_row(acme: UUID) -> None:
    key = create("person", name="Ada", company=acme, job_title="Engineer")
    assert rows(key) == []
    (job,) = jobs_of(HOUSE, Person.objects.get(pk=key))
    assert (job.company, job.role, job.is_current) == ("Acme", "Engineer", True)


def test_a_new_company_keeps_the_old_one_as_the_past(acme: UUID, bolt: UUID) -> None:
    key = create("person", name="Ada", company=acme, job_title="Engineer")
    made = update("person", key, company=bolt, job_title="Director")
    assert rows(key) == [("Bolt", "Director", True), ("Acme", "Engineer", False)]
    undo(HOUSE, made, via="test")
    assert rows(key) == []
    person = Person.objects.get(pk=key)
    assert (person.company_id, person.job_title) == (acme, "Engineer")


def test_moving_on_ends_the_current_row_and_a_new_title_names_it(acme: UUID, bolt: UUID) -> None:
    key = create("person", name="Ada", company=acme)
    update(
        "person",
        key,
        employments=[{"company": str(acme), "start": "2020-01-01", "is_current": True}],
    )
    update("person", key, job_title="Engineer")
    update("person", key, company=bolt)
    ended = Employment.objects.get(person_id=key, company_id=acme)
    assert (ended.role, ended.is_current, ended.end) == ("Engineer", False, timezone.now().date())
    update("person", key, company="")
    assert not Employment.objects.filter(is_current=True).exists()


def test_the_person_follows_the_current_row(acme: UUID, bolt: UUID) -> None:
    key = create("person", name="Ada")
    update(
        "person",
        key,
        employments=[
            {"company": str(acme), "role": "Engineer", "start": "2020-01-01", "end": "2024-06-30"},
            {"company": str(bolt), "role": "Director", "start": "2024-07-01", "is_current": True},
        ],
    )  # fmt: skip
    person = Person.objects.get(pk=key)
    assert (person.company_id, person.job_title) == (bolt, "Director")
    former, current = sorted(read("person", key, "employments"), key=lambda row: row["is_current"])
    swapped = [former | {"is_current": True, "end": None}, current | {"is_current": False}]
    update("person", key, employments=[_typed(row) for row in swapped])
    person.refresh_from_db()
    assert (person.company_id, person.job_title) == (acme, "Engineer")
    update("person", key, employments=[_typed(row | {"is_current": False}) for row in swapped])
    person.refresh_from_db()
    assert person.company_id is None
    assert found("person", "employments", "any", f"{acme}") == {key}
    assert found("person", "employments", "empty") == set()


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in row.items()}


def test_impossible_work_ends_in_a_sentence(acme: UUID) -> None:
    kind = registry.get("person").fields["employments"]
    with pytest.raises(Invalid, match="can't end before it begins"):
        kind.parse([{"company": str(acme), "start": "2024-01-02", "end": "2024-01-01"}], reader())
    current = {"company": str(acme), "is_current": "true"}
    with pytest.raises(Invalid, match="Only one"):
        kind.parse([current, current], reader())
    nowhere = "01a201f6-c4e3-75d5-8904-2f26cf922626"
    with pytest.raises(Rejected):
        create("person", name="Ada", employments=[{"company": nowhere}])


def test_the_inputs_bring_back_what_they_showed(acme: UUID) -> None:
    key = create("person", name="Ada", employments=[{"company": str(acme), "role": "Engineer"}])
    kind = registry.get("person").fields["employments"]
    row = read("person", key, "employments")[0]
    html = kind.edit([row], reader(), SafeString('name="employments"'))
    assert 'name="employments.0.role"' in html
    assert f'name="employments.0.id" value="{row["id"]}"' in html
    assert 'name="employments.1.id" value=""' in html
    data = QueryDict(mutable=True)
    data.update(
        {
            "employments.0.id": str(row["id"]),
            "employments.0.company": "Acme",
            "employments.0.company.id": str(acme),
            "employments.0.role": "Director",
            "employments.0.is_current": "false",
            "employments.1.id": "",
            "employments.1.company": "",
            "employments.1.company.id": "",
        }
    )
    (sent,) = kind.parse(kind.posted(data, "employments"), reader())
    assert (sent["id"], sent["company"], sent["role"]) == (row["id"], acme, "Director")
