"""What is asked of whoever registers an app, and what people read of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import OAuthApp
from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.narrowing import READING
from rapport.accounts.oauth.redirects import check_redirect
from rapport.accounts.oauth.scopes import READ, WRITE, allowed_by
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT
from rapport.setup.token_forms import LIVES, SOME, TokenForm, limit_field, scope_words

MOST_ADDRESSES = 10
MOST_HOSTS = 50
KINDS = [
    ("secret", gettext_lazy("On a server of its maker: it keeps a secret")),
    ("public", gettext_lazy("On computers and phones of people: it can keep none")),
]
REACHES = [
    (WRITE, gettext_lazy("Read and change whatever its person may")),
    (READ, gettext_lazy("Read only")),
    (SOME, gettext_lazy("Only what is ticked below")),
]


class AppForm(TokenForm):
    """An app of others: where it is answered, and what it may ask people for."""

    app: OAuthApp | None = None
    field_order = ["name", "redirect_uris", "kind", "reach", "proposes", "days", "networks"]
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("People read it when they are asked to let the app in."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    redirect_uris = forms.CharField(
        label=gettext_lazy("Redirect addresses"),
        max_length=6_000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "spellcheck": "false",
                "dir": "ltr",
                "placeholder": "https://app.example.com/callback",
            }
        ),
        help_text=gettext_lazy("One a line, exactly as the app writes them."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("It runs"), choices=KINDS, required=False, initial="secret"
    )
    reach = forms.ChoiceField(label=gettext_lazy("It may ask for"), choices=REACHES, initial=READ)
    days = forms.ChoiceField(
        label=gettext_lazy("People are asked again after"), choices=LIVES[:3], initial="90"
    )

    proposes = forms.BooleanField(
        label=gettext_lazy("As an agent it only proposes: each person approves what it changes"),
        required=False,
    )
    calls_per_hour = limit_field("calls_per_hour")
    calls_per_day = limit_field("calls_per_day")
    writes_per_hour = limit_field("writes_per_hour")
    writes_per_day = limit_field("writes_per_day")

    @classmethod
    def of(cls, app: OAuthApp) -> AppForm:
        """The form filled with what holds now; of which kind an app is never changes."""
        initial = {
            "name": app.name,
            "redirect_uris": "\n".join(app.redirect_uris),
            "reach": app.scopes[0] if app.scopes in ([READ], [WRITE]) else SOME,
            "days": str(app.days),
            "networks": "\n".join(app.networks),
            "proposes": app.proposes,
            **{name: getattr(app, name) for name in APP_LIMITS},
        }
        return cls(initial=initial).about(app)

    def about(self, app: OAuthApp) -> AppForm:
        """The form without what never changes: of which kind an app is, and of one that came by
        itself what its document says."""
        self.app = app
        for name in ("kind", *(("name", "redirect_uris") if app.document_url else ())):
            del self.fields[name]
        return self

    def clean_redirect_uris(self) -> list[str]:
        """The addresses as a list. Raises ValidationError."""
        found = self.cleaned_data["redirect_uris"].split()
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(_("Up to %(most)d addresses.") % {"most": MOST_ADDRESSES})
        for address in found:
            check_redirect(address)
        return list(dict.fromkeys(found))

    def values(self) -> dict[str, Any]:
        """What is kept of the app."""
        given = self.cleaned_data
        if self.app is not None and self.app.document_url:
            given |= {"name": self.app.name, "redirect_uris": self.app.redirect_uris}
        ticked = given["scopes"] or {}
        words = [f"{name}.{action}" for name, actions in ticked.items() for action in actions]
        return {
            "name": given["name"],
            "redirect_uris": given["redirect_uris"],
            "scopes": words or [given["reach"]],
            "days": int(given["days"]),
            "networks": given["networks"],
            "proposes": given["proposes"],
            **{name: given[name] for name in APP_LIMITS},
        }


class HostsForm(forms.Form):
    """Whose apps may come by themselves."""

    hosts = forms.CharField(
        label=gettext_lazy("Hosts"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "dir": "ltr", "placeholder": "claude.ai"}
        ),
        help_text=gettext_lazy("One a line. None: every app is registered here by you."),
    )

    def clean_hosts(self) -> list[str]:
        """The hosts as a list. Raises ValidationError."""
        found = self.cleaned_data["hosts"].lower().split()
        if len(found) > MOST_HOSTS:
            raise ValidationError(_("Up to %(most)d hosts.") % {"most": MOST_HOSTS})
        return found


def ticked_of(app: OAuthApp) -> list[str]:
    """The boxes that are on for an app."""
    return [] if app.scopes in ([READ], [WRITE]) else list(app.scopes)


def sentences(scope: str) -> list[str | Promise]:
    """What a scope allows, in plain words."""
    allowed = allowed_by(scope.split())
    if set(allowed.get(EVERY_OBJECT, ())) == set(ACTIONS):
        return [_("See, add, change, delete, import and export whatever you may yourself")]
    if allowed == {EVERY_OBJECT: list(READING)}:
        return [_("See and export whatever you may see, and change nothing")]
    # What is said of everything else comes after what it is else to.
    named = dict(sorted(allowed.items(), key=lambda pair: pair[0] == EVERY_OBJECT))
    return [f"{label}: {actions}" for label, actions in scope_words(named)]
