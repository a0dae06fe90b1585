"""One verb on many records, for programs: at once where they are few, else by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.bulk import AT_ONCE, Choice, Deed, Done, do_later, do_now
from rapport.records.bulk.deed import LINKING
from rapport.records.conditions.asking import TREE, WHERE, as_json_text
from rapport.records.conditions.wire import from_json
from rapport.records.declare import Object
from rapport.records.duplicates.merging import MOST, merge
from rapport.records.duplicates.together import MOST_TOGETHER, STAYS, kept_of, merge_later
from rapport.records.kinds.base import Context
from rapport.records.reaching import SHARE
from rapport.records.sharing import Wish
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.duplicates import check_may_merge, read_sides
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.api.values import read_values
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context

MOST_IDS = 10_000
WISH_NAMES = ("holder_kind", "holder_id", "level", "until")
CHOOSING = ("ids", TREE, WHERE, "q", "all")
TAKEN = {
    "edit": {"field", "value"}, "assign": {"value"}, "add": {"field", "value"},
    "take": {"field", "value"}, "merge": {"keep", "take"}, SHARE: {"value"},
}  # fmt: skip


def do_bulk(request: Request, declaration: type[Object]) -> HttpResponse:
    """Do one thing with the records that the body names or describes.

    `do` is edit, assign, trash, share, add, take, merge or an action of the object; the records
    are those with the `ids`, or those that meet `filter`, `where` and `q`, or `all`. Answers 200
    with what was done, or 202 with the job that does it.
    """
    body, context = read_object(request), page_context(request)
    needed = "merge" if body.get("do") == "merge" else "bulk"
    access.check(request.principal, needed, declaration.name)
    verb = _verb(body, declaration)
    for name in body.keys() - {"do", *CHOOSING, *TAKEN.get(verb, ())}:
        raise refuse_field(name[:60], _("This field can't be set."))
    choice = _choice(body)
    if verb == "merge":
        return _merge(request, declaration, choice, body)
    deed = _deed(declaration, verb, body, context)
    access.check(request.principal, deed.needs, declaration.name)
    number = choice.count(declaration, context)
    if number > AT_ONCE:
        job = do_later(context, deed, choice, number, "api")
        place = f"/api/v1/jobs/{job.pk}"
        return answer_json({"job": str(job.pk), "records": number}, 202, Location=place)
    return _do_now(context, deed, choice)


def _verb(body: Mapping[str, Any], declaration: type[Object]) -> str:
    """What to do. Raises Problem for what can't be done with many records."""
    verb = body.get("do")
    if verb == "enrol":
        raise refuse_field("do", _("There are no campaigns yet to enrol records in."))
    if verb == "merge" or (isinstance(verb, str) and Deed(declaration, verb).is_for_many):
        return str(verb)
    raise refuse_field("do", _("This can't be done with many records at once."))


def _choice(body: Mapping[str, Any]) -> Choice:
    """The records. Raises Problem unless they are said in one way."""
    if "ids" in body:
        if body.keys() & set(CHOOSING) != {"ids"}:
            raise refuse_field("ids", _("Name records by their ids or describe them, not both."))
        return Choice(_keys(body["ids"]))
    pairs = [(name, _text(name, body[name])) for name in (TREE, WHERE, "q") if body.get(name)]
    if not pairs and body.get("all") is not True:
        raise refuse_field("ids", _("Say which records: ids, filter, where, q, or all."))
    return Choice(query=urlencode(pairs))


def _keys(sent: Any) -> list[UUID]:
    texts = sent if isinstance(sent, list) else []
    found = [read_key(one) if isinstance(one, str) else None for one in texts[: MOST_IDS + 1]]
    keys = [key for key in found if key is not None]
    if len(keys) != len(texts) or not 1 <= len(keys) <= MOST_IDS:
        words = {"most": MOST_IDS}
        raise refuse_field("ids", _("This is a list of 1 to %(most)d ids.") % words)
    return list(dict.fromkeys(keys))


def _text(name: str, value: Any) -> str:
    """The condition as an address has it. Raises ConditionError, Problem."""
    if name == TREE:
        return as_json_text(from_json(value))
    if not isinstance(value, str):
        raise refuse_field(name, _("This is a text."))
    return value


def _deed(declaration: type[Object], verb: str, body: Mapping[str, Any], context: Context) -> Deed:
    """The verb with its field and value. Raises Problem, Rejected."""
    fields = Deed(declaration, verb).fields
    if verb == SHARE:
        return Deed(declaration, SHARE, value=_wish(body.get("value")))
    if not fields and verb not in TAKEN:
        return Deed(declaration, verb)
    name = body.get("field", "" if verb == "edit" else next(iter(fields), ""))
    if not isinstance(name, str) or name not in fields:
        raise refuse_field("field", _("This field can't be set."))
    if "value" not in body:
        raise refuse_field("value", _("Say the value."))
    value = read_values({name: body["value"]}, declaration, context)[name]
    if verb in LINKING and not value:
        raise refuse_field("value", _("Choose at least one."))
    return Deed(declaration, verb, name, value)


def _wish(sent: Any) -> Wish:
    """With whom to share. Raises Problem, Rejected."""
    if not isinstance(sent, dict) or sent.keys() - set(WISH_NAMES):
        raise refuse_field("value", _("This is an object with %(names)s.") % {
            "names": ", ".join(WISH_NAMES)
        })  # fmt: skip
    try:
        return Wish.read(sent)
    except Rejected as refused:
        raise refuse_field("value", str(refused)) from None


def _do_now(context: Context, deed: Deed, choice: Choice) -> HttpResponse:
    chosen = [key for keys in choice.slices(deed.declaration, context) for key in keys]
    keys = deed.within_reach(context, chosen)
    if chosen and not keys:
        raise access.Denied(_("Some of these records are not yours to change."))
    done = do_now(context, deed, keys, "api") if keys else Done(None, 0)
    return _answer(done.change_set, done.number, len(chosen) - len(keys))


def _merge(
    request: Request, declaration: type[Object], choice: Choice, body: Mapping[str, Any]
) -> HttpResponse:
    check_may_merge(request, declaration)
    keys = sorted(choice.ids)
    if choice.query is not None or len(keys) < 2:
        raise refuse_field("ids", _("Choose at least two records to merge."))
    kept = _kept(request, declaration, keys, str(body.get("keep", "oldest")))
    gone = [key for key in keys if key != kept]
    if len(keys) > MOST:
        return _merge_later(request, declaration, kept, gone, body)
    sides = read_sides(request.principal, declaration, body.get("take", {}), [kept, *gone])
    made = merge(request.principal, declaration.name, kept, gone, sides, via="api")
    return _answer(made, len(keys), 0, id=str(kept))


def _kept(request: Request, declaration: type[Object], keys: Sequence[UUID], said: str) -> UUID:
    """The record that stays: one of the ids, or oldest, newest, changed. Raises Problem."""
    if said in STAYS:
        return kept_of(request.principal, declaration.name, keys, said) or keys[0]
    kept = read_key(said)
    if kept is None or kept not in keys:
        raise refuse_field("keep", _("This is one of the ids, or oldest, newest or changed."))
    return kept


def _merge_later(
    request: Request,
    declaration: type[Object],
    kept: UUID,
    gone: Sequence[UUID],
    body: Mapping[str, Any],
) -> HttpResponse:
    """More than anybody compares become one by a job, as on the page. Raises Problem."""
    if body.get("take"):
        words = {"n": MOST}
        raise refuse_field("take", _("Sides are chosen for up to %(n)d records.") % words)
    if len(gone) >= MOST_TOGETHER:
        words = {"n": MOST_TOGETHER}
        raise refuse_field("ids", _("Up to %(n)d records are merged at once.") % words)
    job = merge_later(request.principal, declaration, kept, gone, via="api")
    place = f"/api/v1/jobs/{job.pk}"
    answer = {"job": str(job.pk), "records": len(gone) + 1, "id": str(kept)}
    return answer_json(answer, 202, Location=place)


def _answer(made: UUID | None, done: int, left: int, **more: Any) -> HttpResponse:
    return answer_json(
        {"change_set": str(made) if made else None, "done": done, "left": left, **more}
    )
