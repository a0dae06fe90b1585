"""How documents look, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from rapport.accounts.logos import NoLogo, check_logo
from rapport.accounts.validators import is_color

LINES = {"rows": 3, "dir": "auto"}


class LetterheadForm(forms.Form):
    """Address, colour, foot and logo of quotes and invoices, and when these are to be paid."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("PNG or JPEG, up to 300 kB."),
    )
    is_logo_removed = forms.BooleanField(label=gettext_lazy("No logo any more"), required=False)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=gettext_lazy("Stands at the top: street, town, phone, web."),
    )
    foot = forms.CharField(
        label=gettext_lazy("Foot"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=gettext_lazy("Stands at the foot of each page: tax number, register, bank."),
    )
    payment_days = forms.IntegerField(
        label=gettext_lazy("Days to pay"),
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("Of invoices, where nothing else was agreed with the company."),
    )
    color = forms.CharField(
        label=gettext_lazy("Colour"),
        widget=forms.TextInput(attrs={"type": "color"}),
        validators=[is_color],
        help_text=gettext_lazy("Of headings and of the line below your name."),
    )

    def clean_logo(self) -> bytes | None:
        """The picture's bytes; none was sent where there are none."""
        upload: UploadedFile | None = self.cleaned_data["logo"]
        if upload is None:
            return None
        try:
            return check_logo(upload)
        except NoLogo as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def wanted(self) -> dict[str, Any]:
        """The values to keep; a logo stays unless there is another one or none is wanted."""
        values = dict(self.cleaned_data)
        logo, is_removed = values.pop("logo"), values.pop("is_logo_removed")
        if logo is not None:
            return {**values, "logo": logo}
        return {**values, "logo": b""} if is_removed else values
