"""When a deal may leave a stage, as a sentence, with the way to build it of parts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.pages import page_context
from rapport.sales.models import Stage
from rapport.sales.parts.stage_rules import told

FIELD = "exit_when"


def stage_exit(request: Request, stage: Stage) -> SafeString | str:
    """What is asked of a deal here; of a stage that ends deals nothing is."""
    if stage.state != "open" or access.unread(request.principal, "stage", FIELD, "state"):
        return ""
    said = _("Every deal may go on.")
    if stage.exit_when:
        rule = told(stage.exit_when, page_context(request))
        said = _("A deal goes on once this holds: %(rule)s.") % {"rule": rule}
    return format_html('<div class="reli small">{}</div>{}', said, _way(request, stage))


def _way(request: Request, stage: Stage) -> SafeString | str:
    principal = request.principal
    may = FIELD in access.fields(principal, "stage").editable and access.may(
        principal, "view", "deal"
    )
    if not may or not access.reachable(principal, "stage", [stage.pk], "edit"):
        return ""
    text = _("Build it of parts") if not stage.exit_when else _("Change it part by part")
    url = reverse("stage_exit", args=[stage.pk])
    return format_html('<a class="reli link small" href="{}">{}</a>', url, text)
