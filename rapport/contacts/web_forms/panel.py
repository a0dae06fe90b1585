"""The card of a lead that says what was typed in a web form, and what was agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Lead, Submission
from rapport.contacts.web_forms.asking import label_of, possible_fields
from rapport.kit.formats import format_moment
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled


def ask_sent(principal: Principal, lead: Lead) -> Mapping[str, Ask]:
    """What was sent, if the reader may know whom the lead is about."""
    if access.unread(principal, "lead", "person"):
        return {}
    return {"sent": Ask(_sent(), {"sent_for": lead.pk})}


@lru_cache(maxsize=1)
def _sent() -> Compiled:
    found = Submission.objects.filter(lead=Given("sent_for")).order_by("at")
    facts = JSONArray("form__name", "answers", "consent", "at")
    return compiled(found.values_list("pk", facts))


def sent_panel(request: Request, lead: Lead, answers: Answers) -> SafeString | str:
    """Each answer under its question, of the fields that the reader may read."""
    cards = []
    for _key, (form, typed, consent, at) in answers.get("sent", ()):
        rows = readable_answers(request.principal, _within_reach(request.principal, lead, typed))
        agreed = [(_("Agreed to"), consent)] if consent else []
        when = format_moment(datetime.fromisoformat(at), request.principal.language)
        cards.append((_drawn([*rows, *agreed]), form, when))
    return format_html_join("", '{}<p class="small muted pane-pad" dir="auto">{}, {}</p>', cards)


def _drawn(rows: Sequence[tuple[str, str]]) -> SafeString:
    """Questions and answers."""
    told = format_html_join("", '<div><dt>{}</dt><dd dir="auto">{}</dd></div>', rows)
    return format_html('<dl class="fix-facts small pane-pad">{}</dl>', told)


def _within_reach(principal: Principal, lead: Lead, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without what is of a person that is not the reader's to see."""
    if access.reachable(principal, "person", [lead.person_id], "view"):
        return dict(typed)
    return {path: text for path, text in typed.items() if not path.startswith("person.")}


def readable_answers(principal: Principal, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Questions and answers, of the fields that the reader may read."""
    known = possible_fields()
    return [
        (label_of(path, known[path]) if path in known else path, text)
        for path, text in readable(principal, typed).items()
    ]


def readable(principal: Principal, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by field in our order, of the fields that the reader may read."""
    known = possible_fields()
    # The database keeps them in no order of ours.
    place = {
        path: n for n, path in enumerate([*known, *(one for one in typed if one not in known)])
    }
    return {
        path: typed[path]
        for path in sorted(typed, key=place.__getitem__)
        if typed[path] and not access.unread(principal, *path.split(".", 1))
    }
