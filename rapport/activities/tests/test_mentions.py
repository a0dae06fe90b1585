"""@mentions count wherever a text is written, and each is told once."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Note
from rapport.records.models import Notification
from rapport.records.testing import create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    return make_user()


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


@pytest.fixture
def ada() -> UUID:
    return create("person", name="Ada Berg")


@pytest.fixture
def note(ida: User, mia: User, ada: UUID) -> UUID:
    """A note about Ada that mentions nobody yet."""
    return create("note", body="Called her", about=[f"person:{ada}"])


def told() -> list[tuple[str, str]]:
    """Who heard what, in order."""
    return list(Notification.objects.order_by("id").values_list("user__name", "text"))


def save(browser: Client, note: UUID, body: str) -> None:
    answer = browser.post(f"/notes/{note}/edit/", {"body": body, "_shown": "body"})
    assert answer.status_code == 302


def test_the_edit_form_tells_whom_it_newly_mentions(ida: User, note: UUID, ada: UUID) -> None:
    save(signed_in(ida), note, "Called her. @Mia Member, your turn")
    assert told() == [("Mia Member", "Ida Brandt mentioned you at Ada Berg")]
    assert Notification.objects.get().url == f"/people/{ada}/"
    assert "data-mention=" in Note.objects.get().body


def test_saving_again_tells_nobody_again(ida: User, note: UUID) -> None:
    browser = signed_in(ida)
    save(browser, note, "@Mia Member look")
    save(browser, note, "@Mia Member look here, @Mia Member")
    assert len(told()) == 1
    make_user("Luis Vega", "member")
    save(browser, note, "@Mia Member and @Luis Vega")
    assert [who for who, _text in told()] == ["Mia Member", "Luis Vega"]


def test_a_cell_tells_too(ida: User, note: UUID) -> None:
    answer = signed_in(ida).post(
        f"/notes/{note}/cells/body/", {"body": "@Mia Member"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert [who for who, _text in told()] == ["Mia Member"]


def test_a_program_tells_too(ida: User, mia: User, ada: UUID) -> None:
    program = Program(ida)
    answer = program.post("/notes", {"body": "@Mia Member look", "about": [f"person:{ada}"]})
    assert answer.status_code == 201
    assert told() == [("Mia Member", "Ida Brandt mentioned you at Ada Berg")]
    program.patch(f"/notes/{Note.objects.get().pk}", {"body": "@Mia Member look again"})
    assert len(told()) == 1


def test_the_description_of_a_record_speaks_of_that_record(ida: User, mia: User) -> None:
    firm = create("company", name="Nordwind")
    signed_in(ida).post(
        f"/companies/{firm}/edit/", {"description": "Ask @Mia Member", "_shown": "description"}
    )
    assert told() == [("Mia Member", "Ida Brandt mentioned you at Nordwind")]
