"""An address leads where Django would lead it, trying one after the other."""

import re
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern

from rapport.project.routing import BySegment

WORDS = {
    "uuid": "01a207c3-292e-7e1d-8b64-34f28bc9f020",
    "object": "people",
    "int": "7",
    "path": "a/b",
}


def _paths(addresses: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    for one in addresses:
        path = prefix + re.sub(r"<(?:(\w+):)?\w+>", _word, str(one.pattern).lstrip("^"))
        if isinstance(one, URLResolver):
            yield from _paths(one.url_patterns, path)
        else:
            yield path


def _word(part: re.Match[str]) -> str:
    return WORDS.get(part[1] or "str", "word")


def test_every_address_leads_where_django_leads_it() -> None:
    [by_segment] = [one for one in get_resolver().url_patterns if isinstance(one, BySegment)]
    django = URLResolver(RegexPattern(r"^/"), by_segment.url_patterns)
    paths = list(_paths(by_segment.url_patterns))
    assert len(paths) > 300
    for path in paths:
        found, wanted = resolve(path), django.resolve(path)
        assert (found.func, found.kwargs, found.view_name, found.route) == (
            wanted.func,
            wanted.kwargs,
            wanted.view_name,
            wanted.route,
        )


@pytest.mark.parametrize("path", ["/nowhere/", "/people", "/people/7/", "//people/"])
def test_an_address_of_nothing_is_not_found(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)
