"""What a record refuses in a browser is a sentence, whatever page it was asked from."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.registry import get
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, make_sample, read
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
ROUND = {"field": "shape", "op": "is", "value": "round"}


def room(**values: object) -> UUID:
    return make_sample("room", values={"name": "Dome", **values})


def test_a_card_that_refuses_stays_where_it_is_and_says_why(web: Client) -> None:
    make_field("text", "permit", required_when=ROUND)
    card = room(shape="square", permit="")
    sent = {"record": str(card), "column": "round", "version": "1"}
    answer = web.post("/rooms/board/move/?by=shape", sent)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Own text" in answer.content.decode()
    assert read("room", card, "shape") == "square"


def test_a_card_that_somebody_moved_meanwhile_is_not_moved_over_that(web: Client) -> None:
    card = room(shape="square")
    with change(HOUSE, via="test") as made:
        made.update("room", card, {"shape": ""})
    sent = {"record": str(card), "column": "square", "version": "1"}
    answer = web.post("/rooms/board/move/?by=shape", sent)
    assert answer.status_code == 409
    assert "changed this meanwhile" in answer.content.decode()
    assert not read("room", card, "shape")


def test_what_took_the_place_of_a_deleted_record_is_said_where_that_is_restored(
    web: Client,
) -> None:
    first = create("tag", name="Fair")
    with change(HOUSE, via="test") as made:
        made.trash("tag", [first])
    create("tag", name="Fair")
    url = get("tag").url()
    page = web.post(f"{url}trash/restore/", {"id": [str(first)]}, follow=True)
    assert page.status_code == 200
    assert "There is a tag of that name already." in page.content.decode()


def test_a_page_without_a_form_says_what_was_refused_and_a_part_of_one_in_plain_text() -> None:
    make_field("text", "permit", required_when={"field": "status", "value": "done"}, on="task")
    task = create("task", subject="Call")
    person = create("person", first_name="Ada", last_name="Lind")
    address = f"{get('person').url(person)}timeline/task/{task}/done/"
    web = signed_in(make_user())
    page = web.post(address)
    assert page.status_code == 422
    assert "data-error-page" in page.content.decode()
    assert "Own text" in page.content.decode()
    part = web.post(address, headers={"HX-Request": "true"})
    assert part.status_code == 422
    assert part.content.decode().startswith("Own text")
    assert part.headers["Content-Type"].startswith("text/plain")
