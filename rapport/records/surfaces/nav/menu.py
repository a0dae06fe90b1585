"""The menu of every page: fixed places first, then the objects by their group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object

GO_KEYS = {"person": "p", "deal": "d", "company": "o", "task": "k", "lead": "l"}
TAB_URLS = ("/", "/people/", "/deals/", "/tasks/")


@dataclass(slots=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None
    hot: bool = False
    go: str = ""


@dataclass(slots=True)
class Group:
    """Entries under one heading."""

    label: str
    items: list[Item] = field(default_factory=list)


def menu(request: Request) -> dict[str, Any]:
    """Context processor: `nav`, `tabs`, `user_menu` and `create_url` of the shell. No queries."""
    principal = getattr(request, "principal", None)
    if principal is None or not principal.is_staff:
        return {}
    seen = sorted(access.visible_objects(principal), key=lambda one: one.order)
    groups = {"": Group("", [Item(_("Today"), "/", "home", request.path == "/", go="t")])}
    for declaration in seen:
        if declaration.menu:
            group = groups.setdefault(str(declaration.menu), Group(str(declaration.menu)))
            group.items.append(_item(declaration, request.path))
    return {
        "nav": _filled(groups.values()),
        "tabs": [one for group in groups.values() for one in group.items if one.url in TAB_URLS],
        "user_menu": _user_menu(),
        "bell": Item(
            _("Notifications"), "/notifications/", "bell", request.path == "/notifications/"
        ),
        "create_url": _create_url(request, seen),
    }


def _user_menu() -> Sequence[Item]:
    return [
        Item(_("My account"), "/account/", "user"),
        Item(_("Jobs"), "/jobs/", "bolt"),
        Item(_("History"), "/history/", "clock"),
        Item(_("Settings"), "/setup/", "gear"),
    ]


def _create_url(request: Request, seen: Sequence[type[Object]]) -> str:
    """The quick form of the object one looks at, else of the first that may be created."""
    may_create = [
        one for one in seen if one.quick and access.may(request.principal, "create", one.name)
    ]
    here = [one for one in may_create if request.path.startswith(one.url())]
    chosen = [*here, *may_create][:1]
    return f"{chosen[0].url()}quick/" if chosen else ""


def _item(declaration: type[Object], path: str) -> Item:
    url = declaration.url()
    current = path.startswith(url)
    go = GO_KEYS.get(declaration.name, "")
    return Item(str(declaration.label_plural), url, declaration.icon, current, go=go)


def _filled(groups: Any) -> Sequence[Group]:
    return [group for group in groups if group.items]
