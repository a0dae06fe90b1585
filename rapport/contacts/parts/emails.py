"""The e-mail addresses of a person or a company."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from rapport.contacts.parts.email_text import normalise_email
from rapport.contacts.parts.ways import Way, Ways
from rapport.records.kinds import Context
from rapport.records.sql import joined_text


class Emails(Ways):
    """E-mail addresses; typed as `a@x.com; b@y.com`."""

    type = "emails"
    key_form = r"\S+@\S+"
    table = "EmailAddress"
    scheme = "mailto"
    input_type = "email"
    form = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
    labels = {"work": _("Work"), "home": _("Home"), "other": _("Other")}

    def read(self, part: Way, context: Context) -> Way:
        value = str(part["value"]).strip()
        return {
            "value": value, "normalised": normalise_email(value),
            "label": self.label_of(part.get("label")),
            "primary": bool(part.get("primary")), "status": part.get("status") or "ok",
        }  # fmt: skip

    def sought(self, q: str) -> str:
        return "" if " " in q.strip() else q.strip().casefold()

    def words_beside(self) -> Subquery:
        """The addresses of a record as one text, to be found by their words."""
        rows = self.model._default_manager.filter(party_id=OuterRef("pk"))
        return joined_text(rows, "party_id", "normalised")

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return str(raw).strip().casefold()
