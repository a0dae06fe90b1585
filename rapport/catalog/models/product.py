"""What is sold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record

KINDS = {"goods": _("Goods"), "service": _("Service"), "bundle": _("Bundle")}
KINDS_ELSEWHERE = {
    "product": "goods", "storable product": "goods", "consumable": "goods", "consu": "goods",
    "inventory": "goods", "non-inventory": "goods", "physical": "goods", "combo": "bundle",
    "kit": "bundle",
}  # fmt: skip
UNITS = {
    "piece": _("Piece"),
    "set": pgettext_lazy("unit", "Set"),
    "box": pgettext_lazy("unit", "Box"),
    "pallet": _("Pallet"),
    "kg": _("Kilogram"),
    "g": _("Gram"),
    "t": _("Tonne"),
    "m": _("Metre"),
    "m2": _("Square metre"),
    "m3": _("Cubic metre"),
    "l": _("Litre"),
    "hour": pgettext_lazy("unit", "Hour"),
    "day": pgettext_lazy("unit", "Day"),
    "month": pgettext_lazy("unit", "Month"),
    "year": pgettext_lazy("unit", "Year"),
    "licence": _("Licence"),
}
UNITS_ELSEWHERE = {
    "units": "piece", "unit": "piece", "unit(s)": "piece", "ea": "piece", "each": "piece",
    "pcs": "piece", "pc": "piece", "hours": "hour", "h": "hour", "days": "day", "lt": "l",
    "litre(s)": "l", "months": "month", "years": "year", "license": "licence",
}  # fmt: skip


class Product(Record):
    """Something we sell: goods, a service, a variant of a product or several as a bundle."""

    name = k.text(
        _("Name"), required=True, search=True, icon="box",
        synonyms=(
            "product name", "product", "item", "item name", "title", "display name", "producto",
            "nombre del producto", "artículo", "artikel", "produkt",
        ),
    )  # fmt: skip
    sku = k.text(
        _("SKU"), search=True, unique=True, icon="hash",
        help=_("Your own number of the product; no two may share one."),
        synonyms=(
            "product code", "productcode", "product number", "productnumber", "hs_sku",
            "stock keeping unit", "stockkeepingunit", "internal reference", "default_code",
            "item number", "code", "referencia", "referencia interna", "código",
            "artikelnummer",
        ),
    )  # fmt: skip
    kind = k.choice(
        _("Kind"), KINDS, default="goods", icon="layers", index=True, elsewhere=KINDS_ELSEWHERE,
        tones={"bundle": "hue-4", "service": "hue-6"},
        synonyms=("product type", "type", "producttype", "hs_product_type", "tipo de producto"),
    )  # fmt: skip
    active = k.boolean(
        _("For sale"), default=True, icon="check",
        synonyms=("active", "isactive", "is active", "can be sold", "sale_ok", "activo"),
    )  # fmt: skip
    category = k.text(
        _("Category"), index=True, icon="folder",
        synonyms=(
            "product category", "product family", "family", "categ_id", "categoría",
            "familia", "kategorie",
        ),
    )  # fmt: skip
    description = k.long_text(
        _("Description"),
        synonyms=("product description", "sales description", "description_sale", "descripción"),
    )
    unit = k.choice(
        _("Unit"), UNITS, default="piece", icon="swap", elsewhere=UNITS_ELSEWHERE,
        synonyms=(
            "unit of measure", "uom", "uom_id", "quantity unit of measure",
            "quantityunitofmeasure", "unidad", "unidad de medida",
        ),
    )  # fmt: skip
    price = k.money(
        _("List price"), low=0, base="price_base", icon="money", index=True,
        synonyms=(
            "price", "unit price", "unitprice", "sales price", "sale price", "listprice",
            "list_price", "standard price", "precio", "precio de venta", "preis",
        ),
    )  # fmt: skip
    cost = k.money(
        _("Cost"), low=0, base="cost_base", icon="money",
        synonyms=(
            "unit cost", "standard cost", "standardcost", "standard_price", "hs_cost_of_goods_sold",
            "cost of goods sold", "coste", "costo",
        ),
    )  # fmt: skip
    currency = k.currency(
        _("Currency"), synonyms=("currency code", "currencyisocode", "moneda", "währung")
    )
    price_base = k.base_amount(_("List price in our currency"))
    cost_base = k.base_amount(_("Cost in our currency"))
    tax_class = k.relation(
        _("Tax class"), "catalog.TaxClass", to="tax_class", related_name="products", icon="percent",
        synonyms=("tax", "customer taxes", "tax class name", "impuesto", "clase de impuesto"),
    )  # fmt: skip
    supplier = k.relation(
        _("Supplier"), "contacts.Company", to="company", related_name="supplies", icon="org",
        synonyms=("vendor", "vendor name", "manufacturer", "proveedor", "lieferant"),
    )  # fmt: skip
    supplier_days = k.integer(
        _("Days to supply"), low=0, high=3650, icon="clock",
        help=_("How long it takes until the supplier has delivered what we order."),
        synonyms=("lead time", "days to manufacture", "daystomanufacture", "plazo de entrega"),
    )  # fmt: skip
    backorder = k.boolean(
        _("May be owed"), default=False, icon="clock",
        help=_("More may be reserved and sent than is there."),
        synonyms=("allow backorder", "backorder", "continue selling when out of stock"),
    )  # fmt: skip
    barcode = k.text(
        _("Barcode"), index=True, icon="numbers",
        synonyms=("ean", "gtin", "upc", "ean13", "código de barras"),
    )  # fmt: skip
    parent = k.relation(
        _("Variant of"), "catalog.Product", to="product", related_name="variants", icon="branch",
        synonyms=("parent product", "product template", "product_tmpl_id", "variante de"),
    )  # fmt: skip
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "product id", "productid", "record id", "product2id"),
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                condition=Q(deleted_at__isnull=True) & ~Q(sku=""),
                name="product_sku_once",
                violation_error_code="sku",
                violation_error_message=_("Another product has this SKU already."),
            )
        ]
