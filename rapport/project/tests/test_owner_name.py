"""What the first user is called when nobody could be asked."""

import pytest

from rapport.project.prepare_owner import name_in


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ana@firm.example", "Ana"),
        ("ana.lopez2@firm.example", "Ana Lopez"),
        ("jürgen_mcKay+crm@firm.example", "Jürgen McKay"),
        ("007@firm.example", "007@firm.example"),
    ],
)
def test_a_name_is_read_from_the_address(email: str, name: str) -> None:
    assert name_in(email) == name
