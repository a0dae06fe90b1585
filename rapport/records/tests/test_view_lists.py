"""Lists shown by a view: its address, what is not saved yet, groups, sums and colours."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.models import SavedView
from rapport.records.reading import context_for
from rapport.records.store import change
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.testing import HOUSE, Statements, make_sample
from rapport.records.views.choosing import choose
from rapport.records.views.reading import views_of

pytestmark = pytest.mark.django_db
ROOM = registry.get("room")
TREE = {"any": [{"field": "seats", "op": "gt", "value": 4}, {"field": "shape", "value": "round"}]}
ROOMS = [
    ("Ash", 4, "round", "2026-01-15"),
    ("Beech", 9, "square", "2026-01-20"),
    ("Cedar", 2, "square", "2026-03-01"),
    ("Elm", 7, "", None),
]


@pytest.fixture
def boss() -> User:
    for name, seats, shape, built in ROOMS:
        values = {"name": name, "seats": seats, "shape": shape, "built": built}
        make_sample("room", values=values)
    return make_user()


def save(by: User, name: str = "Large", **values: Any) -> SavedView:
    with change(principal_of(by), via="test", title="Save") as made:
        key = made.create("saved_view", {"name": {"en": name}, "object": "room", **values})
    return SavedView.objects.get(pk=key)


def state_of(user: User, query: str) -> ListState:
    principal = principal_of(user)
    views = views_of(principal, "room")
    return read_state(QueryDict(query), ROOM, context_for(principal), views=views)


def names(page: str) -> list[str]:
    return re.findall(r'<a href="[^"]+" dir="auto">(\w+)</a>', page)


def shown(browser: Client, query: str, **headers: str) -> str:
    answer = browser.get(f"/rooms/?{query}", headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_the_address_of_a_view_shows_what_was_saved(boss: User) -> None:
    view = save(boss, condition=TREE, sort_by="-seats", column_names=["name", "built"])
    page = shown(signed_in(boss), f"view={view.pk}")
    assert names(page) == ["Beech", "Elm", "Ash"]
    assert "c-built" in page
    assert "c-website" not in page
    assert "Unsaved changes" not in page


def test_what_differs_stands_in_the_address_beside_the_view(boss: User) -> None:
    view = save(boss, condition={"field": "seats", "op": "gt", "value": 3}, sort_by="name")
    state = state_of(boss, f"view={view.pk}")
    assert state.query() == f"view={view.pk}"
    assert not state.is_changed
    address = parse_qs(urlsplit(state.url(sort="-seats")).query)
    assert address == {"view": [str(view.pk)], "sort": ["-seats"]}
    changed = state_of(boss, urlsplit(state.url(sort="-seats")).query)
    assert changed.is_changed
    assert changed.query() == f"view={view.pk}&sort=-seats"
    freed = state_of(boss, urlsplit(state.url(condition=state.without(state.rules[0]))).query)
    assert not freed.rules
    assert freed.is_changed
    assert state_of(boss, urlsplit(freed.url(condition=state.condition)).query).is_changed is False


@pytest.mark.parametrize(
    "query",
    [
        "seats.gt=4&shape.any=round,square&sort=-seats&columns=name,seats&q=be",
        "group=built:month&totals=seats&widths=name:200,seats:90",
        f"filter={json.dumps(TREE)}&shape=square",
        'colours=[{"when":{"field":"seats","op":"gt","value":5},"tone":"bad"}]',
    ],
)
def test_an_address_leads_to_the_same_list_again(boss: User, query: str) -> None:
    first = state_of(boss, query)
    second = state_of(boss, first.query())
    assert second.definition == first.definition
    assert second.query() == first.query()
    assert not first.problems


def test_a_tree_in_the_address_is_a_filter_with_words_and_a_way_out(boss: User) -> None:
    page = shown(signed_in(boss), f"filter={json.dumps(TREE)}&sort=name")
    assert names(page) == ["Ash", "Beech", "Elm"]
    assert "Seats is over 4 or Shape is Round" in page
    broken = shown(signed_in(boss), "filter={&sort=name")
    assert "The filter is not valid JSON." in broken


def test_a_list_opens_with_the_chosen_view_and_all_is_still_there(boss: User) -> None:
    view = save(boss, condition={"field": "shape", "op": "is", "value": "square"})
    choose(principal_of(boss), view.pk, "default", is_on=True)
    browser = signed_in(boss)
    assert set(names(shown(browser, ""))) == {"Beech", "Cedar"}
    assert set(names(shown(browser, "view=all"))) == {"Ash", "Beech", "Cedar", "Elm"}
    assert set(names(shown(browser, "seats.gt=6"))) == {"Beech", "Elm"}
    assert 'href="/rooms/?view=all"' in shown(browser, "")


def test_a_view_of_another_kind_opens_on_its_page(boss: User) -> None:
    view = save(boss, layout="calendar")
    answer = signed_in(boss).get(f"/rooms/?view={view.pk}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/rooms/calendar/?view={view.pk}"
    table = shown(signed_in(boss), f"view={view.pk}&as=table")
    assert len(names(table)) == 4
    assert "Unsaved changes" in table


def test_a_view_that_is_not_for_the_reader_is_not_told_apart_from_none(boss: User) -> None:
    private = save(boss, "Top secret", condition={"field": "shape", "op": "is", "value": "square"})
    page = shown(signed_in(make_user("Mo M", "member")), f"view={private.pk}")
    assert "This view is gone, or not yours to see." in page
    assert "Top secret" not in page
    assert len(names(page)) == 4


def test_a_view_never_shows_a_field_its_reader_may_not_read(
    boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = save(
        boss, audience="everyone", column_names=["name", "seats", "built"], sort_by="-seats",
        condition={"field": "seats", "op": "gt", "value": 4}, total_names=["seats"],
        colour_rules=[{"when": {"field": "seats", "op": "gt", "value": 8}, "tone": "bad"}],
        column_widths={"seats": 321},
    )  # fmt: skip
    whole = access.fields

    def less(principal: Any, name: str) -> access.Fields:
        found = whole(principal, name)
        return access.Fields(found.readable - {"seats"}, found.editable - {"seats"})

    monkeypatch.setattr(access, "fields", less)
    reader = make_user("Mo M", "member")
    state = state_of(reader, f"view={view.pk}")
    assert not state.is_changed
    assert not state.may_save
    page = shown(signed_in(reader), f"view={view.pk}")
    assert "A rule of this view is not yours to ask, so it is left out." in page
    assert len(names(page)) == 4
    assert "seats" not in page
    assert "tone-bad" not in page
    # Kept by him, the view would lose for everybody what he does not see.
    kept = {"_state": f"view={view.pk}", "_layout": "table"}
    answer = signed_in(make_user("Al A", "owner")).post(f"/rooms/views/{view.pk}/save/", kept)
    assert answer.status_code == 403
    view.refresh_from_db()
    assert view.sort_by == "-seats"


def test_groups_come_with_counts_and_sums_in_one_statement(boss: User) -> None:
    browser = signed_in(boss)
    browser.get("/rooms/?group=shape&totals=seats&columns=name,seats")
    with Statements() as sent:
        page = shown(browser, "group=shape&totals=seats&columns=name,seats")
    assert len(sent.statements) <= 3, sent.statements
    rows = re.findall(r'class="group-row">(.*?)</tr>', page, re.DOTALL)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    assert told == ["Round 1 4", "Square 2 11", "Without shape 1 7"]
    # The rows of each come for themselves.
    urls = [url.replace("&amp;", "&") for url in re.findall(r'hx-get="([^"]*_in=[^"]*)"', page)]
    found = [names(browser.get(url).content.decode()) for url in urls]
    assert [sorted(one) for one in found] == [["Ash"], ["Beech", "Cedar"], ["Elm"]]


def test_dates_are_grouped_by_period(boss: User) -> None:
    page = shown(signed_in(boss), "group=built:month&columns=name")
    assert re.findall(r"(January 2026|March 2026|Without built)</span>", page) == [
        "January 2026", "March 2026", "Without built",
    ]  # fmt: skip
    urls = [url.replace("&amp;", "&") for url in re.findall(r'hx-get="([^"]*_in=[^"]*)"', page)]
    found = [sorted(names(signed_in(boss).get(url).content.decode())) for url in urls]
    assert found == [["Ash", "Beech"], ["Cedar"], ["Elm"]]


@pytest.mark.parametrize("field", ["shape", "is_open", "parent", "owner", "name", "cleaned_at"])
def test_every_group_holds_as_many_rows_as_it_says(boss: User, field: str) -> None:
    browser = signed_in(boss)
    page = shown(browser, f"group={field}")
    counts = [int(one) for one in re.findall(r'<span class="muted num">(\d+)</span>', page)]
    urls = [url.replace("&amp;", "&") for url in re.findall(r'hx-get="([^"]*_in=[^"]*)"', page)]
    found = [len(names(browser.get(url).content.decode())) for url in urls]
    assert found == counts
    assert sum(counts) == 4


def test_a_group_that_cannot_be_is_named(boss: User) -> None:
    assert "The list can&#x27;t be grouped by Plan." in shown(signed_in(boss), "group=plan")
    answer = signed_in(boss).get("/rooms/?group=built:month&_in=never")
    assert answer.status_code == 422


def test_sums_stand_in_the_foot_and_cost_no_statement_more(boss: User) -> None:
    browser = signed_in(boss)
    browser.get("/rooms/?columns=name,seats")
    browser.get("/rooms/?columns=name,seats&totals=seats")
    with Statements() as plain:
        browser.get("/rooms/?columns=name,seats")
    with Statements() as summed:
        page = shown(browser, "columns=name,seats&totals=seats")
    assert len(summed.statements) == len(plain.statements)
    assert '<data class="num strong" value="22">22</data>' in page


def test_rows_take_the_colour_of_the_first_rule_that_holds(boss: User) -> None:
    rules = [
        {"when": {"field": "seats", "op": "gt", "value": 8}, "tone": "bad"},
        {"when": {"field": "seats", "op": "gt", "value": 3}, "tone": "warn"},
        {"when": {"field": "nothing", "op": "is", "value": 1}, "tone": "good"},
    ]
    page = shown(signed_in(boss), f"colours={json.dumps(rules)}&sort=name")
    tones = re.findall(r'<tr role="row" data-row="[^"]*"[^>]*?( class="tone-(\w+)")?>', page)
    assert [tone for _whole, tone in tones] == ["warn", "bad", "", "warn"]


def test_a_list_of_a_view_costs_no_more_than_one_without(boss: User) -> None:
    view = save(boss, condition=TREE, sort_by="-seats")
    browser = signed_in(boss)
    for query in ("", f"view={view.pk}"):
        browser.get(f"/rooms/?{query}")
    with Statements() as plain:
        browser.get("/rooms/")
    with Statements() as viewed:
        browser.get(f"/rooms/?view={view.pk}")
    assert len(viewed.statements) == len(plain.statements)


def test_a_view_is_saved_from_the_page_changed_and_taken_back(boss: User) -> None:
    browser = signed_in(boss)
    form = {"name": "Square", "audience": "everyone", "is_tab": "1", "_roles": "1",
            "roles": ["member"], "_state": "shape=square&sort=-seats"}  # fmt: skip
    answer = browser.post("/rooms/views/new/", form)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"/rooms/?view={view.pk}"
    assert (view.audience, view.default_roles, view.sort_by) == ("everyone", ["member"], "-seats")
    assert set(names(shown(signed_in(make_user("Mo M", "member")), ""))) == {"Beech", "Cedar"}
    browser.post(f"/rooms/views/{view.pk}/save/", {"_state": f"view={view.pk}&sort=seats"})
    view.refresh_from_db()
    assert view.sort_by == "seats"
    browser.post(f"/rooms/views/{view.pk}/", {"name": "Squares", "audience": "me"})
    view.refresh_from_db()
    assert (view.name, view.audience) == ({"en": "Squares"}, "me")
    browser.post(f"/rooms/views/{view.pk}/delete/")
    assert "Squares" not in shown(browser, "view=all")


def test_a_view_without_a_name_is_asked_for_one(boss: User) -> None:
    answer = signed_in(boss).post("/rooms/views/new/", {"name": " ", "audience": "me"})
    assert answer.status_code == 422
    assert b"view-name-error" in answer.content
    assert not SavedView.objects.exists()


def test_the_file_of_a_view_holds_its_rows_and_columns(boss: User) -> None:
    view = save(boss, condition=TREE, column_names=["name", "seats"], sort_by="-seats")
    page = shown(signed_in(boss), f"view={view.pk}")
    url = re.search(r'href="(/rooms/export/\?[^"]*columns=name[^"]*)"', page)
    assert url
    answer: Any = signed_in(boss).get(url[1].replace("&amp;", "&"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split()
    assert lines == ["Name,Seats", "Beech,9", "Elm,7", "Ash,4"]


def test_everything_of_a_view_is_what_bulk_reaches(boss: User) -> None:
    view = save(boss, condition={"field": "shape", "op": "is", "value": "square"})
    data = {"do": "trash", "all": "1", "next": f"/rooms/?view={view.pk}"}
    signed_in(boss).post("/rooms/bulk/", data)
    assert access.rows(HOUSE, "room").count() == 2


def test_groups_are_shown_as_a_chart(boss: User) -> None:
    browser = signed_in(boss)
    page = browser.get("/rooms/chart/?group=shape&totals=seats").content.decode()
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</tr>', page, re.DOTALL)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    assert told == ["Round 1 4", "Square 2 11", "Without shape 1 7"]
    assert re.findall(r'<rect class="extent"[^>]* width="(\d+)"', page) == ["364", "1000", "636"]
    assert browser.get("/rooms/chart/").status_code == 200


def test_records_stand_on_a_timeline(boss: User) -> None:
    browser = signed_in(boss)
    page = browser.get("/rooms/timeline/?by=built&_month=2026-01").content.decode()
    assert re.findall(r'<a href="[^"]+" dir="auto" class="trunc">(\w+)</a>', page) == [
        "Ash", "Beech", "Cedar",
    ]  # fmt: skip
    assert browser.get("/rooms/timeline/?by=name").status_code == 404
    later = browser.get("/rooms/timeline/?by=built&_month=2027-01").content.decode()
    assert "Nothing in these months" in later


def test_a_board_has_lanes_by_any_choice(boss: User) -> None:
    browser = signed_in(boss)
    page = browser.get("/rooms/board/?by=shape").content.decode()
    assert re.findall(r'data-column="(\w*)" data-name', page) == ["round", "square", ""]
    moved = access.rows(HOUSE, "room").get(name="Cedar")
    answer = browser.post(
        "/rooms/board/move/?by=shape", {"record": str(moved.pk), "column": "round"}
    )
    assert answer.status_code == 200
    moved.refresh_from_db()
    assert moved.shape == "round"
    assert browser.get("/rooms/board/?by=built").status_code == 404


def test_two_who_save_a_view_at_once_do_not_overwrite_each_other(boss: User) -> None:
    view = save(boss, audience="everyone", sort_by="name")
    browser = signed_in(boss)
    form = {"_state": f"view={view.pk}&sort=-seats", "version": str(view.version)}
    other = signed_in(make_user("Mia M", "manager"))
    other.post(f"/rooms/views/{view.pk}/save/", {**form, "_state": f"view={view.pk}&sort=built"})
    answer = browser.post(f"/rooms/views/{view.pk}/save/", form, follow=True)
    assert "Mia M changed this view meanwhile." in answer.content.decode()
    view.refresh_from_db()
    assert view.sort_by == "built"
    browser.post(f"/rooms/views/{view.pk}/save/", {**form, "version": str(view.version)})
    view.refresh_from_db()
    assert view.sort_by == "-seats"
