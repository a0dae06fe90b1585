"""Whether all is well, for load balancers, monitoring, owners and programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from threading import Event

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.project import draining, health
from rapport.project.backups.work import this_instance
from rapport.project.observing import slowness
from rapport.project.observing.incidents import FILE, note
from rapport.project.observing.telling import tell_of_incidents
from rapport.records.models import Job, Notification
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db
TOKEN = "a token of twenty characters or so"


def owner() -> Client:
    return signed_in(make_user(role="owner"))


def give_sign_of_life() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def test_it_is_ready_without_a_worker_and_says_that_there_is_none(client: Client) -> None:
    answer = client.get("/readyz")
    facts = {"ready": True, "database": True, "migrations": True}
    assert (answer.status_code, answer.json()) == (200, {**facts, "worker": False})
    give_sign_of_life()
    assert client.get("/readyz").json()["worker"]


def test_it_is_not_ready_before_its_migrations(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = health._brought() | {("records", "9999_to_come")}
    monkeypatch.setattr(health, "_brought", lambda: brought)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_it_is_not_ready_while_it_drains(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "_asked", Event())
    draining.begin()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "draining": True})
    assert client.get("/healthz").status_code == 200


def test_figures_are_not_there_unless_the_operator_opens_them(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_are_for_who_has_the_token(settings: Settings, client: Client) -> None:
    settings.INSTANCE = replace(settings.INSTANCE, metrics_token=TOKEN)
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "rapport_database_up 1.0" in answer.content.decode()


def test_figures_are_for_listed_networks_and_not_for_who_says_he_is_in_one(
    settings: Settings, client: Client
) -> None:
    listed = (ip_network("10.1.0.0/16"),)
    settings.INSTANCE = replace(settings.INSTANCE, metrics_networks=listed)
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200


def test_requests_are_counted_by_route_and_never_by_what_strangers_make_up(
    settings: Settings,
) -> None:
    settings.INSTANCE = replace(settings.INSTANCE, metrics_token=TOKEN)
    client = Client()
    client.get("/login/")
    for number in range(3):
        client.get(f"/made-up/{number}/")
    said = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    lines = [line for line in said.splitlines() if 'route="sign_in"' in line]
    assert any(line.startswith("rapport_requests_total") for line in lines)
    assert any(line.startswith("rapport_request_seconds_bucket") for line in lines)
    assert "made-up" not in said


def test_a_database_that_is_away_leaves_the_other_figures(
    settings: Settings, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INSTANCE = replace(settings.INSTANCE, metrics_token=TOKEN)
    monkeypatch.setattr("rapport.project.observing.figures.DATABASE", "SELECT 1/0")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "rapport_database_up 0.0" in answer.content.decode()


def test_the_page_says_what_does_not_work_and_what_to_do() -> None:
    text = owner().get("/setup/health/").content.decode()
    assert "No worker has given a sign of life: imports and mail wait." in text
    assert "It is started again by itself" in text
    assert text.index("Mend this") < text.index("Good")


def test_the_page_is_there_in_spanish() -> None:
    user = make_user(role="owner")
    User.objects.filter(pk=user.pk).update(language="es")
    text = signed_in(user).get("/setup/health/").content.decode()
    assert "Ningún proceso de trabajo ha dado señales de vida" in text


def test_failed_jobs_stand_with_their_reason_and_request() -> None:
    facts = {"kind": "import", "state": "failed", "error": "The file is gone.", "request": "r-1"}
    for number in range(2):
        Job.objects.create(title=f"Import {number}", finished_at=timezone.now(), **facts)
    text = owner().get("/setup/health/").content.decode()
    assert text.count("The file is gone.") == 1
    assert "r-1" in text


def test_programs_of_owners_are_told_the_same() -> None:
    told = program().get("/health").json()
    worker = next(one for one in told["findings"] if one["name"] == "worker")
    assert (told["well"], worker["grade"]) == (False, "bad")


@pytest.mark.parametrize("say", [slowness.counted_by_server, slowness.met_here])
def test_the_page_of_slow_statements_has_texts_and_no_values(
    say: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Vermeulen-van-der-Berg"
    monkeypatch.setattr(slowness, "SLOW_SECONDS", 0.0)
    slowness.note_slow(f"SELECT 1 FROM contacts_person WHERE name = '{secret}'", 0.4, "list")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_person WHERE last_name = %s", [secret])
    text = owner().get("/setup/health/statements/").content.decode()
    assert "contacts_person" in text
    assert secret not in text
    assert say() is not None


def test_owners_are_told_once_that_a_process_ended_and_came_back() -> None:
    instance = this_instance()
    (instance.data / "log").mkdir(exist_ok=True)
    try:
        ana = make_user(role="owner")
        for part in ("web", "web", "database"):
            note(instance, part, "signal 9")
        for _minute in range(2):
            tell_of_incidents(0)
        (told,) = Notification.objects.filter(user=ana)
        assert "web process ×2, database ×1" in told.text
        assert told.url == "/setup/health/"
        assert told.text.split(";")[0] in signed_in(ana).get(told.url).content.decode()
    finally:
        (instance.data / "log" / FILE).unlink()
