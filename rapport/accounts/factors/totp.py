"""Codes of an app, made of a shared secret and the time (RFC 6238: SHA-1, six digits, 30 s)."""

import base64
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils.crypto import constant_time_compare

STEP = 30
DIGITS = 6
SECRET_BYTES = 20
# A phone's clock may be off by one step.
_DRIFT = (0, -1, 1)


def new_secret() -> str:
    """Return a secret to share with an app, in base32 as apps and people take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a half minute, counted from the epoch in steps of 30 seconds."""
    return _totp(secret).generate(step * STEP).decode()


def fitting_step(secret: str, code: str, now: float) -> int | None:
    """Return the step whose code this is, of the present one and its neighbours; None if of none.

    `now` is in seconds since the epoch.
    """
    present = int(now) // STEP
    steps = (present + drift for drift in _DRIFT)
    return next((one for one in steps if constant_time_compare(code_at(secret, one), code)), None)


def address(secret: str, account: str, issuer: str) -> str:
    """Return the `otpauth://` address that an app reads from a picture."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def _totp(secret: str) -> TOTP:
    # Apps know nothing else: a longer code or another digest would be read wrongly in silence.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303
