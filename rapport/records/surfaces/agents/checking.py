"""Arguments against the schema that a tool promised; what a kind reads is left to the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.kinds.base import is_storable
from rapport.records.store import Rejected
from rapport.records.surfaces.moments import read_key

type Fault = tuple[str, str]
type Check = Callable[[Any], bool]

#: No argument that is one text is longer than this, whatever its schema says.
LONGEST = 20_000
TYPES: Mapping[str, Check] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def check(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raises Rejected with a sentence for each argument that is unknown, missing or not as said."""
    known = schema["properties"]
    faults = [(name[:60], _("There is no such argument.")) for name in arguments.keys() - known]
    missing = (name for name in schema.get("required", ()) if name not in arguments)
    faults += [(name, _("This argument is missing.")) for name in missing]
    for name in arguments.keys() & known.keys():
        faults += _faults(name, arguments[name], known[name])
    if faults:
        raise Rejected(dict(sorted(faults)))


def _faults(name: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Fault]:
    types = _types(schema)
    if types and not any(TYPES[one](value) for one in types):
        words = {"types": ", ".join(types)}
        yield name, _("This must be of the type %(types)s.") % words
    elif "enum" in schema and value not in schema["enum"]:
        words = {"values": ", ".join(str(one) for one in schema["enum"])}
        yield name, _("This is one of: %(values)s.") % words
    elif isinstance(value, str):
        yield from _text_faults(name, value, schema)
    elif isinstance(value, list):
        yield from _list_faults(name, value, schema)
    elif isinstance(value, int):
        yield from _number_faults(name, value, schema)


def _types(schema: Mapping[str, Any]) -> Sequence[str]:
    given = schema.get("type", ())
    return (given,) if isinstance(given, str) else given


def _text_faults(name: str, value: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
    most = min(schema.get("maxLength", LONGEST), LONGEST)
    if len(value) > most:
        yield name, _("This is longer than %(most)d characters.") % {"most": most}
    elif not is_storable(value):
        yield name, _("This has a character that can't be stored.")
    elif schema.get("format") == "uuid" and read_key(value) is None:
        yield name, _("This is no id.")


def _list_faults(name: str, value: Sequence[Any], schema: Mapping[str, Any]) -> Iterator[Fault]:
    low, high = schema.get("minItems", 0), schema.get("maxItems", LONGEST)
    if not low <= len(value) <= high:
        yield name, _("This is a list of %(low)d to %(high)d.") % {"low": low, "high": high}
        return
    for number, one in enumerate(value):
        yield from _faults(f"{name}[{number}]", one, schema.get("items", {}))


def _number_faults(name: str, value: int, schema: Mapping[str, Any]) -> Iterator[Fault]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        yield name, _("This is a number from %(low)d to %(high)d.") % {"low": low, "high": high}
