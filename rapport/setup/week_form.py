"""The hours of a week as one types them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from rapport.accounts.choices import weekdays
from rapport.kit.hours import NotHours, Spans, read_spans, write_spans


class WeekForm(forms.Form):
    """A field for each day, `09:00-12:30, 13:30-17:00`."""

    def __init__(self, data: Any, week: Mapping[int, Spans], **initial: Any) -> None:
        self.days = weekdays()
        first = {f"day_{day}": write_spans(week.get(day, ())) for day, _name in self.days}
        super().__init__(data, initial=first | initial)
        for day, name in self.days:
            self.fields[f"day_{day}"] = forms.CharField(
                label=name, required=False, max_length=100,
                widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "09:00-17:00"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The days as hours."""
        for day, _name in self.days:
            try:
                read_spans(self.cleaned_data.get(f"day_{day}", ""))
            except NotHours as fault:
                said = _("“%(text)s” is no hours. Write them as 09:00-12:30, 13:30-17:00.")
                self.add_error(f"day_{day}", said % {"text": fault})
        return self.cleaned_data

    def week(self) -> Mapping[int, Spans]:
        """The hours of each day."""
        found = {day: read_spans(self.cleaned_data[f"day_{day}"]) for day, _name in self.days}
        return {day: spans for day, spans in found.items() if spans}
