"""The language of sentences at a terminal."""

import os
from contextlib import suppress

import psycopg
from django.conf import settings
from django.utils import translation


def speak(url: str = "") -> None:
    """Speak as the terminal is set; where that names no language of ours, as the workspace in the
    database at `url` does. Django must be set up."""
    translation.activate(_of_terminal() or _of_workspace(url) or settings.LANGUAGE_CODE)


def _of_terminal() -> str:
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return _known(said.partition(".")[0].partition("_")[0].lower())


def _of_workspace(url: str) -> str:
    # It may be of a version that has another table, or none.
    with suppress(psycopg.Error), psycopg.connect(url) as connection:
        found = connection.execute("SELECT language FROM accounts_workspace LIMIT 1").fetchone()
        return _known(found[0]) if found else ""
    return ""


def _known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else ""
