"""Every word of the product is there in every language, and compiled."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from tests.house.sources import CHECKOUT


def load_command() -> ModuleType:
    """What `bin/messages` runs; it lies outside the package."""
    path = CHECKOUT / "bin" / "_messages.py"
    spec = importlib.util.spec_from_file_location("messages_command", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


command = load_command()
#: Words that nobody who is called "tú" would hear; a capital marks what else may be a wish.
USTED = re.compile(
    r"\b([Uu]sted(?:es)?|[Aa]rréglel[oa]|[Dd]éjel[oa]|[Dd]eshágal[oa]|[Dd]eténgal[oa]"
    r"|[Ee]scríbal[oa]|[Ii]nténtelo|[Mm]uéval[oa]|[Oo]bténgal[oa]|[Pp]óngal[oa]|[Pp]ruébel[oa]"
    r"|Abra|Añada|Arrastre|Averigüe|Busque|Cambie|Compruebe|Continúe|Corrija|Deje|Detenga|Diga"
    r"|Elija|Empiece|Envíe|Escriba|Espere|Guarde|Haga|Indique|Lea|Mire|Pida|Ponga|Pregunte"
    r"|Pruebe|Quite|Revise|Vea|Vuelva)\b"
)


@pytest.mark.parametrize("language", command.LANGUAGES)
def test_every_message_is_translated_and_compiled(language: str) -> None:
    faults = command.bring(language, command.source_catalog(), is_check=True)

    assert faults == [], "Translate these in the .po file, then run bin/messages"


def test_spanish_says_tu() -> None:
    words = command.po_path("es").read_text()

    assert USTED.findall(words) == [], "Spanish addresses people as tú"
    assert USTED.findall("Elija una. Póngala; que elija su dueño, y usted.") == [
        "Elija",
        "Póngala",
        "usted",
    ]


def test_messages_are_found_in_code_and_templates(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        'A = _("One"), _("Two "\n  "parts"), f"{1}", pgettext("verb", "open")\n'
        'B = ngettext("%(n)d row", "%(n)d rows", 2)\n'
    )
    page = tmp_path / "page.html"
    page.write_text(
        "<p title=\"{% translate 'It is' %}\">it's (fine)</p>\n"
        '  {% include "x.html" with label=_("Label") %}{% translate "to" context "time" %}\n'
        "{% blocktranslate count n=n %}{{ n }} day\nor so{% plural %}{{ n }} days"
        "{% endblocktranslate %}\n"
    )

    found = [
        (words, context) for path in (code, page) for words, _, context in command.messages_in(path)
    ]

    assert found == [
        ("One", None),
        ("Two parts", None),
        ("open", "verb"),
        (("%(n)d row", "%(n)d rows"), None),
        ("It is", None),
        ("Label", None),
        ("to", "time"),
        (("%(n)s day\nor so", "%(n)s days"), None),
    ]


def test_a_missing_translation_is_found() -> None:
    catalog = Catalog("es")
    catalog.add("Save", "Guardar")
    catalog.add("Open")
    catalog.add(("%(n)d row", "%(n)d rows"), ("%(n)d fila", ""))
    catalog.add("Close", "Cerrar", flags=["fuzzy"])

    assert command.missing(catalog) == [
        "es: not translated: 'Open'",
        "es: not translated: '%(n)d rows'",
        "es: not translated: 'Close'",
    ]


def test_a_translation_with_other_placeholders_is_found() -> None:
    catalog = Catalog("es")
    catalog.add("%(who)s left", "%(quien)s se fue")
    catalog.add("{who} met {them}", "{who} se reunió")
    catalog.add("<b>%(n)s</b> left", "quedan %(n)s")
    catalog.add(("one row", "%(n)d rows"), ("una fila", "%(n)d filas"))
    catalog.add(("one card", "%(n)d cards"), ("una ficha", "fichas %(m)d"))

    assert [fault.split(" -> ")[0] for fault in command.broken(catalog)] == [
        "es: other placeholders: '%(who)s left'",
        "es: other placeholders: '{who} met {them}'",
        "es: other placeholders: '<b>%(n)s</b> left'",
        "es: other placeholders: '%(n)d cards'",
    ]
