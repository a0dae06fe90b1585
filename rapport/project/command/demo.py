"""`rapport demo`: fill an empty instance with a sample company."""

import argparse
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer
from .progress import progress_bar

if TYPE_CHECKING:
    from rapport.accounts.principals import Principal

DESCRIPTION = """\
Fill an empty instance with a small sample company: people, companies, deals,
tasks and twelve weeks of contact. It is one change set, so that undo in the
history clears it again.

The large one is for measuring: a million people, a fifth as many companies and
as many deals, five million activities, colleagues in teams and fields of its
own, the same on every run. It takes some minutes and 25 GB; search, scores and
indexes of its fields are made by the worker afterwards."""
MANY, MOST, BUSIEST = 1_000_000, 10_000_000, 50


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
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument(
        "--people", type=_people, metavar="N", help="how many the large one has (default: 1000000)"
    )
    parser.add_argument(
        "--busy", type=_busy, metavar="N", default=5.0,
        help="how many activities a person of the large one has on average (default: 5)",
    )  # fmt: skip
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the sample company. Raises CommandFailed where there are records already."""
    if arguments.people and arguments.size != "large":
        raise CommandFailed("--people is for the large company: rapport demo --size large")
    with open_instance(arguments.data) as opened:
        from rapport.project.demo import DemoExists, begin_scores

        make = _make_large if arguments.size == "large" else _make_small
        try:
            facts = make(arguments, _principal(arguments.user))
        except DemoExists as problem:
            raise CommandFailed(str(problem)) from None
        begin_scores()
        if arguments.size == "large":
            _analyse(opened.urls.owner)
        text = "The sample company is there. Undo it in the history when you have seen enough."
        answer(arguments, text, **facts)
    return 0


def _make_small(_arguments: argparse.Namespace, principal: "Principal") -> dict[str, Any]:
    from rapport.project.demo import build

    with progress_bar("Sample company", 100, has_rows=False) as done:
        made: UUID = build(principal, lambda count, total: done(100 * count // (total or 100)))
    return {"change_set": made}


def _make_large(arguments: argparse.Namespace, principal: "Principal") -> dict[str, Any]:
    from rapport.project.demo import Amounts, fill

    amounts = Amounts(arguments.people or MANY, arguments.busy)
    began = perf_counter()
    with progress_bar("Large sample company", amounts.all) as done:
        made = fill(principal, amounts, done)
    seconds = perf_counter() - began
    rate = round(amounts.all / seconds)
    return {
        "change_set": made, "records": amounts.all, "seconds": round(seconds), "per_second": rate,
    }  # fmt: skip


def _principal(email: str | None) -> "Principal":
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of

    users = User.objects.filter(is_active=True)
    wanted = {"email": email} if email else {"role__key": "owner"}
    user = users.filter(**wanted).order_by("created_at").first()
    if user is None:
        raise CommandFailed("There is no such user. Make one with: rapport user create")
    return principal_of(user)


def _analyse(url: str) -> None:
    """What the database would do by itself some minutes later; before, its plans are guesses."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def _people(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST:,} people")
    return count


def _busy(text: str) -> float:
    number = float(text)
    if not 0 <= number <= BUSIEST:
        raise argparse.ArgumentTypeError(f"from 0 to {BUSIEST} activities")
    return number
