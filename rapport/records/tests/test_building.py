"""The builder of conditions: what it offers, keeps, counts and applies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg.errors import QueryCanceled

from rapport.accounts.actions import create_role
from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.conditions import from_text, to_text
from rapport.records.declare import Object
from rapport.records.reading import context_for
from rapport.records.surfaces.building import counting
from rapport.records.testing import Statements, create
from rapport.records.tests.fields import OF_EACH_TYPE
from rapport.records.tests.posting import form_of

pytestmark = pytest.mark.django_db
COMPANY = registry.get("company")
BUILD, COUNT = "/companies/conditions/", "/companies/conditions/count/"

type Form = dict[str, list[str]]


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user())


def opened(browser: Client, text: str = "", url: str = BUILD) -> Form:
    """The builder on a condition, as its form stands."""
    answer = browser.get(f"{url}?{urlencode({'where': text}) if text else ''}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return form_of(answer.content.decode(), "builder")


def pressed(browser: Client, form: Form, act: str, *, url: str = BUILD, **typed: str) -> Any:
    """The answer to a button, after something was typed; `__` stands for a dot in names."""
    changes = {name.replace("__", "."): [value] for name, value in typed.items()}
    return browser.post(url, {**form, **changes, "do": act})


def after(browser: Client, form: Form, act: str, **typed: str) -> Form:
    """The form as it stands after a button that stays on the page."""
    answer = pressed(browser, form, act, **typed)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return form_of(answer.content.decode(), "builder")


def applied(answer: Any, declaration: type[Object] = COMPANY) -> str:
    """The condition that an applied builder leads to, as text."""
    assert answer.status_code == 302, answer.content.decode()[:3000]
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return " ".join(query.get("where", []))


def counted(browser: Client, form: Form, **typed: str) -> str:
    changes = {name.replace("__", "."): [value] for name, value in typed.items()}
    answer = browser.post(COUNT, {**form, **changes})
    assert answer.status_code == 200
    return str(answer.content.decode())


TEXTS = [
    "deals:(state:open amount>10000) -activities:(at:last_14_days)",
    "city:Madrid or city:Lyon",
    "-(city:Madrid or industry~water)",
    "-deals:()",
    "people:(-deals:(state:open))",
    "parent.city:Madrid deals:()",
    "count(deals where state:won)>3",
    "sum(deals.amount where state:open)>=10000",
    "latest(activities.at)<last_14_days",
    "deals:(close_date:2026-01-01..2026-03-31)",
    "deals:(close_date:2026-01-01..)",
    "deals:(close_date:last_45_days or close_date:next_3_weeks)",
    "deals:(close_date<this_quarter or close_date>2026-02-01)",
    "deals:(state:won,lost)",
    "deals:(lost_reason:empty)",
    "city:Madrid,Lyon deals:()",
    "owner:me deals:()",
    "owner:my_team deals:()",
    'owner:"Ana Ruiz" deals:()',
    "changed(city)",
    "changed(city from Oslo to Bergen during this_month)",
    "was(city:Madrid during last_year)",
    "changed(lifecycle from lead to customer during last_45_days)",
    "was(owner:me)",
    "(city:Madrid or (city:Lyon -deals:(state:open))) people:()",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_condition_is_opened_drawn_anew_and_applied_without_loss(
    browser: Client, text: str
) -> None:
    form = after(browser, opened(browser, text), "redraw")
    again = applied(pressed(browser, form, "apply"))
    person = context_for(principal_of(User.objects.get()))
    told = to_text(from_text(text, COMPANY, person), COMPANY, person)
    assert again == told


def test_flat_rules_stay_parameters_that_the_small_filter_edits(browser: Client) -> None:
    answer = pressed(browser, opened(browser, "city:Madrid,Lyon"), "apply")
    assert answer.headers["Location"] == "/companies/?city.any=Madrid%2CLyon"


def test_a_path_over_several_records_becomes_one_within_another(browser: Client) -> None:
    form = opened(browser, "people.deals:(state:open) deals.amount>5")
    assert applied(pressed(browser, form, "apply")) == (
        "people:(deals:(state:open)) deals:(amount>5)"
    )


def test_a_condition_is_built_from_nothing(browser: Client) -> None:
    form = opened(browser)
    assert form["node"] == ["n1"]
    form = after(browser, form, "remove:n1")
    form = after(browser, form, "add:related:n0")
    form = after(browser, form, "redraw", n1__related="deals")
    form = after(browser, form, "add:rule:n1")
    form = after(browser, form, "redraw", n2__field="state")
    form["n2.value"] = ["open"]
    form = after(browser, form, "add:rule:n1")
    form = after(browser, form, "redraw", n3__field="amount")
    form = after(browser, form, "redraw", n3__op="gt", n3__value="10000")
    form = after(browser, form, "add:related:n0")
    form = after(browser, form, "redraw", n4__related="activities", n4__has="none")
    form = after(browser, form, "add:rule:n4")
    form = after(browser, form, "redraw", n5__field="at")
    form = after(browser, form, "redraw", n5__value__span="last_n")
    form["n5.value.count"] = ["14"]
    assert applied(pressed(browser, form, "apply")) == TEXTS[0]


def test_parts_move_among_groups_and_out_of_them(browser: Client) -> None:
    form = opened(browser, "city:a (city:b or city:c) deals:(name:x)")
    steps = [
        ("down:n1", "(city:a or city:b or city:c) deals:(name:x)"),
        ("down:n1", "(city:b or city:a or city:c) deals:(name:x)"),
        ("up:n3", "city:b (city:a or city:c) deals:(name:x)"),
    ]
    form = after(browser, form, steps[0][0])
    assert applied(pressed(browser, form, "apply")) == steps[0][1]
    form = after(browser, form, "down:n1")
    assert applied(pressed(browser, form, "apply")) == steps[1][1]
    form = after(browser, form, "up:n3")
    assert applied(pressed(browser, form, "apply")) == steps[2][1]
    # What stands in related records stays with them: elsewhere it would mean something else.
    form = after(browser, form, "up:n6")
    assert applied(pressed(browser, form, "apply")) == steps[2][1]
    form = after(browser, form, "remove:n2")
    assert applied(pressed(browser, form, "apply")) == "city:b deals:(name:x)"


def test_what_is_not_finished_comes_back_as_it_was_typed(browser: Client) -> None:
    form = opened(browser, "city:Madrid deals:(amount>5)")
    form["n3.value"] = ["many"]
    form = after(browser, form, "add:rule:n0")
    answer = pressed(browser, form, "apply", n4__field="name", n4__op="is", n4__value="")
    page = answer.content.decode()
    assert answer.status_code == 422
    kept = form_of(page, "builder")
    assert kept["n3.value"] == ["many"]
    assert kept["n1.value"] == ["Madrid"]
    assert "“many”" in page
    assert "Say what it is compared with." in page
    assert 'aria-describedby="n3-fault"' in page


def test_a_rule_without_a_field_is_dropped(browser: Client) -> None:
    form = after(browser, opened(browser, "-deals:()"), "add:rule:n0")
    assert applied(pressed(browser, form, "apply")) == "-deals:()"


def test_the_count_is_live_and_says_what_it_leaves_out(browser: Client) -> None:
    rich, poor = create("company", name="Rich"), create("company", name="Poor")
    create("deal", name="Big", company=str(rich), amount=20_000, currency="EUR")
    create("deal", name="Small", company=str(poor), amount=5, currency="EUR")
    form = opened(browser, "deals:(amount>10000)")
    assert "<b>1</b> company matches" in counted(browser, form)
    assert "<b>2</b> companies match" in counted(browser, form, n2__value="1")
    said = counted(browser, form, n2__value="")
    assert "<b>2</b> companies match" in said
    assert "1 part is not finished" in said
    said = counted(browser, form, n2__value="lots")
    assert "<b>" not in said
    assert "&quot;n2&quot;:" in said
    assert "has deals whose amount is over €10,000" in counted(browser, form)


def test_a_count_that_takes_long_is_an_estimate(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_given: Any) -> None:
        raise OperationalError from QueryCanceled()

    monkeypatch.setattr(counting, "count_rows", slow)
    assert "about <b>" in counted(browser, opened(browser, "deals:()"))


def _role_without(*denied: str) -> User:
    role = create_role("Narrow", "en", Role.objects.get(key="member"))
    for name in denied:
        role.grants.create(
            object_name=name,
            **{f"{action}_scope": "none" for action in ("view", "create", "edit", "delete",
               "export", "import", "bulk")},
        )  # fmt: skip
    return make_user("Nat Narrow", role.key)


def test_what_one_may_not_read_is_not_offered_and_not_counted() -> None:
    narrow = signed_in(_role_without("deal"))
    page = narrow.get(BUILD).content.decode()
    assert 'value="city"' in page
    form = after(narrow, form_of(page, "builder"), "add:related:n0")
    offered = pressed(narrow, form, "redraw").content.decode()
    assert 'value="people"' in offered
    assert 'value="deals"' not in offered
    answer = pressed(narrow, form, "apply", n2__related="deals")
    assert answer.status_code == 422
    assert "have no related “deals”" in answer.content.decode()


def test_fields_are_offered_in_groups_with_those_of_the_one_related(browser: Client) -> None:
    page = browser.get("/people/conditions/").content.decode()
    assert '<optgroup label="People">' in page
    assert '<optgroup label="Company">' in page
    assert ">City of company</option>" in page


def test_a_user_is_me_my_team_or_a_colleague(browser: Client) -> None:
    page = opened(browser, "owner:me deals:()")
    assert page["n1.value.id"] == ["me"]
    assert page["n1.value"] == ["me"]
    listed = browser.get("/lookup/colleague/?q=").content.decode()
    assert listed.index('data-value="me"') < listed.index('data-value="my_team"')
    assert "data-value" in browser.get("/lookup/colleague/?q=my").content.decode()
    assert 'data-value="me"' not in browser.get("/lookup/user/").content.decode()


def test_a_name_typed_without_choosing_asks_for_what_is_called_so(browser: Client) -> None:
    form = opened(browser, "owner:me deals:()")
    assert applied(pressed(browser, form, "apply", n1__value="Ana Ruiz")) == (
        'owner:"Ana Ruiz" deals:()'
    )


def test_the_record_of_a_rule_is_named(browser: Client) -> None:
    acme = create("company", name="Acme")
    form = opened(browser, f"parent:{acme} deals:()")
    assert form["n1.value"] == ["Acme"]
    assert form["n1.value.id"] == [str(acme)]


def test_a_chip_of_a_condition_opens_the_builder_and_goes(browser: Client) -> None:
    page = browser.get("/companies/?where=deals:(state:open)&sort=-name").content.decode()
    assert "/companies/conditions/?where=deals%3A%28state%3Aopen%29&amp;sort=-name" in page
    assert 'href="/companies/?sort=-name"' in page


@pytest.mark.parametrize(
    ("page", "by"),
    [("", ""), ("board/", ""), ("calendar/", "&by=close_date"), ("timeline/", "&by=close_date"),
     ("chart/", "")],
)  # fmt: skip
def test_every_page_of_a_list_leads_to_the_builder_and_back(
    browser: Client, page: str, by: str
) -> None:
    shown = browser.get(f"/deals/{page}?where=-people:(){by}").content.decode()
    link = re.search(r'href="(/deals/conditions/[^"]*)" data-dialog>', shown)
    assert link, shown
    form = form_of(browser.get(unescape(link[1])).content.decode(), "builder")
    target = pressed(browser, form, "apply", url="/deals/conditions/").headers["Location"]
    assert target.startswith(f"/deals/{page}?where=-people")


def test_the_list_keeps_its_order_words_and_page(browser: Client) -> None:
    browser_form = form_of(
        browser.get(f"{BUILD}?where=deals:()&sort=-name&q=ac&_layout=board").content.decode(),
        "builder",
    )
    target = pressed(browser, browser_form, "apply").headers["Location"]
    assert target == "/companies/board/?where=deals%3A%28%29&q=ac&sort=-name"


def test_a_form_that_lies_about_its_parts_does_no_harm(browser: Client) -> None:
    form = opened(browser, "city:Madrid")
    lies: Mapping[str, Sequence[str]] = {
        "node": ["n1", "n1", "x", "n2", "n3", "n99999"],
        "n2.in": ["n1"], "n2.what": ["rule"], "n3.in": ["n3"], "n3.what": ["group"],
        "n1.value": ["\x00"],
    }  # fmt: skip
    assert browser.post(COUNT, {**form, **lies}).status_code == 200
    assert browser.post(BUILD, {**form, **lies, "do": "add:rule:n77"}).status_code == 200
    for act in ("up:n0", "remove:n0", "add:bad:n0", "up:", "x"):
        assert pressed(browser, form, act).status_code == 200
    many = {"node": [f"n{number}" for number in range(1, 300)]}
    assert browser.post(BUILD, {**form, **many, "do": "apply"}).status_code == 422


def test_fragments_send_few_statements(browser: Client) -> None:
    text = TEXTS[0] + " owner:me count(people)>1 parent.city:Oslo"
    form = opened(browser, text)
    sent = {}
    for name, url, data in (("draw", BUILD, {"do": "redraw"}), ("count", COUNT, {})):
        browser.post(url, {**form, **data})
        with Statements() as made:
            browser.post(url, {**form, **data})
        sent[name] = [one for one in made.statements if one.startswith(("SELECT", "EXPLAIN"))]
    assert len(sent["draw"]) <= 3, sent["draw"]
    assert len(sent["count"]) <= 4, sent["count"]


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("declaration", registry.all_objects(), ids=lambda one: one.name)
def test_every_field_and_measure_can_be_built(
    declaration: type[Object], browser: Client, whole: bool
) -> None:
    """Each field that is offered draws an input, whose form reads back."""
    url = f"{declaration.url()}conditions/"
    form = opened(browser, url=url)
    page = browser.get(url).content.decode()
    names = [name for name in declaration.fields if f'<option value="{name}">' in page]
    assert names
    told = [name for name in names if (declaration.name, name) in OF_EACH_TYPE.values()]
    names = names if whole else told or names[:2]
    many: Form = {**form, "node": [], "do": ["redraw"]}
    for number, name in enumerate(names[:60], start=1):
        many["node"].append(f"n{number}")
        for key, value in (("in", "n0"), ("what", "rule"), ("field", name)):
            many[f"n{number}.{key}"] = [value]
    answer = browser.post(url, many)
    assert answer.status_code == 200
    drawn = form_of(answer.content.decode(), "builder")
    assert all(drawn[f"n{number}.op"][0] for number in range(1, len(many["node"]) + 1))
    assert browser.post(f"{url}count/", drawn).status_code == 200
