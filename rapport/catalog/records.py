"""The declarations of products and tax classes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.catalog.actions import make_variants
from rapport.catalog.models import (
    Discount,
    PriceLine,
    PriceList,
    Product,
    ProductComponent,
    ProductOption,
    ProductUnit,
    TaxClass,
    TaxRate,
)
from rapport.catalog.panels import (
    ask_image,
    ask_variants,
    product_image,
    product_prices,
    product_variants,
)
from rapport.catalog.parts.price_rows import PriceLines
from rapport.catalog.parts.rows import Components, Options, TaxRates, Units
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Expect, Object, Panel, Section, declare

BUSINESS = k.Privacy(k.NONE)

registry.log(ProductUnit, "product_unit", "product_id")
registry.log(ProductOption, "product_option", "product_id")
registry.log(ProductComponent, "product_component", "bundle_id")
registry.log(PriceLine, "price_line", "price_list_id")
registry.log(TaxRate, "tax_rate", "tax_class_id")


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
    icon = "box"
    menu, order = _("Catalog"), 60
    subtitle = "sku"
    columns = ("name", "sku", "category", "kind", "price", "unit", "supplier", "active")
    sort = "name"
    header = ("sku", "price", "cost", "unit", "tax_class")
    quick = ("name", "sku", "kind", "category", "unit", "price", "cost", "currency", "tax_class")
    sections = (
        Section(_("Product"), ("name", "sku", "kind", "active", "category", "description")),
        Section(_("Price"), ("price", "cost", "currency", "price_base", "cost_base", "tax_class")),
        Section(_("Units"), ("unit", "units", "barcode")),
        Section(_("Supply"), ("supplier", "supplier_days")),
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
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }  # fmt: skip
    panels = (
        Panel("image", _("Image"), product_image, order=5, asks=ask_image),
        Panel("prices", _("Prices"), product_prices, order=30),
        Panel("variants", _("Variants"), product_variants, order=40, asks=ask_variants),
    )
    actions = (
        Action(
            "make_variants", _("Make variants"), make_variants, icon="branch",
            applies=lambda product: product.parent_id is None,
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
    privacy = BUSINESS
