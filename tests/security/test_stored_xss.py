"""Mark-up that somebody types into a field and a colleague's browser runs.

That no code calls text safe is `tests/house/test_safety.py`; names of files are
`rapport/records/tests/test_attachments.py` (CVE-2021-45071). The policy of every page, which would
stop a script that slipped through, is `test_headers_and_cookies.py`.
"""

from uuid import UUID

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.testing import make_sample
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db

CANARY = "canary\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
RAW = ("<img src=x", "<script>alert", "'><img", '"><img')
OBJECTS = {one.name: one for one in registry.all_objects() if one.trait == "mutable"}
COMMON = ("person", "company", "deal")


def planted(declaration: type[Object]) -> tuple[UUID, list[str]]:
    """A record whose fields hold the canary wherever they take it."""
    owner = program()
    key = make_sample(declaration.name)
    taken = []
    for name in declaration.fields:
        for value in (CANARY, [CANARY]):
            answer = owner.patch(f"/{declaration.plural}/{key}", {name: value})
            if answer.status_code == 200:
                taken.append(name)
                break
    return key, taken


def shows_no_mark_up(declaration: type[Object]) -> list[str]:
    """The fields that took the canary, none of which is shown as mark-up."""
    key, taken = planted(declaration)
    browser = signed_in(make_user("Mia Reader", email="mia@nordwind.example"))
    place = f"/{declaration.plural}"
    columns = ",".join(taken)
    for address in (
        f"{place}/?columns={columns}",
        f"{place}/{key}/",
        f"{place}/{key}/edit/",
        f"{place}/{key}/history/",
        f"{place}/board/",
        "/search/?q=canary",
        "/history/",
        "/",
    ):
        text = browser.get(address, follow=True).content.decode(errors="replace")
        for raw in RAW:
            assert raw not in text, (address, raw)
    return taken


@pytest.mark.parametrize("name", COMMON)
def test_cve_2021_27911_a_field_holds_text_and_never_mark_up(name: str) -> None:
    assert shows_no_mark_up(OBJECTS[name])


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in OBJECTS if name not in COMMON])
def test_cve_2024_50335_nor_does_any_other_object(name: str) -> None:
    shows_no_mark_up(OBJECTS[name])


def test_cve_2018_15635_the_name_of_a_colleague_is_text() -> None:
    browser = signed_in(make_user(CANARY[:100], email="odd@nordwind.example"))
    make_sample("person")
    for address in ("/", "/people/", "/setup/users/", "/account/", "/setup/security/"):
        text = browser.get(address).content.decode()
        for raw in RAW:
            assert raw not in text, (address, raw)
