"""What is done with deals, leads, quotes, orders, invoices and contracts."""

from rapport.sales.actions.add_first_lists import add_first_lists
from rapport.sales.actions.approve_quote import (
    ask_approval,
    decide_approval,
    hand_on_approval,
    may_decide,
)
from rapport.sales.actions.call_forecast import call_forecast
from rapport.sales.actions.change_approval_rules import change_approval_rules
from rapport.sales.actions.clone_deal import clone_deal
from rapport.sales.actions.convert_lead import convert_lead
from rapport.sales.actions.decide_quote import accept_quote, decline_quote, send_quote
from rapport.sales.actions.deliver_order import deliver_order
from rapport.sales.actions.end_dispute import reject_dispute, settle_dispute
from rapport.sales.actions.expire_quotes import expire_quotes
from rapport.sales.actions.foresee_revenue import foresee_revenue
from rapport.sales.actions.judge_lead import OUTCOMES, judge_lead
from rapport.sales.actions.make_invoice import (
    bill_order,
    credit_invoice,
    credit_part,
    issue_invoice,
)
from rapport.sales.actions.make_order import (
    cancel_order,
    confirm_order,
    invoice_order,
    order_quote,
    order_quote_again,
    reopen_order,
)
from rapport.sales.actions.move_deal import lose_deal, move_deal, win_deal
from rapport.sales.actions.pay_invoice import pay_invoice
from rapport.sales.actions.refresh_amounts import refresh_amounts
from rapport.sales.actions.renew_contracts import make_renewal, renew_contracts
from rapport.sales.actions.revise_quote import revise_quote
from rapport.sales.actions.run_contract import (
    contract_order,
    contract_quote,
    give_notice,
    start_contract,
    withdraw_notice,
)
from rapport.sales.actions.take_back_delivery import take_back_delivery
from rapport.sales.actions.take_snapshot import take_snapshot

__all__ = [
    "OUTCOMES",
    "accept_quote",
    "add_first_lists",
    "ask_approval",
    "bill_order",
    "call_forecast",
    "cancel_order",
    "change_approval_rules",
    "clone_deal",
    "confirm_order",
    "contract_order",
    "contract_quote",
    "convert_lead",
    "credit_invoice",
    "credit_part",
    "decide_approval",
    "decline_quote",
    "deliver_order",
    "expire_quotes",
    "foresee_revenue",
    "give_notice",
    "hand_on_approval",
    "invoice_order",
    "issue_invoice",
    "judge_lead",
    "lose_deal",
    "make_renewal",
    "may_decide",
    "move_deal",
    "order_quote",
    "order_quote_again",
    "pay_invoice",
    "refresh_amounts",
    "reject_dispute",
    "renew_contracts",
    "reopen_order",
    "revise_quote",
    "send_quote",
    "settle_dispute",
    "start_contract",
    "take_back_delivery",
    "take_snapshot",
    "win_deal",
    "withdraw_notice",
]
