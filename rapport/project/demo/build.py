"""Making the sample company."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import Role, Workspace
from rapport.accounts.principals import Principal
from rapport.activities.actions import learn_call_times
from rapport.contacts.actions import (
    add_question,
    add_rule,
    keep_goal,
    keep_targets,
    keep_web_form,
    route_new_leads,
)
from rapport.contacts.models import LeadRule, LeadSettings, WebForm
from rapport.project.demo import addresses
from rapport.project.demo.assortment import add_products
from rapport.project.demo.bills import add_invoices
from rapport.project.demo.booking import add_booking_page
from rapport.project.demo.calling import add_call_list
from rapport.project.demo.cast import (
    CLICKED,
    ENDS,
    FIRMS,
    MATERIAL,
    NOTES,
    PARTS,
    PLAYBOOK,
    RIVALS,
    SALES,
    SOURCES,
    STEPS,
    TALK,
    WISHES,
    Firm,
)
from rapport.project.demo.contracts import add_contracts
from rapport.project.demo.meetings import add_meetings
from rapport.project.demo.offers import add_quotes
from rapport.project.demo.past import Place, add_past, date_back
from rapport.project.demo.quotas import add_goals, add_quotas
from rapport.project.demo.standings import add_standings
from rapport.project.demo.territories import add_territories
from rapport.project.demo.ways import Way, lay_ways
from rapport.records import access
from rapport.records.store import ChangeInProgress, change
from rapport.sales.actions import foresee_revenue
from rapport.sales.models import Pipeline, Stage

SEED = 20261122
WEEKS = 12

type Report = Callable[[int, int], None]


class DemoExists(RuntimeError):
    """There are records already; sample data would mix with them."""


def build(principal: Principal, report: Report = lambda _done, _total: None) -> UUID:
    """Make people, companies, deals and twelve weeks of contact; the change set to undo.

    Raises DemoExists when the workspace holds people already, access.Denied.
    """
    if access.rows(principal, "person").exists():
        raise DemoExists(_("There are people here already. Sample data is for an empty workspace."))
    with change(principal, via="demo", title=_("Sample data")) as made:
        builder = _Builder(made, report)
        builder.run()
    route_new_leads(builder.leads, part_of=made.id)
    learn_call_times()
    foresee_revenue()
    return made.id


class _Builder:
    """Holds what was made, so that later records can be about earlier ones."""

    def __init__(self, made: ChangeInProgress, report: Report) -> None:
        self.made = made
        self.report = report
        self.random = Random(SEED)
        self.companies: dict[str, UUID] = {}
        self.people: dict[str, list[UUID]] = {}
        self.numbers = count()
        self.leads: list[UUID] = []
        self.past: list[Way] = []
        workspace = Workspace.objects.get()
        self.currency = workspace.currency
        self.now = timezone.now().astimezone(ZoneInfo(workspace.timezone))

    def run(self) -> None:
        """Make everything, in the order in which things refer to each other."""
        total = len(FIRMS) * 2 + len(SALES)
        for done, firm in enumerate(FIRMS):
            self._add_firm(firm)
            self.report(done, total)
        places = [(self.companies[firm.name], firm.country) for firm in FIRMS]
        add_territories(self.made, places)
        deals = self._add_deals()
        subjects = {company: deal for deal, company in reversed(deals)}
        for done, firm in enumerate(FIRMS):
            self._add_contact(firm, subjects.get(firm.name))
            self.report(len(FIRMS) + done, total)
        self._add_tasks(deals)
        add_meetings(self.made, [staff[0] for staff in self.people.values()], self.now)
        self._add_leads()
        add_call_list(self.made, [staff[0] for staff in self.people.values()])
        add_booking_page(self.made)
        products = add_products(self.made)
        buying = [(deal, self.companies[firm], self.people[firm][0]) for deal, firm in deals]
        add_quotes(self.made, products, buying)
        customers = [firm.name for firm in FIRMS if firm.lifecycle == "customer"]
        who = [(self.companies[name], self.people[name][0]) for name in customers]
        add_invoices(self.made, who, self.now.date())
        firms = [(self.companies[firm.name], self.people[firm.name][0]) for firm in FIRMS]
        add_contracts(self.made, firms, self.now.date())
        _give_out_leads()
        add_quotas(self.made, self.now.date())
        add_goals(self.made, self.now.date())
        gone = [one.deal for one in self.past]
        add_standings([deal for deal, _firm in deals], gone, self.random, self.now)
        self.report(total, total)

    def _add_firm(self, firm: Firm) -> None:
        number = len(self.companies)
        has_mailbox, has_phone, staff, revenue = addresses.FIRMS[number % len(addresses.FIRMS)]
        self.companies[firm.name] = company = self.made.create(
            "company",
            {
                "name": firm.name,
                "website": f"https://{firm.domain}" if has_mailbox or has_phone else "",
                "industry": firm.industry,
                "city": firm.city,
                "country": firm.country,
                "lifecycle": firm.lifecycle,
                "employees": staff and staff + 17 * number,
                "annual_revenue": revenue and (revenue * 1000 + 350_000 * number, self.currency),
                "emails": addresses.mailbox_of(f"info@{firm.domain}") if has_mailbox else [],
                "phones": addresses.phone_of(firm.country, 0) if has_phone else [],
            },
        )
        self.people[firm.name] = [self._add_person(firm, company, *one) for one in firm.people]

    def _add_person(self, firm: Firm, company: UUID, first: str, last: str, title: str) -> UUID:
        number = next(self.numbers)
        has_address, has_phone, has_title = addresses.PEOPLE[number % len(addresses.PEOPLE)]
        address = f"{addresses.mailbox(first, last)}@{firm.domain}"
        return self.made.create(
            "person",
            {
                "first_name": first,
                "last_name": last,
                "job_title": title if has_title else "",
                "company": company,
                "city": firm.city,
                "country": firm.country,
                "lifecycle": firm.lifecycle,
                "emails": addresses.mailbox_of(address) if has_address else [],
                "phones": addresses.phone_of(firm.country, number + 1) if has_phone else [],
                "source": self.random.choice(["AquaTec Munich", "Website", "Referral"]),
            },
        )

    def _add_contact(self, firm: Firm, deal: UUID | None) -> None:
        """Calls, meetings and notes of the last weeks: busier with customers, quiet with some."""
        busy = {"customer": 9, "opportunity": 6}.get(firm.lifecycle, 3)
        for person in self.people[firm.name]:
            for _number in range(self.random.randrange(1, busy + 1)):
                self._add_talk(person, deal)
            if self.random.random() < 0.4:
                self.made.create(
                    "note", {"body": self.random.choice(NOTES), "about": [("person", person)]}
                )

    def _add_talk(self, person: UUID, deal: UUID | None) -> None:
        at = self._past()
        direction = self.random.choice(["in", "out"])
        subject = self.random.choice(TALK)
        about = [("deal", deal)] if deal else []
        if self.random.random() < 0.75:
            values: dict[str, Any] = {
                "direction": direction,
                "at": at,
                "outcome": "reached",
                "duration": timedelta(minutes=self.random.randrange(2, 30)),
            }
            if direction == "out" and at.hour >= 14 and at.minute % 3:
                values |= {"outcome": "no_answer", "duration": None}
            about = [("person", person), *about]
            self.made.create("call", {"subject": subject, "about": about, **values})
            return
        values = {
            "start": at,
            "end": at + timedelta(hours=1),
            "direction": direction,
            "status": "held",
        }
        attendees = [("person", person)]
        self.made.create(
            "meeting", {"subject": subject, "attendees": attendees, "about": about, **values}
        )

    def _past(self) -> datetime:
        """A moment in the office hours of a day that is over."""
        days = int(self.random.triangular(1, WEEKS * 7 - 1, 10))
        day = self._at_work(self.now - timedelta(days=days))
        return day.replace(minute=self.random.randrange(60))

    def _at_work(self, day: datetime) -> datetime:
        """A full hour of that day at which the office is open."""
        return day.replace(hour=self.random.randrange(8, 17), minute=0, second=0, microsecond=0)

    def _add_deals(self) -> list[tuple[UUID, str]]:
        pipeline = Pipeline.objects.order_by("position").values_list("pk", flat=True)[0]
        stages = list(
            Stage.objects.filter(pipeline=pipeline).order_by("position").values_list("pk", "state")
        )
        self.past = add_past(
            self.made, self.companies, Place(pipeline, stages, self.currency), self.now
        )
        self._add_playbook([key for key, _state in stages])
        made, ways = [], []
        for number, sale in enumerate(SALES):
            stage, state = stages[min(sale.stage, len(stages) - 1)]
            values: dict[str, Any] = dict(ENDS.get(state, RIVALS))
            deal = self.made.create(
                "deal",
                {
                    "name": sale.name,
                    "company": self.companies[sale.company],
                    "pipeline": pipeline,
                    "stage": stage,
                    "amount": (sale.amount, self.currency),
                    **self._buyers(sale.company),
                    "source": SOURCES[number % len(SOURCES)],
                    "close_date": (self.now + timedelta(days=sale.days)).date(),
                    **values,
                },
            )
            ways.append(Way(deal, [key for key, _state in stages[: min(sale.stage, 4)]]))
            if state == "open":
                made.append((deal, sale.company))
        lay_ways(ways, self.random, self.now)
        lay_ways(self.past, Random(SEED), self.now)
        date_back(self.past)
        return made

    def _add_playbook(self, stages: Sequence[UUID]) -> None:
        """What stages ask of a deal, and what is done there."""
        self.made.update("stage", stages[2], {"required_fields": ["amount", "people"]})
        dated = {"field": "close_date", "op": "filled"}
        self.made.update("stage", stages[3], {"exit_when": dated})
        for place, steps in PLAYBOOK.items():
            rows = [
                {"text": text, "sort": sort, "link": MATERIAL.get(text, "")}
                | {"product": None, "is_required": False}
                for sort, text in steps
            ]
            self.made.update("stage", stages[place], {"steps": rows})

    def _buyers(self, company: str) -> dict[str, list[dict[str, Any]]]:
        """Everybody we know there, the first of them as the one who decides, and that they know
        each other."""
        people = self.people[company]
        parts = [
            {"person": person, "role": role, "influence": influence, "stance": stance}
            for person, (role, influence, stance) in zip(people, PARTS, strict=False)
        ]
        ties = [{"person": one, "knows": other} for one, other in pairwise(people)]
        return {"people": parts, "ties": ties}

    def _add_tasks(self, deals: list[tuple[UUID, str]]) -> None:
        for (subject, days), (deal, company) in zip(STEPS, deals, strict=False):
            person = self.people[company][0]
            self.made.create(
                "task",
                {
                    "subject": subject,
                    "due": self._at_work(self.now + timedelta(days=days)),
                    "about": [("deal", deal), ("person", person)],
                    "priority": "high" if days < 1 else "normal",
                },
            )

    def _add_leads(self) -> None:
        interested = [firm for firm in FIRMS if firm.lifecycle == "lead"]
        for number, firm in enumerate(interested):
            if firm.people:
                lead = self.made.create(
                    "lead",
                    {
                        "person": self.people[firm.name][0],
                        "company": self.companies[firm.name],
                        "status": self.random.choice(["new", "working"]),
                        "source": "Website",
                        "channel": "form",
                        "interest": WISHES[number % len(WISHES)],
                        "rating": self.random.choice(["hot", "warm", "cold"]),
                        **CLICKED[number % len(CLICKED)],
                    },
                )
                self.leads.append(lead)


def _give_out_leads() -> None:
    """A rule and targets to look at, where nobody has said anything of leads yet."""
    if LeadRule.objects.exists() or LeadSettings.present().targets:
        return
    hot = {"source": "Website", "rating": "hot", "minutes": 30}
    keep_targets({"targets": [hot], "minutes": 480})
    owners = Role.objects.filter(key="owner").first()
    add_rule({"name": _("All leads"), "way": LeadRule.Way.LEAST, "role": owners})
    add_question(None, "choice", _("Is there a budget?"), f"{_('Yes')} = 20\n{_('No')} = 0")
    add_question(None, "integer", _("Measuring points"), "1 = 5\n10 = 15\n100 = 30")
    keep_goal(35)
    _add_web_form()


#: As a visitor is asked; the field says what colleagues call it.
ASKED = {"en": "What can we do for you?", "es": "¿Qué podemos hacer por ti?"}


def _add_web_form() -> None:
    asked = ("person.name", "person.emails", "company.name", "lead.interest")
    keep_web_form(
        WebForm(name=_("Ask us"), slug="ask"),
        {
            "fields": [{"field": one, "required": one == "person.emails", "key": "",
                        "label": ASKED if one == "lead.interest" else {}} for one in asked],
            "texts": {
                "en": {"title": "Ask us", "consent": "You may write to me about this."},
                "es": {"title": "Pregúntanos", "consent": "Podéis escribirme sobre esto."},
            },
            "source": "Website",
        },
    )  # fmt: skip
