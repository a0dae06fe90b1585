import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.kit.formulas import disarm, disarm_phones, restore

DANGEROUS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("sign", DANGEROUS)
def test_a_cell_never_begins_as_a_formula_cve_2021_25960(sign: str) -> None:
    assert disarm(f"{sign}cmd|' /C calc'!A0").startswith("'")
    assert disarm_phones(f"{sign}cmd|' /C calc'!A0").startswith("'")


@given(st.text(alphabet=DANGEROUS + "'ab1 ", max_size=8))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert restore(disarm(text)) == text
    assert not disarm(text).startswith(tuple(DANGEROUS))


@pytest.mark.parametrize("text", ["O'Neil", "'tis", "12", "a=b", "", "'", "''"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert disarm(text) == text
    assert restore(text) == text


@pytest.mark.parametrize("text", ["+49 30 123456", "+1 (555) 010-99 x12", "+34 600;+34 700"])
def test_phone_numbers_stay_readable(text: str) -> None:
    assert disarm_phones(text) == text


@pytest.mark.parametrize("text", ["+49+A1", "+SUM(A1)", "+1;=1+1", "+1\n=2", "+1+2"])
def test_a_formula_is_no_phone_number(text: str) -> None:
    assert disarm_phones(text) == f"'{text}"
