import pytest
from django.test import Client

from rapport.accounts.models import Session, User
from rapport.accounts.sessions import digest_of
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

NEW = "a quite different one"


def test_one_changes_name_language_and_zone() -> None:
    client = signed_in(make_user())
    form = {"name": "Ida Vogl", "language": "es", "timezone": "Europe/Madrid"}
    assert client.post("/account/", form).status_code == 302
    user = User.objects.get()
    assert (user.name, user.language, user.timezone) == ("Ida Vogl", "es", "Europe/Madrid")


def test_a_fault_in_the_profile_keeps_what_was_typed() -> None:
    client = signed_in(make_user())
    answer = client.post("/account/", {"name": "", "language": "en", "timezone": "Asia/Tokyo"})
    assert answer.status_code == 422
    assert b'<option value="Asia/Tokyo" selected>' in answer.content


def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions() -> None:
    user = make_user()
    here, elsewhere = signed_in(user), signed_in(user)
    wrong = here.post("/account/password/", {"current": "not it at all", "password": NEW})
    assert wrong.status_code == 422
    here.post("/account/password/", {"current": PASSWORD, "password": NEW})
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Client().login(username=user.email, password=NEW)


def test_the_present_password_can_not_be_guessed_at_leisure() -> None:
    client = signed_in(make_user())
    form = {"current": "not it at all", "password": NEW}
    codes = [client.post("/account/password/", form).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def prove(client: Client) -> None:
    """Give the password once more, as one is asked to before a session ends."""
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302


def test_one_signs_another_browser_out() -> None:
    user = make_user()
    here, elsewhere = signed_in(user), signed_in(user)
    digest = digest_of(str(elsewhere.session.session_key))
    assert "confirm" in here.post(f"/account/sessions/{digest}/end/")["Location"]
    assert elsewhere.get("/account/").status_code == 200
    prove(here)
    here.post(f"/account/sessions/{digest}/end/")
    assert elsewhere.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_one_signs_all_others_out() -> None:
    user = make_user()
    here = signed_in(user)
    signed_in(user)
    signed_in(user)
    prove(here)
    here.post("/account/sessions/end/")
    assert Session.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else() -> None:
    owner = signed_in(make_user())
    member = signed_in(make_user("Luis Vega", "member"))
    prove(member)
    member.post(f"/account/sessions/{digest_of(str(owner.session.session_key))}/end/")
    assert owner.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/", "/account/password/", "/account/sessions/end/", "/logout/"],
)
def test_no_form_works_without_its_csrf_proof(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert client.post(address).status_code == 403
