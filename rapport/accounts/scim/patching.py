"""Changes to a resource (RFC 7644, 3.5.2), in all the shapes that directories send.

Entra writes "Add" and "False", takes members away by a list beside the path, and names an address
by `emails[type eq "work"].value` before there is one. Okta sends a part of the resource without a
path. Python's dictionary is changed in place; what comes of it is then written like a PUT.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.scim.errors import ScimError, invalid
from rapport.accounts.scim.filters import Compare, Path, plain_name, read_path
from rapport.accounts.scim.matching import meets
from rapport.accounts.scim.schemas import Attribute, Document, Shape, is_passed_over, proper_parts

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST = 1000
_OPERATIONS = {"add", "replace", "remove"}
_NOT_GIVEN = object()


class Kept(dict[str, Any]):
    """An element that was there before: the directory has not told it this time."""


def patch(resource: Document, body: Mapping[str, Any], shape: Shape) -> None:
    """Do all operations of the request, in order. Raises ScimError 400."""
    given = {name.lower(): value for name, value in body.items()}
    operations = given.get("operations")
    if not isinstance(operations, list) or not operations or len(operations) > MOST:
        raise invalid(_("There must be a list of “Operations”."), "invalidSyntax")
    for one in operations:
        _operate(resource, one, shape)


def _operate(resource: Document, operation: Any, shape: Shape) -> None:
    if not isinstance(operation, Mapping):
        raise invalid(_("An operation must be an object."), "invalidSyntax")
    given = {name.lower(): value for name, value in operation.items()}
    word, value = str(given.get("op", "")).lower(), given.get("value", _NOT_GIVEN)
    if word not in _OPERATIONS:
        raise invalid(_("An operation is add, replace or remove."), "invalidSyntax")
    path = given.get("path")
    if path:
        _at(resource, word, read_path(str(path)), value, shape)
    elif word == "remove":
        raise invalid(_("What is to be removed needs a path."), "noTarget")
    elif isinstance(value, Mapping):
        _merge(resource, word, value, shape)
    else:
        raise invalid(_("Without a path the value must be an object."), "invalidValue")


def _merge(resource: Document, word: str, values: Mapping[str, Any], shape: Shape) -> None:
    """A part of a resource; Entra also writes whole paths for names."""
    for name, value in values.items():
        if _is_extension(name, value):
            continue
        path = read_path(name)
        attribute = shape.get(path.attribute)
        if attribute is None or not attribute.is_read_only:
            _at(resource, word, path, value, shape)


def _is_extension(name: str, value: Any) -> bool:
    return name.lower().startswith("urn:") and isinstance(value, Mapping)


def _at(resource: Document, word: str, path: Path, value: Any, shape: Shape) -> None:
    attribute = shape.get(path.attribute)
    if attribute is None:
        if is_passed_over(path.attribute):
            return
        raise _nowhere(path.attribute)
    if attribute.is_read_only:
        raise _fixed(attribute.name)
    if value is _NOT_GIVEN and word != "remove":
        raise invalid(_("A value is missing."))
    if path.chosen is not None:
        _in_list(resource, word, path, value, attribute)
    elif path.part:
        _in_part(resource, word, path.part, value, attribute)
    else:
        _whole(resource, word, value, attribute)


def _whole(resource: Document, word: str, value: Any, attribute: Attribute) -> None:
    name = attribute.name
    if word == "remove":
        _remove(resource, value, attribute)
    elif value is None:
        resource.pop(name, None)
    elif attribute.is_list:
        told = _elements(value, attribute)
        before = resource.get(name, []) if word == "add" else []
        resource[name] = _joined(before, told)
    elif attribute.parts:
        if not isinstance(value, Mapping):
            raise invalid(_("“%(name)s” must be an object.") % {"name": name})
        resource[name] = resource.get(name, {}) | proper_parts(value, attribute)
    else:
        resource[name] = value


def _remove(resource: Document, value: Any, attribute: Attribute) -> None:
    """All of it; or, as Entra has it, the elements that stand beside the path."""
    if not attribute.is_list or value is _NOT_GIVEN or value is None:
        if attribute.is_required:
            raise _fixed(attribute.name)
        resource.pop(attribute.name, None)
        return
    gone = {_identity(one) for one in _elements(value, attribute)}
    before = resource.get(attribute.name, [])
    resource[attribute.name] = [one for one in before if _identity(one) not in gone]


def _in_part(resource: Document, word: str, part: str, value: Any, attribute: Attribute) -> None:
    name = attribute.parts.get(part)
    if name is None:
        raise _nowhere(f"{attribute.name}.{part}")
    found = resource.get(attribute.name)
    if attribute.is_list:
        targets = found if isinstance(found, list) else []
    else:
        targets = [resource.setdefault(attribute.name, {})]
    for one in targets:
        _set(one, word, name, value)


def _in_list(resource: Document, word: str, path: Path, value: Any, attribute: Attribute) -> None:
    if not attribute.is_list or path.chosen is None:
        raise _nowhere(attribute.name)
    elements: list[Document] = resource.setdefault(attribute.name, [])
    targets = [one for one in elements if meets(one, path.chosen)]
    if word == "remove" and not path.part:
        resource[attribute.name] = [one for one in elements if one not in targets]
        return
    if not targets and word != "remove":
        targets = [_made(path, attribute)]
        elements.extend(targets)
    for one in targets:
        if path.part:
            name = attribute.parts.get(path.part)
            if name is None:
                raise _nowhere(f"{attribute.name}.{path.part}")
            _set(one, word, name, value)
        else:
            one.update(*_elements(value, attribute)[:1])


def _made(path: Path, attribute: Attribute) -> Document:
    """A new element that meets the filter, where that says what it must be."""
    chosen = path.chosen
    if isinstance(chosen, Compare) and chosen.operator == "eq":
        name = attribute.parts.get(chosen.attribute)
        if name is not None:
            return {name: chosen.value}
    raise ScimError(400, _("Nothing there meets this filter."), "noTarget")


def _set(target: Document, word: str, name: str, value: Any) -> None:
    if word == "remove" or value is None:
        target.pop(name, None)
    else:
        target[name] = value


def _elements(value: Any, attribute: Attribute) -> list[Document]:
    """A list of elements, one of them, or as some have it only their values."""
    found = value if isinstance(value, list) else [value]
    elements = [one if isinstance(one, Mapping) else {"value": one} for one in found]
    return [proper_parts(one, attribute) for one in elements]


def _joined(before: list[Document], told: list[Document]) -> list[Document]:
    """Both, none of them twice; a new primary one takes the place of the old."""
    new = {_identity(one) for one in told}
    found = [one for one in before if _identity(one) not in new]
    if any(one.get("primary") is True for one in told):
        for one in found:
            one.pop("primary", None)
    return [*found, *told]


def _identity(element: Mapping[str, Any]) -> str:
    return str(element.get("value", "")).lower()


def _fixed(name: str) -> ScimError:
    return invalid(_("“%(name)s” can't be changed in this way.") % {"name": name}, "mutability")


def _nowhere(name: str) -> ScimError:
    return invalid(_("There is no “%(name)s” here.") % {"name": plain_name(name)}, "invalidPath")
