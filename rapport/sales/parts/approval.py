"""What a quote breaks of the rules for approval, and whether that was approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.models.working_time import Absence
from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.kit.formats import format_money, format_percent
from rapport.records import access
from rapport.records.compiled import Compiled, JSONArray, compiled
from rapport.sales.models import ApprovalRule, Quote, QuoteApproval, QuoteLine

#: The field whose reader may be told that a rule about it is broken.
RESTS_ON = {"discount": "lines", "margin": "margin_percent", "total": "net_base"}


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that a quote may not do without approval."""

    key: str
    measure: str
    limit: str
    value: str
    line: str = ""

    def words(self, locale: str) -> str:
        """What is too much, and from where on it is."""
        limit, value = Decimal(self.limit), Decimal(self.value)
        if self.measure == "total":
            code = workspace().currency
            told = {
                "value": format_money(value, code, locale),
                "limit": format_money(limit, code, locale),
            }
            return _("The net total of %(value)s is over the limit of %(limit)s.") % told
        told = {
            "value": format_percent(value, locale), "limit": format_percent(limit, locale),
            "line": self.line,
        }  # fmt: skip
        if self.measure == "margin":
            return _("The margin of %(value)s is under the floor of %(limit)s.") % told
        return _("“%(line)s” has %(value)s off, the limit is %(limit)s.") % told

    def is_within(self, other: Broken) -> bool:
        """Whether who approved the other approved this too."""
        if self.key != other.key:
            return False
        value, approved = Decimal(self.value), Decimal(other.value)
        return value >= approved if self.measure == "margin" else value <= approved


@dataclass(frozen=True, slots=True)
class Standing:
    """How a quote stands: none (breaks nothing), needed, waiting, declined or approved."""

    state: str
    broken: Sequence[Broken]
    steps: Sequence[QuoteApproval]

    @property
    def current(self) -> QuoteApproval | None:
        """The step that somebody has to decide now."""
        if self.state != "waiting":
            return None
        return next((one for one in self.steps if one.state == "waiting"), None)


def standings(ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """How quotes stand; a workspace without rules is asked nothing more."""
    rules = list(ApprovalRule.objects.order_by("position", "pk"))
    if not rules:
        return {}
    found = _broken(rules, ids)
    steps: dict[UUID, list[QuoteApproval]] = {}
    rows = QuoteApproval.objects.filter(quote__in=list(found)).exclude(state="dropped")
    for row in rows.select_related("asked_by", "decided_by").order_by("position"):
        steps.setdefault(row.quote_id, []).append(row)
    return {key: _standing(broken, steps.get(key, [])) for key, broken in found.items()}


def _standing(broken: Sequence[Broken], steps: Sequence[QuoteApproval]) -> Standing:
    if not broken:
        return Standing("none", broken, steps)
    asked = [read_broken(one) for one in steps[0].broken] if steps else []
    is_covered = all(any(one.is_within(other) for other in asked) for one in broken)
    states = {one.state for one in steps}
    if not steps or not is_covered:
        return Standing("needed", broken, steps)
    if "declined" in states:
        return Standing("declined", broken, steps)
    return Standing("waiting" if "waiting" in states else "approved", broken, steps)


def _broken(rules: Sequence[ApprovalRule], ids: Collection[UUID]) -> dict[UUID, list[Broken]]:
    quotes = Quote.objects.filter(pk__in=list(ids)).values(
        "pk", "net", "net_base", "margin_percent"
    )
    found: dict[UUID, list[Broken]] = {one["pk"]: [] for one in quotes}
    limits = [one for one in rules if one.measure == "discount"]
    if limits:
        least = min(one.limit for one in limits)
        lines = QuoteLine.objects.filter(quote__in=list(found), sort="line", discount__gt=least)
        for line in lines.order_by("position", "pk"):
            found[line.quote_id] += [
                _of(one, line.discount, line) for one in limits if (line.discount or 0) > one.limit
            ]
    for quote in quotes:
        # Without a rate the total can't be told in our currency: better asked once too often.
        total = quote["net"] if quote["net_base"] is None else quote["net_base"]
        values: dict[str, Any] = {"total": total, "margin": quote["margin_percent"]}
        found[quote["pk"]] += [
            _of(rule, values[rule.measure])
            for rule in rules
            if rule.measure in values and _breaks(rule, values[rule.measure])
        ]
    return found


def _breaks(rule: Any, value: Decimal | None) -> bool:
    if value is None:
        return False
    limit: Decimal = rule.limit
    return value < limit if rule.measure == "margin" else value > limit


def _of(rule: ApprovalRule, value: Any, line: QuoteLine | None = None) -> Broken:
    key = f"{rule.pk}:{line.pk}" if line else str(rule.pk)
    return Broken(key, rule.measure, str(rule.limit), str(value), line.name if line else "")


@lru_cache(maxsize=1)
def compiled_rules() -> Compiled:
    """What is looked at and from where on, for pages that ask it beside the rest."""
    rules = ApprovalRule.objects.order_by()
    return compiled(rules.values_list("pk", JSONArray("measure", "limit")))


def least_discount(rules: Iterable[Any]) -> Decimal | None:
    """From where on the discount of a line has to be approved, of rules so asked for."""
    limits = [Decimal(str(limit)) for _pk, (measure, limit) in rules if measure == "discount"]
    return min(limits, default=None)


def read_broken(kept: Mapping[str, str]) -> Broken:
    """What was kept of it."""
    return Broken(**kept)


def kept_broken(broken: Sequence[Broken]) -> list[dict[str, str]]:
    """As it is kept with a step."""
    return [asdict(one) for one in broken]


def steps_of(broken: Sequence[Broken]) -> list[str]:
    """Who has to approve, in the order of the rules; nobody twice."""
    keys = {one.key.partition(":")[0] for one in broken}
    rules = ApprovalRule.objects.filter(pk__in=keys).order_by("position", "pk")
    return list(dict.fromkeys(step for rule in rules for step in rule.steps))


def users_for(step: str, quote: Quote, asker: UUID | None) -> list[UUID]:
    """Who can approve a step: nobody what is his own, unless nobody else can."""
    kind, _colon, key = step.partition(":")
    users = User.objects.filter(is_active=True, is_service=False)
    own = [one for one in (quote.owner_id, asker) if one]
    wanted = {
        "manager": Q(reports=quote.owner_id), "user": Q(pk=key or None), "role": Q(role=key or None)
    }[kind]  # fmt: skip
    administrators = Q(role__key__in=("owner", "manager"))
    for condition in (wanted, administrators):
        others = users.filter(condition).exclude(pk__in=own).order_by("name", "pk")
        found = list(dict.fromkeys(others.values_list("pk", flat=True)))
        if found:
            return found
    return [one for one in (asker or quote.owner_id,) if one]


def deciders(step: QuoteApproval, owner: UUID | None) -> set[UUID]:
    """Those who can decide a step today: who was asked, and who stands in for him."""
    asked, own = set(step.users), {owner, step.asked_by_id}
    return asked | (_deputies(asked) - own)


def _deputies(users: Collection[UUID]) -> set[UUID]:
    today = timezone.localdate()
    away = Absence.objects.filter(
        user__in=users, first_day__lte=today, last_day__gte=today, deputy__is_active=True
    )
    return {one for one in away.values_list("deputy", flat=True) if one}


def stood_in_for(user: UUID) -> list[UUID]:
    """Who is away today and has this user stand in."""
    today = timezone.localdate()
    away = Absence.objects.filter(deputy=user, first_day__lte=today, last_day__gte=today)
    return list(away.values_list("user", flat=True))


def reasons_for(principal: Principal, broken: Sequence[Broken]) -> list[str]:
    """What is broken in the reader's words; what rests on fields he may not read is not told."""
    hidden = access.unread(principal, "quote", *set(RESTS_ON.values()))
    locale = principal.locale or principal.language
    veiled = _("It breaks a rule about something that your role does not show you.")
    told = [veiled if RESTS_ON[one.measure] in hidden else one.words(locale) for one in broken]
    return list(dict.fromkeys(told))


def check_approved(principal: Principal, ids: Collection[UUID]) -> str:
    """Why one of the quotes can't go out yet; empty where all can."""
    for one in standings(ids).values() if ids else ():
        if one.state in ("none", "approved"):
            continue
        ask = {
            "waiting": _("Wait for the approval of this quote before you send it."),
            "declined": _("This quote was not approved. Change it, or ask anew."),
        }.get(one.state, _("Ask for approval before you send this quote."))
        return " ".join([ask, *reasons_for(principal, one.broken)])
    return ""
