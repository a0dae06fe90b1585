"""jCard (RFC 7095): the same cards, written as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rapport.records.imports.reading.limits import MIB
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.unreadable import too_large, unreadable
from rapport.records.imports.reading.vcards import Card, Property

LARGEST = 64 * MIB


def read_jcards(source: Source) -> Iterator[Card]:
    """The cards of a JSON file, which is read whole. Raises Unreadable (too_large, truncated)."""
    if source.size() > LARGEST:
        raise too_large(LARGEST)
    try:
        found = json.loads(source.head(LARGEST + 1))
    except (ValueError, RecursionError) as error:
        raise unreadable("truncated") from error
    for one in [found] if found and found[0] == "vcard" else found:
        if isinstance(one, list) and len(one) > 1 and one[0] == "vcard":
            yield card_of(one[1])


def card_of(lines: Any) -> Card:
    """One card from its list of properties."""
    card = Card(complete=True)
    for line in lines if isinstance(lines, list) else []:
        if isinstance(line, list) and len(line) > 3 and isinstance(line[1], dict):
            card.properties.append(property_of(line))
        else:
            card.damaged.append(json.dumps(line))
    return card


def property_of(line: list[Any]) -> Property:
    """[name, parameters, type, value, more values] as the property its vCard would have."""
    name, parameters, _kind, *values = line
    types = parameters.get("type", [])
    made = Property(str(name).upper(), ",".join(map(written, values)))
    made.group = str(parameters.get("group", "")).lower()
    made.types = [str(one).lower() for one in (types if isinstance(types, list) else [types])]
    made.parameters = {
        key: str(value).lower() for key, value in parameters.items() if key != "type"
    }
    return made


def written(value: Any) -> str:
    """A value in vCard notation: components by semicolon, lists in them by comma."""
    if isinstance(value, list):
        return ";".join(
            ",".join(map(escaped, part)) if isinstance(part, list) else escaped(part)
            for part in value
        )
    return escaped(value)


def escaped(value: Any) -> str:
    """A text with the marks of vCard notation escaped."""
    text = str(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")
