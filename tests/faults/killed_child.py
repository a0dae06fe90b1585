"""Jobs in processes that a test kills or pauses.

`python -m …` forks one for each line that names a job, and tells its number; for a line that names
a process it tells how that ended, once it has. To start Python so often would take too long.
"""

from __future__ import annotations

import os
import sys
from uuid import UUID

import django


def main() -> None:
    """Fork for each job until there are no more lines."""
    django.setup()
    from django.conf import settings

    from rapport.records.bulk import choice
    from rapport.records.duplicates import together
    from rapport.records.imports.running import chunks
    from rapport.records.jobs import run_job

    settings.MEDIA_ROOT = sys.argv[1]
    # Small steps, so that a kill meets all of them.
    choice.SLICE, together.MOST, chunks.CHUNK, chunks.SMALL_CHUNK = 8, 2, 40, 40
    for line in sys.stdin:
        verb, _blank, what = line.strip().partition(" ")
        if verb == "await":
            _pid, status = os.waitpid(int(what), 0)
            tell(os.waitstatus_to_exitcode(status))
            continue
        child = os.fork()
        if not child:
            run_job(UUID(what))
            os._exit(0)
        tell(child)


def tell(word: object) -> None:
    """Say it at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
