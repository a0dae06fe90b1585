"""Passkeys (WebAuthn): what a device is asked, and what its answers prove.

A passkey is bound to the host people reach us at, and opened on the device by finger, face or its
own code. So it proves what the person has and who he is, and needs no password beside it.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import NOBODY, Actor, Refused, record_event
from rapport.accounts.addresses import site_of
from rapport.accounts.factors.queries import is_required_of
from rapport.accounts.factors.recovery import keep_codes, new_codes
from rapport.accounts.models import Passkey, SecurityEvent, User
from rapport.accounts.queries import workspace

_STATE = "passkey"
Kind = SecurityEvent.Kind


class NotProved(Exception):
    """The device's answer proves nothing: it is another one's, for another site, or too late."""


def ask_for_new(request: HttpRequest, user: User) -> str:
    """Return, as JSON, what the user's device needs to make a passkey for us."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = [_credential(passkey) for passkey in user.passkeys.all()]
    person = PublicKeyCredentialUserEntity(
        id=user.pk.bytes, name=user.email, display_name=user.name
    )
    options, state = _server(request).register_begin(
        person,
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _remember(request, options, state)


def ask_for_any(request: HttpRequest) -> str:
    """Return, as JSON, what a device needs to prove a passkey, whosever it is."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    return _remember(request, options, state)


def add_passkey(
    request: HttpRequest, user: User, name: str, answer: str, by: Actor = NOBODY
) -> list[str]:
    """Keep the passkey that the device has made.

    Returns recovery codes to be shown once, if the user had none. Raises NotProved.
    """
    try:
        made = _server(request).register_complete(_asked(request), _read(answer))
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise NotProved from wrong
    credential = made.credential_data
    if credential is None:
        raise NotProved
    values = {
        "name": name,
        "credential_id": credential.credential_id,
        "credential": bytes(credential),
        "sign_count": made.counter,
    }
    try:
        with transaction.atomic():
            Passkey.objects.create(user=user, **values)
            record_event(Kind.PASSKEY_ADDED, by, user, name=name)
            if user.recovery_codes.filter(used_at=None).exists():
                return []
            codes = new_codes()
            keep_codes(user, codes)
            return codes
    except IntegrityError as known:
        raise NotProved from known


def prove_passkey(request: HttpRequest, answer: str) -> User:
    """Return the active user whose passkey the device has proved. Raises NotProved."""
    response = _read(answer)
    passkey = _named(response)
    try:
        # The library tells the caller whose key it was, not what the device counted.
        from fido2.webauthn import AuthenticationResponse

        _server(request).authenticate_complete(_asked(request), [_credential(passkey)], response)
        count = AuthenticationResponse.from_dict(response).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise NotProved from wrong
    if not _counts_on(passkey, count):
        record_event(Kind.FACTOR_FAILED, NOBODY, passkey.user, name=passkey.name)
        raise NotProved
    return passkey.user


@transaction.atomic
def rename_passkey(passkey: Passkey, name: str, by: Actor = NOBODY) -> None:
    """Call a passkey something else."""
    before, passkey.name = passkey.name, name
    passkey.save(update_fields=["name"])
    record_event(Kind.PASSKEY_RENAMED, by, passkey.user, before=before, after=name)


@transaction.atomic
def remove_passkey(passkey: Passkey, by: Actor = NOBODY) -> None:
    """Forget a passkey. Raises Refused if it is the last second factor and a role wants one."""
    user = passkey.user
    others = user.passkeys.exclude(pk=passkey.pk).exists() or hasattr(user, "code_app")
    if not others and is_required_of(user):
        raise Refused(_("Your role needs a second factor. You can set up another one instead."))
    passkey.delete()
    if not others:
        user.recovery_codes.all().delete()
    record_event(Kind.PASSKEY_REMOVED, by, user, name=passkey.name)


def _server(request: HttpRequest) -> Any:
    # Late: most processes never meet a passkey.
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host = request.get_host()
    site = PublicKeyCredentialRpEntity(
        id=host.rsplit(":", 1)[0], name=workspace().name or "Rapport"
    )
    # A proxy before us may speak TLS, of which the request knows nothing.
    origins = {site_of(request), f"{request.scheme}://{host}", f"https://{host}"}
    return Fido2Server(site, verify_origin=origins.__contains__)


def _remember(request: HttpRequest, options: Any, state: Any) -> str:
    request.session[_STATE] = state
    return json.dumps(dict(options)["publicKey"])


def _asked(request: HttpRequest) -> Any:
    """What was asked, once: an answer that was caught on its way is worth nothing later."""
    return request.session.pop(_STATE)


def _read(answer: str) -> Any:
    try:
        return json.loads(answer)
    except ValueError as broken:
        raise NotProved from broken


def _named(response: Any) -> Passkey:
    from fido2.utils import websafe_decode

    try:
        key = websafe_decode(response["rawId"])
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise NotProved from wrong
    found = Passkey.objects.select_related("user__role").filter(credential_id=key).first()
    if found is None or not found.user.is_active:
        raise NotProved
    return found


def _credential(passkey: Passkey) -> Any:
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(bytes(passkey.credential))


def _counts_on(passkey: Passkey, count: int) -> bool:
    """Note that it was used; False if its count does not go on, unless it never counts."""
    same = Passkey.objects.filter(pk=passkey.pk)
    if count:
        same = same.filter(sign_count__lt=count)
    elif passkey.sign_count:
        return False
    return bool(same.update(sign_count=count, last_used_at=timezone.now()))
