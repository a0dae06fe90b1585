"""A contact card as the cells of a row, under the column names Google gives its contacts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from rapport.records.imports.reading.vcards import Card, Property

ORDER = (
    "Name",
    "Prefix",
    "First Name",
    "Middle Name",
    "Last Name",
    "Suffix",
    "Nickname",
    "Company",
    "Department",
    "Job Title",
    "Role",
    "E-mail",
    "Phone",
    "Address",
    "Website",
    "LinkedIn",
    "Birthday",
    "Birthday without year",
    "Anniversary",
    "Gender",
    "Language",
    "Notes",
    "Tags",
    "Kind",
    "UID",
)
TAKEN = {
    *("VERSION", "FN", "N", "NICKNAME", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "ADR", "LABEL"),
    *("URL", "BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "GENDER"),
    *("X-MS-ANNIVERSARY", "LANG", "NOTE", "CATEGORIES", "KIND", "UID", "X-ABLABEL", "X-ABADR"),
    *("X-SOCIALPROFILE", "X-ABSHOWAS", "REV", "PRODID", "SORT-STRING", "MAILER", "X-GENDER"),
}
MEDIA = {"PHOTO", "LOGO", "SOUND", "KEY"}
LABELS = {
    "cell": "Mobile",
    "iphone": "Mobile",
    "pager": "Pager",
    "work": "Work",
    "home": "Home",
    "main": "Main",
    "other": "Other",
}
SAYS_NOTHING = {
    *("internet", "pref", "voice", "msg", "video", "text", "x400", "x-mobil", "uri"),
    *("postal", "parcel", "dom", "intl", "isdn", "modem", "car", "bbs", "pcs"),
}
APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
ADDRESS_PARTS = ("Street", "City", "Region", "Postal Code", "Country")


def is_group(card: Card) -> bool:
    """Whether the card is a list of contacts, not a contact."""
    kinds = [*card.all("KIND"), *card.all("X-ADDRESSBOOKSERVER-KIND")]
    return any(kind.value.strip().lower() == "group" for kind in kinds)


def fields(card: Card) -> dict[str, str]:
    """Column name to text; only columns with a text."""
    found: dict[str, str] = {}
    for column, text in (
        *name_cells(card),
        *work_cells(card),
        *reach_cells(card),
        *other_cells(card),
    ):
        if text:
            found[column] = f"{found[column]}\n{text}" if column in found else text
    return found


def place(column: str) -> tuple[int, int, int, str]:
    """Where a column stands among the others."""
    base, number, part = column, 1, ""
    if found := re.match(r"(.+?) (\d+)(?: - (.+))?$", column):
        base, number, part = found[1], int(found[2]), found[3] or ""
    within = ADDRESS_PARTS.index(part) + 1 if part in ADDRESS_PARTS else int(part == "Value")
    return (ORDER.index(base) if base in ORDER else len(ORDER), number, within, column)


def name_cells(card: Card) -> Iterator[tuple[str, str]]:
    """The name as a whole and in parts."""
    for full in card.all("FN")[:1]:
        yield "Name", full.text()
    for name in card.all("N")[:1]:
        parts = [*name.parts(), *[""] * 5]
        columns = ("Last Name", "First Name", "Middle Name", "Prefix", "Suffix")
        yield from zip(columns, parts, strict=False)
    for nickname in card.all("NICKNAME"):
        yield "Nickname", nickname.text()


def work_cells(card: Card) -> Iterator[tuple[str, str]]:
    """Companies, departments, titles."""
    for number, work in enumerate(card.all("ORG"), start=1):
        company, *units = work.parts()
        yield numbered("Company", number), company
        yield numbered("Department", number), " / ".join(filter(None, units))
    for number, title in enumerate(card.all("TITLE"), start=1):
        yield numbered("Job Title", number), title.text()
    for role in card.all("ROLE"):
        yield "Role", role.text()


def reach_cells(card: Card) -> Iterator[tuple[str, str]]:
    """E-mails, phones, addresses and web pages, each with its label."""
    for number, one in enumerate(card.all("EMAIL"), start=1):
        yield f"E-mail {number} - Label", label(card, one)
        yield f"E-mail {number} - Value", one.text().removeprefix("mailto:")
    for number, one in enumerate(card.all("TEL"), start=1):
        yield f"Phone {number} - Label", label(card, one)
        yield f"Phone {number} - Value", phone(one.text())
    for number, one in enumerate(card.all("ADR"), start=1):
        yield f"Address {number} - Label", label(card, one)
        for column, text in zip(ADDRESS_PARTS, address(one), strict=True):
            yield f"Address {number} - {column}", text
    pages = [one for name in ("URL", "X-SOCIALPROFILE") for one in card.all(name)]
    for one in (page for page in pages if is_linkedin(page)):
        yield "LinkedIn", one.text()
    for number, one in enumerate((page for page in pages if not is_linkedin(page)), start=1):
        yield f"Website {number} - Label", label(card, one)
        yield f"Website {number} - Value", one.text()


def other_cells(card: Card) -> Iterator[tuple[str, str]]:
    """Days, language, notes, tags, key."""
    for day in card.all("BDAY")[:1]:
        full = DAY.fullmatch(day.text())
        column = "Birthday" if full else "Birthday without year"
        yield column, "-".join(full.groups()) if full else day.text()
    for name in ("ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY"):
        for day in card.all(name)[:1]:
            yield "Anniversary", day.text()
    for column, name in (
        ("Gender", "GENDER"),
        ("Language", "LANG"),
        ("UID", "UID"),
        ("Kind", "KIND"),
    ):
        for one in card.all(name)[:1]:
            yield column, one.text()
    for one in card.all("X-ABSHOWAS"):
        yield "Kind", "org" if one.value.strip().upper() == "COMPANY" else ""
    for one in card.all("NOTE"):
        yield "Notes", one.text()
    for one in card.all("CATEGORIES"):
        yield "Tags", one.text().replace(",", ", ").replace(",  ", ", ")


def numbered(column: str, number: int) -> str:
    """The column of the first, second, … value."""
    return column if number == 1 else f"{column} {number}"


def label(card: Card, one: Property) -> str:
    """Work, Home, Mobile, Fax …, or what the address book's owner called it."""
    for own in card.properties:
        if own.name == "X-ABLABEL" and one.group and own.group == one.group:
            apple = APPLE_LABEL.fullmatch(own.text())
            return apple[1] if apple else own.text()
    word = next((word for name, word in LABELS.items() if name in one.types), "")
    if "fax" in one.types:
        return f"{word} fax".strip().capitalize()
    own_words = [name for name in one.types if name not in SAYS_NOTHING]
    return word or (own_words[0].capitalize() if own_words else "")


def phone(text: str) -> str:
    """A number as dialled; version 4 writes tel:+1-418-656-9254;ext=102."""
    if not text.lower().startswith("tel:"):
        return text
    number, *parameters = unquote(text[4:]).split(";")
    extension = next((one[4:] for one in parameters if one.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def address(one: Property) -> list[str]:
    """Street (with box and floor), city, region, postal code, country."""
    box, extended, street, *rest = [*one.parts(), *[""] * 7][:7]
    lines = [line for line in (street, extended, box) if line and len(line) < 200]
    short = [line for line in lines if line is street or line is extended or "\n" not in line]
    return ["\n".join(short), *rest]


def is_linkedin(one: Property) -> bool:
    """Whether a web address is a LinkedIn page."""
    return "linkedin.com/" in one.value.lower()
