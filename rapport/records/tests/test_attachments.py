"""Files of records: who gets them, under which name and type, and that they can come back."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts.models import Grant as StoredGrant
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.kit.ids import uuid7
from rapport.records.attachments.names import clean_name
from rapport.records.attachments.sniffing import UNKNOWN, sniff
from rapport.records.changes.undo import undo
from rapport.records.models import Attachment, ChangeSet
from rapport.records.store import change
from rapport.records.testing import create

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def ida() -> User:
    return make_user()


@pytest.fixture
def browser(ida: User) -> Client:
    return signed_in(ida)


@pytest.fixture
def acme(ida: User) -> UUID:
    return create("company", by=principal_of(ida), name="Acme")


def add(
    browser: Client, company: UUID, name: str = "quote.pdf", content: bytes = b"%PDF-1.7"
) -> Any:
    return browser.post(
        f"/companies/{company}/files/", {"files": SimpleUploadedFile(name, content)}
    )


def test_a_file_is_kept_and_fetched_as_a_download(browser: Client, acme: UUID) -> None:
    add(browser, acme)
    kept = Attachment.objects.get()
    answer: Any = browser.get(kept.url, follow=True)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="quote.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert kept.added_by is not None
    assert (kept.size, kept.added_by.name) == (8, "Ida Brandt")
    assert len(kept.sha256) == 64


def test_a_file_of_an_unseen_record_is_not_there_cve_2026_33740(
    acme: UUID, browser: Client
) -> None:
    """EspoCRM let any user fetch any attachment whose id he knew."""
    add(browser, acme)
    key = Attachment.objects.get().pk
    mia = make_user("Mia Member", "member")
    StoredGrant.objects.update_or_create(
        role=mia.role, object_name="company", defaults={"view_scope": "own"}
    )
    stranger = signed_in(mia)
    unknown = stranger.get(f"/files/{uuid7()}/")
    for answer in (stranger.get(f"/files/{key}/"), stranger.post(f"/files/{key}/delete/")):
        assert answer.status_code == unknown.status_code == 404
    assert add(stranger, acme).status_code == 404
    assert Client().get(f"/files/{key}/").status_code in (302, 401)
    assert Attachment.objects.count() == 1


def test_who_sees_but_may_not_edit_can_fetch_only(acme: UUID, browser: Client) -> None:
    add(browser, acme)
    kept = Attachment.objects.get()
    rita = signed_in(make_user("Rita Reader", "read_only"))
    answer: Any = rita.get(kept.url, follow=True)
    assert b"".join(answer.streaming_content)
    assert rita.post(f"{kept.url}delete/").status_code == 403
    assert add(rita, acme).status_code == 403
    assert Attachment.objects.count() == 1


def test_a_file_of_a_trashed_record_is_not_there(ida: User, browser: Client, acme: UUID) -> None:
    add(browser, acme)
    with change(principal_of(ida), via="test") as made:
        made.trash("company", [acme])
    assert browser.get(Attachment.objects.get().url).status_code == 404


def test_a_name_runs_nothing_cve_2021_45071(browser: Client, acme: UUID) -> None:
    """Odoo showed the names of uploaded files as HTML."""
    add(browser, acme, "<img src=x onerror=alert(1)>.png", PNG)
    shown = browser.get(f"/companies/{acme}/").content.decode()
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in shown


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("..", "file"),
        ("", "file"),
        ("gnp\u202eexe.png", "gnpexe.png"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Anlage Ä.pdf", "Anlage Ä.pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_no_path_comes_from_the_sender(browser: Client, acme: UUID) -> None:
    add(browser, acme, "..%2f..%2fsettings.py", b"x = 1")
    kept = Attachment.objects.get()
    assert "settings" not in kept.storage_key
    place = Path(default_storage.path(kept.storage_key)).resolve()
    assert place.is_relative_to(Path(settings.MEDIA_ROOT).resolve())
    assert place.stat().st_mode & 0o077 == 0
    for path in ("/files/../../etc/passwd", "/files/..%2f..%2fetc%2fpasswd/"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("head", "type"),
    [
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg onload=alert(1)>", "text/plain"),
        (PNG, "image/png"),
        (b"MZ\x00\x00", UNKNOWN),
        (b"\xff\xfe\xfa", UNKNOWN),
        ("ä".encode() * 3000, "text/plain"),
        (b"", "text/plain"),
    ],
)
def test_the_type_is_told_from_the_content(head: bytes, type: str) -> None:
    assert sniff(head[:4095]) == type


def test_too_large_is_a_sentence(browser: Client, acme: UUID, settings: Any) -> None:
    settings.LARGEST_ATTACHMENT = 10
    answer = browser.post(
        f"/companies/{acme}/files/",
        {"files": SimpleUploadedFile("long.txt", b"x" * 11)},
        HTTP_HX_REQUEST="true",
    )
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    browser: Client, acme: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_more: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(default_storage), "save", full, raising=False)
    answer = browser.post(
        f"/companies/{acme}/files/",
        {"files": SimpleUploadedFile("a.txt", b"x")},
        HTTP_HX_REQUEST="true",
    )
    assert answer.status_code == 422
    assert "disk is full" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not ChangeSet.objects.filter(title__contains="added").exists()


def test_when_one_of_several_is_refused_none_is_kept(
    browser: Client, acme: UUID, settings: Any
) -> None:
    settings.LARGEST_ATTACHMENT = 10
    before = _stored()
    files = [SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("b.txt", b"x" * 11)]
    browser.post(f"/companies/{acme}/files/", {"files": files})
    assert not Attachment.objects.exists()
    assert _stored() == before


def _stored() -> int:
    return sum(1 for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file())


def test_a_deleted_file_comes_back_whole(ida: User, browser: Client, acme: UUID) -> None:
    add(browser, acme)
    before = Attachment.objects.values().get()
    assert browser.post(f"/files/{before['id']}/delete/").status_code == 302
    assert browser.get(f"/files/{before['id']}/").status_code == 404
    last = ChangeSet.objects.order_by("-at").first()
    assert last is not None
    undo(principal_of(ida), last.pk, via="test")
    assert Attachment.objects.values().get() == before
    answer: Any = browser.get(f"/files/{before['id']}/", follow=True)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"


def test_adding_is_undone_too(ida: User, browser: Client, acme: UUID) -> None:
    add(browser, acme)
    last = ChangeSet.objects.order_by("-at").first()
    assert last is not None
    undo(principal_of(ida), last.pk, via="test")
    assert not Attachment.objects.exists()


def test_history_names_a_file_and_not_where_it_lies(browser: Client, acme: UUID) -> None:
    add(browser, acme)
    kept = Attachment.objects.get()
    shown = browser.get(f"/companies/{acme}/history/").content.decode()
    assert "quote.pdf" in shown
    assert kept.storage_key not in shown
    assert kept.sha256 not in shown
