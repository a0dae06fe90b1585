"""What the directory asks for and does, resource by resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import Actor, lock_workspace
from rapport.accounts.models import Provisioning
from rapport.accounts.request import Request
from rapport.accounts.scim import grouping, groups, keeping, users
from rapport.accounts.scim.asking import Columns, key_of
from rapport.accounts.scim.door import (
    actor_of,
    base_of,
    body_of,
    is_known,
    missing,
    require_version,
    shown,
    with_version,
)
from rapport.accounts.scim.errors import ScimError
from rapport.accounts.scim.listing import chosen, list_of, listed
from rapport.accounts.scim.patching import patch
from rapport.accounts.scim.schemas import (
    GROUP_SHAPE,
    RESOURCE_TYPES,
    SCHEMAS,
    SERVICE,
    USER_SHAPE,
    Document,
    Shape,
    kept,
)
from rapport.accounts.scim.telling import told_group, told_user

CREATED = 201
NO_CONTENT = 204
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Sort:
    """Users or groups: how they are read, and what is done to them."""

    name: str
    found: Callable[[], QuerySet[Any]]
    columns: Columns
    shape: Shape
    attributes: Callable[[Any], Document]
    show: Callable[[Any, str], Document]
    told: Callable[[Document], Any]
    add: Callable[[Provisioning, Any, Actor], Any]
    change: Callable[[Provisioning, Any, Any, Actor], None]
    remove: Callable[[Provisioning, Any, Actor], None]


SORTS = {
    "Users": Sort(
        "User", users.users, users.COLUMNS, USER_SHAPE, users.own_attributes, users.shown,
        told_user, keeping.add_user, keeping.change_user, keeping.remove_user,
    ),
    "Groups": Sort(
        "Group", groups.groups, groups.COLUMNS, GROUP_SHAPE, groups.own_attributes, groups.shown,
        told_group, grouping.add_group, grouping.change_group, grouping.remove_group,
    ),
}  # fmt: skip


def find(request: Request, sort: str) -> HttpResponse:
    """List users or groups."""
    return _list(request, SORTS[sort], request.GET.dict())


def search(request: Request, sort: str) -> HttpResponse:
    """List users or groups, as the body asks: addresses are written down by many on the way."""
    asked = {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in body_of(request).items()
        if name != "schemas" and value is not None
    }
    return _list(request, SORTS[sort], asked)


def search_all(_request: Request) -> HttpResponse:
    """Refuse to look among users and groups at once. Raises ScimError 501."""
    raise ScimError(501, _("Ask for users or for groups."))


def make(request: Request, sort: str) -> HttpResponse:
    """Make a user or a group."""
    of = SORTS[sort]
    told = of.told(kept(body_of(request), of.shape))
    with transaction.atomic():
        provisioning = _held()
        made = of.add(provisioning, told, actor_of(request, provisioning))
        return _answer(request, of, made.pk, CREATED)


def get(request: Request, sort: str, key: str) -> HttpResponse:
    """Show a user or a group."""
    of = SORTS[sort]
    resource = _shown(of, _one(of, key), base_of(request))
    if is_known(request, resource):
        return HttpResponse(status=NOT_MODIFIED, headers={"ETag": resource["meta"]["version"]})
    return _whole(request, resource)


def put(request: Request, sort: str, key: str) -> HttpResponse:
    """Make a user or a group what was sent."""
    of, sent = SORTS[sort], body_of(request)
    return _change(request, of, key, lambda _present: kept(sent, of.shape))


def change(request: Request, sort: str, key: str) -> HttpResponse:
    """Do some operations to a user or a group."""
    of, sent = SORTS[sort], body_of(request)

    def patched(present: Document) -> Document:
        patch(present, sent, of.shape)
        return present

    return _change(request, of, key, patched)


def remove(request: Request, sort: str, key: str) -> HttpResponse:
    """Shut a user out, or remove a group."""
    of = SORTS[sort]
    with transaction.atomic():
        provisioning = _held()
        one = _one(of, key)
        require_version(request, _shown(of, one, base_of(request)))
        of.remove(provisioning, one, actor_of(request, provisioning))
    return HttpResponse(status=NO_CONTENT)


def config(request: Request) -> HttpResponse:
    """Say what this door can."""
    return shown(_described(request, SERVICE, "ServiceProviderConfig", "ServiceProviderConfig"))


def resource_types(request: Request, key: str = "") -> HttpResponse:
    """Say which resources there are, or what one of them is."""
    return _documents(request, RESOURCE_TYPES, key, "ResourceType")


def schemas(request: Request, key: str = "") -> HttpResponse:
    """Say what resources are made of."""
    return _documents(request, SCHEMAS, key, "Schema")


def _list(request: Request, of: Sort, asked: Mapping[str, str]) -> HttpResponse:
    site = base_of(request)
    return shown(listed(of.found(), asked, of.columns, lambda one: _shown(of, one, site)))


def _change(
    request: Request, of: Sort, key: str, wanted: Callable[[Document], Document]
) -> HttpResponse:
    with transaction.atomic():
        provisioning = _held()
        one = _one(of, key)
        require_version(request, _shown(of, one, base_of(request)))
        told = of.told(wanted(of.attributes(one)))
        of.change(provisioning, one, told, actor_of(request, provisioning))
        return _answer(request, of, one.pk)


def _held() -> Provisioning:
    """The settings, one change at a time: two at once could make the same user twice."""
    lock_workspace()
    found = Provisioning.objects.select_related("service__role", "default_role").first()
    if found is None:
        raise missing()
    return found


def _one(of: Sort, key: str) -> Any:
    found = of.found().filter(pk=key_of(key)).first()
    if found is None:
        raise missing()
    return found


def _answer(request: Request, of: Sort, key: UUID, status: int = 200) -> HttpResponse:
    return _whole(request, _shown(of, of.found().get(pk=key), base_of(request)), status)


def _whole(request: Request, resource: Document, status: int = 200) -> HttpResponse:
    response = shown(chosen(resource, request.GET.dict()), status)
    response.headers["ETag"] = resource["meta"]["version"]
    response.headers["Location"] = resource["meta"]["location"]
    return response


def _shown(of: Sort, one: Any, site: str) -> Document:
    return with_version(of.show(one, site))


def _documents(
    request: Request, documents: dict[str, Document], key: str, kind: str
) -> HttpResponse:
    found = [_described(request, one, kind, f"{kind}s/{name}") for name, one in documents.items()]
    if not key:
        return shown(list_of(found, len(found)))
    one = next((one for one in found if one["id"] == key), None)
    if one is None:
        raise missing()
    return shown(one)


def _described(request: Request, document: Document, kind: str, path: str) -> Document:
    meta = {"resourceType": kind, "location": f"{base_of(request)}/{path}"}
    return {**document, "meta": meta}
