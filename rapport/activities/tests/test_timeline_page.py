"""The timeline on a record's page: what it shows, to whom, at what cost, and writing into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.models import Grant as StoredGrant
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Call, Meeting, Note, Task
from rapport.records.models import Attachment, Notification
from rapport.records.testing import create, update

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ida() -> User:
    return make_user()


@pytest.fixture
def browser(ida: User) -> Client:
    return signed_in(ida)


@pytest.fixture
def ada(ida: User) -> UUID:
    company = create("company", name="Acme")
    return create("person", by=principal_of(ida), first_name="Ada", company=company)


def at(**ahead: int) -> str:
    return (timezone.now() + timedelta(**ahead)).isoformat()


def about(person: UUID) -> list[str]:
    return [f"person:{person}"]


def page(browser: Client, person: UUID, query: str = "") -> str:
    answer = browser.get(f"/people/{person}/timeline/{query}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_entries_stand_by_day_with_who_reached_out(browser: Client, ida: User, ada: UUID) -> None:
    by = principal_of(ida)
    create("call", by=by, subject="Budget", direction="in", at=at(days=-2), about=about(ada))
    create("call", by=by, direction="out", at=at(days=-3), about=about(ada))
    create("note", by=by, body="No free rail", about=about(ada))
    shown = page(browser, ada)
    assert '<b dir="auto">Ada</b> called' in shown
    assert '<b dir="auto">Ida Brandt</b> called' in shown
    assert '<b dir="auto">Ida Brandt</b> left a note' in shown
    assert shown.index("No free rail") < shown.index("Budget")
    assert shown.count('class="ev-m them"') == 1
    assert shown.count('class="tl-day"') == 3


def test_what_is_planned_stands_first_soonest_on_top(browser: Client, ada: UUID) -> None:
    create("task", subject="Some day", about=about(ada))
    create("task", subject="Some task", due=at(days=3), about=about(ada))
    create("meeting", subject="Site visit", start=at(days=2), attendees=about(ada))
    create("meeting", subject="Kick-off", start=at(days=-2), about=about(ada))
    shown = page(browser, ada)
    ahead, _line, past = shown.partition("Today")
    assert ahead.index("Site visit") < ahead.index("Some task") < ahead.index("Some day")
    assert "Kick-off" not in ahead
    assert "Kick-off" in past


def test_changes_of_owner_and_lane_are_told_in_slim_lines(browser: Client, ada: UUID) -> None:
    update("person", ada, lifecycle="customer", job_title="Head")
    shown = page(browser, ada)
    assert "created this" in shown
    assert '<b dir="auto">Customer</b>' in shown
    assert "Head" not in shown
    assert shown.count('class="ev slim"') == 2


def test_a_filter_shows_one_kind_and_the_chips_count_each(browser: Client, ada: UUID) -> None:
    create("call", direction="in", subject="Budget", about=about(ada))
    create("note", body="Rail", about=about(ada))
    shown = page(browser, ada, "?kind=call")
    assert "Budget" in shown
    assert "Rail" not in shown
    assert "created this" not in shown
    for words in ("Everything <b>3</b>", "Calls <b>1</b>", "Notes <b>1</b>", "Changes <b>1</b>"):
        assert words in shown


def test_older_entries_follow_without_gap_or_repeat(browser: Client, ada: UUID) -> None:
    moment = timezone.now() - timedelta(days=9)
    for number in range(70):
        # Several share a moment: the key decides.
        when = (moment + timedelta(hours=number // 4)).isoformat()
        create("note", body=f"Note-{number:02}.", at=when, about=about(ada))
    seen, query = "", ""
    for _page in range(5):
        shown = page(browser, ada, query)
        seen += shown
        if "Show older" not in shown:
            break
        query = (
            shown.split('class="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        )
        query = query[query.index("?") :]
    assert [seen.count(f"Note-{number:02}.") for number in range(70)] == [1] * 70
    assert seen.count("created this") == 1


def test_an_unknown_place_is_refused_with_a_sentence(browser: Client, ada: UUID) -> None:
    for before in ("x", "2026-01-01~1~x", "2026-01-01T00:00:00+00:00~2~1"):
        answer = browser.get(f"/people/{ada}/timeline/", {"before": before}, headers=HTMX)
        assert answer.status_code == 422


def test_the_cost_does_not_grow_with_the_entries(browser: Client, ada: UUID) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            create("call", direction="in", about=about(ada))
            create("note", body=f"n{number}", about=about(ada))
            create("task", subject=f"t{number}", about=about(ada))
            create("meeting", subject=f"m{number}", start=at(days=-1), attendees=about(ada))

    counts = []
    for count in (1, 8):
        fill(count)
        with CaptureQueriesContext(connection) as queries:
            page(browser, ada)
        counts.append(len(queries))
    # Session; record; the stream; all that its entries stand for; titles.
    assert counts == [5, 5]


def test_entries_that_one_may_not_see_are_left_out(ada: UUID) -> None:
    mia = make_user("Mia Member", "member")
    StoredGrant.objects.update_or_create(
        role=mia.role, object_name="note", defaults={"view_scope": "own", "create_scope": "own"}
    )
    create("note", body="Secret rail", about=about(ada))
    create("note", by=principal_of(User.objects.get(pk=mia.pk)), body="Mine", about=about(ada))
    shown = page(signed_in(mia), ada)
    assert "Secret rail" not in shown
    assert "Mine" in shown
    assert "Notes <b>1</b>" in shown


def test_the_page_of_a_record_brings_timeline_and_composer(browser: Client, ada: UUID) -> None:
    shown = browser.get(f"/people/{ada}/").content.decode()
    assert 'id="timeline"' in shown
    assert f'hx-post="/people/{ada}/compose/note/"' in shown
    tabs = shown.split('class="comp-tabs"')[1].split("</nav>")[0]
    order = [tabs.index(f"/compose/{name}/") for name in ("note", "call", "meeting", "task")]
    assert order == sorted(order)


def compose(browser: Client, person: UUID, name: str, **values: Any) -> Any:
    return browser.post(f"/people/{person}/compose/{name}/", values, headers=HTMX)


def test_a_note_written_here_concerns_the_record(browser: Client, ada: UUID) -> None:
    answer = compose(browser, ada, "note", body="Bring the short bracket")
    assert answer.status_code == 200
    assert "record-changed" in answer.headers["HX-Trigger"]
    assert "/undo/" in answer.headers["HX-Trigger"]
    assert "short bracket" in page(browser, ada)
    assert Note.objects.get().owner is not None


@pytest.mark.parametrize(
    ("name", "values", "model"),
    [
        ("call", {"subject": "Budget", "direction": "in"}, Call),
        ("meeting", {"subject": "Visit", "start": "2031-11-26T09:30"}, Meeting),
        ("task", {"subject": "Send quote"}, Task),
    ],
)
def test_each_kind_can_be_written(
    browser: Client, ada: UUID, name: str, values: dict[str, str], model: Any
) -> None:
    form = browser.get(f"/people/{ada}/compose/{name}/", headers=HTMX).content.decode()
    assert 'name="about"' not in form
    assert compose(browser, ada, name, **values).status_code == 200
    assert model.objects.count() == 1
    assert values["subject"] in page(browser, ada)


def test_a_refusal_keeps_what_was_typed(browser: Client, ada: UUID) -> None:
    answer = compose(browser, ada, "meeting", subject="Visit", start="someday", place="Gate 2")
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="Visit"' in shown
    assert 'value="Gate 2"' in shown
    assert 'value="someday"' in shown
    assert not Meeting.objects.exists()


def test_without_script_it_is_a_page_and_leads_back(browser: Client, ada: UUID) -> None:
    shown = browser.get(f"/people/{ada}/compose/note/")
    assert b"<html" in shown.content
    answer = browser.post(f"/people/{ada}/compose/note/", {"body": "Plain"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{ada}/")
    assert b"<html" in browser.get(f"/people/{ada}/timeline/").content


def test_a_task_is_done_from_the_timeline(browser: Client, ada: UUID) -> None:
    key = create("task", subject="Send quote", about=about(ada))
    answer = browser.post(f"/people/{ada}/timeline/task/{key}/done/", headers=HTMX)
    assert answer.status_code == 200
    assert Task.objects.get(pk=key).status == "done"
    assert 'class="tl-day">Next' not in page(browser, ada)


def test_who_only_reads_gets_no_form_and_no_way_in(ada: UUID) -> None:
    rita = signed_in(make_user("Rita Reader", "read_only"))
    assert b"compose/" not in rita.get(f"/people/{ada}/").content
    assert compose(rita, ada, "note", body="Hello").status_code == 403
    assert not Note.objects.exists()


def test_a_mention_is_marked_and_told_to_who_may_see_it(browser: Client, ada: UUID) -> None:
    tom = make_user("Tomasz O'Nowak", "member")
    compose(browser, ada, "note", body="@Tomasz O'Nowak & @Nobody\nput it in the quote")
    note = Note.objects.get()
    assert f'<span data-mention="{tom.pk}">@Tomasz O\'Nowak</span>' in note.body
    assert f'data-mention="{tom.pk}"' in page(browser, ada)
    told = Notification.objects.get()
    assert (told.user_id, told.kind, told.url) == (tom.pk, "mention", f"/people/{ada}/")
    assert told.text == "Ida Brandt mentioned you at Ada"
    listed = signed_in(tom)
    assert b"mentioned you" in listed.get("/notifications/").content
    assert b">1<" in listed.get("/notifications/count/").content
    assert b"mentioned you" not in browser.get("/notifications/").content


def test_a_mention_tells_nobody_who_may_not_see_the_note(browser: Client, ada: UUID) -> None:
    mia = make_user("Mia Member", "member")
    StoredGrant.objects.update_or_create(
        role=mia.role, object_name="note", defaults={"view_scope": "own", "create_scope": "own"}
    )
    compose(browser, ada, "note", body="@Mia Member look, and @Ida Brandt too")
    assert not Notification.objects.exists()


def test_a_name_with_tags_stays_text(browser: Client, ada: UUID) -> None:
    make_user("<img src=x onerror=alert(1)>", "member", "img@nordwind.example")
    compose(browser, ada, "note", body="Ask @img@nordwind.example about it")
    assert "<img" not in page(browser, ada)
    assert Notification.objects.count() == 1


def test_files_come_with_an_entry_and_go_with_its_undo(browser: Client, ada: UUID) -> None:
    file = SimpleUploadedFile("line2_drift.csv", b"a;b\n1;2\n")
    assert compose(browser, ada, "note", body="See the log", files=file).status_code == 200
    kept = Attachment.objects.get()
    assert (kept.object, kept.record_id) == ("note", Note.objects.get().pk)
    assert "line2_drift.csv" in page(browser, ada)
    assert b"line2_drift.csv" in browser.get(f"/people/{ada}/").content
