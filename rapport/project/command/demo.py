"""`rapport demo`: fill an empty instance with a sample company."""

import argparse
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer
from .progress import progress_bar

DESCRIPTION = """\
Fill an empty instance with a small sample company: people, companies, deals,
tasks and twelve weeks of contact. It is one change set, so that undo in the
history clears it again."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs,
        "demo",
        run,
        help="fill an empty instance with a sample company",
        description=DESCRIPTION,
    )
    parser.add_argument("--user", metavar="E", help="whose records they are (default: the owner)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the sample company. Raises CommandFailed where there are records already."""
    with open_instance(arguments.data):
        from rapport.accounts.models import User
        from rapport.accounts.principals import principal_of
        from rapport.project.demo import DemoExists, begin_scores, build

        users = User.objects.filter(is_active=True)
        wanted = {"email": arguments.user} if arguments.user else {"role__key": "owner"}
        user = users.filter(**wanted).order_by("created_at").first()
        if user is None:
            raise CommandFailed("There is no such user. Make one with: rapport user create")
        try:
            with progress_bar("Sample company", 100, has_rows=False) as done:
                change_set = build(
                    principal_of(user), lambda made, total: done(100 * made // (total or 100))
                )
            begin_scores()
        except DemoExists as problem:
            raise CommandFailed(str(problem)) from None
        text = "The sample company is there. Undo it in the history when you have seen enough."
        answer(arguments, text, change_set=change_set)
    return 0
