"""What `collectstatic` makes of our files, as an installed server sends them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

HASHED = {"BACKEND": "rapport.project.static.HashedStaticFiles"}


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": HASHED}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def file_of(root: Path, name: str) -> str:
    url = staticfiles_storage.url(name)
    assert re.search(r"\.[0-9a-f]{12}\.\w+$", url), url
    return (root / url.removeprefix(settings.STATIC_URL)).read_text()


def test_sheet_fonts_and_modules_follow_each_other_by_hash(collected: Path) -> None:
    sheet = file_of(collected, "ui/rapport.css")
    assert "@import" not in sheet
    assert re.search(r"inter-latin\.[0-9a-f]{12}\.woff2", sheet)
    modules = re.findall(
        r"""(?:from|import)\s*\(?["'](\./[^"']+)["']""", file_of(collected, "ui/js/app.js")
    )
    assert len(modules) > 10
    for module in modules:
        assert re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", module), module
        assert (collected / "ui" / "js" / module).exists()
