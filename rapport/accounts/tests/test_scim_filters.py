"""What a directory may ask for, in what order and how much of it."""

import pytest

from rapport.accounts.scim.filters import Both, Compare, Not, Path, Within, read_filter, read_path
from rapport.accounts.testing import make_user
from rapport.accounts.tests.directory import Directory, a_user, open_door

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory() -> Directory:
    found = open_door()
    found.make("Users", **a_user("ana", displayName="Ana Ruiz", externalId="X1"))
    found.make("Users", **a_user("bo", displayName="Bo 100%", externalId="x1", active=False))
    make_user("Cy Young", "member", "cy@other.example")
    return found


FOUND = [
    ('userName eq "ANA@firm.example"', "ana"),
    ('userName eq "cy@other.example"', "cy"),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bo"', "bo"),
    ('externalId eq "X1"', "ana"),
    ('externalId eq "x1"', "bo"),
    ("externalId pr", "ana bo"),
    ("not (externalId pr)", "cy"),
    ('emails co "@other."', "cy"),
    ('emails.value ew "firm.example"', "ana bo"),
    ('emails[type eq "work" and value sw "cy"]', "cy"),
    ('emails[type eq "work"].value eq "cy@other.example"', "cy"),
    ('emails[type eq "home"]', ""),
    ("active eq true", "ana cy"),
    ('active eq "False"', "bo"),
    ('displayName co "0%"', "bo"),
    ('displayName co "%z"', ""),
    ('displayName co "_"', ""),
    ('displayName eq "Ana Ruiz" or displayName eq "Cy Young"', "ana cy"),
    ('displayName sw "c" or displayName sw "a" and active eq false', "cy"),
    ('(displayName sw "c" or displayName sw "a") and active eq true', "ana cy"),
    ('userName ne "cy@other.example" and not (active eq true)', "bo"),
    ('userName gt "b" and userName lt "cz"', "bo cy"),
    ('name.givenName eq "nobody"', ""),
    ('id eq "no key"', ""),
    ('meta.created gt "2020-01-01T00:00:00Z"', "ana bo cy"),
    ("groups pr", ""),
]


def test_filters_find_what_they_say(directory: Directory) -> None:
    for text, names in FOUND:
        found = [one["userName"].split("@")[0] for one in directory.find("Users", text)]
        assert sorted(found) == names.split(), text


BAD = [
    "userName",
    "userName eq",
    "userName eq x y",
    'userName is "x"',
    '(userName eq "x"',
    'userName eq "x',
    'password eq "x"',
    "active gt true",
    'members eq "x"',
    'userName eq "x" and',
    "(" * 30 + 'userName eq "x"' + ")" * 30,
    'userName eq "' + "x" * 5000 + '"',
    "emails[",
    "userName eq {}",
    "'; DROP TABLE accounts_user --",
]


def test_what_can_not_be_asked_is_refused(directory: Directory) -> None:
    for text in BAD:
        answer = directory.client.get(
            "/scim/v2/Users",
            {"filter": text},
            headers={"Authorization": f"Bearer {directory.secret}"},
        )
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), text


def test_lists_come_in_order_and_page_by_page(directory: Directory) -> None:
    asked = "Users?sortBy=displayName&sortOrder=descending&count=2"
    first = directory.ask("GET", asked).json()
    rest = directory.ask("GET", f"{asked}&startIndex=3").json()
    names = [one["displayName"] for page in (first, rest) for one in page["Resources"]]
    assert names == ["Cy Young", "Bo 100%", "Ana Ruiz"]
    assert (rest["totalResults"], rest["startIndex"], rest["itemsPerPage"]) == (3, 3, 1)
    none = directory.ask("GET", "Users?count=0").json()
    assert (none["totalResults"], none["Resources"]) == (3, [])
    assert directory.ask("GET", "Users?sortBy=password").status_code == 400
    assert directory.ask("GET", "Users?count=many").status_code == 400
    assert directory.ask("GET", "Users?startIndex=-5&count=-1").json()["totalResults"] == 3


def test_a_search_asks_in_its_body(directory: Directory) -> None:
    body = {"filter": 'userName sw "ana"', "attributes": ["userName", "emails.value"]}
    (found,) = directory.ask("POST", "Users/.search", body).json()["Resources"]
    assert found["emails"] == [{"value": "ana@firm.example"}]
    assert set(found) == {"schemas", "id", "userName", "emails"}


def test_filters_and_paths_are_read_as_they_are_written() -> None:
    work = Compare("type", "eq", "work")
    assert read_filter('a eq "x" and b pr or not (c gt 1)') == Both(
        (
            Both((Compare("a", "eq", "x"), Compare("b", "pr")), is_any=False),
            Not(Compare("c", "gt", 1)),
        ),
        is_any=True,
    )
    assert read_filter('emails[type eq "work"]') == Within("emails", work)
    assert read_path('Emails[type eq "work"].Value') == Path("emails", work, "value")
    assert read_path("name.familyName") == Path("name", None, "familyname")
