"""When backups are made by themselves, how many are kept, and under which passphrase.

The plan lies in the data folder and not in the database: a restored database must not bring an
older plan along.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rapport.project.instance import Instance
from rapport.project.secrets import write_secret

from .shelf import folder_of, write_whole

FILE = "plan.json"
#: The file in the folder of secrets under which the backups of the schedule are encrypted.
KEPT_AS = "backup-passphrase"
NEVER, DAILY, WEEKLY = "never", "daily", "weekly"


@dataclass(frozen=True, slots=True)
class Plan:
    """`at` is hours and minutes in the workspace's zone, `day` counts from Monday, 0.

    `asked` is the moment the plan was last due or changed; `fault` is why the last backup, or its
    restore test, did not succeed, and `fault_at` when.
    """

    every: str = NEVER
    day: int = 6
    at: str = "02:00"
    keep: int = 7
    is_sealed: bool = False
    asked: str = ""
    fault: str = ""
    fault_at: str = ""

    def last_due(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The latest moment up to `now` at which a backup was due; None where none ever is."""
        if self.every not in (DAILY, WEEKLY):
            return None
        today = now.astimezone(zone).date()
        back = (today.weekday() - self.day) % 7 if self.every == WEEKLY else 0
        step = timedelta(days=7 if self.every == WEEKLY else 1)
        due = datetime.combine(today - timedelta(days=back), time.fromisoformat(self.at), zone)
        return due if due <= now else due - step

    def is_due(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether a backup is to be made now."""
        due = self.last_due(now, zone)
        return due is not None and (
            not self.asked or datetime.fromisoformat(self.asked) < due.astimezone(UTC)
        )

    def next_due(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the next one is due."""
        last = self.last_due(now, zone)
        return None if last is None else last + timedelta(days=7 if self.every == WEEKLY else 1)


def read_plan(instance: Instance) -> Plan:
    """The plan; without one nothing is made by itself."""
    try:
        known = json.loads((folder_of(instance) / FILE).read_text())
    except (FileNotFoundError, ValueError):
        return Plan()
    fields: dict[str, Any] = {name: known[name] for name in Plan.__slots__ if name in known}
    return Plan(**fields)


def write_plan(instance: Instance, plan: Plan, passphrase: str = "") -> None:
    """Keep a plan; its passphrase lies with the other secrets and stays unless a new one is given.

    What is no longer needed is removed.
    """
    if passphrase:
        write_secret(instance.secrets, KEPT_AS, passphrase)
    if not plan.is_sealed:
        (instance.secrets / KEPT_AS).unlink(missing_ok=True)
    write_whole(folder_of(instance) / FILE, json.dumps(asdict(plan), indent=1) + "\n")


def note_asked(instance: Instance, fault: str | None = None) -> None:
    """Note that the plan was followed at this moment, and whether it went well."""
    now = datetime.now(tz=UTC).isoformat(timespec="seconds")
    plan = read_plan(instance)
    if fault is None:
        plan = replace(plan, asked=now)
    else:
        plan = replace(plan, fault=fault, fault_at=now if fault else "")
    write_plan(instance, plan)


def passphrase_of(instance: Instance) -> str:
    """The passphrase that backups are encrypted with; empty where they are not."""
    if not read_plan(instance).is_sealed:
        return ""
    return stored_passphrase(instance)


def stored_passphrase(instance: Instance) -> str:
    """The passphrase that is kept, empty without one."""
    try:
        return (instance.secrets / KEPT_AS).read_text().rstrip("\n")
    except FileNotFoundError:
        return ""
