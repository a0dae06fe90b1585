"""vCard 2.1, 3.0 and 4.0 as properties, forgiving what address books write.

Own parser: the one maintained library refuses whole files for one folded line of vCard 2.1,
which is what Android and Outlook write.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_CHARACTERS = 16 * 1024 * 1024

PROPERTY = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)"
    r"(?P<parameters>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)",
    re.DOTALL,
)
BEGIN = re.compile(r"\s*(?:[\w-]+\.)?BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
END = re.compile(r"\s*(?:[\w-]+\.)?END\s*:\s*VCARD\s*", re.IGNORECASE)
PARAMETER = re.compile(r";((?:[^\";]|\"[^\"]*\")*)")
ESCAPED = re.compile(r"\\(.)|\^(['n^])", re.DOTALL)
TYPES_21 = {"quoted-printable", "base64", "b", "8bit", "7bit"}


@dataclass(slots=True)
class Property:
    """One line of a card: its name in capitals, its types in small letters, its raw value."""

    name: str
    value: str
    group: str = ""
    types: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def preference(self) -> int:
        """1 for the preferred of its name, up to 101 for one without any preference."""
        given = self.parameters.get("pref", "")
        if given.isdecimal():
            return int(given)
        return 1 if "pref" in self.types or "pref" in self.parameters else 101

    def text(self) -> str:
        """The value as a person reads it."""
        return unescape(self.value)

    def parts(self) -> list[str]:
        """The components of a structured value; lists inside one are joined by a comma."""
        return [unescape(part) for part in split(self.value, ";")]


@dataclass(slots=True)
class Card:
    """One contact; `damaged` holds lines that are no properties."""

    properties: list[Property] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    complete: bool = False

    def awaits_agent(self) -> bool:
        """Whether the card of an assistant follows inside this one."""
        return bool(self.properties) and self.properties[-1].name == "AGENT"

    def all(self, name: str) -> list[Property]:
        """Properties of this name, the preferred first."""
        found = [one for one in self.properties if one.name == name]
        return sorted(found, key=lambda one: one.preference)


def read_cards(lines: Iterable[str]) -> Iterator[Card]:
    """The cards in some lines, one at a time; what stands between cards is ignored."""
    card: Card | None = None
    nested = 0
    for line in unfolded(lines):
        if BEGIN.fullmatch(line):
            if card is not None and card.awaits_agent():
                nested += 1
                continue
            if card is not None:
                yield card
            card, nested = Card(), 0
        elif END.fullmatch(line) and nested:
            nested -= 1
        elif END.fullmatch(line) and card is not None:
            card.complete = True
            yield card
            card = None
        elif card is not None and not nested:
            add(card, line)
    if card is not None:
        yield card


def add(card: Card, line: str) -> None:
    """Put one unfolded line into the card."""
    if not line.strip():
        return
    found = parse(line)
    if found is None:
        card.damaged.append(line)
    else:
        card.properties.append(found)


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Lines put together again: folded by a blank at the start of the next, or, in
    quoted-printable, by an equals sign at the end."""
    held: list[str] = []
    size = 0
    for raw in lines:
        line = raw.rstrip("\r\n")
        if held and is_soft_broken(held):
            held[-1] = held[-1][:-1]
            held.append(line)
        elif held and line[:1] in (" ", "\t") and size < MOST_CHARACTERS:
            held.append(line[1:])
        else:
            if held:
                yield "".join(held)
            held, size = [line], 0
        size += len(line)
    if held:
        yield "".join(held)


def is_soft_broken(held: list[str]) -> bool:
    """Whether a quoted-printable value goes on in the next line."""
    return held[-1].endswith("=") and "QUOTED-PRINTABLE" in held[0][:200].upper()


def parse(line: str) -> Property | None:
    """The property in one line, or None."""
    found = PROPERTY.fullmatch(line.strip())
    if found is None:
        return None
    made = Property(found["name"].upper(), found["value"], (found["group"] or "").lower())
    for parameter in PARAMETER.findall(found["parameters"]):
        add_parameter(made, parameter)
    if made.parameters.get("encoding") == "quoted-printable":
        made.value = printable(made.value, made.parameters.get("charset", "utf-8"))
    return made


def add_parameter(made: Property, text: str) -> None:
    """Take in `TYPE=work,voice`, or `WORK` as version 2.1 has it."""
    name, has_value, value = text.strip().partition("=")
    name = name.strip().lower()
    if not has_value:
        if name in TYPES_21:
            made.parameters["encoding"] = name
        else:
            made.types.append(name)
    elif name == "type":
        made.types += [one.strip().lower() for one in value.replace('"', "").split(",")]
    else:
        value = value.strip().strip('"')
        # The names of time zones are told apart by their capitals.
        made.parameters[name] = value if name == "tzid" else value.lower()


def printable(value: str, charset: str) -> str:
    """A quoted-printable value; its semicolons part components before it is decoded."""
    raw = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
    for encoding in (charset, "utf-8"):
        try:
            return raw.decode(encoding)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def split(value: str, mark: str) -> list[str]:
    """The value cut at each `mark` that is not escaped."""
    parts = [""]
    for token in re.findall(rf"\\.|{mark}|[^\\{mark}]+|\\$", value, re.DOTALL):
        if token == mark:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def unescape(text: str) -> str:
    r"""`\n`, `\,` and `\;` as they are meant; `\:` and `\"` occur too."""
    return ESCAPED.sub(meant, text).replace("\r\n", "\n").replace("\r", "\n").strip()


def meant(found: re.Match[str]) -> str:
    """What an escaped character stands for."""
    after, circumflex = found[1], found[2]
    if circumflex:
        return {"n": "\n", "'": '"', "^": "^"}[circumflex]
    return "\n" if after in "nN" else after
