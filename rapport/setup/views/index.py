"""What there is to administer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.accounts import queries
from rapport.accounts.request import Request
from rapport.accounts.routes import View, is_admitted
from rapport.records import access
from rapport.records.declare import Object
from rapport.setup.leads import hours, web_forms
from rapport.setup.leads import views as leads
from rapport.setup.views import (
    api_docs,
    approvals,
    apps,
    calling,
    completeness,
    fields,
    indexes,
    letterhead,
    mail,
    permission_tests,
    provisioning,
    roles,
    security,
    sign_in,
    sso,
    teams,
    tokens,
    users,
    workspace,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the list."""

    name: str
    label: Promise
    text: Promise
    icon: str
    section: str

    @property
    def url(self) -> str:
        """Where the page is."""
        return reverse(self.name)


#: What the pages are about, in the order of the list.
SECTIONS = {
    "house": _("General"),
    "people": _("People and rights"),
    "entry": _("Sign-in and security"),
    "records": _("Records and fields"),
    "programs": _("Connections"),
}
ENTRIES = (
    (
        workspace.workspace,
        Entry("setup_workspace", _("Workspace"), _("Name, address, money, time"), "org", "house"),
    ),
    (
        letterhead.letterhead,
        Entry(
            "setup_letterhead",
            _("Letterhead"),
            _("Logo, address and colour of quotes"),
            "file",
            "house",
        ),
    ),
    (
        approvals.approvals,
        Entry(
            "setup_approvals",
            _("Approvals"),
            _("Which quotes are approved, and by whom"),
            "check",
            "house",
        ),
    ),
    (
        mail.mail,
        Entry("setup_mail", _("Mail"), _("The server that sends our mail"), "mail", "house"),
    ),
    (
        users.users,
        Entry("setup_users", _("Users"), _("Invite, roles, deactivate"), "users", "people"),
    ),
    (
        teams.teams,
        Entry("setup_teams", _("Teams"), _("Who sees whose records"), "handshake", "people"),
    ),
    (roles.roles, Entry("setup_roles", _("Roles"), _("What each role may do"), "shield", "people")),
    (
        permission_tests.permission_tests,
        Entry(
            "setup_permission_tests",
            _("Permission tests"),
            _("What must hold, whatever is changed"),
            "ok",
            "people",
        ),
    ),
    (
        sign_in.sign_in,
        Entry("setup_sign_in", _("Signing in"), _("Who needs a second factor"), "key", "entry"),
    ),
    (
        sso.sso,
        Entry(
            "setup_sso",
            _("Single sign-on"),
            _("Your firm's own identity provider"),
            "link",
            "entry",
        ),
    ),
    (
        provisioning.provisioning,
        Entry(
            "setup_provisioning",
            _("Provisioning"),
            _("Users and teams from your directory"),
            "users",
            "entry",
        ),
    ),
    (
        security.security,
        Entry(
            "setup_security",
            _("Security diary"),
            _("Sign-ins, changed rights, tokens"),
            "lock",
            "entry",
        ),
    ),
    (
        fields.fields,
        Entry(
            "setup_fields",
            _("Fields"),
            _("What your firm notes down, and where"),
            "layers",
            "records",
        ),
    ),
    (
        completeness.objects,
        Entry(
            "setup_completeness",
            _("Completeness"),
            _("What a complete record has, and its score"),
            "target",
            "records",
        ),
    ),
    (
        indexes.indexes,
        Entry(
            "setup_indexes",
            _("Indexes"),
            _("What makes your own views fast"),
            "database",
            "records",
        ),
    ),
    (
        leads.rules,
        Entry(
            "setup_leads",
            _("Leads"),
            _("Who gets them, and how soon they are answered"),
            "inbox",
            "records",
        ),
    ),
    (
        web_forms.web_forms,
        Entry(
            "setup_web_forms",
            _("Web forms"),
            _("What strangers fill in on your web site"),
            "globe",
            "records",
        ),
    ),
    (
        hours.hours,
        Entry(
            "setup_hours",
            _("Working hours"),
            _("When people work, and who is away"),
            "clock",
            "people",
        ),
    ),
    (
        calling.calling,
        Entry(
            "setup_calling",
            _("Calling hours"),
            _("When people may be called, by their own clocks"),
            "phone",
            "people",
        ),
    ),
    (
        tokens.tokens,
        Entry("setup_tokens", _("Programs"), _("Tokens, and what each may do"), "key", "programs"),
    ),
    (
        apps.all_apps,
        Entry(
            "setup_apps",
            _("Apps"),
            _("Programs of others that people let in"),
            "handshake",
            "programs",
        ),
    ),
    (
        api_docs.api,
        Entry(
            "setup_api", _("The API"), _("What programs can ask for, and how"), "braces", "programs"
        ),
    ),
)
_added: dict[str, tuple[View, Entry]] = {}
OWN = Entry("account", _("My account"), _("Name, language, password, tokens"), "user", "people")


def add_entry(view: View, entry: Entry) -> None:
    """List a page that lives above these screens."""
    _added[entry.name] = (view, entry)


@require_safe
def index(request: Request) -> HttpResponse:
    """List the pages this visitor may open."""
    entries = [
        entry
        for view, entry in (*ENTRIES, *_added.values())
        if is_admitted(request.principal, view)
    ]
    sections = [
        (label, [entry for entry in (*entries, OWN) if entry.section == section])
        for section, label in SECTIONS.items()
    ]
    facts = {
        "sections": sections,
        "lists": _lists(request),
        "quiet_since": queries.workspace().quiet_since,
    }
    return render(request, "setup/index.html", facts)


def _lists(request: Request) -> Sequence[type[Object]]:
    """What records draw on and no menu names: stages, tags, exchange rates."""
    seen = [one for one in access.visible_objects(request.principal) if not one.menu]
    return sorted(seen, key=lambda one: str(one.label_plural).casefold())
