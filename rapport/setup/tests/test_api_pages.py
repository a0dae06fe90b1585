import pytest

from rapport.accounts.testing import make_user, signed_in

pytestmark = pytest.mark.django_db


def test_the_pages_tell_what_programs_can_ask_for() -> None:
    client = signed_in(make_user())
    assert "/setup/api/people/" in client.get("/setup/api/").content.decode()
    page = client.get("/setup/api/people/").content.decode()
    for words in ("POST /api/v1/people", "Idempotency-Key", "aggregate", "Katharina", "include"):
        assert words in page
    assert "https://" not in page.replace("https://nordwind.example/", "")
    assert client.get("/setup/api/nonsense/").status_code == 404


def test_nobody_is_told_of_what_he_may_not_do() -> None:
    reader = signed_in(make_user("Rea Donly", "read_only"))
    page = reader.get("/setup/api/people/").content.decode()
    assert "GET /api/v1/people" in page
    assert "POST /api/v1/people" not in page
