"""Call lists: who is next and why, one key for what came of it, and nobody called twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.actions import call_people, claim_next, keep_call_rules, note_call
from rapport.activities.call_lists.turns import turns
from rapport.activities.models import Call, CallClaim, CallEntry, CallList, Task
from rapport.contacts.models import PhoneNumber
from rapport.contacts.tests.sharing import narrow
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, read

pytestmark = pytest.mark.django_db
ALWAYS = {day: [(0, 24 * 60)] for day in range(1, 8)}


@pytest.fixture
def ida() -> User:
    keep_call_rules(ALWAYS, keeps_holidays=False)
    return make_user("Ida")


@pytest.fixture
def web(ida: User) -> Client:
    return signed_in(ida)


def person(name: str, *numbers: str) -> UUID:
    return create("person", name=name, phones=[{"value": one} for one in numbers])


def listed(by: User, *people: UUID, **rules: Any) -> UUID:
    made = create("call_list", principal_of(by), name="Fair", **rules)
    call_people(principal_of(by), list(people), {"call_list": made})
    return made


def entry(who: UUID) -> CallEntry:
    return CallEntry.objects.get(person=who)


def test_a_list_is_made_of_chosen_people_and_worked_off_with_one_key_each(
    web: Client, ida: User
) -> None:
    first, second = person("Ama", "+4930123401"), person("Bea", "+4930123402")
    sent = {"do": "call_list", "id": [str(first), str(second)], "next": "/people/"}
    assert web.post("/people/bulk/", sent).status_code == 302
    made = CallList.objects.get()
    assert made.owner_id == ida.pk
    page = f"/call-lists/{made.pk}/calling/"
    assert "Ready to call" in web.get(page).content.decode()
    answer = web.post(f"/call-lists/{made.pk}/actions/start_calling/")
    assert answer.headers["Location"] == page
    shown = web.get(page).content.decode()
    assert 'href="tel:+4930123401"' in shown
    assert "It is " in shown
    web.post(f"{page}{entry(first).pk}/", {"do": "reached", "note": "Wants a quote"})
    call = Call.objects.get()
    assert (call.outcome, call.notes, call.subject) == ("reached", "Wants a quote", made.name)
    assert entry(first).state == "done"
    assert 'href="tel:+4930123402"' in web.get(page).content.decode()
    assert read("call_list", made.pk, "progress") == {
        "people": 2, "open": 1, "reached": 1, "called": 1,
    }  # fmt: skip

    web.post(f"{page}undo/")
    assert not Call.objects.filter(deleted_at=None).exists()
    assert entry(first).state == "open"
    assert 'href="tel:+4930123401"' in web.get(page).content.decode()


def test_who_does_not_answer_comes_back_later_and_not_for_ever(ida: User) -> None:
    who, by = person("Ama", "+4930123401"), principal_of(ida)
    made = listed(ida, who, most_tries=2, again_after=5)
    note_call(by, entry(who).pk, "no_answer", {})
    found = entry(who)
    assert found.state == "open"
    assert found.back_at is not None
    assert timedelta(hours=4) < found.back_at - timezone.now() <= timedelta(hours=5)
    assert claim_next(by, made) is None
    note_call(by, found.pk, "busy", {})
    assert (entry(who).state, entry(who).tries) == ("given_up", 2)
    with pytest.raises(Rejected, match="noted already"):
        note_call(by, found.pk, "busy", {})


def test_a_wrong_number_is_marked_and_the_next_one_is_called(web: Client, ida: User) -> None:
    who = person("Ama", "+4930123401", "+4930123402")
    made = listed(ida, who)
    web.post(f"/call-lists/{made}/calling/{entry(who).pk}/", {"do": "wrong_number"})
    assert PhoneNumber.objects.get(normalised="+4930123401").status == "invalid"
    assert 'href="tel:+4930123402"' in web.get(f"/call-lists/{made}/calling/").content.decode()
    web.post(f"/call-lists/{made}/calling/{entry(who).pk}/", {"do": "wrong_number"})
    assert entry(who).state == "no_number"


def test_a_promised_call_is_a_task_and_what_was_typed_stays_where_the_time_is_past(
    web: Client, ida: User
) -> None:
    who = person("Ama", "+4930123401")
    made = listed(ida, who)
    web.post(f"/call-lists/{made}/actions/start_calling/")
    sent = {"do": "call_back", "back_at": "2020-01-01T09:00", "note": "Ask for the boss"}
    page = f"/call-lists/{made}/calling/{entry(who).pk}/"
    refused = web.post(page, sent)
    assert refused.status_code == 422
    assert "still to come" in refused.content.decode()
    assert "Ask for the boss" in refused.content.decode()
    web.post(page, {**sent, "back_at": f"{timezone.localdate().year + 1}-03-05T09:00"})
    task = Task.objects.get()
    assert task.subject == "Call Ama back"
    assert entry(who).back_at == task.due


def test_nobody_is_called_outside_the_hours_and_a_sentence_says_so(web: Client, ida: User) -> None:
    asleep, unknown = person("Ama", "+4930123401"), person("Bea")
    made = listed(ida, asleep, unknown)
    keep_call_rules({}, keeps_holidays=False)
    assert claim_next(principal_of(ida), made) is None
    page = web.get(f"/call-lists/{made}/calling/").content.decode()
    assert "Nobody can be called now" in page
    assert "Not allowed at this hour" in page
    assert "No number that works" in page


def test_two_colleagues_are_never_given_the_same_person(ida: User) -> None:
    first, second = person("Ama", "+4930123401"), person("Bea", "+4930123402")
    made = listed(ida, first, second)
    mine, hers = principal_of(ida), principal_of(make_user("Uma"))
    assert claim_next(mine, made) == entry(first)
    assert claim_next(hers, made) == entry(second)
    assert claim_next(principal_of(make_user("Ola")), made) is None
    with pytest.raises(Rejected, match="colleague"):
        note_call(hers, entry(first).pk, "reached", {})
    CallClaim.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert claim_next(principal_of(User.objects.get(name="Ola")), made) is not None


@pytest.mark.django_db(transaction=True)
def test_all_of_a_list_are_given_out_once_at_the_same_time(ida: User) -> None:
    people = [person(f"Ama {n}", f"+49301234{n:02}") for n in range(8)]
    made = listed(ida, *people)
    askers = [principal_of(make_user(f"User {n}")) for n in range(8)]

    def ask(asker: Any) -> Any:
        try:
            return claim_next(asker, made)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [one.pk for one in pool.map(ask, askers) if one]
    assert len(found) == len(set(found)) > 1


def test_a_list_and_its_people_are_not_for_everybody(ida: User) -> None:
    who = person("Ama", "+4930123401")
    made = listed(ida, who)
    stranger = narrow("Mia Member")
    own = signed_in(stranger)
    assert own.get(f"/call-lists/{made}/calling/").status_code == 404
    noted = own.post(f"/call-lists/{made}/calling/{entry(who).pk}/", {"do": "reached"})
    assert noted.status_code == 404
    own_list = create("call_list", principal_of(stranger), name="Mine")
    with change(HOUSE, via="test"):
        CallEntry.objects.update(call_list=own_list)
    assert turns(principal_of(stranger), own_list) == []


def test_leads_are_called_at_their_people_each_once(web: Client) -> None:
    who = person("Ama", "+4930123401")
    leads = [create("lead", person=str(who)) for _n in range(2)]
    web.post("/leads/bulk/", {"do": "call_list", "id": [str(one) for one in leads]})
    found = CallEntry.objects.get()
    assert found.person_id == who
    assert found.lead_id in leads
    note_call(HOUSE, found.pk, "left_message", {})
    assert read("lead", found.lead_id, "last_touch")


def test_the_page_of_a_list_shows_who_is_on_it_to_those_who_see_them(
    web: Client, ida: User
) -> None:
    ama, bea = person("Ama", "+4930123401"), person("Bea", "+4930123402")
    mia = narrow("Mia Member")
    key, by = listed(ida, ama, bea, owner=str(mia.pk)), principal_of(ida)
    assert claim_next(by, key)
    note_call(by, entry(ama).pk, "reached", {})
    page = web.get(f"/call-lists/{key}/").content.decode()
    assert page.index("Bea</bdi>") < page.index("Ama</bdi>"), "who is still to be called, first"
    assert "Reached" in page
    page = signed_in(mia).get(f"/call-lists/{key}/").content.decode()
    assert "Ama</bdi>" not in page
    assert "Nobody whom you see is on this list yet" in page
