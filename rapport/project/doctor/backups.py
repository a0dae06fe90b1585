"""Backups: there, not too old, and known to come out again."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.project.backups import plan, shelf
from rapport.project.instance import Instance

from .finding import Finding, advice, bad, good, said_moment

NAME = "backups"
PAGE = "/setup/backups/"
OLD = timedelta(days=8)


def are_backups_well(instance: Instance) -> Finding:
    """Look at the newest backup, and at what became of the schedule and the last restore test."""
    if fault := plan.read_plan(instance).fault:
        said = _("The scheduled backup did not succeed: %(fault)s") % {"fault": fault}
        return bad(NAME, said, _("Mend that, and make one now."), PAGE)
    known = shelf.backups(instance)
    if not known:
        return advice(NAME, _("There is no backup here."), _how(), PAGE)
    newest = known[0]
    age = datetime.now(tz=UTC) - newest.made_at
    if newest.tested and not newest.tested.is_good:
        said = _("The newest backup can't be restored: %(fault)s") % {"fault": newest.tested.said}
        return bad(NAME, said, _("Make another one now, and test it."), PAGE)
    if age > OLD:
        said = _("The newest backup here is %(days)d days old.") % {"days": age.days}
        return advice(NAME, said, _how(), PAGE)
    if not any(one.tested and one.tested.is_good for one in known):
        said = _("No backup here was ever restored to see what it is worth.")
        return advice(NAME, said, _how(), PAGE)
    said = ngettext(
        "The only backup was made on %(at)s.",
        "The newest of %(n)d backups was made on %(at)s.",
        len(known),
    )
    return good(NAME, said % {"n": len(known), "at": said_moment(newest.made_at)}, PAGE)


def _how() -> str:
    return _(
        "Make one with: bin/rapport backup --test, or set a schedule on the page Settings, Backups."
    )
