"""Deals on their way through a pipeline, and what is offered for them."""

from rapport.sales.models.approval import ApprovalRule, QuoteApproval
from rapport.sales.models.company_terms import CompanyTerms
from rapport.sales.models.contract import Contract, ContractLine, ContractStanding
from rapport.sales.models.deal import Deal
from rapport.sales.models.deal_answer import DealAnswer
from rapport.sales.models.deal_competitor import DealCompetitor
from rapport.sales.models.deal_person import DealPerson, DealTie
from rapport.sales.models.deal_split import DealSplit
from rapport.sales.models.deal_standing import DealStanding, ForecastSnapshot
from rapport.sales.models.deal_stay import DealStay
from rapport.sales.models.dispute import Dispute
from rapport.sales.models.exchange_rate import ExchangeRate
from rapport.sales.models.forecast_call import ForecastCall
from rapport.sales.models.goal import Goal
from rapport.sales.models.invoice import Invoice, InvoiceLine, InvoicePayment
from rapport.sales.models.invoice_document import InvoiceDocument
from rapport.sales.models.order import Order, OrderLine
from rapport.sales.models.order_delivery import OrderDelivery
from rapport.sales.models.pipeline import Pipeline
from rapport.sales.models.quota import Quota
from rapport.sales.models.quote import NumberSeries, Quote, QuoteLine
from rapport.sales.models.quote_link import QuoteComment, QuoteDecision, QuoteLink
from rapport.sales.models.revenue_model import RevenueModel
from rapport.sales.models.stage import Stage
from rapport.sales.models.stage_step import StageStep

__all__ = [
    "ApprovalRule", "CompanyTerms", "Contract", "ContractLine", "ContractStanding",
    "Deal", "DealAnswer", "DealCompetitor", "DealPerson",
    "DealSplit", "DealStanding", "DealStay", "DealTie", "Dispute", "ExchangeRate", "ForecastCall",
    "ForecastSnapshot", "Goal", "Invoice", "InvoiceDocument", "InvoiceLine", "InvoicePayment",
    "NumberSeries", "Order", "OrderDelivery", "OrderLine", "Pipeline", "Quota", "Quote",
    "QuoteApproval", "QuoteComment", "QuoteDecision", "QuoteLine", "QuoteLink", "RevenueModel",
    "Stage", "StageStep",
]  # fmt: skip
