"""Who asks for users, teams and roles, and what he sends, checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.actions import Actor, Refused, actor_of
from rapport.accounts.actions.actor import lock_workspace
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.kinds.base import is_storable
from rapport.records.permission_tests.running import broken_by
from rapport.records.permission_tests.words import statement
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import has_form
from rapport.records.surfaces.api.problems import Problem

#: What an address says when its sender has read which permission tests would break, and goes on.
GO_ON = "go_on"
IF_MATCH = re.compile(r'"[0-9a-f]{32}"')
#: The type of the problem that permission tests stand in the way.
BREAKS = "urn:rapport:problem:permission-tests"
CHANGED = 412

type Schema = Mapping[str, Any]
type Document = dict[str, Any]


def administrator(request: Request, known: frozenset[str] = frozenset()) -> Actor:
    """Who asks. Raises Denied for all but owners and managers, and for tokens that may do less."""
    if not request.principal.administers:
        raise access.Denied(
            _(
                "Owners and managers look after users and teams, with tokens that may do all "
                "they may."
            )
        )
    check_parameters(request.GET, known)
    return actor_of(request)


def owner(request: Request, known: frozenset[str] = frozenset()) -> Actor:
    """Who asks. Raises Denied for all but owners, and for tokens that may do less."""
    if not request.principal.is_owner:
        raise access.Denied(_("Owners look after roles, with tokens that may do all they may."))
    check_parameters(request.GET, known)
    return actor_of(request)


def read_body(request: Request, fields: Schema, needed: Sequence[str] = ()) -> Document:
    """The body in the form that the document describes. Raises Problem, Rejected."""
    sent = read_object(request)
    faults = {name[:60]: _("There is no such field here.") for name in sent if name not in fields}
    faults |= {name: _("This argument is missing.") for name in needed if name not in sent}
    shape = _("This doesn't have the form that the API's description gives.")
    faults |= {
        name: shape
        for name, value in sent.items()
        if name in fields and not (is_storable(value) and has_form(value, fields[name]))
    }
    if faults:
        raise Rejected(faults)
    return sent


def goes_on(request: Request) -> bool:
    """Whether what breaks permission tests is wanted all the same. Raises Problem."""
    said = request.GET.get(GO_ON, "false")
    if said not in ("true", "false"):
        raise Rejected({GO_ON: _("This is true or false.")})
    return said == "true"


@contextmanager
def one_at_a_time(request: Request, present: Callable[[], Document]) -> Iterator[None]:
    """Hold the workspace, and let go on whose If-Match is that of what stands there now.

    To be used within a transaction. Raises Problem, and what was refused as one.
    """
    lock_workspace()
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted != "*":
        if not IF_MATCH.fullmatch(wanted):
            raise Problem(400, _("If-Match takes the ETag that this came with."))
        if wanted != etag_of(present()):
            raise Problem(CHANGED, _("This was changed meanwhile. Read it again and decide."))
    with told_as_problems():
        yield


@contextmanager
def told_as_problems() -> Iterator[None]:
    """What the actions refuse in the words of the API. Raises Problem, Rejected, Denied."""
    try:
        yield
    except Refused as refusal:
        raise Problem(409, str(refusal)) from None
    except ValidationError as faults:
        raise Rejected(
            {name: " ".join(said) for name, said in faults.message_dict.items()}
        ) from None
    except PermissionDenied as refusal:
        raise access.Denied(str(refusal)) from None


def check_tests(change: Callable[[], object], *, go_on: bool) -> None:
    """Raises Problem with the permission tests that hold now and would not after the change."""
    broken = [] if go_on else [statement(one) for one in broken_by(change)]
    if broken:
        said = _("Permission tests would not hold any more. Send go_on=true to change it anyway.")
        raise Problem(409, said, type=BREAKS, tests=broken)


def answer_one(document: Document, status: int = 200, **headers: str) -> HttpResponse:
    """One of them, with its ETag."""
    return answer_json(document, status, ETag=etag_of(document), **headers)


def etag_of(document: Document) -> str:
    """The same as long as everything is."""
    text = DjangoJSONEncoder(sort_keys=True).encode(document)
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'
