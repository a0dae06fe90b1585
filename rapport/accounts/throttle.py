"""Slows guessing down, counted in PostgreSQL so that all processes count together.

A guesser is stopped per pair of account and network, and per network; an account is never
locked as such, so nobody can shut its real owner out from elsewhere.
"""

from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rapport.accounts.addresses import network_of
from rapport.accounts.models import SignInAttempt, User

SIGN_IN = "sign_in"
RESET = "reset"
CODE = "code"
DOCUMENT = "document"
#: Addresses that open nothing, and what strangers do by those that open something.
GUESS = "guess"
LINK = "link"
#: What strangers send by a form on a web page, and what programs do.
WEB_FORM, HOOK = "web_form", "hook"
BOOK = "book"
WINDOW = timedelta(minutes=15)
PAIR_LIMITS = {SIGN_IN: 5, RESET: 3, CODE: 5, DOCUMENT: 5, GUESS: 30, LINK: 20, BOOK: 5,
               WEB_FORM: 10, HOOK: 600}  # fmt: skip
NETWORK_LIMITS = {SIGN_IN: 50, RESET: 20, CODE: 50, DOCUMENT: 20, GUESS: 30, LINK: 60, BOOK: 20,
                  WEB_FORM: 30, HOOK: 600}  # fmt: skip


class TooManyTries(Exception):
    """This pair or network has to wait some minutes."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


def claim_try(purpose: str, email: str, ip: str | None) -> int:
    """Note one try and return how many are left.

    It is noted before it is counted, so that tries made at the same moment see each other.
    Raises TooManyTries.
    """
    now = timezone.now()
    SignInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    attempt = SignInAttempt.objects.create(at=now, purpose=purpose, **_pair(email, ip))
    left, since = _tries_left(attempt)
    if left < 0:
        # A try that was not let through must not make the pause longer.
        attempt.delete()
        raise TooManyTries(_minutes_until(since + WINDOW, now))
    return left


def release_tries(purpose: str, email: str, ip: str | None) -> None:
    """Forget the tries of a pair that has now proved itself."""
    SignInAttempt.objects.filter(purpose=purpose, **_pair(email, ip)).delete()


def _tries_left(attempt: SignInAttempt) -> tuple[int, datetime]:
    of_pair = Q(email_digest=attempt.email_digest)
    counted = SignInAttempt.objects.filter(
        purpose=attempt.purpose, network=attempt.network
    ).aggregate(
        pair=Count("pk", filter=of_pair),
        network=Count("pk"),
        pair_since=Min("at", filter=of_pair),
        network_since=Min("at"),
    )
    by_pair = PAIR_LIMITS[attempt.purpose] - counted["pair"]
    by_network = NETWORK_LIMITS[attempt.purpose] - counted["network"]
    if by_network < 0 <= by_pair:
        return by_network, counted["network_since"]
    return min(by_pair, by_network), counted["pair_since"]


def _pair(email: str, ip: str | None) -> dict[str, str]:
    address = User.objects.normalize_email(email)
    return {
        "email_digest": salted_hmac("rapport.throttle", address, algorithm="sha256").hexdigest(),
        "network": network_of(ip),
    }


def _minutes_until(end: datetime, now: datetime) -> int:
    return max(1, ceil((end - now) / timedelta(minutes=1)))
