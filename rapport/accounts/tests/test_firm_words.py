import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rapport.accounts.models import User, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    Workspace.objects.update(name="Nordwind Kälte AG", public_address="https://crm.kaelte.example")
    return User(email="ida@nord-handel.example", name="Ida Brandt")


@pytest.mark.parametrize(
    "password",
    ["Nordwind2026!", "rapport-rapport", "2026KälteCRM", "handel-kaelte-1", "!!nordwindag!!"],
)
def test_passwords_made_of_the_firms_words_are_refused(user: User, password: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, user)
    assert "password_of_the_firm" in {one.code for one in refusal.value.error_list}


@pytest.mark.parametrize(
    "password", ["nordwind whistles at dawn", "agcrm tulip ladder", "hydrangeas of 4711"]
)
def test_such_a_word_among_others_does_no_harm(user: User, password: str) -> None:
    validate_password(password, user)
