"""`rapport import FOLDER` and `rapport import FILE.zip`: several files at once."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .opening import CommandFailed, meet_custom_fields, open_instance
from .output import answer
from .progress import progress_bar

if TYPE_CHECKING:
    from rapport.records.imports.sets.running import SetProgress
    from rapport.records.models import ImportRun, ImportSet

COUNTERS = ("created", "updated", "skipped", "failed", "review", "partial")
#: What only makes sense for one file.
ALONE = ("map", "mean", "sheet", "encoding", "delimiter", "header")


def run(arguments: argparse.Namespace, path: Path) -> int:
    """Take the files in. Raises CommandFailed for what can't be had."""
    if not path.exists():
        raise CommandFailed(
            f"There is no file or folder {path}. For one file, say first what it holds: "
            f"rapport import people {path}"
        )
    given = [name for name in ALONE if getattr(arguments, name)]
    if given:
        raise CommandFailed(f"--{given[0]} is for one file: rapport import OBJECT FILE.")
    with open_instance(arguments.data):
        meet_custom_fields()
        made = _take(arguments, path)
        if arguments.problems:
            _write_problems(made, arguments.problems)
        _tell(arguments, made)
    return 0


def _take(arguments: argparse.Namespace, path: Path) -> "ImportSet":
    from rapport.accounts.queries import workspace
    from rapport.records.access import Denied
    from rapport.records.imports.reading import Unreadable
    from rapport.records.imports.sets.drafting import draft_set
    from rapport.records.imports.sets.packing import receive
    from rapport.records.imports.sets.running import run_set
    from rapport.records.reading import context_for

    from .import_ import principal_for

    principal = principal_for(arguments.user)
    context = context_for(principal, workspace())
    try:
        with _opened(path) as files:
            made = draft_set(principal, path.name, receive(files), policy=arguments.match)
        made.is_dry_run = arguments.dry_run
        made.save(update_fields=["is_dry_run"])
        runs = made.runs.all()
        runs.update(is_dry_run=arguments.dry_run)
        size = sum(one.bytes_total for one in runs)
        with progress_bar(path.name, size) as show:

            def told(progress: "SetProgress") -> None:
                show(progress.done)

            return run_set(made, principal, context, told)
    except (Unreadable, Denied) as problem:
        raise CommandFailed(str(problem)) from None


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The files of a folder, or the one file, one open at a time."""
    from rapport.records.imports.sets.packing import files_in

    paths = files_in(path) if path.is_dir() else [path]
    with ExitStack() as opened:

        def files() -> Iterator[tuple[str, IO[bytes]]]:
            for one in paths:
                opened.close()
                name = str(one.relative_to(path)) if path.is_dir() else one.name
                yield name, opened.enter_context(one.open("rb"))

        yield files()


def _write_problems(made: "ImportSet", folder: Path) -> None:
    """A file for each that has rows to mend, under its own name."""
    from rapport.records.imports.problems import problems_text

    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(_runs(made), start=1):
        if one.problems.exists():
            name = f"{number:02}-{Path(one.filename).stem[:80]}.csv"
            (folder / name).write_text(problems_text(one), encoding="utf-8")


def _runs(made: "ImportSet") -> "list[ImportRun]":
    return list(made.runs.order_by("turn", "pk"))


def _tell(arguments: argparse.Namespace, made: "ImportSet") -> None:
    files = [_facts(one) for one in _runs(made)]
    lines = []
    for one in files:
        lines.append(f"{one['file']} → {one['object']}: {_counts(one)}")
        if one["left_out"]:
            lines.append(f"    columns that went nowhere: {', '.join(one['left_out'])}")
    lines += [f"{one['name']}: {one['why']}" for one in made.left]
    total = {name: sum(one[name] for one in files) for name in COUNTERS}
    note = "Checked, nothing changed: " if arguments.dry_run else ""
    facts: dict[str, Any] = total | {
        "program": made.program,
        "files": files,
        "left": [{"file": one["name"], "why": one["why"]} for one in made.left],
        "dry_run": arguments.dry_run,
        "set": str(made.pk),
    }
    answer(arguments, "\n".join([f"{note}{_counts(total)}.", *lines]), **facts)


def _facts(run: "ImportRun") -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in COUNTERS}
    return counts | {
        "file": run.filename,
        "object": run.object,
        "rows": run.position,
        "notes": run.notes,
        "left_out": run.left_out,
        "error": run.error,
        "run": str(run.pk),
    }


def _counts(counts: dict[str, Any]) -> str:
    words = {"review": "to look at", "partial": "taken in part"}
    told = [f"{counts[name]} {name}" for name in ("created", "updated", "skipped", "failed")]
    told += [f"{counts[name]} {text}" for name, text in words.items() if counts[name]]
    return ", ".join(told) + (f". {counts['error']}" if counts.get("error") else "")
