from hashlib import sha1
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from rapport.accounts.breached import is_listed

pytestmark = pytest.mark.django_db


def digest(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.mark.parametrize(
    "password", ["1234567890", "Password2026!", "  football  12", "!!sunshine!!", "qwertyuiop"]
)
def test_what_guessers_try_first_is_refused_decorated_or_not(password: str) -> None:
    with pytest.raises(ValidationError, match="guessers"):
        validate_password(password)


def test_a_sentence_may_hold_a_common_word() -> None:
    validate_password("football on sunday morning")


@pytest.mark.parametrize("tail", ["", ":3"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_operators_list_is_searched_to_its_ends(tmp_path: Path, tail: str, end: str) -> None:
    words = [f"pass phrase number {number}" for number in range(40)]
    path = tmp_path / "list"
    lines = sorted(digest(word) + tail * (1 + len(word) % 3) for word in words)
    path.write_bytes(end.join(lines).encode())
    assert all(is_listed(path, word) for word in words)
    assert not any(is_listed(path, f"{word}!") for word in words)


def test_without_a_list_or_with_an_empty_one_nothing_is_listed(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert not is_listed(tmp_path / "empty", "a long pass phrase")
    assert not is_listed(tmp_path / "none", "a long pass phrase")


def test_a_listed_password_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.BREACHED_PASSWORDS = tmp_path / "list"
    validate_password("what nobody else would take")
    settings.BREACHED_PASSWORDS.write_text(digest("what nobody else would take") + ":1\n")
    with pytest.raises(ValidationError):
        validate_password("what nobody else would take")
