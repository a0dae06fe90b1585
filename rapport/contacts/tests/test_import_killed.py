"""A worker killed in the middle of an import loses no row and doubles none."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from rapport.contacts.models import Company, EmailAddress, Person
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft
from rapport.records.models import ImportRun
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)
ROWS_PER_KILL = 1_200


def child(run: UUID) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "RAPPORT_DATA": str(settings.INSTANCE.data),
        "RAPPORT_DATABASE_URL": settings.INSTANCE.database_url,
        "RAPPORT_OWNER_DATABASE_URL": settings.INSTANCE.owner_database_url,
    }
    module = "rapport.contacts.tests.killed_child"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(run), str(settings.MEDIA_ROOT)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def kill_soon(run: UUID, dice: random.Random) -> None:
    process = child(run)
    assert process.stdout is not None
    with process.stdout:
        for _chunk in range(dice.randint(1, 3)):
            assert process.stdout.readline()
        time.sleep(dice.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kills", [1, pytest.param(200, marks=pytest.mark.long)])
def test_no_row_is_lost_or_doubled_by_kills(kills: int) -> None:
    rows = kills * ROWS_PER_KILL
    path = Path(settings.MEDIA_ROOT) / "imports" / "killed"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"Ada,Number{n},{'' if n % 3 else f'n{n}@firm.example'},Firm {n % 50}" for n in range(rows)
    ]
    path.write_text("\n".join(["First name,Last name,Email,Company", *lines]))
    run = draft(HOUSE, "person", "killed.csv", "imports/killed")
    dice = random.Random(kills)
    for _kill in range(kills):
        kill_soon(run.pk, dice)
    run.refresh_from_db()
    assert 0 < run.position < rows
    last = child(run.pk)
    last.communicate()
    assert last.returncode == 0
    done = ImportRun.objects.get(pk=run.pk)
    assert (done.state, done.position) == ("done", rows)
    assert (done.created, done.updated, done.skipped, done.failed) == (rows, 0, 0, 0)
    names = Person.objects.values_list("last_name", flat=True)
    assert sorted(names) == sorted(f"Number{n}" for n in range(rows))
    assert (Company.objects.count(), EmailAddress.objects.count()) == (50, rows // 3)
    assert done.change_set is not None
    # As the job does it, which may take longer than a page.
    undo(HOUSE, done.change_set, via="test", progress=lambda *_done: None)
    assert not access.rows(HOUSE, "person").exists()
