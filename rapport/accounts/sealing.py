"""Keeps the few secrets we must give away again (a mail password, the secret that a code app
shares with us) unreadable in the database."""

import base64
import hashlib
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """The sealed text was made with a key this installation no longer has."""


def seal(text: str) -> str:
    """Return `text` encrypted with a key that lies outside the database; nothing for nothing."""
    return _cipher().encrypt(text.encode()).decode() if text else ""


def open_sealed(sealed: str) -> str:
    """Return what `seal` was given. Raises CannotOpen."""
    if not sealed:
        return ""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken as wrong_key:
        raise CannotOpen from wrong_key


def reseal(sealed: str) -> str:
    """Return the same secret sealed with the newest key. Raises CannotOpen."""
    return seal(open_sealed(sealed))


def sealing_keys() -> list[str]:
    """Return the keys made by rotation, the newest first; read anew each time, since the command
    that rotates them runs beside the processes that seal."""
    if settings.SEALING_KEYS:
        return list(settings.SEALING_KEYS)
    try:
        return Path(settings.SEALING_KEYS_FILE).read_text().split()
    except OSError:
        return []


def _cipher() -> MultiFernet:
    # Until keys are rotated for the first time the instance's one key serves for this too.
    keys = [*sealing_keys(), settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str | bytes) -> bytes:
    material = key.encode() if isinstance(key, str) else key
    digest = hashlib.blake2b(material, digest_size=32, person=b"rapport.sealing").digest()
    return base64.urlsafe_b64encode(digest)
