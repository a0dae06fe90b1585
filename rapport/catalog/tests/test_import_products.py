"""Products as other programs export them, taken in by the suggested mapping."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from rapport.catalog.models import Product
from rapport.kit.ids import uuid7
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.imports.tests.samples import here_or_shared
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="US")
HUBSPOT = (
    "Record ID,Name,SKU,Product description,Unit price,Unit cost,Product Type\n"
    "77,Valve,V-1,Brass,12.5,8,inventory\n"
)
SALESFORCE = (
    "Id,Name,ProductCode,Description,IsActive,Family,QuantityUnitOfMeasure\n"
    "01t,Valve,V-1,Brass,true,Fittings,Each\n"
)
ODOO = (
    "Internal Reference,Name,Sales Price,Cost,Barcode,Product Category,Unit of Measure,"
    "Product Type\n"
    "V-1,Valve,12.5,8,4006381333931,Fittings,Units,Storable Product\n"
)  # fmt: skip


def take(text: str) -> ImportRun:
    """The file by its suggested mapping."""
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return run_import(draft(HOUSE, "product", "products.csv", place), HOUSE, CONTEXT)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HUBSPOT, {"external_id": "77", "price": Decimal("12.5"), "cost": 8, "kind": "goods"}),
        (SALESFORCE, {"external_id": "01t", "category": "Fittings", "unit": "piece"}),
        (ODOO, {"price": Decimal("12.5"), "barcode": "4006381333931", "kind": "goods"}),
    ],
)
def test_a_file_of_another_program_finds_its_fields(text: str, wanted: dict[str, object]) -> None:
    run = take(text)
    assert run.created == 1, (run.assigned, list(run.problems.values_list("reason", flat=True)))
    product = Product.objects.get()
    assert (product.name, product.sku) == ("Valve", "V-1")
    assert {name: getattr(product, name) for name in wanted} == wanted


@pytest.mark.long
def test_products_of_adventure_works_come_in_whole() -> None:
    run = take(here_or_shared("adventureworks/Product.csv").read_text())
    assert (run.created, run.failed, run.review) == (504, 0, 0)
    bike = Product.objects.get(sku="BK-R93R-62")
    assert (bike.name, bike.price) == ("Road-150 Red, 62", Decimal("3578.27"))
    assert (bike.cost, bike.supplier_days) == (Decimal("2171.29"), 4)
