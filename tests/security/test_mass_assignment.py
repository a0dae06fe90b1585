"""Setting what no form offers by sending it along."""

from uuid import UUID

import pytest

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import make_sample, read
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db

OWN = (
    "id", "created_at", "created_by", "updated_at", "updated_by", "version", "deleted_at",
    "custom", "search", "completeness", "owner_id", "pk", "__class__", "_state",
)  # fmt: skip


@pytest.fixture
def person() -> UUID:
    return make_sample("person")


@pytest.mark.parametrize("name", OWN)
def test_cve_2018_15640_a_program_writes_no_field_of_the_engine(name: str, person: UUID) -> None:
    owner = program()
    before = owner.get(f"/people/{person}").json()
    for answer in (
        owner.patch(f"/people/{person}", {name: "2001-01-01T00:00:00Z"}),
        owner.post("/people", {"last_name": "Neu", name: "2001-01-01T00:00:00Z"}),
    ):
        assert answer.status_code == 422, (name, answer.content)
    assert owner.get(f"/people/{person}").json() == before


def test_a_form_takes_the_fields_it_shows_only(person: UUID) -> None:
    browser = signed_in(make_user())
    made = read("person", person, "created_at")
    sent = dict.fromkeys(OWN, "2001-01-01") | {"last_name": "Neu", "is_superuser": "1"}
    browser.post(f"/people/{person}/edit/", sent)
    assert read("person", person, "created_at") == made


def test_cve_2018_15640_nobody_raises_himself() -> None:
    member = make_user("Mia Member", "member")
    browser = signed_in(member)
    sent = {
        "name": "Mia", "language": "en", "timezone": "UTC", "role": "owner", "is_active": "1",
        "is_superuser": "1", "email": "boss@nordwind.example", "password": "x", "roles": "owner",
    }  # fmt: skip
    browser.post("/account/", sent)
    browser.post("/account/profile/", sent)
    kept = User.objects.get(pk=member.pk)
    assert (kept.role.key, kept.email) == ("member", member.email)
