"""The menu of every page: fixed places first, then the objects by their group."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.surfaces.nav.places import parts, places
from rapport.records.views.reading import all_views, has_favourites, view_address, views_version

ICONS = {
    "table": "table", "board": "board", "calendar": "cal", "timeline": "route", "chart": "chart",
}  # fmt: skip
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


class Menu:
    """The menu as one reader sees it from one page; what is not asked for is not made."""

    def __init__(
        self, principal: Principal, path: str, workspace: str, favourites: Sequence[Item] = ()
    ) -> None:
        self.principal = principal
        self.favourites = favourites
        # Pages of one object share their menu.
        first = path if path in ("/", "/notifications/") else f"/{path.split('/')[1]}/"
        self.path = parts.get(first, first)
        self.workspace = workspace

    @property
    def key(self) -> Hashable:
        """All that the menu and what stands around it depend on."""
        who = self.principal
        grants = frozenset(who.grants.items())
        favourites = tuple((one.label, one.url) for one in self.favourites)
        shared = (who.user_id, who.viewed_by, who.name, grants, registry.edition(), favourites)
        return (self.path, self.workspace, *shared)

    @cached_property
    def seen(self) -> Sequence[type[Object]]:
        """The objects that have pages for this reader."""
        return sorted(access.visible_objects(self.principal), key=lambda one: one.order)

    @cached_property
    def groups(self) -> Sequence[Group]:
        """Fixed places, then the objects by their group."""
        groups = {"": Group("", [Item(_("Today"), "/", "home", self.path == "/", go="t")])}
        objects = [(one.order, one.menu, _item(one, self.path)) for one in self.seen if one.menu]
        pages = [
            (one.order, one.menu, Item(str(one.label), one.url, one.icon, self.path == one.url))
            for one in places
            if one.may(self.principal)
        ]
        for _order, name, item in sorted([*objects, *pages], key=itemgetter(0)):
            groups.setdefault(str(name), Group(str(name))).items.append(item)
        found = [group for group in groups.values() if group.items]
        return [*found, Group(_("Favourites"), list(self.favourites))] if self.favourites else found

    @property
    def tabs(self) -> Sequence[Item]:
        """What a phone shows at its foot."""
        return [one for group in self.groups for one in group.items if one.url in TAB_URLS]

    @property
    def bell(self) -> Item:
        """The way to what one was told."""
        is_here = self.path == "/notifications/"
        return Item(_("Notifications"), "/notifications/", "bell", is_here)

    @property
    def create_url(self) -> str:
        """The quick form of the object one looks at, else of the first that may be created."""
        may_create = [
            one for one in self.seen if one.quick and access.may(self.principal, "create", one.name)
        ]
        here = [one for one in may_create if self.path == one.url()]
        chosen = [*here, *may_create][:1]
        return f"{chosen[0].url()}quick/" if chosen else ""


def shell_key(request: Request) -> Hashable:
    """All that the shell around a page of this reader depends on, language apart."""
    return _menu(request).key


def menu(request: Request) -> dict[str, Any]:
    """Context processor: `nav`, `tabs`, `user_menu`, `create_url` and the key of the shell.

    It asks the database nothing, but for the reader's views after one of them was changed.
    """
    principal = getattr(request, "principal", None)
    if principal is None or not principal.is_staff:
        return {}
    made = _menu(request)
    return {
        "shell_key": made.key,
        "live_url": "" if principal.viewed_by else settings.LIVE_URL,
        "here": request.get_full_path(),
        "nav": SimpleLazyObject(lambda: made.groups),
        "tabs": SimpleLazyObject(lambda: made.tabs),
        "user_menu": SimpleLazyObject(_user_menu),
        "bell": "" if principal.viewed_by else SimpleLazyObject(lambda: made.bell),
        "create_url": SimpleLazyObject(lambda: made.create_url),
    }


def _menu(request: Request) -> Menu:
    principal = request.principal
    # Whoever has none pays no statement for that.
    views = all_views(principal, views_version(request)) if has_favourites(request) else ()
    favourites = [
        Item(view.label(principal.language), view_address(view), ICONS[view.definition.layout])
        for view in views
        if view.is_favourite
    ]
    return Menu(principal, request.path, request.workspace.name, favourites)


def _user_menu() -> Sequence[Item]:
    return [
        Item(_("My account"), "/account/", "user"),
        Item(_("Shared with me"), "/shared/", "users"),
        Item(_("Jobs"), "/jobs/", "bolt"),
        Item(_("History"), "/history/", "clock"),
        Item(_("Settings"), "/setup/", "gear"),
    ]


def _item(declaration: type[Object], path: str) -> Item:
    url = declaration.url()
    current = path.startswith(url)
    go = GO_KEYS.get(declaration.name, "")
    return Item(str(declaration.label_plural), url, declaration.icon, current, go=go)
