"""Products with their variants and bundles, as people and files bring them."""

from __future__ import annotations

from uuid import UUID

import pytest

from rapport.accounts.models import Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import make_variants
from rapport.catalog.models import Product, ProductOption
from rapport.records.changes.undo import undo
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db


def test_a_sku_is_one_products_alone_until_that_is_deleted() -> None:
    create("product", name="Valve", sku="V-1")
    create("product", name="No number")
    create("product", name="None either")
    with pytest.raises(Rejected) as refused:
        create("product", name="Other valve", sku="V-1")
    assert refused.value.fields == {"sku": "Another product has this SKU already."}


def test_a_price_without_a_currency_is_in_the_workspaces_own() -> None:
    Workspace.objects.update(currency="CHF")
    product = create("product", name="Valve", price="12.50")
    assert Product.objects.get(pk=product).currency == "CHF"


def _shirt() -> UUID:
    options = [{"name": "Colour", "values": "Red, Blue"}, {"name": "Size", "values": "S, M, L"}]
    return create("product", name="Shirt", sku="S", price="20 EUR", options=options)


def test_variants_are_made_of_all_ways_to_choose_once_and_undone_together() -> None:
    shirt = _shirt()
    made = make_variants(HOUSE, [shirt], {})
    variants = Product.objects.filter(parent=shirt, deleted_at=None)
    assert variants.count() == 6
    one = variants.get(name="Shirt, Blue, M")
    assert (one.price, one.currency) == (20, "EUR")
    chosen = ProductOption.objects.filter(product=one).values_list("name", "values")
    assert set(chosen) == {("Colour", "Blue"), ("Size", "M")}
    assert variants.values("sku").distinct().count() == 6
    with pytest.raises(Rejected, match="there already"):
        make_variants(HOUSE, [shirt], {})
    undo(HOUSE, made, via="test")
    assert not variants.exists()


def test_variants_need_options_and_have_none_of_their_own() -> None:
    bare = create("product", name="Bare")
    with pytest.raises(Rejected, match="what one may choose"):
        make_variants(HOUSE, [bare], {})
    child = create("product", name="Child", parent=str(bare))
    with pytest.raises(Rejected, match="a variant itself"):
        make_variants(HOUSE, [child], {})


def test_the_page_of_a_product_shows_its_variants_and_components() -> None:
    browser = signed_in(make_user())
    shirt = _shirt()
    make_variants(HOUSE, [shirt], {})
    page = browser.get(f"/products/{shirt}/").content.decode()
    assert "Shirt, Red, L" in page
    assert "Red, Blue" in page
    bundle = create(
        "product", name="Pack", kind="bundle",
        components=[{"product": str(shirt), "quantity": "3"}],
    )  # fmt: skip
    assert "Shirt" in browser.get(f"/products/{bundle}/").content.decode()


@pytest.mark.parametrize("way", ["web", "api"])
def test_a_tax_class_has_rates_from_a_day_on(way: str) -> None:
    rates = [
        {"day": "2024-01-01", "percent": "19", "country": ""},
        {"day": "2024-01-01", "percent": "20", "country": "AT"},
    ]
    browser = signed_in(make_user())
    made = create("tax_class", name="Standard", rates=rates)
    if way == "web":
        assert "Austria" in browser.get(f"/tax-classes/{made}/").content.decode()
        return
    told = browser.get(f"/api/v1/tax-classes/{made}?columns=rates").json()["rates"]
    assert [(one["country"], one["percent"]) for one in told] == [("", 19), ("AT", 20)]


def test_a_bundle_holds_no_bundle() -> None:
    shirt = create("product", name="Shirt")
    inner = create("product", name="Inner", kind="bundle", components=[_part(shirt)])
    with pytest.raises(Rejected, match="Outer can't hold the bundle Inner"):
        create("product", name="Outer", kind="bundle", components=[_part(inner)])
    outer = create("product", name="Outer", kind="bundle", components=[_part(shirt)])
    with pytest.raises(Rejected, match="Inner can't hold the bundle Shirt"):
        update("product", shirt, kind="bundle")
    update("product", outer, kind="service")


def _part(product: UUID) -> dict[str, str]:
    return {"product": str(product), "quantity": "1"}
