"""After a large import the database knows at once how much there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.imports import statistics
from rapport.records.imports.drafting import draft
from rapport.records.jobs import enqueue, run_job
from rapport.records.models import Job
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)


def known_people() -> int:
    """How many the planner takes there to be; -1 while it has never looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = 'contacts_person'")
        (found,) = cursor.fetchone() or (0,)
    return int(found)


def import_people(count: int) -> Job:
    principal = principal_of(make_user())
    path = Path(settings.MEDIA_ROOT) / "imports" / "many"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["First name,Last name", *(f"Ada,Number {n}" for n in range(count))]))
    run = draft(principal, "person", "many.csv", "imports/many")
    job = enqueue(principal, "import", "Import", run=str(run.pk))
    run_job(job.pk)
    return job


def test_the_planner_knows_who_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "LEAST", 1)
    import_people(40)
    assert known_people() == 40


def test_a_few_rows_are_no_reason_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "LEAST", 50)
    before = known_people()
    import_people(40)
    assert known_people() == before


def test_a_worker_that_died_behind_the_last_row_leaves_a_job_that_ends() -> None:
    job = import_people(3)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert access.rows(HOUSE, "person").count() == 3
