"""What is too large is refused by its announced size: not a byte of it is read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client

from rapport.accounts.routes import MOST_BYTES
from rapport.accounts.testing import make_user, signed_in
from rapport.records.attachments import largest_form

pytestmark = pytest.mark.django_db
GIB = 1024**3
ANYBODY = "0192f6f0-0000-7000-8000-000000000000"


class Unread(io.RawIOBase):
    """A body that nobody may look into."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("The body was read.")


def send(client: Client, path: str, size: int) -> Any:
    extra: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)}
    return client.generic("POST", path, b"", "multipart/form-data; boundary=x", **extra)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/people/new/", MOST_BYTES + 1),
        (f"/people/{ANYBODY}/files/", 501 * 1024**2 + MOST_BYTES),
        (f"/people/{ANYBODY}/compose/note/", 501 * 1024**2 + MOST_BYTES),
        ("/login/", MOST_BYTES + 1),
    ],
)
def test_too_large_a_request_is_refused_unread(path: str, size: int) -> None:
    answer = send(signed_in(make_user()), path, size)
    assert answer.status_code == 413
    assert "This is too large" in answer.content.decode()


@pytest.mark.parametrize("path", ["/import/people/", "/import/files/"])
def test_files_that_are_too_large_are_refused_on_their_page(path: str) -> None:
    answer = send(signed_in(make_user()), path, 2 * GIB + 2 * 1024**2)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert 'type="file"' in page, "the page on which to try again"
    reader = signed_in(make_user("Di", "read_only"))
    assert 'type="file"' not in send(reader, path, 3 * GIB).content.decode()


def test_a_stranger_can_not_fill_the_disk() -> None:
    assert send(Client(), "/login/", 100 * GIB).status_code == 413
    assert send(Client(), "/import/people/", 100 * GIB).status_code in (302, 401)


def test_a_program_hears_it_as_a_problem() -> None:
    answer = send(signed_in(make_user()), "/api/v1/people", MOST_BYTES + 1)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_pages_that_take_files_take_as_much_as_they_say(settings: Any) -> None:
    settings.LARGEST_ATTACHMENT = 1000
    assert largest_form() == MOST_BYTES + 20_000
    client = signed_in(make_user())
    assert send(client, f"/people/{ANYBODY}/files/", largest_form() + 1).status_code == 413
    # Let through, and then there is no such person.
    assert send(client, f"/people/{ANYBODY}/files/", largest_form()).status_code == 404


@pytest.mark.parametrize("size", ["many", "-5", "1e9"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    extra: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": size}
    answer = signed_in(make_user()).generic("POST", "/people/new/", b"", "text/plain", **extra)
    assert answer.status_code == 413
