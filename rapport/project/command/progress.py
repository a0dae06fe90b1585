"""Progress of a long verb, where somebody is looking."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class Advance(Protocol):
    """Is told how many are done, and how many there are where that was not known at the start."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show it."""


class _Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """The speed of late, or nothing before there is one."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "")


@contextmanager
def progress_bar(label: str, total: int, *, has_rows: bool = True) -> Iterator[Advance]:
    """A bar on the standard error with time left; the block tells how many are done.

    With `has_rows` it counts them and says how many a second.
    """
    console = Console(stderr=True)
    counts = (MofNCompleteColumn(), _Rate()) if has_rows else ()
    columns = (TextColumn(label), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda done, total=None: progress.update(task, completed=done, total=total)
