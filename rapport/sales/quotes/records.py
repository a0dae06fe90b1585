"""The declaration of quotes, and what they add to deals and companies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Board, Gate, Object, Panel, Section, contribute, declare
from rapport.records.kinds.text import Text
from rapport.sales.actions import accept_quote, decline_quote, revise_quote, send_quote
from rapport.sales.models import Quote, QuoteLine
from rapport.sales.models.quote import REVISABLE
from rapport.sales.parts.quote_gate import SHOWN, check_steps, check_unsent, note_shown, note_states
from rapport.sales.parts.quote_lines import QuoteLines
from rapport.sales.quotes.approvals import approval_panel, ask_rules
from rapport.sales.quotes.customer_panel import customer_panel
from rapport.sales.quotes.lanes import lanes
from rapport.sales.quotes.panels import (
    ask_company_quotes,
    ask_deal_quotes,
    ask_lines,
    company_quotes,
    deal_quotes,
    quote_lines,
)
from rapport.sales.quotes.versions import ask_versions, version_list

registry.log(QuoteLine, "quote_line", "quote_id")


@declare
class QuoteObject(Object):
    """What a customer is offered: lines with their prices, open for acceptance until a day."""

    model = Quote
    name, plural = "quote", "quotes"
    label, label_plural = _("Quote"), _("Quotes")
    icon = "file"
    menu, order = _("Relationships"), 45
    subtitle = "number"
    columns = ("name", "number", "company", "net", "state", "day", "valid_until", "owner")
    sort = "-day"
    header = ("state", "number", "gross", "valid_until")
    quick = ("name", "company", "person", "deal", "currency", "valid_until")
    sections = (
        Section(_("Quote"), ("name", "number", "revision", "original", "state", "deal",
        "company", "person")),
        Section(_("Terms"), ("currency", "day", "valid_until", "language", "terms")),
        Section(_("Lines"), ("lines",)),
        Section(_("Sums"), ("discount", "net", "net_base", "tax", "gross", "not_chosen")),
        Section(_("Margin"), ("cost", "margin", "margin_percent")),
        Section(_("More"), ("owner", "tags", "notes", "sent_at", "decided_at", "decline_reason",
        "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="state", total="net_base", lanes=lanes, card=("company", "number", "net", "valid_until")
    )
    gates = (
        Gate(SHOWN, note_shown, check_unsent),
        Gate(frozenset({"state"}), note_states, check_steps),
    )
    worth = "net"
    match = (("external_id",), ("number",))
    has_timeline = True
    timeline_through = ("deal",)
    extra = {
        "lines": QuoteLines(_("Lines"), icon="list"),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    panels = (
        Panel("approval", _("Approval"), approval_panel, place="main", order=0, asks=ask_rules),
        Panel("lines", _("Lines"), quote_lines, place="main", order=1, asks=ask_lines),
        Panel("customer", _("Customer"), customer_panel, place="main", order=2),
        Panel("versions", _("Versions"), version_list, order=5, asks=ask_versions),
    )
    actions = (
        Action("send", _("Send"), send_quote, icon="send",
        applies=lambda quote: quote.state == "draft"),
        Action("accept", _("Mark as accepted"), accept_quote, icon="check",
        applies=lambda quote: quote.state in ("sent", "expired")),
        Action(
            "decline", _("Mark as declined"), decline_quote, icon="x",
            form={"decline_reason": Text(_("Declined because"), required=True)},
            applies=lambda quote: quote.state in ("sent", "expired"),
        ),
        Action("revise", _("Make a new version"), revise_quote, icon="copy",
        applies=lambda quote: quote.state in REVISABLE),
    )  # fmt: skip
    privacy = k.Privacy(k.NONE)


contribute(
    "deal",
    panels=(Panel("quotes", _("Quotes"), deal_quotes, order=15, asks=ask_deal_quotes),),
)
contribute(
    "company",
    panels=(Panel("quotes", _("Quotes"), company_quotes, order=25, asks=ask_company_quotes),),
)
