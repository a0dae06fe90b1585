"""Requests sent again, too many requests, and operations that will go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from rapport.contacts.models import Person
from rapport.records.models import AnsweredRequest, ChangeSet
from rapport.records.surfaces.api import repeating
from rapport.records.surfaces.api.deprecation import deprecated
from rapport.records.testing import create
from rapport.records.tests.api import Program, program

BODY = {"last_name": "Berg"}


def post(asks: Program, key: str, body: Any = None) -> Any:
    return asks.post("/people", body or BODY, Idempotency_Key=key)


@pytest.mark.django_db
def test_a_request_that_is_sent_again_is_done_once() -> None:
    asks = program()
    first, second = post(asks, "k-1"), post(asks, '"k-1"')
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert second["ETag"] == first["ETag"]
    assert (second["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert Person.objects.count() == 1
    assert post(asks, "k-2").json()["id"] != first.json()["id"]


@pytest.mark.django_db
def test_a_key_stands_for_one_request_of_one_token() -> None:
    asks = program()
    post(asks, "k-1")
    other = post(asks, "k-1", {"last_name": "Vik"})
    assert other.status_code == 422
    stranger = Program(asks.user, scopes={"person": ["view", "create"]})
    told = post(stranger, "k-1")
    assert "Idempotency-Replayed" not in told
    assert Person.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "k\u00e9y"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    assert post(program(), key).status_code == 400
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_refusal_is_not_kept_and_leaves_nothing() -> None:
    asks = program()
    sets = ChangeSet.objects.count()
    assert post(asks, "k-1", {"last_nam": "Typo"}).status_code == 422
    assert not AnsweredRequest.objects.exists()
    assert ChangeSet.objects.count() == sets
    assert post(asks, "k-1").status_code == 201


@pytest.mark.django_db
def test_deleting_again_is_answered_as_before() -> None:
    asks = program()
    person = create("person", last_name="Berg")
    statuses = [
        asks.delete(f"/people/{person}", Idempotency_Key="gone").status_code for _time in range(2)
    ]
    assert statuses == [204, 204]
    assert asks.delete(f"/people/{person}").status_code == 404


@pytest.mark.django_db
def test_answers_are_kept_for_a_day() -> None:
    asks = program()
    post(asks, "k-1")
    post(asks, "k-2")
    old = AnsweredRequest.objects.order_by("id")[0]
    AnsweredRequest.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(hours=25))
    assert "Idempotency-Replayed" not in post(asks, "k-1")
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(hours=25))
    repeating.forget_answered(0)
    assert not AnsweredRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_is_done_and_the_others_wait() -> None:
    asks = program()

    def ask(_number: int) -> Any:
        try:
            return post(asks, "k-1").json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(ask, range(4)))
    assert len(found) == 1
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_and_a_crash_leaves_the_key_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeating, "WAITS", "100ms")
    asks = program()
    post(asks, "k-1")
    kept = AnsweredRequest.objects.get()
    claimed, crash = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            AnsweredRequest.objects.create(
                user=asks.user, key_digest=kept.key_digest, request_digest=kept.request_digest
            )
            claimed.set()
            crash.wait(30)
            transaction.set_rollback(True)
        connection.close()

    AnsweredRequest.objects.all().delete()
    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(hold)
        claimed.wait(30)
        waiting = post(asks, "k-1")
        crash.set()
        held.result()
    assert (waiting.status_code, waiting["Retry-After"]) == (409, "5")
    assert post(asks, "k-1").status_code == 201


@pytest.mark.django_db
def test_each_answer_says_what_is_left_of_the_minute(settings: Any) -> None:
    settings.API_RATE = 2
    asks, other = program(), program("member")
    first = asks.get("/people")
    assert first["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first["RateLimit"].startswith('"minute";r=1;t=')
    assert asks.get("/nowhere").status_code == 404
    late = asks.get("/people")
    assert (late.status_code, late["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(late["Retry-After"]) <= 60
    assert late["RateLimit"].startswith('"minute";r=0;t=')
    assert other.get("/people").status_code == 200
    settings.API_RATE = 0
    assert "RateLimit" not in asks.get("/people")


def test_what_will_go_says_so() -> None:
    view = deprecated(date(2027, 1, 1), date(2028, 6, 1), "/api/v1/better")(
        lambda _request: HttpResponse("old")
    )
    answer = view(None)
    assert answer["Deprecation"] == "@1798761600"
    assert answer["Sunset"] == "Thu, 01 Jun 2028 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/better>; rel="successor-version"'
    with pytest.raises(ValueError, match="year"):
        deprecated(date(2027, 1, 1), date(2027, 6, 1), "/api/v1/better")
