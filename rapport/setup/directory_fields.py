"""What is asked about a firm's directory: whose word counts for what."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from rapport.accounts.models import Role

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

type Choices = list[tuple[str, str]]


class DomainsField(forms.CharField):
    """Domains of addresses, apart from each other."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=1000, **more)

    def clean(self, value: Any) -> Any:
        """The domains as a list. Raises ValidationError."""
        domains = super().clean(value).lower().replace(",", " ").split()
        if wrong := [one for one in domains if not _DOMAIN.fullmatch(one)]:
            raise forms.ValidationError(_("“%(value)s” is no domain.") % {"value": wrong[0]})
        return domains


class GroupRolesField(forms.CharField):
    """A group and the role that it gives, a line each; owners are made by hand."""

    def __init__(self, **more: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "placeholder": "crm-managers = manager"})
        super().__init__(max_length=4000, required=False, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        """Pairs of a group and the key of a role, in their order. Raises ValidationError."""
        known = {key for key, _label in roles_to_give()}
        return [_pair(line, known) for line in super().clean(value).splitlines() if line.strip()]


def roles_to_give() -> Choices:
    """The roles that may come from outside, by their keys."""
    return [(one.key, str(one)) for one in Role.objects.exclude(key="owner")]


def lines_of(pairs: list[list[str]]) -> str:
    """Pairs of a group and a role as they are typed."""
    return "\n".join(f"{group} = {role}" for group, role in pairs)


def _pair(line: str, known: set[str]) -> list[str]:
    group, _equals, role = (part.strip() for part in line.rpartition("="))
    if not group or role not in known:
        said = {"line": line.strip(), "roles": ", ".join(sorted(known))}
        raise forms.ValidationError(
            _("“%(line)s” names no group and role. Roles are: %(roles)s.") % said
        )
    return [group, role]
