"""What the dialogs of actions ask for."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import registry
from rapport.records.kinds import Kind
from rapport.records.kinds.choice import Boolean, Choice
from rapport.records.kinds.number import Decimals, Integer, Money
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.sales.models.contract import EVERY, REASONS, UNITS
from rapport.sales.models.contract import KINDS as CONTRACT_KINDS
from rapport.sales.models.invoice import METHODS

ASKED_AT_THE_END: Mapping[str, Kind] = {
    "review_worked": Text(_("What worked")),
    "review_failed": Text(_("What did not work")),
    "review_learnt": Text(_("What we learn from it")),
}
WHAT_TO_SEND: Mapping[str, Kind] = {
    "line": Integer(_("Line no."), low=1, help=_("Of all lines, if you leave it empty.")),
    "quantity": Decimals(
        _("Quantity"), low="0.0001", help=_("All that is left, if you leave it empty.")
    ),
    "warehouse": Relation(
        _("Warehouse"), "catalog.Warehouse", to="warehouse",
        help=_("Where it is kept, if you leave it empty."),
    ),
    "day": Date(_("Day"), default=timezone.localdate),
    "note": Text(_("Note")),
}  # fmt: skip
WHAT_TO_BILL: Mapping[str, Kind] = {
    "what": Choice(
        _("What to bill"),
        {"delivered": _("What was sent and is not billed yet"), "ordered": _("All that is left")},
        default="delivered", required=True,
    ),
}  # fmt: skip
WHAT_WAS_PAID: Mapping[str, Kind] = {
    "amount": Decimals(_("Amount"), places=2, help=_("All that is open, if you leave it empty.")),
    "day": Date(_("Paid on"), default=timezone.localdate),
    "method": Choice(_("How"), METHODS, default="transfer"),
    "reference": Text(_("Reference")),
    "note": Text(_("Note")),
    "is_more": Boolean(_("More than is open"), default=False),
}
WHAT_CONTRACT: Mapping[str, Kind] = {
    "lines": Text(
        _("Lines that recur"), help=_("Their numbers, such as 1, 3; all, if you leave it empty.")
    ),
    "kind": Choice(pgettext_lazy("contract", "Kind"), CONTRACT_KINDS, default="subscription"),
    "start": Date(_("Start"), default=timezone.localdate),
    "term": Integer(_("Term in months"), low=1, high=600, default=12),
    "every": Choice(pgettext_lazy("contract", "Every"), EVERY, default="month"),
    "auto_renew": Boolean(_("Renews by itself"), default=False),
    "notice": Integer(_("Notice period"), low=0, high=1000),
    "notice_unit": Choice(_("Notice counted in"), UNITS, default="month"),
}
WHY_IT_ENDS: Mapping[str, Kind] = {
    "notice_on": Date(_("Notice given on"), default=timezone.localdate),
    "end": Date(_("Last day"), help=_("As agreed, if you leave it empty.")),
    "cancel_reason": Choice(_("Ends because"), REASONS, required=True),
    "cancel_note": Text(_("What happened")),
    "late_accepted": Boolean(_("Late notice accepted"), default=False),
}
WHAT_TO_CLONE: Mapping[str, Kind] = {
    "name": Text(_("Name")),
    "with_people": Boolean(_("With its people"), default=True),
    "with_competitors": Boolean(_("With its competitors"), default=True),
    "with_split": Boolean(_("With its split credit"), default=True),
    "with_next_steps": Boolean(_("With its open tasks"), default=False),
}
WHAT_TO_CONVERT: Mapping[str, Kind] = {
    "company": Relation(_("Company that is here"), "contacts.Company", to="company"),
    "company_name": Text(_("New company")),
    "with_deal": Boolean(_("Make a deal of it"), default=True),
    "deal_name": Text(_("Name of the deal")),
    "amount": Money(_("Amount")),
    "pipeline": Relation(_("Pipeline"), "sales.Pipeline", to="pipeline"),
    "close_date": Date(_("Closes")),
}


def bound_to(name: str, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """Copies of fields that stand in a form beside an object's own."""
    made = {field: copy.copy(kind) for field, kind in kinds.items()}
    for field, kind in made.items():
        kind.bind(field, registry.get(name))
    return made
