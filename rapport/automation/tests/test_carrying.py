"""Webhooks and apps carried from one instance to another as files, without what is secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport.accounts.actions import create_service
from rapport.accounts.models import OAuthApp, User
from rapport.accounts.oauth.registering import create_app
from rapport.automation.actions import Wish, create_webhook
from rapport.automation.models import Webhook
from rapport.records.metadata import files

pytestmark = pytest.mark.django_db
OSLO = {"field": "city", "op": "is", "value": "Oslo"}
APP = {
    "name": "Planner", "redirect_uris": ["https://app.example/in"], "scopes": ["read"],
    "days": 90, "networks": [],
}  # fmt: skip


@pytest.fixture
def secrets() -> list[str]:
    """An instance that has both; what must not leave it."""
    wish = Wish(
        "Sheet", "https://hooks.example/in", ["person"], condition=OSLO,
        headers={"Authorization": "Bearer hidden"},
    )  # fmt: skip
    _webhook, first = create_webhook(create_service("Sheets"), wish)
    _app, second = create_app(APP, is_confidential=True)
    return [first, second, "Bearer hidden"]


def test_they_arrive_and_then_nothing_differs(tmp_path: Path, secrets: list[str]) -> None:
    files.write(files.present(), tmp_path)
    written = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert not [one for one in secrets if one in written]
    there = files.read(tmp_path)
    Webhook.objects.all().delete()
    OAuthApp.objects.all().delete()
    found = files.differences(files.present(), there)
    assert [(one.part, one.name) for one in found] == [("apps", "Planner"), ("webhooks", "Sheet")]
    files.apply(there)
    assert files.differences(files.present(), there, is_whole=True) == []
    webhook = Webhook.objects.get()
    assert (webhook.owner.name, webhook.condition, webhook.is_on) == ("Sheets", OSLO, False)
    assert webhook.headers == {}
    assert OAuthApp.objects.get().is_confidential


def test_what_is_there_keeps_its_secret_and_its_state(tmp_path: Path, secrets: list[str]) -> None:
    files.write(files.present(), tmp_path)
    before = Webhook.objects.get()
    (path,) = (tmp_path / "webhooks").glob("*.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "name": "Renamed"}))
    files.apply(files.read(tmp_path))
    after = Webhook.objects.get()
    assert (after.name, after.is_on, after.headers) == ("Renamed", True, before.headers)
    assert after.secret_sealed == before.secret_sealed
    for path in [*tmp_path.glob("webhooks/*.json"), *tmp_path.glob("apps/*.json")]:
        path.unlink()
    files.apply(files.read(tmp_path), is_whole=True)
    assert not Webhook.objects.exists()
    assert not OAuthApp.objects.filter(removed_at=None).exists()


def test_a_webhook_whose_owner_is_not_here_is_refused_with_a_sentence(
    tmp_path: Path, secrets: list[str]
) -> None:
    files.write(files.present(), tmp_path)
    there = files.read(tmp_path)
    Webhook.objects.all().delete()
    User.objects.filter(name="Sheets").delete()
    with pytest.raises(files.Unusable, match="no one called Sheets here"):
        files.apply(there)
