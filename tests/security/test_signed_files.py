"""Addresses of files that are passed on, kept, changed or guessed.

That a file of an unseen record is not there is `rapport/records/tests/test_attachments.py`
(CVE-2026-33740); here are the addresses by which content is served.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rapport.accounts.actions import create_token
from rapport.accounts.models import ApiToken, User
from rapport.accounts.models import Grant as StoredGrant
from rapport.accounts.principals import ANONYMOUS, principal_of, service
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records import signing
from rapport.records.attachments import address_of, attach, detach
from rapport.records.models import Attachment
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


@pytest.fixture
def acme(mia: User) -> UUID:
    return create("company", by=principal_of(mia), name="Acme")


@pytest.fixture
def offer(acme: UUID) -> Attachment:
    with change(HOUSE, via="test") as made:
        return attach(made, "company", acme, SimpleUploadedFile("offer.png", PNG))


def address(user: User, offer: Attachment) -> str:
    """Where the page of the file leads this user."""
    answer = signed_in(user).get(offer.url)
    assert answer.status_code == 302
    assert "no-cache" in answer.headers["Cache-Control"]
    return answer.headers["Location"]


def of_token(secret: str, offer: Attachment) -> str:
    """The address that the API gives to a token."""
    headers = {"Authorization": f"Bearer {secret}"}
    listed = Client().get(f"/api/v1/companies/{offer.record_id}/files", headers=headers).json()
    found: str = listed["data"][0]["download_url"]
    return found


def content(answer: Answer) -> bytes:
    assert answer.status_code == 200
    found: Any = answer
    return b"".join(found.streaming_content)


def test_content_is_a_download_that_runs_nothing(mia: User, offer: Attachment) -> None:
    answer = signed_in(mia).get(address(mia, offer))
    assert content(answer) == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_address_that_is_passed_on_opens_nothing(
    ida: User, mia: User, offer: Attachment
) -> None:
    hers = address(mia, offer)
    refused = signed_in(ida).get(hers)
    assert refused.status_code == 403
    assert "somebody else" in refused.content.decode()
    away = Client().get(hers)
    assert away.headers["Location"].startswith("/login/?")
    # Of a token's user neither: his browser is not his program.
    assert content(Client().get(of_token(create_token(mia, "Sheet"), offer))) == PNG


def test_an_address_that_was_changed_is_refused(ida: User, mia: User, offer: Attachment) -> None:
    good = address(mia, offer)
    with change(HOUSE, via="test") as made:
        second = attach(made, "company", offer.record_id, SimpleUploadedFile("x.png", PNG))
    stamp = good.rstrip("/").rpartition("/")[2]
    until = stamp.split(".")[1]
    wrong = [
        good.replace(str(offer.pk), str(second.pk)),
        good.replace(until, str(int(until) + 3600)),
        good.replace(mia.pk.hex, ida.pk.hex),
        good.replace("/u", "/t"),
        good[:-2] + ("A/" if good[-2] != "A" else "B/"),
        f"{offer.url}x/",
        f"{offer.url}..{stamp}/",
        f"{offer.url}u{mia.pk.hex}.{until}./",
        f"{offer.url}{stamp}:{stamp}/",
    ]
    for browser in (signed_in(mia), signed_in(ida), Client()):
        for one in wrong:
            assert browser.get(one).status_code == 403, one
    assert "not one of ours" in signed_in(mia).get(wrong[0]).content.decode()


def test_an_address_runs_out(mia: User, offer: Attachment, monkeypatch: Any) -> None:
    monkeypatch.setattr(signing, "LIFE_SECONDS", -2 * signing.STEP_SECONDS)
    old = address(mia, offer)
    monkeypatch.undo()
    answer = signed_in(mia).get(old)
    assert answer.status_code == 410
    # What it leads to asks anew whether he may.
    assert offer.url in answer.content.decode()


@pytest.mark.parametrize("way", ["hidden", "trashed", "detached"])
def test_what_went_out_of_sight_is_not_served(mia: User, offer: Attachment, way: str) -> None:
    secret = create_token(mia, "Sheet")
    hers, its = address(mia, offer), of_token(secret, offer)
    if way == "hidden":
        StoredGrant.objects.update_or_create(
            role=mia.role, object_name="company", defaults={"view_scope": "none"}
        )
    elif way == "trashed":
        with change(HOUSE, via="test") as made:
            made.trash("company", [offer.record_id])
    else:
        with change(HOUSE, via="test") as made:
            detach(made, offer)
    assert signed_in(mia).get(hers).status_code == 404
    assert Client().get(its).status_code == 404


@pytest.mark.parametrize("way", ["revoked", "ended", "narrowed", "moved", "left"])
def test_the_address_of_a_token_ends_with_it(mia: User, offer: Attachment, way: str) -> None:
    its = of_token(create_token(mia, "Sheet"), offer)
    token, now = ApiToken.objects.filter(user=mia), timezone.now()
    if way == "revoked":
        token.update(revoked_at=now)
    elif way == "ended":
        token.update(expires_at=now - timedelta(seconds=1))
    elif way == "narrowed":
        token.update(scopes={"deal": ["view"]})
    elif way == "moved":
        token.update(networks=["10.0.0.0/8"])
    else:
        User.objects.filter(pk=mia.pk).update(is_active=False)
    assert Client().get(its).status_code == 404


def test_nobody_lists_files_or_has_an_address_for_nobody(mia: User, offer: Attachment) -> None:
    assert signed_in(mia).get("/files/").status_code == 404
    for nobody in (ANONYMOUS, service("Work")):
        with pytest.raises(ValueError, match="Nobody"):
            address_of(offer.pk, nobody)


def test_another_key_opens_no_address(mia: User, offer: Attachment, settings: Any) -> None:
    old, browser = address(mia, offer), signed_in(mia)
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(old).status_code == 403
    assert browser.get(old).status_code == 403


def test_pictures_stand_on_the_page_for_no_statement_more(
    mia: User, acme: UUID, offer: Attachment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(mia)
    page = browser.get(f"/companies/{acme}/").content.decode()
    (picture,) = re.findall(r'<img class="thumb" src="([^"]+)"', page)
    assert content(browser.get(picture)) == PNG
    with django_assert_num_queries(0):
        address_of(offer.pk, principal_of(mia))
