"""`rapport keys rotate`: seal the secrets in the database with a fresh key."""

import argparse
from typing import Any

from .opening import open_instance
from .output import add_json, add_verb, answer

DESCRIPTION = """\
Make a fresh key and seal with it whatever secret the database has to keep: the
mail server's password, what code apps share with us. Do so when somebody may
have seen the key, or when the rules of your firm say so. It runs beside a
serving instance, which goes on without a restart.

The key lies in secrets/sealing-keys of the data folder, with the one before it.
An encrypted backup carries both. If RAPPORT_SEALING_KEYS names the keys, put a
fresh one in front of it, restart, and run this to have all secrets sealed with it."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    keys = verbs.add_parser("keys", help="the keys of secrets in the database")
    actions = keys.add_subparsers(metavar="ACTION", required=True)
    parser = add_verb(
        actions, "rotate", rotate, help="seal all with a fresh key", description=DESCRIPTION
    )
    add_json(parser)


def rotate(arguments: argparse.Namespace) -> int:
    """Make the key and seal anew; a secret whose key is lost stays as it is and is counted."""
    with open_instance(arguments.data):
        from rapport.project.rotation import rotate_keys

        done = rotate_keys()
        text = f"{done.sealed} secrets are sealed with a fresh key."
        if done.lost:
            text += f" {done.lost} can't be opened with any key we have; they must be set anew."
        answer(arguments, text, sealed=done.sealed, lost=done.lost)
    return 0
