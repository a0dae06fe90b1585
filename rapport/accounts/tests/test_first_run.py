from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from rapport.accounts.models import SecurityEvent, User, Workspace
from rapport.accounts.testing import PASSWORD, make_user, signed_in

FORM = {
    "name": "Ida Brandt",
    "email": "Ida.Brandt@Nordwind.example",
    "password": PASSWORD,
    "company": "Nordwind Instruments",
    "language": "es",
    "currency": "EUR",
    "timezone": "Europe/Berlin",
}


@pytest.mark.django_db
def test_from_an_empty_house_to_a_colleague_at_work() -> None:
    ida = Client()
    assert ida.get("/account/", follow=True).redirect_chain[-1][0] == "/welcome/"
    page = ida.get("/welcome/", headers={"Accept-Language": "en-US"})
    assert b'<option value="USD" selected>' in page.content

    assert ida.post("/welcome/", FORM)["Location"] == "/start/"
    assert b"/import/people/" in ida.get("/start/").content
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.timezone) == ("Nordwind Instruments", "Europe/Berlin")
    assert workspace.public_address == "http://testserver"

    ida.post("/logout/")
    assert ida.get("/account/").status_code == 302
    entry = {"email": " ida.brandt@NORDWIND.example", "password": PASSWORD, "next": "/account/"}
    assert ida.post("/login/", entry)["Location"] == "/account/"
    kinds = list(SecurityEvent.objects.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["user_created", "owner_created", "signed_in", "signed_out", "signed_in"]


@pytest.mark.django_db
def test_there_is_no_second_first_time() -> None:
    make_user()
    stranger = Client()
    assert stranger.get("/welcome/")["Location"] == "/login/"
    assert stranger.post("/welcome/", FORM)["Location"] == "/login/"
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_once_one_becomes_the_owner() -> None:
    barrier = Barrier(4)
    answers: list[str] = []

    def set_up(number: int) -> None:
        browser = Client()
        browser.get("/welcome/")
        barrier.wait()
        form = FORM | {"email": f"user{number}@nordwind.example"}
        answers.append(browser.post("/welcome/", form)["Location"])
        connection.close()

    threads = [Thread(target=set_up, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["/login/", "/login/", "/login/", "/start/"]
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "nobody@nowhere@x"),
        ("password", "short"),
        ("password", "password1234"),
        ("currency", "XXX"),
        ("timezone", "Mars/Olympus"),
        ("name", ""),
    ],
)
def test_a_fault_is_said_at_its_field_and_the_rest_is_kept(field: str, typed: str) -> None:
    answer = Client().post("/welcome/", FORM | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert b'value="Nordwind Instruments"' in answer.content
    assert f'id="id_{field}_error"'.encode() in answer.content
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_start_page_is_for_staff() -> None:
    assert Client().get("/start/").status_code == 302
    assert signed_in(make_user()).get("/start/").status_code == 200
