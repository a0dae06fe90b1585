"""One verb on many records: assign, edit, tag, share, delete, export, or an action of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.bulk import AT_ONCE, Choice, Deed, do_later, do_now
from rapport.records.declare import Object
from rapport.records.forms import BoundField, bind_fields, raw_fields, read_posted
from rapport.records.kinds.base import Context, Kind
from rapport.records.models import Share
from rapport.records.reaching import SHARE
from rapport.records.sharing import Wish, holders_of
from rapport.records.sharing.verbs import check_shareable, today
from rapport.records.store import Rejected
from rapport.records.surfaces.listing.merging import merge_selected
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.views.reading import views_of
from rapport.ui.toasts import toast_after_redirect

#: How many a form takes that were ticked; all of a list may be any number.
MOST = 10_000
ASKING = ("assign", "edit", "tag")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the records, how many they are, and where to go on."""

    request: Request
    declaration: type[Object]
    context: Context
    choice: Choice
    number: int
    verb: str
    next: str


@require_POST
def bulk(request: Request, declaration: type[Object]) -> HttpResponse:
    """Do one thing with the ticked records, or with all of the list (`all=1`)."""
    asked = _asked(request, declaration)
    if not asked.number:
        messages.warning(request, _("Nothing was selected."))
        return HttpResponseRedirect(asked.next)
    if asked.verb == "export":
        # The ticked ids go on as they came: they would not fit into an address.
        url = f"{declaration.url()}export/?{_state(request, declaration).plain_query()}"
        return HttpResponseRedirect(url, preserve_request=True)
    if asked.verb == "merge":
        return _merge(asked)
    asked = _within_reach(asked)
    if asked.verb in ASKING:
        return _ask_for_value(asked)
    if asked.verb == SHARE:
        return _ask_with_whom(asked)
    deed = Deed(declaration, asked.verb)
    if not deed.is_for_many:
        messages.warning(request, _("This can't be done with many records at once."))
        return HttpResponseRedirect(asked.next)
    try:
        return _do(asked, deed)
    except Rejected as refused:
        toast_after_redirect(request, str(refused), is_error=True)
        return HttpResponseRedirect(asked.next)


def _asked(request: Request, declaration: type[Object]) -> Asked:
    context = page_context(request)
    choice = _choice(request, declaration)
    return Asked(
        request, declaration, context, choice, choice.count(declaration, context),
        request.POST.get("do", ""), _next(request, declaration),
    )  # fmt: skip


def _choice(request: Request, declaration: type[Object]) -> Choice:
    if request.POST.get("all"):
        return Choice(query=_state(request, declaration).plain_query())
    found = []
    for text in request.POST.getlist("id")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return Choice(found)


def _state(request: Request, declaration: type[Object]) -> ListState:
    """The list that the records were chosen in."""
    query = QueryDict(request.POST.get("next", "").partition("?")[2])
    views = views_of(request.principal, declaration.name)
    return read_state(query, declaration, page_context(request), views=views)


def _merge(asked: Asked) -> HttpResponse:
    """Of too many records only the first are read: they are refused anyhow."""
    slices = asked.choice.slices(asked.declaration, asked.context)
    keys = list(dict.fromkeys(next(slices, [])))
    number = len(keys) if asked.choice.query is None else asked.number
    return merge_selected(asked.request, asked.declaration, keys, number, asked.next)


def _within_reach(asked: Asked) -> Asked:
    """The same for those that the principal may change together with others, and in this way.

    All of a long list are looked at when it is done. Raises Denied when there are none.
    """
    access.check(asked.request.principal, "bulk", asked.declaration.name)
    if asked.choice.query is not None and asked.number > AT_ONCE:
        return asked
    some = [
        one
        for ids in asked.choice.slices(asked.declaration, asked.context)
        for one in Deed(asked.declaration, asked.verb).within_reach(asked.context, ids)
    ]
    if not some:
        raise access.Denied(_("Some of these records are not yours to change."))
    return replace(asked, choice=Choice(some), number=len(some))


def _next(request: Request, declaration: type[Object]) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")
    return url if safe else declaration.url()


def _fields(asked: Asked) -> dict[str, Kind]:
    """The fields that the verb can be about, for whoever asks."""
    editable = access.fields(asked.context.principal, asked.declaration.name).editable
    verb = "add" if asked.verb == "tag" else asked.verb
    every = Deed(asked.declaration, verb).fields
    return {name: one for name, one in every.items() if name in editable and not one.long}


def _ask_for_value(asked: Asked) -> HttpResponse:
    """The form for the value; once it is answered, what was asked is done."""
    access.check(asked.context.principal, "edit", asked.declaration.name)
    post, fields = asked.request.POST, _fields(asked)
    name = post.get("field", "") if asked.verb == "edit" else next(iter(fields), "")
    kinds = {"value": fields[name]} if name in fields else {}
    if not (kinds and _is_answered(asked.request, name)):
        shown = bind_fields(kinds, asked.context, {}, prefix="bulk")
        return _show_form(asked, fields, name, shown.get("value"))
    posted = read_posted(post, kinds, asked.context)
    errors = posted.errors
    if asked.verb == "tag" and not errors and not posted.values["value"]:
        errors = {"value": _("Choose at least one.")}
    if not errors:
        how = "take" if post.get("how") == "take" else "add"
        verb = how if asked.verb == "tag" else asked.verb
        try:
            return _do(asked, Deed(asked.declaration, verb, name, posted.values["value"]))
        except Rejected as refused:
            errors = {"value": str(refused)}
    typed = raw_fields(kinds, asked.context, posted.raws, prefix="bulk", errors=errors)
    return _show_form(asked, fields, name, typed["value"], 422)


def _show_form(
    asked: Asked, fields: Mapping[str, Kind], name: str, shown: BoundField | None, status: int = 200
) -> HttpResponse:
    labels = ((one, str(kind.label)) for one, kind in fields.items())
    answer = {
        "declaration": asked.declaration, "choice": asked.choice, "number": asked.number,
        "verb": asked.verb, "kind": fields.get(name), "name": name, "field": shown,
        "next": asked.next, "how": asked.request.POST.get("how", "add"),
        "fields": sorted(labels, key=lambda pair: pair[1].casefold()),
    }  # fmt: skip
    return render(asked.request, "records/listing/bulk_edit.html", answer, status=status)


def _ask_with_whom(asked: Asked) -> HttpResponse:
    """The form for the share; once it is answered, the records are shared."""
    check_shareable(asked.context.principal, asked.declaration.name)
    sent, faults = asked.request.POST, {}
    if "holder" in sent:
        kind, _colon, key = sent["holder"].partition(":")
        terms = {"level": sent.get("level", ""), "until": sent.get("until", "").strip()}
        try:
            wish = Wish.read({"holder_kind": kind, "holder_id": key, **terms})
            return _do(asked, Deed(asked.declaration, SHARE, value=wish))
        except Rejected as refused:
            faults = dict(refused.fields)
    answer = {
        "declaration": asked.declaration, "choice": asked.choice, "number": asked.number,
        "next": asked.next, "holders": holders_of(), "levels": Share.Level.choices,
        "today": today(), "faults": faults, "holder": sent.get("holder", ""),
        "level": sent.get("level", Share.Level.VIEW.value), "until": sent.get("until", ""),
    }  # fmt: skip
    status = 422 if faults else 200
    return render(asked.request, "records/listing/bulk_share.html", answer, status=status)


def _is_answered(request: Request, name: str) -> bool:
    """Whether the value came with the form of this very field; an unticked box sends nothing."""
    if "_for" in request.POST:
        return request.POST["_for"] == name
    return "value" in request.POST


def _do(asked: Asked, deed: Deed) -> HttpResponse:
    """At once, or by the worker, to the page of its job."""
    access.check(asked.context.principal, deed.needs, asked.declaration.name)
    if asked.number > AT_ONCE:
        job = do_later(asked.context, deed, asked.choice, asked.number)
        return HttpResponseRedirect(f"/jobs/{job.pk}/")
    made, done, url = do_now(asked.context, deed, asked.choice.ids)
    undo = f"/undo/{made}/" if made else ""
    toast_after_redirect(asked.request, _said(deed, done), undo, url)
    return HttpResponseRedirect(asked.next)


def _said(deed: Deed, done: int) -> str:
    if deed.action:
        return _("%(action)s: done for %(n)d.") % {"action": deed.action.label, "n": done}
    if deed.verb == "trash":
        return ngettext("%(n)d moved to the trash", "%(n)d moved to the trash", done) % {"n": done}
    if deed.verb == SHARE:
        words = {"n": done, "name": deed.value.holder.name}
        text = ngettext(
            "%(n)d record shared with %(name)s", "%(n)d records shared with %(name)s", done
        )
        return text % words
    text = ngettext("%(field)s set on %(n)d record", "%(field)s set on %(n)d records", done)
    return text % {"field": deed.kind.label if deed.kind else "", "n": done}
