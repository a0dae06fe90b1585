"""Of which sorts of elements a page is made, read without a browser in a hundredth of its time."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client

#: What rules and scripts go by; other attributes hold what is shown.
TELLING = ("role", "type", "aria-haspopup")


def shapes_of(web: Client, address: str) -> set[str]:
    """Sorts of elements: those of one have the same classes, role and behaviour. A page that does
    not answer is a sort of its own."""
    answer = web.get(address)
    if answer.status_code != 200:
        return {address}
    found = _Elements()
    found.feed(answer.text)
    return found.sorts


def is_list(shapes: set[str]) -> bool:
    """Whether a page of these is a list of records, or its board or calendar."""
    return any("data-list" in sort.split() for sort in shapes)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sorts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        classes = sorted((told.get("class") or "").split())
        marks = [f"{name}={told[name]}" for name in TELLING if name in told]
        bound = sorted(name for name in told if name.startswith("data-"))
        self.sorts.add(" ".join([tag, *classes, *marks, *bound]))
