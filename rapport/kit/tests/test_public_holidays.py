"""Public holidays by country."""

from datetime import date

from rapport.kit.public_holidays import public_holidays


def test_a_country_has_those_of_its_own() -> None:
    assert date(2026, 10, 3) in public_holidays("DE", 2026)
    assert date(2026, 10, 3) not in public_holidays("FR", 2026)
    assert "Christmas" in public_holidays("GB", 2026)[date(2026, 12, 25)]


def test_where_none_are_known_there_are_none() -> None:
    assert public_holidays("ZZ", 2026) == public_holidays("", 2026) == {}
