"""The key that signs seals and closes the mail password, known by a name that does not tell it."""

import hashlib
import hmac
from pathlib import Path

from rapport.project.secrets import SESSION_KEY


def key_name(secrets: Path) -> str:
    """A name for the instance's key, the same wherever that key is; empty without one."""
    try:
        key = (secrets / SESSION_KEY).read_text().strip()
    except FileNotFoundError:
        return ""
    return hmac.digest(key.encode(), b"rapport.backup.key", hashlib.sha256).hex()[:16]
