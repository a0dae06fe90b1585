"""Pages under the strict policy, in words that can be translated."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import Source, python, with_suffix

INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=\s*[\"'{]", re.I),
    "style element": re.compile(r"<style[\s>]", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
    "event attribute of htmx": re.compile(r"\shx-on[:-]", re.I),
    "script address": re.compile(r"[\"']\s*javascript:", re.I),
}
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
TRUSTING = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")

SILENT = [
    re.compile(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}", re.S),
    re.compile(r"{%\s*blocktrans.*?%}.*?{%\s*endblocktrans(late)?\s*%}", re.S),
    re.compile(r"{%\s*block \w+_(?:class|attributes)\s*%}.*?{%\s*endblock.*?%}", re.S),
    re.compile(r"<(kbd|code|script)\b.*?</\1>", re.S),
    re.compile(r"{#.*?#}|<!--.*?-->|<!doctype[^>]*>", re.S | re.I),
    TAGS,
]
SPOKEN_ATTRIBUTE = re.compile(
    r"\s(?:title|alt|placeholder|aria-label|aria-description|data-label|data-l)=\"([^\"]*)\""
)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Rapport", "CSV", "Excel", "JSON", "Parquet"}


def inline_faults(source: Source) -> list[str]:
    """What the policy would block, and filters that trust text."""
    mark_up = TAGS.sub("", source.text)
    found = [name for name, rule in INLINE.items() if rule.search(mark_up)]
    found += ["trusted text"] if TRUSTING.search(source.text) else []
    return [f"{source.path}: {name}" for name in found]


def strings_of(source: Source) -> Iterator[Source]:
    """The literals of a Python file that look like mark-up."""
    for node in source.all(ast.Constant):
        if isinstance(node.value, str) and "<" in node.value:
            yield Source(f"{source.path}:{node.lineno}", node.value)


def untranslated(source: Source) -> list[str]:
    """Words a person would read that no translator sees."""
    text = source.text
    for silent in SILENT:
        text = silent.sub(" ", text)
    spoken = " ".join(SPOKEN_ATTRIBUTE.findall(text))
    text = re.sub(r"<[^>]*>|&\w+;|&#\w+;", " ", text)
    return [word for word in WORD.findall(f"{text} {spoken}") if word not in NAMES]


def test_no_page_needs_an_exception_from_the_policy() -> None:
    assert [fault for one in with_suffix(".html") for fault in inline_faults(one)] == []


def test_no_mark_up_in_code_needs_one() -> None:
    pieces = [piece for one in python() for piece in strings_of(one)]
    assert [fault for piece in pieces for fault in inline_faults(piece)] == []


def test_inline_parts_are_found() -> None:
    for bad in (
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a hx-on:click="go()">',
        '<a href="javascript:go()">',
        "{{ name|safe }}",
        "{% autoescape off %}",
    ):
        assert inline_faults(Source("page.html", bad)), bad
    good = '<script src="a.js" defer></script><a data-on="x" class="style">{{ one|safer }}</a>'
    good += '<p class="{% if one == 1 %}a{% endif %}">'
    assert inline_faults(Source("page.html", good)) == []


def test_every_word_on_a_page_can_be_translated() -> None:
    pages = [one for one in with_suffix(".html") if not one.is_test]
    found = {one.path: untranslated(one) for one in pages}
    assert {path: words for path, words in found.items() if words} == {}


def test_words_past_the_translator_are_found() -> None:
    sample = Source(
        "page.html",
        '<b title="Close">{% translate "Fine" %} Save {{ name }}</b> <kbd>Ctrl</kbd>&nbsp;Rapport'
        "{% block body_class %}wide{% endblock %}"
        '{% blocktranslate %}Also fine{% endblocktranslate %}<i aria-label="{% translate "x" %}">',
    )
    assert untranslated(sample) == ["Save", "Close"]


# Days and times are written by the reader's language; only machines get a fixed form.
HAND_MADE = re.compile(r"""\|(?:date|time):(?!["'](?:c|Y-m-d)["'])|\{% now """)


def test_no_page_makes_dates_by_hand() -> None:
    found = [one.path for one in with_suffix(".html") if HAND_MADE.search(one.text)]
    assert found == []


def test_dates_made_by_hand_are_found() -> None:
    assert HAND_MADE.search('{{ at|date:"j M H:i" }}')
    assert not HAND_MADE.search('<time datetime="{{ at|date:"c" }}">{{ at|short_moment }}</time>')
