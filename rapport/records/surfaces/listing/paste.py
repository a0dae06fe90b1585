"""A block of cells pasted into the list: stored as one change set, or shown where it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.reading import Row, read_values
from rapport.records.store import Conflict, Missing, Rejected, change
from rapport.records.surfaces.listing.block import Block, TooMuch, lay_out, read_lines
from rapport.records.surfaces.listing.grid import render_rows, row_name
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.views.reading import views_of
from rapport.ui.toasts import close_dialog, toast


class _Undone(Exception):
    """Some cells were refused while writing: nothing of the block stays."""


@require_POST
def paste(request: Request, declaration: type[Object]) -> HttpResponse:
    """Store a copied block from the cell (`id`, `column`) on; or ask about what can't be taken.

    `id` and `version` come once per row from the active one down, `query` is the list's address.
    """
    access.check(request.principal, "edit", declaration.name)
    query = QueryDict(request.POST.get("query", "").lstrip("?"))
    views = views_of(request.principal, declaration.name)
    state = read_state(query, declaration, page_context(request), views=views)
    try:
        lines = read_lines(request.POST.get("text", ""))
    except TooMuch as problem:
        return HttpResponse(str(problem), status=422)
    names = _columns_from(request.POST.get("column", ""), state)
    rows = _rows(request, state, names, len(lines))
    if not rows or not names:
        return HttpResponse(_("There is no cell here to paste into."), status=422)
    kinds = [declaration.fields[name] for name in names]
    block = lay_out(lines, rows, kinds, declaration, state.context, _mended(request))
    return _take(request, state, block)


def _columns_from(first: str, state: ListState) -> list[str]:
    """The list's columns from the one the block begins in; the name of a record is no cell."""
    names = [name for name in state.columns if name != state.declaration.title]
    return names[names.index(first) :] if first in names else []


def _rows(request: Request, state: ListState, names: Sequence[str], most: int) -> list[Row]:
    """The records the block falls on, with the versions the page showed."""
    ids = _ids(_every(request, "id")[:most])
    found = access.rows(state.principal, state.declaration.name).filter(pk__in=ids)
    wanted = [*names, *filter(None, [state.declaration.title])]
    by_id = {row.id: row for row in read_values(found, state.declaration, wanted, state.context)}
    for record_id, version in zip(ids, _every(request, "version"), strict=False):
        if record_id in by_id and version.isascii() and version.isdigit():
            by_id[record_id].version = int(version)
    return [by_id[one] for one in ids if one in by_id]


def _every(request: Request, name: str) -> list[str]:
    """What came once per row, or in one with commas between."""
    return ",".join(request.POST.getlist(name)).split(",")


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        return []


def _mended(request: Request) -> dict[str, str]:
    """What was typed in place of refused texts, by the place of the cell."""
    return {
        name.removeprefix("mend."): request.POST.get(name, "")
        for name in request.POST
        if name.startswith("mend.")
    }


def _take(request: Request, state: ListState, block: Block) -> HttpResponse:
    left_out = set(request.POST.getlist("refused")) if "skip" in request.POST else set()
    for cell in block.cells:
        cell.is_left_out = cell.place in left_out
    if block.refused or (block.is_cut and "sure" not in request.POST):
        return _ask(request, state, block)
    changes = list(block.changes())
    try:
        change_set = _store(state, block, changes) if changes else None
    except _Undone:
        return _ask(request, state, block)
    return _pasted(state, block, change_set, sum(len(values) for _row, values in changes))


def _store(state: ListState, block: Block, changes: Sequence[tuple[Row, dict[str, Any]]]) -> UUID:
    """Write all of it or nothing; the change set. Raises _Undone with the reasons in the block."""
    title = _("Paste into %(objects)s") % {"objects": str(block.declaration.label_plural).lower()}
    with change(state.principal, via="web", title=title) as made:
        for row, values in changes:
            try:
                with transaction.atomic():
                    made.update(block.declaration.name, row.id, values, version=row.version)
            except (Rejected, Conflict, Missing) as refusal:
                _tell(block, row, values, refusal)
        if block.refused:
            raise _Undone
    return made.id


def _tell(block: Block, row: Row, values: dict[str, Any], refusal: Exception) -> None:
    """The reason at the cells it concerns, or else at all that were to be written to the row."""
    told = {cell.kind.name: cell for cell in block.cells if cell.row is row}
    if isinstance(refusal, Conflict):
        row.version = refusal.version
        for name in refusal.fields & set(values):
            theirs = told[name].kind.plain(row.values.get(name), block.context)
            told[name].error = _(
                "%(who)s changed this meanwhile to “%(theirs)s”. Paste again to put yours there."
            ) % {"who": refusal.who, "theirs": theirs}
        return
    reasons = refusal.fields if isinstance(refusal, Rejected) else {}
    for name in (reasons.keys() & values.keys()) or values:
        told[name].error = reasons.get(name) or str(refusal)


def _ask(request: Request, state: ListState, block: Block) -> HttpResponse:
    """The block as it would land, with an input and the reason at each refused cell."""
    answer = {
        "declaration": block.declaration,
        # Inside of a template `block` means the template's own.
        "pasted": block,
        "lines": [
            (row_name(line[0].row, block.declaration, block.context), line) for line in block.lines
        ],
        "taken": sum(1 for cell in block.cells if not cell.error),
        "text": request.POST.get("text", ""),
        "column": request.POST.get("column", ""),
        "query": request.POST.get("query", ""),
        "rows": [line[0].row for line in block.lines],
        "dialog_action": request.path,
    }
    return render(request, "records/listing/paste.html", answer, status=422)


def _pasted(state: ListState, block: Block, change_set: UUID | None, count: int) -> HttpResponse:
    """The rows anew, each in its place, and a toast that takes all of it back."""
    answer = HttpResponse(_rows_anew(state, block))
    answer.headers["HX-Reswap"] = "none"
    close_dialog(answer)
    if change_set is None:
        toast(answer, _("Nothing changed: the cells hold this already."))
        return answer
    text = ngettext("%(n)d cell pasted", "%(n)d cells pasted", count) % {"n": count}
    toast(answer, text, f"/undo/{change_set}/")
    return answer


def _rows_anew(state: ListState, block: Block) -> str:
    declaration, context = block.declaration, block.context
    names = dict.fromkeys((*state.columns, *filter(None, [declaration.subtitle])))
    ids = [line[0].row.id for line in block.lines]
    found = access.rows(state.principal, declaration.name).filter(pk__in=ids)
    rows = read_values(found, declaration, list(names), context)
    return format_html_join(
        "",
        '<template hx type="partial" hx-target=\'[data-row="{}"]\' hx-swap="outerHTML">'
        "{}</template>",
        (
            (row.id, render_rows([row], declaration, state.columns, context, query=state.query()))
            for row in rows
        ),
    )
