"""`rapport token create`: let a program in."""

import argparse
from datetime import timedelta
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer

DESCRIPTION = """\
Make a token with which a program uses the API as that person, and print it,
nothing else. It is shown this once; keep it like a password."""
#: How often an agent may ask, and change something.
LIMITS = {
    "calls_per_hour": "calls an hour",
    "calls_per_day": "calls in 24 hours",
    "writes_per_hour": "changes an hour",
    "writes_per_day": "changes in 24 hours",
}
MOST = 1_000_000
#: A hundred years; more is a slip of the finger.
MOST_DAYS = 36_500
EXAMPLES = """\
example:
  curl -H "Authorization: Bearer $(rapport token create --user ana@firm.com)" \\
       http://localhost:8000/api/v1/people
  rapport token create --user ana@firm.com --name "Price list" --days 365 \\
       --scope read --scope deal.edit --network 203.0.113.0/24
  rapport token create --user ana@firm.com --name Assistant --propose \\
       --calls-per-hour 200 --writes-per-day 50"""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    token = verbs.add_parser("token", help="let programs in")
    actions = token.add_subparsers(metavar="ACTION", required=True)
    parser = add_verb(
        actions,
        "create",
        create,
        help="make a token and print it",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument("--user", required=True, metavar="E", help="the person's e-mail address")
    parser.add_argument(
        "--name",
        default="command line",
        metavar="NAME",
        help="what it is for (default: %(default)s)",
    )
    parser.add_argument(
        "--read-only", action="store_true", help="a token that can't change anything"
    )
    parser.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="WORD",
        help="what it may, of what its person may: read, write (all but administration), or "
        "actions by kind of record such as deal.edit and *.view; they add up (default: all)",
    )
    parser.add_argument(
        "--network",
        action="append",
        default=[],
        metavar="NET",
        help="an address or network it is used from (default: anywhere)",
    )
    parser.add_argument(
        "--propose",
        action="store_true",
        help="for an agent: it only reads, and its person approves what it proposes",
    )
    for name, text in LIMITS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=_limit, metavar="N",
            help=f"for an agent: {text} at most (default: any number)",
        )  # fmt: skip
    parser.add_argument("--days", type=_days, metavar="N", help="it ends after so many days")
    add_json(parser)


def create(arguments: argparse.Namespace) -> int:
    """Print a new token. Raises CommandFailed for an unknown or deactivated user, or for limits
    that are none."""
    with open_instance(arguments.data):
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from rapport.accounts.actions import create_token
        from rapport.accounts.models import User
        from rapport.records.surfaces.agents.terms import set_terms

        user = User.objects.filter(email__iexact=arguments.user).first()
        if user is None:
            raise CommandFailed(f"There is no user {arguments.user}.")
        scopes = _scopes(arguments.scope)
        until = timezone.now() + timedelta(days=arguments.days) if arguments.days else None
        try:
            secret = create_token(
                user,
                arguments.name,
                may_write=not (arguments.read_only or arguments.propose),
                expires_at=until,
                scopes=scopes,
                networks=arguments.network,
            )
        except ValidationError as error:
            raise CommandFailed(" ".join(error.messages)) from error
        limits = {name: getattr(arguments, name) for name in LIMITS}
        set_terms(secret, proposes=arguments.propose, limits=limits)
        answer(arguments, secret, token=secret, user=user.email, expires_at=until)
    return 0


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_DAYS}")
    return days


def _limit(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"from 0 to {MOST}")
    return number


def _scopes(words: list[str]) -> dict[str, list[str]] | None:
    """Actions by object, None for no limits. Raises CommandFailed for a word that is none."""
    from rapport.accounts.oauth.scopes import UnknownScope, allowed_by, words_of
    from rapport.accounts.principals import ACTIONS, EVERY_OBJECT
    from rapport.records import registry

    if not words:
        return None
    try:
        allowed = allowed_by(words_of(" ".join(words)))
    except UnknownScope as error:
        actions = ", ".join(ACTIONS)
        raise CommandFailed(
            f"A scope is read, write, or KIND.ACTION with one of: {actions}."
        ) from error
    unknown = [name for name in allowed if name != EVERY_OBJECT and not registry.is_declared(name)]
    if unknown:
        raise CommandFailed(f"There are no records of the kind “{unknown[0]}”.")
    return allowed
