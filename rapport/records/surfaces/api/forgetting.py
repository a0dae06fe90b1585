"""Making the log forget, for programs that answer requests of the persons concerned."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records.changes.forgetting import check_forgetting, forget
from rapport.records.declare import Object
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import refuse_field


def forget_past(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Blank the personal values that the log has of a record, which may be gone itself.

    The body says the `reason`; the answer is the tombstone.
    """
    check_forgetting(request.principal, declaration.name)
    check_parameters(request.GET, frozenset())
    body = read_object(request)
    for name in body.keys() - {"reason"}:
        raise refuse_field(name, _("This field can't be set."))
    reason = body.get("reason")
    if not isinstance(reason, str):
        raise refuse_field("reason", _("Say why, such as the number of the request."))
    made = forget(request.principal, declaration.name, record_id, reason)
    told = {"number": made.number, "at": made.at, "reason": made.reason, "changes": made.rows}
    return answer_json({**told, "digest": bytes(made.digest).hex()}, 201)
