"""Options for a picker: records whose name begins with or contains what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions.words import who_words
from rapport.records.declare import Object
from rapport.records.kinds.base import Invalid, is_storable
from rapport.records.kinds.other import LocalWords, words
from rapport.records.kinds.relation import WHO
from rapport.records.kinds.text import Text, TextMatch
from rapport.records.searching import matches
from rapport.records.sql import Fold
from rapport.records.store import Rejected, change
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import toast

MOST = 10
NOBODY = UUID(int=0)
USERS = "user"
#: Users, and words for whoever asks.
COLLEAGUES = "colleague"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Option:
    """One record to choose: `value` goes into the form, `label` into the input."""

    value: str
    label: str
    second: str
    key: UUID
    face: str = ""
    icon: str = ""


@require_GET
def lookup(request: Request, name: str) -> HttpResponse:
    """A listbox of up to ten records of an object (`user`, or `any` of those with a timeline).

    Of `colleague` first me and my team, as conditions ask for them.
    """
    q = request.GET.get("q", "").strip()[:200]
    declaration = None if name in (USERS, COLLEAGUES, ANY) else _object(request.principal, name)
    options = _options(request.principal, name, q)
    offer = bool(q) and declaration is not None and _may_make(request.principal, declaration)
    exact = any(option.label.casefold() == q.casefold() for option in options)
    return render(
        request,
        "records/lookup/_options.html",
        {
            "options": options,
            "q": q,
            "declaration": declaration,
            "offer": offer and not exact,
            "list": request.GET.get("list", "lookup"),
        },
    )


@require_POST
def make(request: Request, name: str) -> HttpResponse:
    """Create a record that needs no more than a name, and answer it as the chosen option."""
    declaration = _object(request.principal, name)
    access.check(request.principal, "create", name)
    if not _may_make(request.principal, declaration):
        raise Http404
    title = declaration.fields[declaration.title]
    try:
        value = title.parse(request.POST.get("q", ""), page_context(request))
        with change(request.principal, via="web", title=_made(declaration)) as made:
            key = made.create(name, {declaration.title: value})
    except (Invalid, Rejected) as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    label = title.plain(value, page_context(request))
    option = _option(declaration, key, label, "")
    answer = render(request, "records/lookup/_option.html", {"option": option, "list": "made"})
    text = _("%(name)s created") % {"name": label}
    toast(answer, text, f"/undo/{made.id}/", declaration.url(key))
    return answer


def _made(declaration: type[Object]) -> str:
    return _("New %(object)s") % {"object": str(declaration.label).lower()}


def _object(principal: Principal, name: str) -> type[Object]:
    """Raises Http404 for an object that is not there, or not for this principal."""
    found = [one for one in access.visible_objects(principal) if one.name == name]
    if not found:
        raise Http404
    return found[0]


def _may_make(principal: Principal, declaration: type[Object]) -> bool:
    """Whether a name is all that a new record needs, and the principal may create one."""
    needed = {
        name
        for name, kind in declaration.fields.items()
        if kind.required and kind.editable and kind.default is None
    }
    is_text = isinstance(declaration.fields[declaration.title], Text)
    title_is_typed = declaration.fields[declaration.title].editable
    return (
        is_text
        and title_is_typed
        and needed <= {declaration.title}
        and access.may(principal, "create", declaration.name)
    )


def _options(principal: Principal, name: str, q: str) -> Sequence[Option]:
    if not is_storable(q):
        return []
    if name == USERS:
        return _users(q)
    if name == COLLEAGUES:
        return [*_asking(q), *_users(q)][:MOST]
    if name == ANY:
        objects = [one for one in access.visible_objects(principal) if one.has_timeline]
        found = [option for one in objects for option in _records(principal, one, q, 4)]
        return found[:MOST]
    return _records(principal, _object(principal, name), q, MOST)


def _asking(q: str) -> Sequence[Option]:
    """Whoever asks, and those who share a team with him."""
    options = [Option(word, who_words(word), "", NOBODY, icon="user") for word in WHO]
    return [one for one in options if q.casefold() in one.label.casefold()]


def _users(q: str) -> Sequence[Option]:
    found = User.objects.filter(is_active=True)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__istartswith=q))
    return [Option(str(user.pk), user.name, user.email, user.pk, "person") for user in found[:MOST]]


def _records(
    principal: Principal, declaration: type[Object], q: str, most: int
) -> Sequence[Option]:
    title = declaration.fields[declaration.title]
    rows = access.rows(principal, declaration.name)
    if isinstance(title, LocalWords):
        return _worded(principal, declaration, rows, q, most)
    second = _second(declaration)
    if q:
        begins = When(Q(TextMatch(Fold(F(title.path)), "starts", q)), then=Value(0))
        rows = rows.filter(_match(declaration, q)).annotate(
            _tier=Case(begins, default=Value(1), output_field=IntegerField())
        )
        rows = rows.order_by("_tier", "-updated_at")
    else:
        rows = rows.order_by("-updated_at", "-id")
    found = rows.values_list("pk", Cast(F(title.path), TextField()), second)[:most]
    return [
        _option(declaration, key, text or str(declaration.label), more) for key, text, more in found
    ]


def _match(declaration: type[Object], q: str) -> Q:
    """As search does; an object that search leaves out is found by its title."""
    title = declaration.fields[declaration.title]
    op = "contains" if len(q) > 2 else "starts"
    return matches(declaration, q) | Q(TextMatch(Fold(F(title.path)), op, q))


def _second(declaration: type[Object]) -> Any:
    kind = declaration.fields.get(declaration.subtitle) if declaration.subtitle else None
    if kind is None or not isinstance(kind, Text):
        return Value("", output_field=TextField())
    return Cast(F(kind.path), TextField())


def _worded(
    principal: Principal, declaration: type[Object], rows: Any, q: str, most: int
) -> Sequence[Option]:
    """Objects named in several languages are few: they are compared in the reader's own."""
    path = declaration.fields[declaration.title].path
    order = declaration.sort.lstrip("-") or "id"
    labelled = [
        (key, words(label, principal.language))
        for key, label in rows.order_by(order, "id").values_list("pk", path)[:1000]
    ]
    return [
        _option(declaration, key, label, "")
        for key, label in labelled
        if q.casefold() in label.casefold()
    ][:most]


def _option(declaration: type[Object], key: UUID, label: str, second: str) -> Option:
    value = f"{declaration.name}:{key}"
    return Option(value, label, second or "", key, declaration.face, declaration.icon)
