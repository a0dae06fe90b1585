"""Sentences at a terminal come in its language, or in the workspace's where it names none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from rapport.accounts.models import Workspace
from rapport.project.command.__main__ import main
from rapport.project.spoken import speak


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    with translation.override(translation.get_language()):
        yield


def test_a_restore_answers_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["--data", str(tmp_path / "none"), "restore", str(tmp_path / "lost.tar")]
    for language, sentence in (("es_ES.UTF-8", "No se puede leer"), ("C", "can't be read")):
        monkeypatch.setenv("LANG", language)
        assert main(asked) == 1
        assert sentence in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_terminal_without_a_language_speaks_as_the_workspace(
    monkeypatch: pytest.MonkeyPatch, owner_database_url: str
) -> None:
    Workspace.objects.update(language="es")
    for terminal, language in (("C.UTF-8", "es"), ("de_DE.UTF-8", "es"), ("en_GB.UTF-8", "en")):
        monkeypatch.setenv("LANG", terminal)
        speak(owner_database_url)
        assert translation.get_language() == language
