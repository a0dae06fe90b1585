"""The components as template tags: `{% load ui %}`."""

import re
from collections.abc import Hashable, Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect, Select, SelectMultiple
from django.forms.boundfield import BoundWidget
from django.forms.widgets import CheckboxSelectMultiple, ClearableFileInput
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import (
    format_clock,
    format_day,
    format_decimal,
    format_long_day,
    format_short_moment,
)
from rapport.ui import components, toasts
from rapport.ui.kept import render_kept

register = template.Library()
_SCRIPTS = Path(components.__file__).parent / "static" / "ui" / "js"
_IMPORTED = re.compile(r'^import .*?"\./([\w-]+\.js)";$', re.MULTILINE)

register.simple_tag(components.avatar)
register.simple_tag(components.dot)
register.simple_tag(components.icon)
register.simple_tag(components.meter)
register.simple_tag(components.next_step)
register.simple_tag(components.tag)
register.simple_tag(components.why)


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, key: Hashable, **late: object) -> SafeString:
    """Include a template, rendered once for all requests with the same language and key."""
    return render_kept(context, name, key, late)


@register.simple_tag
def file_limit(most: int = 0, files: int = 0) -> SafeString:
    """Attributes of a file input: the most bytes of one file, the most files, which together may
    hold as much as one, and what is said of more."""
    most = most or settings.LARGEST_ATTACHMENT
    size = filesizeformat(most)
    words = _("“{name}” is larger than %(size)s, the most a file may have here.") % {"size": size}
    limit = format_html(' data-most-bytes="{}" data-too-large="{}"', most, words)
    if not files:
        return limit
    many = _(
        "At most %(count)d files come at once, and %(size)s together. Send these in several parts."
    ) % {"count": files, "size": size}
    return limit + format_html(' data-most-files="{}" data-too-many="{}"', files, many)


@register.filter(expects_localtime=True)
def clock(value: datetime) -> str:
    """The time of day by the reader's language."""
    return format_clock(value, get_language() or "en")


@register.filter(expects_localtime=True)
def short_moment(value: datetime) -> str:
    """Day and time by the reader's language."""
    return format_short_moment(value, get_language() or "en", localdate())


@register.filter
def number(value: int) -> str:
    """A number by the reader's language, its digits in groups."""
    return format_decimal(value, get_language() or "en")


@register.filter
def short_day(value: date) -> str:
    """A day by the reader's language."""
    return format_day(value, get_language() or "en", localdate())


@register.filter
def long_day(value: date) -> str:
    """A day in words by the reader's language."""
    return format_long_day(value, get_language() or "en", localdate())


@register.simple_tag
def pulse(weeks: Iterable[tuple[int, int]], width: int = 72, height: int = 24) -> SafeString:
    """Draw the pulse of (inbound, outbound) pairs, oldest week first."""
    pairs = list(weeks)
    inbound, outbound = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return components.pulse(inbound, outbound, width, height)


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """Render a form field's control in our look; `aria_label="…"` becomes `aria-label`."""
    widget = field.field.widget
    classes = [_control_class(widget), widget.attrs.get("class"), attributes.pop("class", "")]
    attrs: dict[str, str | bool] = {"class": " ".join(str(one) for one in classes if one)}
    attrs |= {name.replace("_", "-"): value for name, value in attributes.items()}
    return field.as_widget(attrs=attrs)


@register.simple_tag
def option_control(option: BoundWidget) -> SafeString:
    """Render one radio button or tick box of a group in our look."""
    option.data["attrs"]["class"] = "check"
    return option.tag()


def _control_class(widget: object) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple | CheckboxInput):
        return "check"
    if isinstance(widget, Select) and not isinstance(widget, SelectMultiple):
        return "select"
    return "in file" if isinstance(widget, ClearableFileInput) else "in"


@register.simple_tag
def field_error(field: BoundField) -> SafeString:
    """Render a field's errors under it, where its control's aria-describedby points."""
    if not field.errors:
        return SafeString("")
    return format_html(
        '<span class="err" id="{}_error">{}<span>{}</span></span>',
        field.auto_id,
        components.icon("warn", small=True),
        format_html_join(" ", "{}", ((error,) for error in field.errors)),
    )


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the control is a single tick box, whose label follows it."""
    widget = field.field.widget
    return isinstance(widget, CheckboxInput) and not isinstance(widget, CheckboxSelectMultiple)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the control is several inputs, so that it needs a legend in place of a label."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def has_field_errors(form: BaseForm) -> bool:
    """Whether a visible field has errors, so that the form's notice points at them."""
    return any(field.errors for field in form.visible_fields())


@register.filter
def undo_url(message: Message) -> str:
    """Return the address that undoes what a Django message reports."""
    return toasts.undo_url_of(message)


@register.filter
def open_url(message: Message) -> str:
    """Return the page of what a Django message speaks of."""
    return toasts.open_url_of(message)


@register.simple_tag
def module_preloads() -> SafeString:
    """Tell the browser of the modules `app.js` imports, so that it asks for all at once."""
    return format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((static(f"ui/js/{name}"),) for name in _imported_modules()),
    )


@cache
def _imported_modules() -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = ["app.js"]
    while waiting:
        for name in _IMPORTED.findall((_SCRIPTS / waiting.pop()).read_text()):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return tuple(found)
