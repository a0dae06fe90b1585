"""A file taken in by chunks, each in a transaction that also moves the run's position."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from threading import Event
from time import monotonic

from django.db import connection

from rapport.records.imports.reading.table import Table
from rapport.records.imports.running.ahead import ahead
from rapport.records.imports.running.alone import LOCK, alone
from rapport.records.imports.running.importer import Importer
from rapport.records.imports.running.lanes import Place, in_lanes, one_by_one
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import may_overlap
from rapport.records.imports.running.staging import Columns, way_columns
from rapport.records.imports.stored import open_stored
from rapport.records.jobs.kinds import Overtaken
from rapport.records.models import ImportRun
from rapport.records.store import change

CHUNK = 10_000
SMALL_CHUNK = 2_000
LANES = 2
NO_FINGERPRINT = "0" * 32
# A chunk may take longer than a page may. It need not be on the disk when the next begins: a crash
# takes its rows and its position together. Words are sorted into the search in larger lots.
PATIENCE = """
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL synchronous_commit = off; SET LOCAL gin_pending_list_limit = '8MB'
"""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows read ahead, the place in the file where they end, and what is staged beside them."""

    rows: list[Parsed]
    #: The number of the last row of the file that it covers, and how many of them stay out.
    last: int
    gone: int
    position: int
    ways: Mapping[str, Columns]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; rates per second, in rows and bytes, since it was (re)started."""

    run: ImportRun
    rate: float
    bytes_rate: float


def take_file(importer: Importer, report: Callable[[Progress], None]) -> None:
    """Take in what is left of the importer's run. Raises Unreadable."""
    run, began, rows = importer.run, monotonic(), 0
    with open_stored(run) as table, closing(ahead(_chunks(importer, table))) as chunks:
        run.bytes_total, first = table.total, run.bytes_done
        with closing(_taken(importer, chunks)) as taken:
            for more in taken:
                rows += more
                seconds = max(monotonic() - began, 0.001)
                report(Progress(run, rows / seconds, (run.bytes_done - first) / seconds))


def _taken(importer: Importer, chunks: Iterator[_Chunk]) -> Generator[int]:
    """How many rows each chunk had, once it is written."""
    if connection.in_atomic_block or not may_overlap(importer.plan):
        yield from one_by_one(chunks, partial(_take, importer))
        return
    for chunk in chunks:
        with alone() as awaited:
            yield from in_lanes(_until(awaited, chunk, chunks), partial(_take, importer), LANES)


def _until(awaited: Event, first: _Chunk, rest: Iterator[_Chunk]) -> Iterator[_Chunk]:
    """The first and what follows, until others wait."""
    yield first
    while not awaited.is_set():
        for chunk in rest:
            yield chunk
            break
        else:
            return


def _chunks(importer: Importer, table: Table) -> Iterator[_Chunk]:
    last, size, seen, gone = importer.run.position, _size(0, table), 0, 0
    rows: list[Parsed] = []
    for number, cells, problem in table.rows():
        if number <= last:
            continue
        last = number
        if problem:
            rows.append(Parsed(number, NO_FINGERPRINT, list(cells), problem=problem))
        elif importer.parser.is_gone(cells):
            gone += 1
        else:
            rows.append(importer.parser.parse(number, cells))
        if len(rows) + gone == size:
            yield _chunk(importer, rows, last, gone, table)
            seen += size
            rows, size, gone = [], _size(seen, table), 0
    if rows or gone:
        yield _chunk(importer, rows, last, gone, table)


def _size(seen: int, table: Table) -> int:
    """How many rows the next chunk has after so many: they grow at first and shrink at last, so
    that no lane stands idle for long."""
    left = seen * (table.total - table.position) // (table.position or 1)
    return min(CHUNK, max(SMALL_CHUNK, min(2 * seen, left // 3)))


def _chunk(importer: Importer, rows: list[Parsed], last: int, gone: int, table: Table) -> _Chunk:
    ways = way_columns(importer.plan.declaration, rows)
    return _Chunk(rows, last, gone, table.position, ways)


def _take(importer: Importer, chunk: _Chunk, place: Place) -> int:
    run = importer.run
    with change(importer.principal, via="import", title="", parent=run.change_set) as made:
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            if not place.is_shared:
                cursor.execute(LOCK)
        importer.note_gone(chunk.gone)
        importer.finish(importer.prepare(chunk.rows, made, chunk.ways), made, place)
        _take_turn(run, chunk)
        run.skipped += chunk.gone
        run.position = chunk.last
        run.bytes_done = chunk.position
        run.save()
    return len(chunk.rows) + chunk.gone


def _take_turn(run: ImportRun, chunk: _Chunk) -> None:
    """Move the run on from where this process left it. Raises Overtaken where another has done so
    meanwhile: its rows are in already."""
    place = ImportRun.objects.filter(pk=run.pk, position=run.position)
    if not place.update(position=chunk.last):
        raise Overtaken
