"""Pages in Spanish: no English sentence of ours is left on them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from rapport.accounts.actions import change_preferences
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.project.demo.build import build
from rapport.records import access, registry
from rapport.records.testing import create
from tests.house.product.test_messages import command
from tests.house.test_templates import SPOKEN_ATTRIBUTE

TAG = re.compile(r"<script.*?</script>|<[^>]*>", re.S)
HOLE = re.compile(r"%\(\w+\)[sd]|{\w+}")
# Names, and words that the sample company uses as data of its own.
NOT_OURS = {"English", "Rapport", "Event", "Referral", "Website"}
FIXED = (
    "/",
    "/account/",
    "/search/?q=an",
    "/palette/?q=a",
    "/import/",
    "/jobs/",
    "/history/",
    "/trash/",
    "/notifications/",
    "/setup/",
    "/setup/users/",
    "/setup/roles/",
    "/setup/teams/",
    "/setup/workspace/",
    "/setup/mail/",
    "/setup/indexes/",
    "/setup/security/",
    "/nothing-is-here/",
)
OF_OBJECT = (
    "",
    "?q=nobodyiscalledso",
    "board/",
    "calendar/",
    "new/",
    "quick/",
    "filter/",
    "trash/",
)
OF_RECORD = ("", "edit/", "history/")
OBJECTS = ("person", "company", "lead", "deal", "task", "call", "meeting", "note")


@cache
def english() -> re.Pattern[str]:
    """Whatever a page says when it forgets to translate: any whole message of the source."""
    rules: set[str] = set()
    for message, words, text in command.translations(
        command.merged("es", command.source_catalog())
    ):
        originals = (words,) if isinstance(message.id, str) else message.id
        if text == words or words in NOT_OURS or "<" in words:
            continue
        # A message that is nearly all holes would fit anything.
        rules.update(
            _rule(one)
            for one in originals
            if one == HOLE.sub("", one) or len(HOLE.sub("", one)) > 16
        )
    return re.compile("|".join(sorted(rules)))


def _rule(words: str) -> str:
    return ".+".join(re.escape(part) for part in HOLE.split(words.replace("%%", "%")))


def pieces(html: str) -> Iterator[str]:
    """Every run of text that a person would read or hear."""
    for text in (*TAG.split(html), *SPOKEN_ATTRIBUTE.findall(html)):
        yield " ".join(unescape(text).split())


def left_in_english(web: Client, address: str) -> list[str]:
    """What a page still says in English."""
    answer = web.get(address, headers={"accept-language": "es"}, follow=True)
    assert answer.status_code in (200, 404), f"{address}: {answer.status_code}"
    return sorted({one for one in pieces(answer.text) if english().fullmatch(one)})


def all_left_in_english(web: Client, addresses: Sequence[str]) -> dict[str, list[str]]:
    """The same for many pages; only those with a fault."""
    found = {address: left_in_english(web, address) for address in addresses}
    return {address: words for address, words in found.items() if words}


def addresses_of_objects(user: User) -> Iterator[str]:
    """Every kind of page of every object, and of one record of each."""
    for name in OBJECTS:
        declaration = registry.get(name)
        first = access.rows(principal_of(user), name).values_list("id", flat=True).first()
        yield f"/import/{declaration.plural}/"
        yield from (f"{declaration.url()}{end}" for end in OF_OBJECT)
        yield from (f"{declaration.url()}{first}/{end}" for end in OF_RECORD if first)


@pytest.fixture
def user(db: None) -> User:
    user = make_user()
    user.language = "es"
    user.save()
    return user


@pytest.fixture
def web(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def company_at_work(user: User) -> None:
    with override("es"):
        build(principal_of(user))


def test_pages_of_the_house(web: Client, company_at_work: None) -> None:
    assert all_left_in_english(web, FIXED) == {}


def test_pages_of_objects(web: Client, user: User, company_at_work: None) -> None:
    assert all_left_in_english(web, list(addresses_of_objects(user))) == {}


def test_empty_lists(web: Client) -> None:
    assert all_left_in_english(web, [registry.get(name).url() for name in OBJECTS]) == {}


def test_first_run(db: None) -> None:
    assert left_in_english(Client(), "/welcome/") == []


@pytest.mark.parametrize("address", ["/login/", "/reset/"])
def test_sign_in(user: User, address: str) -> None:
    assert left_in_english(Client(), address) == []


@pytest.mark.long
def test_english_left_on_a_page_is_found() -> None:
    html = (
        '<p title="Save">Guardar</p><b>Sign in</b> Too many tries. Wait 3 minutes, then try again.'
    )

    assert [one for one in pieces(html) if english().fullmatch(one)] == [
        "Sign in",
        "Too many tries. Wait 3 minutes, then try again.",
        "Save",
    ]


@pytest.mark.django_db
def test_one_record_is_counted_in_the_singular() -> None:
    user = make_user()
    client = signed_in(user)
    create("deal", name="Riego")
    assert "<b>1</b> deal<" in client.get("/deals/").content.decode()
    change_preferences(user, {"language": "es"})
    assert "<b>1</b> negocio<" in client.get("/deals/").content.decode()
    create("deal", name="Abono")
    assert "<b>2</b> negocios<" in client.get("/deals/").content.decode()
