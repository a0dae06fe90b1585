"""Extracts, merges and compiles translations without GNU gettext; called by `bin/messages`."""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "rapport"
LOCALES = PACKAGE / "locale"
LANGUAGES = ("es",)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CALL = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(")
PLACEHOLDER = re.compile(r"{\w*}|%\(\w+\)[sd]|%[sd]|</?\w+>")


def main() -> str | None:
    """Bring every language in step, or with --check say what is not; returns the faults."""
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only look")
    is_check = parser.parse_args().check
    settings.configure()
    source = source_catalog()
    faults = [fault for name in LANGUAGES for fault in bring(name, source, is_check=is_check)]
    return "\n".join(faults) or None


def bring(language: str, source: Catalog, *, is_check: bool) -> list[str]:
    """Merge and compile one language unless only looking; returns what is wrong with it."""
    catalog = merged(language, source)
    if not is_check:
        po_path(language).write_bytes(as_po(catalog))
        mo_path(language).write_bytes(as_mo(catalog))
    return missing(catalog) + broken(catalog) + stale(language, catalog)


def po_path(language: str) -> Path:
    """The file translators work in."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def mo_path(language: str) -> Path:
    """The compiled file that Django reads."""
    return po_path(language).with_suffix(".mo")


# --- extraction ---------------------------------------------------------------------------------


def source_catalog() -> Catalog:
    """All messages in the product's code and templates, with the files they come from."""
    catalog = Catalog()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or is_left_out(path):
            continue
        for words, comments, context in messages_in(path):
            place = str(path.relative_to(ROOT))
            catalog.add(words, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def is_left_out(path: Path) -> bool:
    """Tests speak to nobody; migrations repeat the words of the models."""
    return bool({"tests", "migrations", "vendor", "static"} & set(path.parts))


def messages_in(path: Path) -> Iterator[tuple[str | tuple[str, str], list[str], str | None]]:
    """Words, comments for translators and context of each message in a file."""
    pieces = [path.read_text()]
    if path.suffix != ".py":
        # One line of the template holds whole calls, but is no Python together with the next.
        pieces = [line.strip() for line in templatize(pieces[0]).splitlines()]
    for piece in pieces:
        if CALL.search(piece):
            yield from calls_in(piece)


def calls_in(code: str) -> Iterator[tuple[str | tuple[str, str], list[str], str | None]]:
    """The calls of translating functions in Python code."""
    found = extract_python(BytesIO(code.encode()), KEYWORDS, ["Translators:"], {})
    for _line, function, words, comments in found:
        rule = KEYWORDS[function] or (1,)
        values = words if isinstance(words, tuple) else (words,)
        context = values[0] if isinstance(rule[0], tuple) else None
        asked = [values[part - 1] for part in rule if isinstance(part, int)]
        if all(asked):
            yield (asked[0] if len(asked) == 1 else (asked[0], asked[1])), comments, context


# --- catalogues ---------------------------------------------------------------------------------


def merged(language: str, source: Catalog) -> Catalog:
    """The language's translations for exactly the messages of the source."""
    with po_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    # A date of extraction would change the file at every run.
    source.creation_date = catalog.creation_date
    catalog.update(source, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.msgid_bugs_address = "the project's issues"
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as text, ordered so that a new message moves no other."""
    file = BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


# --- what is wrong ------------------------------------------------------------------------------


def translations(catalog: Catalog) -> Iterator[tuple[Message, str, str]]:
    """Each message with each original and its translation, plural by plural."""
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, str):
            yield message, message.id, str(message.string or "")
        else:
            yield from ((message, message.id[1], text or "") for text in message.string)


def missing(catalog: Catalog) -> list[str]:
    """Messages that nobody has translated, or only by a guess."""
    without = {
        words: None for message, words, text in translations(catalog) if not text or message.fuzzy
    }
    return [f"{catalog.locale}: not translated: {words!r}" for words in without]


def broken(catalog: Catalog) -> list[str]:
    """Translations whose placeholders or mark-up are not those of the original."""
    return [
        f"{catalog.locale}: other placeholders: {words!r} -> {text!r}"
        for message, words, text in translations(catalog)
        if text and not is_faithful(message, words, text)
    ]


def is_faithful(message: Message, words: str, text: str) -> bool:
    """Whether the same things are filled in; one form of a plural may spell its number out."""
    wanted, given = (sorted(PLACEHOLDER.findall(one)) for one in (words, text))
    if isinstance(message.id, str):
        return wanted == given
    return given in (wanted, sorted(PLACEHOLDER.findall(message.id[0])))


def stale(language: str, catalog: Catalog) -> list[str]:
    """Files that are not what a run of this command would write."""
    files = {po_path(language): as_po(catalog), mo_path(language): as_mo(catalog)}
    return [
        f"{path.relative_to(ROOT)} is stale: run bin/messages"
        for path, content in files.items()
        if not path.exists() or path.read_bytes() != content
    ]


if __name__ == "__main__":
    sys.exit(main())
