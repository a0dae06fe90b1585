"""The form of provisioning."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.accounts.models import Provisioning, Role
from rapport.setup.directory_fields import (
    DomainsField,
    GroupRolesField,
    lines_of,
    roles_to_give,
)


class ProvisioningForm(forms.Form):
    """How far a firm's directory reaches."""

    domains = DomainsField(
        label=_("Domains of addresses"),
        required=False,
        help_text=_("It may give addresses of these only. Empty: any address."),
    )
    default_role = forms.ChoiceField(label=_("Who is new becomes"), choices=roles_to_give)
    group_roles = GroupRolesField(
        label=_("Roles by group"),
        help_text=_(
            "A line each, the first that fits counts. Who is in none of them gets the role above. "
            "Nobody becomes an owner in this way."
        ),
    )
    reaches_owners = forms.BooleanField(
        label=_("It may also rename, move and shut out owners"), required=False
    )

    @classmethod
    def of(cls, found: Provisioning | None, email: str) -> "ProvisioningForm":
        """Return the form filled with what holds now, or with what is likely."""
        if found is None:
            return cls(initial={"domains": email.rpartition("@")[2], "default_role": "member"})
        return cls(
            initial={
                "domains": " ".join(found.domains),
                "default_role": found.default_role.key,
                "group_roles": lines_of(found.group_roles),
                "reaches_owners": found.reaches_owners,
            }
        )

    def values(self) -> dict[str, Any]:
        """What is stored."""
        role = Role.objects.get(key=self.cleaned_data["default_role"])
        return {**self.cleaned_data, "default_role": role}
