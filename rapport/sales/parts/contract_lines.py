"""The lines of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from rapport.records.kinds import Context
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.picker import name_in
from rapport.records.kinds.repeat import repeated
from rapport.sales.models.contract import EVERY
from rapport.sales.parts.quote_lines import DocumentLines


class ContractLines(DocumentLines):
    """Lines and headings of a contract, each charged as often as the contract or as it says."""

    type = "contract_lines"

    def __init__(self, label: Any, **options: Any) -> None:
        more = {"every": Choice(pgettext_lazy("contract", "Every"), EVERY)}
        super().__init__(
            label, "sales.ContractLine", key="contract_id", sums_at="", more=more, **options
        )

    def _inputs(
        self, rows: Sequence[Row], context: Context, attributes: SafeString, *, typed: bool
    ) -> SafeString:
        name = name_in(attributes)
        drawn = format_html_join(
            "", "{}",
            ((self._drawn(row, context, name, place, typed),) for place, row in enumerate(rows)),
        )  # fmt: skip
        return format_html('<div class="quote-lines">{}</div>', repeated(drawn))
