"""The declarations of the catalog: products, what they cost and where they lie."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.catalog.actions import (
    expect_product,
    make_variants,
    move_product,
    reserve_product,
)
from rapport.catalog.models import (
    Discount,
    PriceLine,
    PriceList,
    Product,
    ProductComponent,
    ProductOption,
    ProductUnit,
    ReorderRule,
    Reservation,
    Stock,
    StockMovement,
    TaxClass,
    TaxRate,
    Warehouse,
)
from rapport.catalog.panels import (
    ask_image,
    ask_variants,
    coupon_uses,
    product_image,
    product_prices,
    product_variants,
)
from rapport.catalog.parts.price_rows import PriceLines
from rapport.catalog.parts.rows import Components, Options, ReorderRules, TaxRates, Units
from rapport.catalog.parts.stock_gate import HOLDS_NO_BUNDLE, KEEPS_PRODUCT, KEEPS_WAREHOUSE
from rapport.catalog.stock_panels import product_stock, warehouse_stock
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Expect, Object, Panel, Section, declare
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date

BUSINESS = k.Privacy(k.NONE)
QUANTITY = Decimals(_("Quantity"), low="0.0001", required=True)
WAREHOUSE = Relation(_("Warehouse"), "catalog.Warehouse", to="warehouse", required=True)
MOVEMENTS = {
    "receive": _("Received from a supplier"), "ship": _("Sent to a customer"),
    "return": _("Came back from a customer"), "transfer": _("Moved to another warehouse"),
    "lose": _("Lost or broken"), "find": _("Found"), "produce": _("Made by us"),
    "use": _("Used up by us"),
}  # fmt: skip


def _has_stock(product: Product) -> bool:
    return product.kind != "service"


registry.log(ProductUnit, "product_unit", "product_id")
registry.log(ProductOption, "product_option", "product_id")
registry.log(ProductComponent, "product_component", "bundle_id")
registry.log(PriceLine, "price_line", "price_list_id")
registry.log(TaxRate, "tax_rate", "tax_class_id")
registry.log(ReorderRule, "reorder_rule", "product_id")
# The ledger is added to; what stands is written by its triggers alone.
registry.grant(StockMovement, "SELECT, INSERT")
registry.grant(Stock, "SELECT")
registry.grant(Reservation, "SELECT, INSERT, UPDATE")


@declare
class TaxClassObject(Object):
    """Products that are taxed alike, with the rates of each country from a day on."""

    model = TaxClass
    name, plural = "tax_class", "tax-classes"
    label, label_plural = _("Tax class"), _("Tax classes")
    icon = "percent"
    columns = ("name", "rates")
    quick = ("name", "rates")
    sort = "name"
    sections = (Section(_("Tax class"), ("name", "rates", "external_id")),)
    access = "shared"
    made_on_the_fly = True
    match = (("external_id",), ("name",))
    extra = {"rates": TaxRates(_("Rates"), icon="percent")}
    privacy = BUSINESS


@declare
class ProductObject(Object):
    """Something we sell: goods, a service, a variant of a product or several as a bundle."""

    model = Product
    name, plural = "product", "products"
    label, label_plural = _("Product"), _("Products")
    gates = (KEEPS_PRODUCT, HOLDS_NO_BUNDLE)
    icon = "box"
    menu, order = _("Catalog"), 60
    subtitle = "sku"
    columns = ("name", "sku", "category", "kind", "price", "unit", "supplier", "active")
    sort = "name"
    header = ("price", "cost", "unit", "tax_class")
    quick = ("name", "sku", "kind", "category", "unit", "price", "cost", "currency", "tax_class")
    sections = (
        Section(_("Product"), ("name", "sku", "kind", "active", "category", "description")),
        Section(_("Price"), ("price", "cost", "currency", "price_base", "cost_base", "tax_class")),
        Section(_("Units"), ("unit", "units", "barcode")),
        Section(_("Supply"), ("supplier", "supplier_days", "backorder", "reorder")),
        Section(_("Variants"), ("parent", "options")),
        Section(_("Bundle"), ("components",)),
        Section(_("More"), ("tags", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    access = "shared"
    made_when_asked = True
    match = (("external_id",), ("sku",))
    expects = (Expect("price", 40), Expect("sku", 30), Expect("tax_class", 30))
    worth = "price"
    extra = {
        "units": Units(_("Further units"), icon="swap"),
        "options": Options(_("Options"), icon="branch"),
        "components": Components(_("Components"), icon="layers"),
        "reorder": ReorderRules(_("Reorder"), icon="refresh"),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }  # fmt: skip
    panels = (
        Panel("image", _("Image"), product_image, order=5, asks=ask_image),
        Panel("stock", _("Stock"), product_stock, order=10),
        Panel("prices", _("Prices"), product_prices, order=30),
        Panel("variants", _("Variants"), product_variants, order=40, asks=ask_variants),
    )
    actions = (
        Action(
            "move_stock", _("Move stock"), move_product, icon="swap", needs="view", bulk=False,
            applies=_has_stock,
            form={
                "why": Choice(_("What happens"), MOVEMENTS, required=True),
                "quantity": QUANTITY,
                "warehouse": WAREHOUSE,
                "to": Relation(_("To warehouse"), "catalog.Warehouse", to="warehouse"),
                "note": Text(_("Note")),
            },
        ),
        Action(
            "reserve_stock", _("Reserve"), reserve_product, icon="lock", needs="view", bulk=False,
            applies=_has_stock,
            form={
                "quantity": QUANTITY,
                "warehouse": WAREHOUSE,
                "about": k.Links(_("For"), role="about", required=True),
                "until": Date(_("Until")),
            },
        ),
        Action(
            "expect_stock", _("Expect a delivery"), expect_product, icon="in", needs="view",
            bulk=False, applies=_has_stock,
            form={
                "quantity": QUANTITY,
                "warehouse": WAREHOUSE,
                "day": Date(_("Day"), required=True),
                "note": Text(_("Note")),
            },
        ),
        Action(
            "make_variants", _("Make variants"), make_variants, icon="branch",
            applies=lambda product: product.parent_id is None and product.kind != "bundle",
        ),
    )  # fmt: skip
    privacy = BUSINESS


@declare
class PriceListObject(Object):
    """Prices in one currency that hold for everybody, for a company or for those with a tag."""

    model = PriceList
    name, plural = "price_list", "price-lists"
    label, label_plural = _("Price list"), _("Price lists")
    icon = "money"
    menu, order = _("Catalog"), 70
    columns = ("name", "currency", "company", "tag", "valid_from", "valid_to", "priority", "active")
    sort = "name"
    quick = ("name", "currency", "company", "tag", "valid_from", "valid_to", "lines")
    sections = (
        Section(_("Price list"), ("name", "currency", "active", "priority")),
        Section(_("Holds"), ("company", "tag", "valid_from", "valid_to")),
        Section(_("Prices"), ("lines",)),
        Section(_("More"), ("external_id", "created_at", "updated_at")),
    )  # fmt: skip
    access = "shared"
    match = (("external_id",), ("name",))
    extra = {"lines": PriceLines(_("Prices"), icon="money")}
    privacy = BUSINESS


@declare
class DiscountObject(Object):
    """What is taken off a price where its conditions are met; with a code, for a coupon."""

    model = Discount
    name, plural = "discount", "discounts"
    label, label_plural = _("Discount"), _("Discounts")
    icon = "ticket"
    menu, order = _("Catalog"), 80
    columns = ("name", "percent", "amount", "code", "used", "usage_limit", "valid_to", "active")
    sort = "name"
    quick = ("name", "percent", "amount", "currency", "code", "category", "valid_from", "valid_to")
    sections = (
        Section(_("Discount"), ("name", "active", "percent", "amount", "currency", "amount_base")),
        Section(_("Coupon"), ("code", "usage_limit", "used")),
        Section(_("Holds"), (
            "company", "tag", "product", "category", "quantity", "valid_from", "valid_to",
        )),
        Section(_("More"), ("external_id", "created_at", "updated_at")),
    )  # fmt: skip
    access = "shared"
    match = (("external_id",), ("code",))
    panels = (Panel("uses", _("Used for"), coupon_uses, order=10),)
    privacy = BUSINESS


@declare
class WarehouseObject(Object):
    """A place of ours where goods lie; whoever may change it may move its stock."""

    model = Warehouse
    name, plural = "warehouse", "warehouses"
    label, label_plural = _("Warehouse"), _("Warehouses")
    gates = (KEEPS_WAREHOUSE,)
    icon = "archive"
    menu, order = _("Catalog"), 90
    subtitle = "code"
    columns = ("name", "code", "backorder", "active", "owner")
    sort = "name"
    quick = ("name", "code", "address", "backorder")
    sections = (
        Section(_("Warehouse"), ("name", "code", "address", "active", "backorder")),
        Section(_("More"), ("owner", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    match = (("external_id",), ("code",), ("name",))
    panels = (Panel("stock", _("Stock"), warehouse_stock, place="main", order=10),)
    privacy = BUSINESS
