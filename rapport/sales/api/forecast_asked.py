"""What programs say of the forecast they ask for."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records.store import Rejected
from rapport.records.surfaces.api.openapi_parts import parameter, ruled
from rapport.records.surfaces.api.problems import refuse_field
from rapport.sales.models.quota import SPANS

DAY = {"type": "string", "format": "date"}


def only(request: Request, known: Set[str]) -> None:
    """Raises Problem for a parameter that the address doesn't take."""
    for name in request.GET.keys() - known:
        raise refuse_field(name[:60], _("This address takes no such parameter."))


def read(reader: Callable[..., Any], *given: Any) -> Any:
    """What a reader of addresses finds. Raises Problem."""
    try:
        return reader(*given)
    except Rejected as refused:
        ((name, problem),) = refused.fields.items()
        raise refuse_field(name, str(problem)) from None


def span_parameters() -> list[dict[str, Any]]:
    """How long, and any day in it."""
    return [
        parameter(
            "by", {"type": "string", "enum": list(SPANS)}, text="How long: a quarter unless said."
        ),
        parameter("from", ruled(DAY, "Any day in it.")),
    ]
