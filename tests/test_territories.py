"""Territories, and the companies in them."""

from __future__ import annotations

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Company
from rapport.geo.models import CompanyPlacing, Territory
from rapport.records.changes.undo import undo
from rapport.records.imports.tests.samples import here_or_shared
from rapport.records.testing import HOUSE, create, found, read, update
from rapport.sales.tests.test_import_deals import take, tally

pytestmark = pytest.mark.django_db


def test_a_company_is_put_into_a_territory_found_by_it_and_taken_out_again() -> None:
    south, north = (create("territory", name=name) for name in ("South", "North"))
    acme = create("company", name="Acme", territory=south)
    create("company", name="Globex", territory=north)
    assert read("company", acme, "territory") == south
    assert found("company", "territory", "is", str(south)) == {acme}
    moved = update("company", acme, territory=north)
    assert found("company", "territory", "is", str(south)) == set()
    undo(HOUSE, moved, via="test")
    assert found("company", "territory", "is", str(south)) == {acme}
    update("company", acme, territory=None)
    assert read("company", acme, "territory") is None
    assert CompanyPlacing.objects.exclude(territory=None).count() == 1


def test_deals_are_found_by_the_territory_of_their_company() -> None:
    south = create("territory", name="South")
    acme = create("company", name="Acme", territory=south)
    mill = create("deal", name="Mill", company=acme)
    create("deal", name="Loom")
    assert found("deal", "company.territory", "is", str(south)) == {mill}


def test_adventureworks_territories_map_by_themselves() -> None:
    text = here_or_shared("adventureworks/SalesTerritory.csv").read_text()
    run = take(text, "territory")
    assert tally(run) == (10, 0, 0, 0, 0)
    row = Territory.objects.get(name="Germany")
    assert (row.external_id, row.country, row.region) == ("8", "DE", "Europe")
    assert tally(take(text, "territory")) == (0, 0, 10, 0, 0)


def test_a_file_of_companies_names_their_territory() -> None:
    create("territory", name="Northwest")
    run = take("Company,Territory\nAcme,Northwest\nGlobex,Nowhere\n", "company")
    assert (run.created, run.failed) == (2, 0)
    placed = Company.objects.filter(placing__territory__name="Northwest")
    assert list(placed.values_list("name", flat=True)) == ["Acme"]


def test_the_page_of_a_territory_leads_to_its_companies() -> None:
    south = create("territory", name="South")
    create("company", name="Acme", territory=south)
    user = make_user()
    page = signed_in(user).get(f"/territories/{south}/").content.decode()
    assert "Acme" in page
    assert "Show all" not in page
    for number in range(9):
        create("company", name=f"Company {number}", territory=south)
    page = signed_in(user).get(f"/territories/{south}/").content.decode()
    assert f"/companies/?territory={south}" in page
    listed = signed_in(user).get(f"/companies/?territory={south}").content.decode()
    assert "Company 8" in listed
