"""Every address has a name and says whom it admits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from rapport.accounts.routes import KINDS, STAFF_ONLY

OPEN_ROUTES = Path(__file__).parents[1] / "open_routes.txt"

type Patterns = Iterable[URLPattern | URLResolver]


@dataclass(frozen=True)
class Route:
    """One address of ours."""

    address: str
    name: str | None
    view: Any

    @property
    def kinds(self) -> frozenset[str]:
        """Whom the middleware lets through."""
        return getattr(self.view, "admitted_kinds", STAFF_ONLY)


def own_routes(patterns: Patterns, prefix: str = "/", space: str = "") -> Iterator[Route]:
    """Every address whose view is ours."""
    for one in patterns:
        address = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from own_routes(one.url_patterns, address, inner)
        elif one.callback.__module__.startswith("rapport."):
            yield Route(address, space + one.name if one.name else None, one.callback)


def reviewed() -> set[str]:
    """Names of the addresses that may answer strangers."""
    lines = OPEN_ROUTES.read_text().splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def nameless(routes: Iterable[Route]) -> list[str]:
    """Addresses nothing can refer to."""
    return [one.address for one in routes if not one.name]


def opened(routes: Iterable[Route]) -> set[str | None]:
    """Names of the addresses that answer strangers."""
    return {one.name for one in routes if "anonymous" in one.kinds}


def _house() -> list[Route]:
    return list(own_routes(get_resolver().url_patterns))


def test_every_address_has_a_name() -> None:
    assert nameless(_house()) == []


def test_every_address_admits_known_kinds() -> None:
    assert [one.address for one in _house() if not one.kinds <= KINDS] == []


def test_open_addresses_are_the_reviewed_ones() -> None:
    """Add an address to open_routes.txt only when a stranger must reach it."""
    assert opened(_house()) == reviewed()


def test_nameless_and_open_addresses_are_found() -> None:
    def page() -> None: ...

    page.__module__ = "rapport.sales.views"
    page.admitted_kinds = frozenset({"anonymous"})  # type: ignore[attr-defined]
    found = list(own_routes([URLPattern(get_resolver().url_patterns[0].pattern, page)]))
    assert nameless(found)
    assert opened(found) == {None}
