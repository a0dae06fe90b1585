"""Backups: there, not too old, and known to come out again."""

from datetime import UTC, datetime, timedelta

from rapport.project.backups import plan, shelf
from rapport.project.instance import Instance

from .finding import Finding, advice, bad, good

NAME = "backups"
OLD = timedelta(days=8)
HOW = "Make one with: bin/rapport backup --test, or set a schedule on the page Settings, Backups."


def are_backups_well(instance: Instance) -> Finding:
    """Look at the newest backup, and at what became of the schedule and the last restore test."""
    if fault := plan.read_plan(instance).fault:
        return bad(NAME, f"The scheduled backup did not succeed: {fault}")
    known = shelf.backups(instance)
    if not known:
        return advice(NAME, f"There is no backup here. {HOW}")
    newest = known[0]
    age = datetime.now(tz=UTC) - newest.made_at
    if newest.tested and not newest.tested.is_good:
        return bad(NAME, f"The newest backup can't be restored: {newest.tested.said}")
    if age > OLD:
        return advice(NAME, f"The newest backup here is {age.days} days old. {HOW}")
    if not any(one.tested and one.tested.is_good for one in known):
        return advice(NAME, f"No backup here was ever restored to see what it is worth. {HOW}")
    return good(NAME, f"The newest of {len(known)} backups was made {newest.made_at:%Y-%m-%d}.")
