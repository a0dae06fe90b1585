"""`rapport user create`: make an account from the command line."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer

DESCRIPTION = """\
Make an account. The password comes from --password-file, else it is asked for
at the terminal. The first account of an instance is its owner."""
RESET_FACTOR = """\
Forget the second factor of somebody who has lost phone and recovery codes. An
administrator can do this in the browser; this is the way back for the last owner."""
ROLES = ("owner", "manager", "member", "read_only")


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    user = verbs.add_parser("user", help="make accounts")
    actions = user.add_subparsers(metavar="ACTION", required=True)
    parser = add_verb(actions, "create", create, help="make an account", description=DESCRIPTION)
    parser.add_argument("--email", required=True, metavar="E", help="the address to sign in with")
    parser.add_argument(
        "--name", metavar="NAME", help="shown to others (default: from the address)"
    )
    parser.add_argument("--role", default="member", metavar="ROLE", help=", ".join(ROLES))
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="file with the password")
    add_json(parser)
    reset = add_verb(
        actions,
        "reset-factor",
        reset_factor,
        help="forget somebody's second factor",
        description=RESET_FACTOR,
    )
    reset.add_argument("--email", required=True, metavar="E", help="the address to sign in with")
    add_json(reset)


def create(arguments: argparse.Namespace) -> int:
    """Make the account. Raises CommandFailed with every fault found."""
    password = _password(arguments.password_file)
    with open_instance(arguments.data):
        from django.core.exceptions import ValidationError

        from rapport.accounts.actions import create_owner, create_user
        from rapport.accounts.models import Role, User

        name = arguments.name or arguments.email.split("@")[0]
        try:
            if User.objects.exists():
                user = create_user(arguments.email, name, password, arguments.role)
            else:
                user = create_owner(arguments.email, name, password)
        except ValidationError as error:
            raise CommandFailed(" ".join(error.messages)) from error
        except Role.DoesNotExist as error:
            raise CommandFailed(f"There is no role named {arguments.role}.") from error
        role = user.role.key
        answer(
            arguments,
            f"{user.email} can sign in as {role}.",
            id=user.pk,
            email=user.email,
            role=role,
        )
    return 0


def reset_factor(arguments: argparse.Namespace) -> int:
    """Forget the factor. Raises CommandFailed for an unknown user."""
    with open_instance(arguments.data):
        from rapport.accounts.factors.actions import reset_factors
        from rapport.accounts.models import User

        user = User.objects.filter(email=User.objects.normalize_email(arguments.email)).first()
        if user is None:
            raise CommandFailed(f"There is no user {arguments.email}.")
        reset_factors(user)
        text = f"{user.email} signs in without a second factor until a new one is set up."
        answer(arguments, text, id=user.pk, email=user.email)
    return 0


def _password(file: Path | None) -> str:
    if file:
        try:
            return file.read_text().rstrip("\r\n")
        except OSError as error:
            raise CommandFailed(f"The password file can't be read: {error}.") from error
    if not sys.stdin.isatty():
        raise CommandFailed("Give the password with --password-file.")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Once more: "):
        raise CommandFailed("The two passwords differ.")
    return first
