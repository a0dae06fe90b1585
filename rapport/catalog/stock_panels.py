"""Cards that say what lies where: on the page of a product, and on that of a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.catalog.models import Product, Warehouse
from rapport.catalog.queries import Level, levels_of
from rapport.kit.formats import format_day, format_decimal
from rapport.records import access

SHOWN = 50
LEVEL = (
    '<a class="reli" href="/stock/?{}"><span class="spread"><span class="medium trunc" dir="auto">'
    '{}</span><span class="num strong">{}</span></span>'
    '<span class="spread small muted"><span>{}</span><span>{}</span></span></a>'
)


def product_stock(request: Request, product: Product) -> SafeString | str:
    """What is free of a product at each warehouse, what is reserved and what comes when."""
    if product.kind == "service" or not access.may(request.principal, "view", "warehouse"):
        return ""
    levels = levels_of(request.principal, [product.pk])
    rows = [
        (f"product={product.pk}&warehouse={one.warehouse}", one.name, *_words(one, request))
        for one in levels
    ]
    return _card(rows, f"product={product.pk}", _("The ledger of this product"))


def warehouse_stock(request: Request, warehouse: Warehouse) -> SafeString | str:
    """What lies at a warehouse, by product."""
    levels = levels_of(request.principal, None, warehouse.pk)
    names = access.rows(request.principal, "product").filter(pk__in=[one.product for one in levels])
    known = dict(names.order_by("name", "pk").values_list("pk", "name")[:SHOWN])
    by_product = {one.product: one for one in levels}
    rows = [
        (f"product={key}&warehouse={warehouse.pk}", name, *_words(by_product[key], request))
        for key, name in known.items()
    ]
    return _card(rows, f"warehouse={warehouse.pk}", _("The ledger of this warehouse"))


def _words(level: Level, request: Request) -> tuple[str, str, str]:
    """What is free, what that is made of, and what comes next."""
    who: Principal = request.principal
    locale = who.locale or who.language

    def number(quantity: Decimal) -> str:
        return format_decimal(quantity, locale)

    made = _("%(hand)s on hand, %(reserved)s reserved") % {
        "hand": number(level.on_hand), "reserved": number(level.reserved),
    }  # fmt: skip
    comes = ""
    if level.coming:
        day, quantity = level.coming[0]
        comes = _("%(n)s come %(day)s") % {
            "n": number(quantity), "day": format_day(day, locale, timezone.localdate()),
        }  # fmt: skip
    return _("%(n)s free") % {"n": number(level.free)}, made, comes


def _card(rows: Sequence[tuple[str, ...]], query: str, label: str) -> SafeString:
    nothing = format_html('<p class="pane-pad small muted">{}</p>', _("Nothing is or was there."))
    return format_html(
        '{}<p class="pane-pad small"><a class="link" href="/stock/?{}">{}</a></p>',
        format_html_join("", LEVEL, rows) or nothing,
        query,
        label,
    )
