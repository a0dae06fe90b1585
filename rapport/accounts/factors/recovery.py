"""Codes on paper, for the day the phone is gone."""

import base64
import secrets
from hashlib import sha256

from rapport.accounts.models import RecoveryCode, User

HOW_MANY = 10
#: 80 bits: too many to try, so that a plain digest keeps them.
_BYTES = 10
_GROUP = 4


def new_codes() -> list[str]:
    """Return fresh codes as they are written down: `abcd-efgh-ijkl-mnop`."""
    return [_new_code() for _ in range(HOW_MANY)]


def keep_codes(user: User, codes: list[str]) -> None:
    """Store the digests of these codes in place of all earlier ones."""
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=digest_of(c)) for c in codes)


def digest_of(code: str) -> str:
    """Return what is stored in place of a code, however it is spaced and cased."""
    plain = "".join(filter(str.isalnum, code)).lower()
    return sha256(plain.encode()).hexdigest()


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
