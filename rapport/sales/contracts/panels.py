"""The lines of a contract on its page, and what they bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.sales.models import Contract, ContractLine
from rapport.sales.models.contract import EVERY
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.lines import Told, exact_money, told_line

NAMES = (
    "id", "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "note",
    "every",
)  # fmt: skip
SUMS = ("amount", "mrr", "arr")


def ask_lines(principal: Principal, contract: Contract) -> Mapping[str, Ask]:
    """The lines of a contract."""
    if access.unread(principal, "contract", "lines", "currency"):
        return {}
    return {"lines": Ask(_lines(), {"lined": contract.pk})}


@lru_cache(maxsize=1)
def _lines() -> Compiled:
    rows = ContractLine.objects.filter(contract_id=Given("lined")).order_by()
    gathered = JSONBAgg(JSONArray(*NAMES), order_by=["position", "id"])
    of_contract = rows.values("contract_id").annotate(gathered=gathered)
    return compiled(of_contract.values_list("contract_id", "gathered"))


def contract_lines(request: Request, contract: Contract, answers: Answers) -> SafeString | str:
    """What a contract is about, line by line, and what that brings; nothing without lines."""
    principal = request.principal
    locale = principal.locale or principal.language
    lines = [
        _told(dict(zip(NAMES, line, strict=True)), contract, locale)
        for _contract, gathered in answers.get("lines", ())
        for line in gathered
    ]
    if not lines:
        return ""
    told = {"lines": lines, "sums": _sums(principal, contract, locale)}
    return render_to_string("sales/quotes/_lines.html", told)


def _told(row: Mapping[str, Any], contract: Contract, locale: str) -> Told:
    line = told_line({**UNCHOSEN, **row}, contract.currency, locale)
    every = row["every"] or contract.every
    return line if line.is_heading else replace(line, choice=str(EVERY.get(every, every)))


def _sums(principal: Principal, contract: Contract, locale: str) -> list[Mapping[str, str]]:
    """Its recurring amount, and what that is in a month and in a year."""
    hidden = access.unread(principal, "contract", *SUMS)
    labels = (
        (_("Each %(every)s") % {"every": str(EVERY[contract.every]).lower()}, ""),
        (_("In a month"), "sum"),
        (_("In a year"), "aside"),
    )
    return [
        {"label": label, "tone": tone, "amount": exact_money(worth, contract.currency, locale)}
        for name, (label, tone) in zip(SUMS, labels, strict=True)
        if name not in hidden and (worth := getattr(contract, name)) is not None
    ]
