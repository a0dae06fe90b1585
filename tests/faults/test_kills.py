"""Whatever a worker is killed or paused at, nothing is lost, nothing is done twice, and nobody has
to help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.contacts.models import Person
from rapport.records import registry
from rapport.records.bulk import Choice, Deed, do_later
from rapport.records.changes.sets import family
from rapport.records.changes.undo_job import undo_later
from rapport.records.duplicates.together import merge_later
from rapport.records.imports.drafting import draft
from rapport.records.jobs import enqueue
from rapport.records.models import Change, ChangeSet, ImportRun, Job, Merge, Notification
from rapport.records.reading import context_for
from rapport.records.store import change
from rapport.records.testing import HOUSE
from tests.faults.working import Workers, workers

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, GONE, ROWS = 64, 12, 240

type Task = Callable[[], tuple[Job, Callable[[Job], None]]]


class Firm:
    """A user with people, and what he has done with all of them."""

    def __init__(self) -> None:
        self.ida: User = make_user()
        self.principal = principal_of(self.ida)
        self.cities = cycle(["Oslo", "Bern", "Lima"])
        values = [{"last_name": f"Number{number}", "city": "Rome"} for number in range(PEOPLE)]
        with change(HOUSE, via="test") as made:
            self.people: Sequence[UUID] = made.create_many("person", values)

    def edit(self) -> tuple[Job, Callable[[Job], None]]:
        """All of them move to another city."""
        city, before = next(self.cities), self._versions()
        context = context_for(self.principal, currency="EUR", country="US")
        deed = Deed(registry.get("person"), "edit", "city", city)

        def check(done: Job) -> None:
            assert done.result["left"] == 0
            moved = Person.objects.filter(pk__in=self.people)
            assert set(moved.values_list("city", flat=True)) == {city}
            sets = family(UUID(done.result["change_set"]))
            assert Change.objects.filter(change_set__in=sets).count() == PEOPLE
            assert self._versions() == {key: number + 1 for key, number in before.items()}

        return do_later(context, deed, Choice(self.people), PEOPLE), check

    def undo(self) -> tuple[Job, Callable[[Job], None]]:
        """They move there at once, and it is taken back."""
        was = dict(Person.objects.values_list("pk", "city"))
        with change(HOUSE, via="test") as made:
            made.update_many("person", self.people, {"city": "Kyoto"})

        def check(done: Job) -> None:
            assert done.result["rows"] == PEOPLE
            assert dict(Person.objects.values_list("pk", "city")) == was
            assert ChangeSet.objects.filter(undo_of=made.id).count() == 1

        return undo_later(self.principal, made.id, set(), "Undo"), check

    def merge(self) -> tuple[Job, Callable[[Job], None]]:
        """Some others are one and the same."""
        alive = Person.objects.filter(deleted_at=None)
        with change(HOUSE, via="test") as made:
            kept, *gone = made.create_many("person", [{"last_name": "Same"}] * (GONE + 1))
        before = alive.count()

        def check(done: Job) -> None:
            assert Merge.objects.filter(kept_id=kept).count() == GONE
            assert alive.count() == before - GONE
            assert alive.filter(pk=kept).exists()

        return merge_later(self.principal, registry.get("person"), kept, gone), check

    def bring_in(self) -> tuple[Job, Callable[[Job], None]]:
        """A file whose rows nothing tells apart: one that came twice would be there twice."""
        path = Path(settings.MEDIA_ROOT) / "imports" / "paused"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["Last name", *(f"Row{number}" for number in range(ROWS))]))
        run = draft(self.principal, "person", "paused.csv", "imports/paused")

        def check(_done: Job) -> None:
            assert Person.objects.filter(last_name__startswith="Row").count() == ROWS
            found = ImportRun.objects.get(pk=run.pk)
            assert (found.state, found.created, found.position) == ("done", ROWS, ROWS)

        return enqueue(self.principal, "import", "Import", run=str(run.pk)), check

    def _versions(self) -> dict[UUID, int]:
        return dict(Person.objects.filter(pk__in=self.people).values_list("pk", "version"))


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.fixture
def at_work() -> Iterator[Workers]:
    with workers(seed=7) as found:
        yield found


def assert_told_once(job: Job) -> None:
    """Who asked was told of it, once."""
    assert job.state == Job.State.DONE, job.error
    told = Notification.objects.filter(kind=Notification.Kind.JOB_DONE, text__contains=job.title)
    assert told.count() == 1
    told.delete()


def kill_at(at_work: Workers, task: Task, kills: int) -> None:
    """Kill whoever works at it so often, and see what becomes of it."""
    while kills:
        job, check = task()
        for _try in range(20):
            if not kills or Job.objects.get(pk=job.pk).is_over:
                break
            kills -= at_work.kill(job)
        done = at_work.finish(job)
        check(done)
        assert_told_once(done)


@pytest.mark.parametrize("kills", [8, pytest.param(60, marks=pytest.mark.long)])
def test_kills_at_an_edit_an_undo_and_a_merge_leave_no_trace(
    firm: Firm, at_work: Workers, kills: int
) -> None:
    kill_at(at_work, firm.edit, kills)
    kill_at(at_work, firm.undo, kills)
    kill_at(at_work, firm.merge, min(kills, 16))


@pytest.mark.long
def test_a_worker_that_was_paused_for_too_long_does_nothing_over_again(
    firm: Firm, at_work: Workers
) -> None:
    for task in (firm.bring_in, firm.edit, firm.undo, firm.merge):
        job, check = task()
        paused = at_work.pause(job)
        done = at_work.finish(job)
        assert at_work.go_on(paused) == 0
        done.refresh_from_db()
        check(done)
        assert_told_once(done)
