"""Forms of the administration screens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.accounts import choices
from rapport.accounts.actions.actor import ADMINISTRATORS
from rapport.accounts.forms.fields import Currency, EmailAddress, Language, PersonName, Zone
from rapport.accounts.models import Role, Team, User, Workspace
from rapport.accounts.validators import is_site


def _role_choices() -> list[tuple[str, str]]:
    return [(role.key, str(role)) for role in Role.objects.all()]


def _team_choices() -> list[tuple[str, str]]:
    return [(str(team.pk), team.name) for team in Team.objects.all()]


def _further_choices() -> list[tuple[str, str]]:
    """Roles that may be held beside another: those that give no rank."""
    return [one for one in _role_choices() if one[0] not in ADMINISTRATORS]


def _user_choices() -> list[tuple[str, str]]:
    return [(str(user.pk), user.name) for user in User.objects.all()]


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = PersonName(label=_("Name"))
    email = EmailAddress(autocomplete="off")
    role = forms.ChoiceField(label=_("Role"), choices=_role_choices, initial="member")
    teams = forms.MultipleChoiceField(
        label=_("Teams"),
        choices=_team_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class UserForm(forms.Form):
    """A colleague's place in the firm."""

    role = forms.ChoiceField(label=_("Role"), choices=_role_choices)
    further = forms.MultipleChoiceField(
        label=_("Further roles"),
        help_text=_("They add to the main one: of each right the widest holds."),
        choices=_further_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    manager = forms.ChoiceField(
        label=_("Reports to"), choices=lambda: [("", _("Nobody")), *_user_choices()], required=False
    )
    teams = forms.MultipleChoiceField(
        label=_("Teams"),
        choices=_team_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, user: User) -> "UserForm":
        """Return the form filled with what holds now."""
        teams = user.memberships.values_list("team_id", flat=True)
        return cls(
            initial={
                "role": user.role.key,
                "further": list(user.further_roles.values_list("role__key", flat=True)),
                "manager": str(user.manager_id or ""),
                "teams": [str(team_id) for team_id in teams],
            }
        )


class TeamForm(forms.Form):
    """A team's name, place and people."""

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    parent = forms.ChoiceField(
        label=_("Part of"),
        help_text=_("Where a role says “below”, people there reach this team's records."),
        choices=lambda: [("", _("No other team")), *_team_choices()],
        required=False,
    )
    members = forms.MultipleChoiceField(
        label=_("People"),
        choices=_user_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class NewRoleForm(forms.Form):
    """A role that starts like another."""

    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    like = forms.ChoiceField(label=_("Starts like"), choices=_role_choices, initial="member")


class WorkspaceForm(forms.Form):
    """The firm's defaults."""

    name = forms.CharField(
        label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    public_address = forms.CharField(
        label=_("Public address"),
        max_length=300,
        required=False,
        validators=[is_site],
        widget=forms.URLInput(attrs={"placeholder": "https://crm.example.com"}),
        help_text=_("Links in our mail start with it."),
    )
    currency = Currency(help_text=_("Totals are counted in it; deals may use any other."))
    language = Language(help_text=_("For new colleagues; each may choose another."))
    timezone = Zone(help_text=_("Results, rules and reports count days in it."))
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", "—"), *choices.countries()], required=False
    )
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=choices.months, coerce=int
    )
    first_day_of_week = forms.TypedChoiceField(
        label=_("The week starts on"), choices=choices.weekdays, coerce=int
    )


class MailForm(forms.Form):
    """The server that takes our mail."""

    mail_host = forms.CharField(
        label=_("Server"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "smtp.example.com", "spellcheck": "false"}),
        help_text=_("Leave it empty to send no mail; links are then copied by hand."),
    )
    mail_security = forms.ChoiceField(label=_("Encryption"), choices=Workspace.MailSecurity.choices)
    mail_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    mail_user = forms.CharField(
        label=_("User"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    mail_from = forms.EmailField(
        label=_("Sender"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"placeholder": "crm@example.com"}),
    )

    def __init__(self, *args: Any, has_password: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if has_password:
            self.fields["password"].help_text = _("One is stored. Leave this empty to keep it.")

    def clean(self) -> dict[str, Any]:
        """A server needs a sender, or it will refuse our mail."""
        given = super().clean() or self.cleaned_data
        if given.get("mail_host") and not given.get("mail_from") and "mail_from" in given:
            self.add_error("mail_from", _("Say which address our mail comes from."))
        return given

    def password_to_store(self) -> str | None:
        """None keeps the present password; a server without a user needs none."""
        if not self.cleaned_data["mail_user"]:
            return ""
        typed: str = self.cleaned_data["password"]
        return typed or None
