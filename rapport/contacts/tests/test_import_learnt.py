"""The page of the columns reads a file once, however often it is drawn again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts.testing import make_user
from rapport.records.imports import learnt
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.stored import open_stored
from rapport.records.models import ImportRun
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
FILE = "First name;Last name;Boss;City\nAda;Berg;Old Bob;Łódź\n"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each time the file is opened for the page."""
    found: list[str] = []

    def noting(run: ImportRun, *manner: learnt.Manner) -> learnt.Table:
        found.append(run.filename)
        return open_stored(run, *manner)

    monkeypatch.setattr(learnt, "open_stored", noting)
    return found


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def drafted(text: str = FILE) -> ImportRun:
    place = keep_upload(SimpleUploadedFile("p.csv", text.encode()))
    return draft(HOUSE, "person", "p.csv", place)


def chosen(browser: Client, run: ImportRun, **form: str) -> str:
    return browser.post(f"/import/run/{run.pk}/choose/", {"do": "look", **form}).content.decode()


def test_it_is_read_once_and_again_only_in_another_manner(
    browser: Client, opened: list[str]
) -> None:
    run = drafted()
    first = browser.get(f"/import/run/{run.pk}/").content.decode()
    known = len(opened)
    fields = {"field-0": "first_name", "field-1": "last_name", "field-2": "", "field-3": "region"}
    for city in ("region", "city"):
        page = chosen(browser, run, **{**fields, "field-3": city})
    assert "Łódź" in page
    assert len(opened) == known
    assert page.count("Ada") == first.count("Ada")
    page = chosen(browser, run, **{**fields, "field-2": "owner"})
    assert "Old Bob" in page
    assert len(opened) == known + 1, "words of a column are looked for when they are asked for"
    chosen(browser, run, **{**fields, "field-2": "owner"})
    assert len(opened) == known + 1
    assert "First name;Last name;Boss;City" in chosen(browser, run, delimiter=",")
    assert len(opened) > known + 1


def test_what_was_learnt_is_nobodys_but_ours_and_may_be_lost(
    browser: Client, opened: list[str]
) -> None:
    run = drafted()
    browser.get(f"/import/run/{run.pk}/")
    kept = Path(settings.MEDIA_ROOT) / f"{run.storage}.learnt"
    assert kept.stat().st_mode & 0o077 == 0
    for content in ("", "{", "[]", '{"manner": []}'):
        kept.write_text(content)
        before = len(opened)
        assert "Łódź" in browser.get(f"/import/run/{run.pk}/").content.decode()
        assert len(opened) > before
