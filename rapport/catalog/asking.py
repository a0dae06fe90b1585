"""What pages and programs may say when they ask for prices and stock."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.kinds import Context, Invalid, Kind
from rapport.records.kinds.base import is_storable
from rapport.records.kinds.number import Currency, Decimals
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.forms import form_of, has_form
from rapport.records.surfaces.api.problems import refuse_field

ASKED: dict[str, Kind] = {
    "customer": Relation(_("Company"), "contacts.Company", to="company"),
    "product": Relation(_("Product"), "catalog.Product", to="product", required=True),
    "quantity": Decimals(_("Quantity"), low="0.0001", default=Decimal(1)),
    "currency": Currency(_("Currency")),
    "day": Date(_("Day"), default=timezone.localdate),
    "coupon": Text(_("Coupon code")),
}


def bound(kinds: dict[str, Kind], to: str = "product") -> dict[str, Kind]:
    """Copies of fields that stand in a form of their own, beside an object's."""
    made = {name: copy.copy(kind) for name, kind in kinds.items()}
    for name, kind in made.items():
        kind.bind(name, registry.get(to))
    return made


def read_value(name: str, text: str, context: Context, shown: str = "") -> Any:
    """A value of an address. Raises Problem."""
    kind = ASKED[name]
    try:
        if not is_storable(text):
            raise Invalid(_("%(field)s holds what can't be stored.") % {"field": kind.label})
        return kind.parse(text, context)
    except Invalid as refused:
        raise refuse_field(shown or name, str(refused)) from None


def read_body(request: Request, kinds: Mapping[str, Kind], context: Context) -> dict[str, Any]:
    """The values of a body that may hold these fields. Raises Problem, Rejected."""
    body = read_object(request)
    faults: dict[str, Any] = {
        name[:60]: _("This field can't be set.") for name in body.keys() - kinds.keys()
    }
    values: dict[str, Any] = {}
    for name, kind in bound(dict(kinds)).items():
        try:
            values[name] = kind.parse(body.get(name), context)
            if name in body and not has_form(body[name], form_of(kind)):
                raise Invalid(
                    _("%(field)s doesn't have the form that the API's description gives.")
                    % {"field": kind.label}
                )
        except Invalid as refused:
            faults[name] = str(refused)
    if faults:
        raise Rejected({name: str(sentence) for name, sentence in faults.items()})
    return values
