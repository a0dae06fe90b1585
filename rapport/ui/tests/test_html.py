"""Mark-up that is filled by hand stays safe whatever fills it."""

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from rapport.ui.html import Markup, escaped, joined

NASTY = """<img src=x onerror="alert('1')">&"""
HARMLESS = "&lt;img src=x onerror=&quot;alert(&#x27;1&#x27;)&quot;&gt;&amp;"


def test_markup_escapes_every_value_that_is_not_safe_already() -> None:
    link = Markup('<a href="{}">{}</a>')
    assert link(NASTY, NASTY) == f'<a href="{HARMLESS}">{HARMLESS}</a>'
    assert link("/", SafeString("<b>1</b>")) == '<a href="/"><b>1</b></a>'
    assert isinstance(link("/", 1), SafeString)
    with pytest.raises(ValueError, match="zip"):
        link("/")


def test_places_may_have_names_and_come_twice() -> None:
    mark = Markup('{{<i title="{word}">{word}</i>}}{more}')
    assert mark(word="<", more=1) == '{<i title="&lt;">&lt;</i>}1'
    with pytest.raises(KeyError, match="more"):
        mark(word="<")


def test_only_safe_text_is_left_as_it_is() -> None:
    class Word(str):
        """Text of another type is no safe text."""

    for value in (NASTY, Word(NASTY), gettext_lazy(NASTY)):
        assert escaped(value) == HARMLESS
    assert escaped(SafeString("<b>")) == "<b>"
    assert joined("<br>", [NASTY, SafeString("<b>")]) == f"{HARMLESS}<br><b>"
