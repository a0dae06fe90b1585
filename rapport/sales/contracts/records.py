"""The declaration of contracts, and what they add to companies, deals, quotes and orders."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import (
    Action,
    Board,
    Calendar,
    Gate,
    Object,
    Panel,
    Section,
    contribute,
    declare,
)
from rapport.sales.actions import (
    contract_order,
    contract_quote,
    give_notice,
    make_renewal,
    start_contract,
    withdraw_notice,
)
from rapport.sales.actions.run_contract import may_contract
from rapport.sales.asking import WHAT_CONTRACT, WHY_IT_ENDS
from rapport.sales.contracts.lanes import lanes
from rapport.sales.contracts.panels import ask_lines, contract_lines
from rapport.sales.models import Contract, ContractLine
from rapport.sales.orders.cards import ask_cards, draw_cards
from rapport.sales.parts.contract_gate import (
    SAID,
    check_contracts,
    check_said,
    note_contracts,
    note_nothing,
)
from rapport.sales.parts.contract_lines import ContractLines

registry.log(ContractLine, "contract_line", "contract_id")


@declare
class ContractObject(Object):
    """What a customer pays again and again: the term, the renewal and the day to give notice."""

    model = Contract
    name, plural = "contract", "contracts"
    label, label_plural = _("Contract"), _("Contracts")
    icon = "refresh"
    menu, order = _("Relationships"), 49
    subtitle = "number"
    columns = ("name", "company", "mrr", "state", "end", "notice_by", "auto_renew", "owner")
    sort = "notice_by"
    header = ("state", "mrr", "end", "notice_by")
    quick = ("name", "company", "start", "term", "amount", "every", "auto_renew", "notice")
    sections = (
        Section(label, ("name", "number", "kind", "state", "company", "person")),
        Section(_("Term"), ("day", "start", "term", "end", "auto_renew", "renewal_term", "notice",
        "notice_unit", "notice_by")),
        Section(_("Amounts"), ("amount", "every", "currency", "price_from", "mrr", "mrr_base",
        "arr")),
        Section(_("Lines"), ("lines",)),
        Section(_("Renewal"), ("renewal_days", "renewal_on", "renewal_pipeline", "renewal_deal")),
        Section(_("Its end"), ("notice_on", "cancel_reason", "cancel_note", "late_accepted")),
        Section(_("More"), ("deal", "quote", "order", "owner", "tags", "notes", "external_id",
        "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="state", total="mrr_base", lanes=lanes, card=("company", "number", "mrr", "notice_by")
    )
    calendar = Calendar(start="notice_by")
    gates = (
        Gate(frozenset({"state"}), note_contracts, check_contracts),
        Gate(SAID, note_nothing, check_said),
    )
    worth = "arr"
    match = (("external_id",), ("number",))
    described = {"person": ("first_name", "last_name", "emails", "phones")}
    has_timeline = True
    timeline_through = ("deal",)
    extra = {
        "lines": ContractLines(_("Lines"), icon="list"),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    panels = (Panel("lines", _("Lines"), contract_lines, place="main", order=1, asks=ask_lines),)
    actions = (
        Action("start", _("Begin"), start_contract, icon="check", takes_more=True,
        applies=lambda contract: contract.state == "draft"),
        Action(
            "give_notice", _("Give notice"), give_notice, icon="x", form=WHY_IT_ENDS,
            applies=lambda contract: contract.state == "active",
        ),
        Action("withdraw", _("Withdraw the notice"), withdraw_notice, icon="undo",
        applies=lambda contract: contract.state == "notice"),
        Action("renew", _("Make a renewal deal"), make_renewal, icon="deal", order=40,
        applies=lambda contract: contract.state in ("active", "notice")),
    )  # fmt: skip
    privacy = k.Privacy(k.NONE)


def _cards(through: str, order: int) -> Panel:
    return Panel(
        "contracts", _("Contracts"), partial(draw_cards, "contract", through), order=order,
        asks=partial(ask_cards, "contract", through),
    )  # fmt: skip


for source in ("quote", "order"):
    contribute(
        source,
        panels=(_cards(source, 14),),
        actions=(
            Action(
                "contract", _("Make a contract"),
                {"quote": contract_quote, "order": contract_order}[source], icon="refresh",
                form=WHAT_CONTRACT, form_may_wait=True, order=70,
                applies=partial(may_contract, source),
            ),
        ),
    )  # fmt: skip
del source
contribute("deal", panels=(_cards("deal", 18),))
contribute("company", panels=(_cards("company", 24),))
