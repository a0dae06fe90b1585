"""Who is away from when until when, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import User


def colleagues() -> list[tuple[str, str]]:
    """Everybody who works here, by key."""
    found = User.objects.filter(is_active=True, is_service=False)
    return [(str(key), name) for key, name in found.values_list("pk", "name")]


class AbsenceForm(forms.Form):
    """An absence of one of `people`: of everybody, unless they are given."""

    user = forms.ChoiceField(label=gettext_lazy("Who"), choices=colleagues)
    first_day = forms.DateField(label=gettext_lazy("From"),
                                widget=forms.DateInput(attrs={"type": "date"}))  # fmt: skip
    last_day = forms.DateField(label=gettext_lazy("Until"),
                               widget=forms.DateInput(attrs={"type": "date"}))  # fmt: skip
    deputy = forms.ChoiceField(
        label=gettext_lazy("Who stands in"), required=False,
        choices=lambda: [("", _("Nobody")), *colleagues()],
    )  # fmt: skip

    def __init__(self, data: Any = None, people: Iterable[User] | None = None) -> None:
        super().__init__(data)
        if people is not None:
            choices = [(str(one.pk), one.name) for one in people]
            self.fields["user"] = forms.ChoiceField(label=gettext_lazy("Who"), choices=choices)
