"""Imports in a process that the test kills: `python -m … RUN_ID MEDIA_ROOT`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from uuid import UUID

import django

if TYPE_CHECKING:
    from rapport.records.imports.running import Progress


def main() -> None:
    """Take in what is left of the run, in small chunks, telling where each ends."""
    django.setup()
    from django.conf import settings

    from rapport.accounts.principals import service
    from rapport.records.imports.running import chunks, run_import
    from rapport.records.models import ImportRun
    from rapport.records.reading import context_for

    settings.MEDIA_ROOT = sys.argv[2]
    chunks.CHUNK = 200
    principal = service("tests")
    found = ImportRun.objects.get(pk=UUID(sys.argv[1]))
    run_import(
        found,
        principal,
        context_for(principal, currency="EUR", country="US"),
        tell,
    )


def tell(progress: Progress) -> None:
    """Say how far the run has come."""
    sys.stdout.write(f"{progress.run.position}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
