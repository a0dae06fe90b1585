"""Every address has a name and says whom it admits."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from rapport.accounts.routes import KINDS, STAFF_ONLY

OPEN_ROUTES = Path(__file__).with_name("open_routes.txt")

type Routes = Iterable[URLPattern | URLResolver]


def own_routes(routes: Routes, prefix: str = "", space: str = "") -> Iterator[tuple[str, Any]]:
    """(name or address, view) of every pattern whose view is ours."""
    for route in routes:
        address = prefix + str(route.pattern)
        if isinstance(route, URLResolver):
            inner = f"{space}{route.namespace}:" if route.namespace else space
            yield from own_routes(route.url_patterns, address, inner)
        elif route.callback.__module__.startswith("rapport."):
            yield f"{space}{route.name}" if route.name else f"/{address}", route.callback


def kinds_of(view: Callable[..., Any]) -> frozenset[str]:
    """Whom the middleware lets through to a view."""
    return getattr(view, "admitted_kinds", STAFF_ONLY)


def _reviewed() -> set[str]:
    lines = OPEN_ROUTES.read_text().splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def _all() -> dict[str, Any]:
    return dict(own_routes(get_resolver().url_patterns))


def test_every_address_has_a_name() -> None:
    assert [name for name in _all() if name.startswith("/")] == []


def test_every_address_admits_known_kinds() -> None:
    assert [name for name, view in _all().items() if not kinds_of(view) <= KINDS] == []


def test_open_addresses_are_the_reviewed_ones() -> None:
    """Add an address to open_routes.txt only when a stranger must reach it."""
    is_open = {name for name, view in _all().items() if "anonymous" in kinds_of(view)}
    assert is_open == _reviewed()


def test_nameless_and_open_addresses_are_found() -> None:
    def page() -> None: ...

    page.__module__ = "rapport.sales.views"
    page.admitted_kinds = frozenset({"anonymous"})  # type: ignore[attr-defined]
    pattern = get_resolver().url_patterns[0].pattern
    found = dict(own_routes([URLPattern(pattern, page)]))
    assert next(iter(found)).startswith("/")
    assert "anonymous" in kinds_of(next(iter(found.values())))
