"""The form of single sign-on."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import IdentityProvider, Role
from rapport.accounts.sso.asking import is_fit
from rapport.setup.directory_fields import (
    DomainsField,
    GroupRolesField,
    lines_of,
    roles_to_give,
)


def _roles() -> list[tuple[str, str]]:
    nobody = _("Nobody new: invite people first")
    return [("", nobody), *roles_to_give()]


class ProviderForm(forms.Form):
    """Where the firm's people sign in, and what they become here."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("It stands on the sign-in page."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://login.example.com/realms/firm"}),
        help_text=gettext_lazy("Exactly as the provider writes it."),
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=200)
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = DomainsField(
        label=gettext_lazy("Domains of addresses"),
        help_text=gettext_lazy(
            "Of these the provider's word counts, such as “example.com example.org”."
        ),
    )
    default_role = forms.ChoiceField(
        label=gettext_lazy("Who comes for the first time becomes"), choices=_roles, required=False
    )
    groups_claim = forms.CharField(
        label=gettext_lazy("Claim with the groups"), max_length=60, required=False, initial="groups"
    )
    group_roles = GroupRolesField(
        label=gettext_lazy("Roles by group"),
        help_text=gettext_lazy(
            "A line each, the first that fits counts, at every sign-in. Owners are never changed."
        ),
    )
    is_only_way = forms.BooleanField(
        label=gettext_lazy("Nobody but owners may sign in any other way"), required=False
    )

    @classmethod
    def of(cls, found: IdentityProvider | None) -> "ProviderForm":
        """Return the form filled with what holds now."""
        if found is None:
            return cls()
        initial = {name: getattr(found, name) for name in ("name", "issuer", "client_id")}
        initial |= {"groups_claim": found.groups_claim, "is_only_way": found.is_only_way}
        initial["domains"] = " ".join(found.domains)
        initial["default_role"] = found.default_role.key if found.default_role else ""
        initial["group_roles"] = lines_of(found.group_roles)
        form = cls(initial=initial)
        if found.client_secret_sealed:
            form.fields["secret"].help_text = _("One is stored. Leave this empty to keep it.")
        return form

    def clean_issuer(self) -> str:
        """An address we would ask at."""
        issuer: str = self.cleaned_data["issuer"].strip()
        if not is_fit(issuer):
            raise forms.ValidationError(_("Write it like https://login.example.com."))
        return issuer

    def values(self) -> dict[str, Any]:
        """What is stored, but for the secret."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "secret"}
        given["default_role"] = Role.objects.filter(key=given["default_role"]).first()
        return given
