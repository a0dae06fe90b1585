from pathlib import Path

import pytest
from pytest_django import Settings

from rapport.accounts.models import CodeApp, Workspace
from rapport.accounts.sealing import CannotOpen, open_sealed, seal
from rapport.accounts.testing import make_user
from rapport.project.rotation import rotate_keys, sealed_fields

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    """The file of keys of this test."""
    settings.SEALING_KEYS_FILE = tmp_path / "secrets" / "sealing-keys"
    return settings.SEALING_KEYS_FILE


def test_every_sealed_secret_gets_a_fresh_key(settings: Settings, keys: Path) -> None:
    app = CodeApp.objects.create(user=make_user(), secret_sealed=seal("what only the app knows"))
    Workspace.objects.update(mail_password_sealed=seal("of the mail server"))
    before = app.secret_sealed
    assert {(model, name) for model, name in sealed_fields()} >= {
        (CodeApp, "secret_sealed"),
        (Workspace, "mail_password_sealed"),
    }
    done = rotate_keys()
    assert (done.sealed, done.lost) == (2, 0)
    app.refresh_from_db()
    assert app.secret_sealed != before
    assert keys.stat().st_mode & 0o777 == 0o600
    settings.SECRET_KEY = "another one"
    assert open_sealed(app.secret_sealed) == "what only the app knows"
    with pytest.raises(CannotOpen):
        open_sealed(before)


def test_the_key_before_opens_for_one_more_round(keys: Path) -> None:
    rotate_keys()
    sealed = seal("meanwhile")
    rotate_keys()
    assert open_sealed(sealed) == "meanwhile"
    rotate_keys()
    assert len(keys.read_text().split()) == 2
    with pytest.raises(CannotOpen):
        open_sealed(sealed)


def test_a_secret_that_nobody_can_open_stays_and_is_counted() -> None:
    Workspace.objects.update(mail_password_sealed="what is this")
    assert (rotate_keys().lost, Workspace.objects.get().mail_password_sealed) == (1, "what is this")


def test_keys_of_the_environment_are_its_own(settings: Settings, keys: Path) -> None:
    settings.SEALING_KEYS = ("old",)
    Workspace.objects.update(mail_password_sealed=seal("of the mail server"))
    settings.SEALING_KEYS = ("new", "old")
    rotate_keys()
    settings.SEALING_KEYS = ("new",)
    assert open_sealed(Workspace.objects.get().mail_password_sealed) == "of the mail server"
    assert not keys.exists()
