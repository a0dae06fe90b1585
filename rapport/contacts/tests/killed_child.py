"""Imports in a process that the test kills: `python -m … RUN_ID MEDIA_ROOT`."""

from __future__ import annotations

import sys
from uuid import UUID

import django


def main() -> None:
    """Take in what is left of the run, in small chunks, telling where each ends."""
    django.setup()
    from django.conf import settings

    from rapport.accounts.principals import service
    from rapport.records.imports.running import run
    from rapport.records.models import ImportRun
    from rapport.records.reading import context_for

    settings.MEDIA_ROOT = sys.argv[2]
    run.CHUNK = 200
    principal = service("tests")
    found = ImportRun.objects.get(pk=UUID(sys.argv[1]))
    run.run_import(
        found,
        principal,
        context_for(principal, currency="EUR", country="US"),
        lambda progress: print(progress.run.position, flush=True),  # noqa: T201,
    )


if __name__ == "__main__":
    main()
