"""The public address counts from the moment it is saved, and no longer than it stands."""

import re

import pytest
from django.test import Client

from rapport.accounts.models import Workspace
from rapport.accounts.testing import PASSWORD, make_user

pytestmark = pytest.mark.django_db
HOST = "crm.firm.example"
ADDRESS = f"https://{HOST}"


def set_address(text: str) -> None:
    row, _is_new = Workspace.objects.get_or_create()
    row.public_address = text
    row.save()


def status(host: str) -> int:
    return Client().get("/login/", headers={"Host": host}).status_code


def test_its_host_is_admitted_at_once_and_no_other() -> None:
    make_user()
    assert status(HOST) == 400
    set_address(ADDRESS)
    assert [status(one) for one in (HOST, f"{HOST}:443", "other.firm.example")] == [200, 200, 400]
    set_address("https://new.firm.example")
    assert [status(one) for one in (HOST, "new.firm.example")] == [400, 200]


def sign_in(origin: str) -> int:
    """A form as it comes through a proxy that speaks TLS with the browser."""
    browser = Client(enforce_csrf_checks=True, headers={"Host": HOST})
    page = browser.get("/login/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = {
        "email": "ida@nordwind.example",
        "password": PASSWORD,
        "csrfmiddlewaretoken": token[1],
    }
    return browser.post("/login/", sent, headers={"Origin": origin}).status_code


def test_forms_come_from_it_through_a_proxy_and_from_nowhere_else() -> None:
    make_user()
    set_address(ADDRESS)
    assert sign_in(ADDRESS) != 403
    assert sign_in("https://evil.example") == 403
    assert sign_in("null") == 403
