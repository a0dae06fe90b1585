"""What a page calls its parts is known to the stylesheet or to a script."""

import re

from tests.house.sources import PACKAGE, Source, python, with_suffix

TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
CLASSES = re.compile(r'\bclass="([^"]*)"')
WHOLE = re.compile(r"[a-z][\w-]*[a-z0-9]", re.I)


def classes(source: Source) -> set[str]:
    """The classes that the mark-up of a file names as whole words."""
    # What is put together with a tag is known by its pieces only at the moment of drawing.
    texts = (TAGS.sub("{}", text) for text in CLASSES.findall(source.text))
    return {word for text in texts for word in text.split() if WHOLE.fullmatch(word)}


def known() -> set[str]:
    """The classes that have a style of ours, and each word of our scripts."""
    styles = "".join(file.read_text() for file in PACKAGE.rglob("*.css"))
    scripts = "".join(file.read_text() for file in PACKAGE.glob("*/static/*/js/*.js"))
    return {*re.findall(r"\.([A-Za-z][\w-]*)", styles), *re.findall(r"[A-Za-z][\w-]*", scripts)}


def test_no_part_of_a_page_is_left_without_its_looks() -> None:
    pages = [one for one in (*with_suffix(".html"), *python()) if not one.is_test]
    words = known()
    found = {one.path: sorted(classes(one) - words) for one in pages}
    assert {path: missing for path, missing in found.items() if missing} == {}


def test_only_whole_words_are_asked_for() -> None:
    page = Source(
        "page.html", '<p class="card{% if a %} on{% endif %} lane-{{ n }}"><b class="x1">'
    )
    assert classes(page) == {"x1"}
