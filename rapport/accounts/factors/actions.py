"""What can be done to second factors."""

import time
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    NOBODY,
    Actor,
    Refused,
    record_event,
    require_owner,
    require_rank_over,
)
from rapport.accounts.factors import letters, totp
from rapport.accounts.factors.queries import has_passkey, is_required_of, rules
from rapport.accounts.factors.recovery import digest_of, keep_codes, new_codes
from rapport.accounts.models import CodeApp, Role, SecondFactorRule, SecurityEvent, User
from rapport.accounts.sealing import CannotOpen, open_sealed, seal
from rapport.accounts.throttle import CODE, claim_try, release_tries

Kind = SecurityEvent.Kind


class WrongCode(Exception):
    """The code is not the one that is due, was used before, or is none of the recovery codes."""


@transaction.atomic
def add_code_app(user: User, secret: str, code: str, by: Actor = NOBODY) -> list[str]:
    """Let the app of this secret be the user's second factor; `code` proves that it has it.

    Returns fresh recovery codes, which can't be shown again. Raises WrongCode.
    """
    step = totp.fitting_step(secret, _plain(code), time.time())
    if step is None:
        raise WrongCode
    values = {"secret_sealed": seal(secret), "last_step": step}
    CodeApp.objects.update_or_create(user=user, defaults=values)
    record_event(Kind.FACTOR_ADDED, by, user)
    return _make_codes(user)


@transaction.atomic
def renew_recovery_codes(user: User, by: Actor = NOBODY) -> list[str]:
    """Return fresh recovery codes; the earlier ones stop working."""
    record_event(Kind.CODES_MADE, by, user)
    return _make_codes(user)


@transaction.atomic
def remove_code_app(user: User, by: Actor = NOBODY) -> None:
    """Forget the user's app, at his own wish; recovery codes go with the last second factor.

    Raises Refused if it is the last one and a role wants one.
    """
    has_others = has_passkey(user)
    if not has_others and is_required_of(user):
        raise Refused(_("Your role needs a second factor. You can set up another one instead."))
    CodeApp.objects.filter(user=user).delete()
    if not has_others:
        user.recovery_codes.all().delete()
    record_event(Kind.FACTOR_REMOVED, by, user)
    letters.tell(user, letters.turned_off)


@transaction.atomic
def reset_factors(user: User, by: Actor = NOBODY) -> None:
    """Forget all second factors of somebody who has lost them; he is told by mail.

    Raises PermissionDenied if the actor's rank is too low.
    """
    require_rank_over(by, user)
    CodeApp.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    user.recovery_codes.all().delete()
    record_event(Kind.FACTOR_RESET, by, user)
    letters.tell(user, letters.reset)


def prove_code(user: User, code: str, by: Actor = NOBODY) -> None:
    """Take a code of the user's app or one of his recovery codes, each of them once.

    Raises WrongCode, TooManyTries.
    """
    claim_try(CODE, user.email, by.ip)
    plain = _plain(code)
    if not (_takes_app_code(user, plain) or _takes_recovery_code(user, plain, by)):
        record_event(Kind.FACTOR_FAILED, by, user)
        raise WrongCode
    release_tries(CODE, user.email, by.ip)


@transaction.atomic
def change_rules(roles: Collection[str], by: Actor = NOBODY) -> None:
    """Want a second factor of the holders of these roles, and of no others.

    Raises PermissionDenied unless an owner asks.
    """
    require_owner(by)
    before = rules()
    if set(before) == set(roles):
        return
    SecondFactorRule.objects.all().delete()
    wanted = Role.objects.filter(key__in=roles)
    SecondFactorRule.objects.bulk_create(SecondFactorRule(role=role) for role in wanted)
    record_event(Kind.FACTOR_RULE_CHANGED, by, roles=sorted(roles))


def _make_codes(user: User) -> list[str]:
    codes = new_codes()
    keep_codes(user, codes)
    return codes


def _takes_app_code(user: User, code: str) -> bool:
    app = CodeApp.objects.filter(user=user).first()
    if app is None or len(code) != totp.DIGITS:
        return False
    try:
        step = totp.fitting_step(open_sealed(app.secret_sealed), code, time.time())
    except CannotOpen:
        return False
    if step is None:
        return False
    # In the statement itself, so that of two browsers with the same code one comes too late.
    unused = CodeApp.objects.filter(pk=app.pk, last_step__lt=step)
    return bool(unused.update(last_step=step))


def _takes_recovery_code(user: User, code: str, by: Actor) -> bool:
    unused = user.recovery_codes.filter(digest=digest_of(code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    record_event(Kind.CODE_USED, by, user)
    letters.tell(user, letters.code_used)
    return True


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code))
