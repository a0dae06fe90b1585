"""The page of a contract: its lines, what they bring, and what is done next."""

from __future__ import annotations

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


def test_the_lines_of_a_contract_stand_on_its_page_with_what_they_bring() -> None:
    lines = [
        {"sort": "section", "name": "Plant one"},
        {"name": "Support", "quantity": 2, "price": 50},
        {"name": "Licence", "price": 1200, "discount": 50, "every": "year"},
    ]
    key = create("contract", name="All in", amount=None, every="month", lines=lines)
    web = signed_in(make_user("Ida"))
    page = " ".join(web.get(f"/contracts/{key}/").content.decode().split())
    table = page.split('aria-label="Lines"')[1].split("</section>")[0]
    assert "Plant one" in table
    assert table.index("Support") < table.index("€100.00") < table.index("Licence")
    assert '<span class="tag plain">Year</span>' in table, "how often, where it differs or not"
    assert table.count("€150.00") == 2, "each month, and that is its MRR"
    assert "€1,800.00" in table


@pytest.mark.parametrize(("state", "first"), [("active", "renew"), ("draft", "start")])
def test_the_next_thing_to_do_comes_first(state: str, first: str) -> None:
    company = create("company", name="Acme")
    key = create("contract", name="All in", company=str(company), amount="10 EUR", state=state)
    page = signed_in(make_user("Ida")).get(f"/contracts/{key}/").content.decode()
    head = page.split('class="rec-act"')[1]
    assert head.index(f"actions/{first}/") < min(
        head.index(other) for other in ("</button>", "More to do") if other in head
    )
