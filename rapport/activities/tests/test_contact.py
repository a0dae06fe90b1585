"""Pulse, last touch and next step: one statement for a page, and each says why."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.kit.ids import uuid7
from rapport.records import registry
from rapport.records.kinds import Computed, Why
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, found, read, reader, update

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def ada() -> UUID:
    return create("person", first_name="Ada", company=create("company", name="Acme"))


def at(**ahead: int) -> str:
    return (NOW() + timedelta(**ahead)).isoformat()


def about(person: UUID) -> list[str]:
    return [f"person:{person}"]


def kind(name: str) -> Computed:
    found = registry.get("person").fields[name]
    assert isinstance(found, Computed)
    return found


def why(name: str, record: UUID) -> Why | None:
    asked = kind(name).why
    assert asked is not None
    return asked(HOUSE, record)


def test_the_next_step_is_the_earliest_open_task_or_planned_meeting(ada: UUID) -> None:
    create("task", subject="Some day", about=about(ada))
    create("task", subject="Send quote", due=at(days=3), about=about(ada))
    meeting = create("meeting", subject="Site visit", start=at(days=2), attendees=about(ada))
    create("meeting", subject="Kick-off", start=at(days=-2), about=about(ada))
    assert read("person", ada, "next_step").subject == "Site visit"
    update("meeting", meeting, status="cancelled")
    assert read("person", ada, "next_step").subject == "Send quote"
    late = create("task", subject="Call back", due=at(days=-9), about=about(ada))
    assert read("person", ada, "next_step").subject == "Call back"
    update("task", late, status="done")
    assert read("person", ada, "next_step").subject == "Send quote"


def test_a_task_without_a_day_is_a_step_too(ada: UUID) -> None:
    create("task", subject="Some day", about=about(ada))
    step = read("person", ada, "next_step")
    assert (step.subject, step.at) == ("Some day", None)
    assert kind("next_step").plain(step, reader()) == "Some day"


def test_who_has_no_next_step_is_told_and_found(ada: UUID) -> None:
    ben = create("person", first_name="Ben")
    create("task", subject="Send quote", due=at(days=3), about=about(ada))
    assert found("person", "next_step", "empty") == {ben}
    assert found("person", "next_step", "filled") == {ada}
    assert found("person", "next_step", "lt", at(days=4)) == {ada}
    assert found("person", "next_step", "gte", at(days=4)) == set()
    assert found("company", "next_step", "filled")
    shown = kind("next_step").show(read("person", ben, "next_step"), reader())
    assert "No next step" in shown
    assert f'data-dialog-url="/tasks/quick/?about=person:{ben}"' in shown
    assert kind("next_step").json(read("person", ben, "next_step")) is None


def test_nobody_is_asked_for_a_next_step_with_what_is_over() -> None:
    lead = create("lead", person=create("person", first_name="Ada"))
    field = registry.get("lead").fields["next_step"]
    assert "No next step" in field.show(read("lead", lead, "next_step"), reader())
    update("lead", lead, status="unqualified")
    assert field.show(read("lead", lead, "next_step"), reader()) == ""
    create("task", subject="Ask why", about=[f"lead:{lead}"])
    assert "Ask why" in field.show(read("lead", lead, "next_step"), reader())


def test_the_last_touch_is_the_newest_contact_that_is_not_ahead(ada: UUID) -> None:
    assert read("person", ada, "last_touch") is None
    create("call", direction="in", at=at(days=-5), about=about(ada))
    create("call", direction="out", at=at(days=-9), about=about(ada))
    create("meeting", subject="Visit", start=at(days=5), about=about(ada))
    create("note", body="Thinking", about=about(ada))
    touch = read("person", ada, "last_touch")
    assert (touch.kind, touch.direction) == ("call", "in")
    assert "they called" in kind("last_touch").plain(touch, reader())
    assert found("person", "last_touch", "lt", at(days=-4)) == {ada}
    assert found("person", "last_touch", "lt", at(days=-6)) == set()
    assert found("person", "last_touch", "gte", at(days=-6)) == {ada}
    assert found("person", "last_touch", "empty") == set()


def test_the_pulse_counts_both_directions_by_week_and_nothing_ahead(ada: UUID) -> None:
    for days in (0, -7, -7, -70, -100):
        create("call", direction="in", at=at(days=days), about=about(ada))
    create("call", direction="out", at=at(days=-7), about=about(ada))
    create("meeting", subject="Visit", start=at(hours=1), about=about(ada))
    beat = read("person", ada, "pulse")
    assert (len(beat.inbound), sum(beat.inbound), sum(beat.outbound)) == (12, 4, 1)
    assert (beat.inbound[-1], beat.inbound[-2], beat.outbound[-2]) == (1, 2, 1)
    shown = kind("pulse").show(beat, reader())
    assert "Last 12 weeks: 4 from them, 1 from us" in shown


def test_each_number_says_why(ada: UUID) -> None:
    assert why("next_step", ada) is why("last_touch", ada) is None
    call = create("call", direction="in", about=about(ada))
    create("task", subject="Send quote", about=about(ada))
    pulse, touch, step = (why(name, ada) for name in ("pulse", "last_touch", "next_step"))
    assert pulse
    assert touch
    assert step
    assert [line[1] for line in pulse.lines] == ["1 from them, 0 from us"]
    assert touch.lines == (("they called", "Call", f"/calls/{call}/"),)
    assert step.lines[0][0] == "Send quote"
    assert pulse.rule
    assert touch.rule


def test_a_page_costs_one_statement_each(ada: UUID) -> None:
    people = [ada, *(create("person", first_name=f"P{n}") for n in range(3))]
    create("task", subject="Send quote", about=about(ada))
    for name, statements in (("next_step", 1), ("last_touch", 1), ("pulse", 2)):
        with CaptureQueriesContext(connection) as queries:
            kind(name).fetch(HOUSE, people)
        assert len(queries) <= statements, name


def test_what_one_may_not_see_is_no_next_step(ada: UUID) -> None:
    create("task", subject="Secret", about=about(ada))
    own = Principal(
        "staff", uuid7(), grants={"*": Grant(view=Scope.ALL), "task": Grant(view=Scope.OWN)}
    )
    assert kind("next_step").fetch(own, [ada])[ada].source_id is None


def test_a_task_knows_since_when_it_is_done() -> None:
    from rapport.activities.models import Task
    from rapport.records.changes.undo import undo

    key = create("task", subject="Send quote")
    done = update("task", key, status="done")
    assert Task.objects.get(pk=key).done_at is not None
    undo(HOUSE, done, via="test")
    task = Task.objects.get(pk=key)
    assert (task.status, task.done_at) == ("open", None)
    old = create("task", subject="Old", status="done", done_at="2020-01-01T10:00:00Z")
    assert Task.objects.get(pk=old).done_at.year == 2020
    with change(HOUSE, via="test") as made:
        made.update_many("task", [key], {"status": "dropped"})
        made.update_many("task", [key], {"status": "open"})
    assert Task.objects.get(pk=key).done_at is None


def test_a_note_is_called_by_its_first_words() -> None:
    from rapport.activities.models import Note

    key = create("note", body="<p>Ask for <b>Herr Wimmer</b> &amp; the\n badge</p>" + "x" * 300)
    subject = Note.objects.get(pk=key).subject
    assert subject.startswith("Ask for Herr Wimmer & the badge")
    assert len(subject) <= 120


def test_a_meeting_that_ends_before_it_begins_is_refused_with_a_sentence() -> None:
    from rapport.records.store import Rejected

    with pytest.raises(Rejected) as refused:
        create("meeting", subject="Visit", start="2026-11-26T10:00", end="2026-11-26T09:00")
    assert refused.value.fields == {"end": "The meeting can't end before it begins."}


def test_the_company_sees_what_concerns_its_people(ada: UUID) -> None:
    (company,) = found("company", "name", "is", "Acme")
    create("call", direction="in", about=about(ada))
    create("task", subject="Send quote", about=about(ada))
    assert read("company", company, "next_step").subject == "Send quote"
    assert read("company", company, "last_touch").direction == "in"
    assert sum(read("company", company, "pulse").inbound) == 1
