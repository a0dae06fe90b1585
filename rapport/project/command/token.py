"""`rapport token create`: let a program in."""

import argparse
from datetime import timedelta
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer

DESCRIPTION = """\
Make a token with which a program uses the API as that person, and print it,
nothing else. It is shown this once; keep it like a password."""
EXAMPLES = """\
example:
  curl -H "Authorization: Bearer $(rapport token create --user ana@firm.com)" \\
       http://localhost:8000/api/v1/people"""


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
    parser.add_argument("--days", type=int, metavar="N", help="it ends after so many days")
    add_json(parser)


def create(arguments: argparse.Namespace) -> int:
    """Print a new token. Raises CommandFailed for an unknown or deactivated user."""
    with open_instance(arguments.data):
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from rapport.accounts.actions import create_token
        from rapport.accounts.models import User

        user = User.objects.filter(email__iexact=arguments.user).first()
        if user is None:
            raise CommandFailed(f"There is no user {arguments.user}.")
        until = timezone.now() + timedelta(days=arguments.days) if arguments.days else None
        try:
            secret = create_token(
                user, arguments.name, may_write=not arguments.read_only, expires_at=until
            )
        except ValidationError as error:
            raise CommandFailed(" ".join(error.messages)) from error
        answer(arguments, secret, token=secret, user=user.email, expires_at=until)
    return 0
