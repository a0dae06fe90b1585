"""Columns for e-mails, phones and addresses, of which a record may have several.

Their names are put together by every program in its own way: “E-mail 2 Address”, “Business
Phone 2”, “billing_postal_code”, “Person - Email - Work”. So they are read word by word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapport.records.imports.mapping.headings import Heading, key, word_set
from rapport.records.imports.mapping.vocabulary import WORDS


def spelled(by_label: dict[str, str]) -> dict[str, str]:
    """Word to label, of a table that has it the other way round."""
    return {word: label for label, words in by_label.items() for word in words.split()}


EMAIL = word_set(
    """
    correo courriel courrier email emailaddress emailadresse emails mail mailadresse messagerie
    """
)
PHONE = word_set(
    """
    assistantphone businessphone fon homephone mobilephone otherphone phone phonenumber phones
    rufnummer tel telefon telefone telefonnr telefonnummer telefono telefoon telephone
    telephonenumber workphone
    """
)
PHONE_ALONE = spelled(
    {
        "mobile": """
            mobile mobil cell cellphone handy movil celular portable mobilephone mobiltelefon
            cellular mobiles
        """,
        "fax": "fax telefax faxnummer telecopie faxnumber",
        "pager": "pager funkruf radiomessagerie localizador",
        "car": "autotelefon carphone",
        "callback": "callback",
        "home": "homephone",
        "work": "workphone businessphone",
        "other": "otherphone",
        "assistant": "assistantphone",
    }
)
"""Words that mean a phone by themselves, and its sort."""

LABELS = spelled(
    {
        "work": """
            work business office company geschaftlich firma dienstlich bureau professionnel
            travail trabajo oficina empresa professionnelle societe direct corporate negocios
        """,
        "home": """
            home private personal privat domicile personnel casa personnelle particular
            domicilio priv
        """,
        "other": """
            other weitere weiteres weiterer autre otro otra andere secondary alternate
            alternative second additional
        """,
        "main": "main primary haupt principal zentrale hauptnummer",
        "billing": "billing invoice rechnung facturation facturacion",
        "shipping": "shipping delivery lieferung livraison envio versand",
        "mailing": "mailing",
        "assistant": "assistant assistent assistente asistente",
        "car": "car auto voiture coche",
    }
)
"""Words that say which sort an e-mail, phone or address is."""

FILLER = word_set(
    """
    account address adresse contact customer de del des direccion du e electronica electronico
    la le lead no nr number numero nummer of organization person personne the user value
    """
)
SMALL_WORDS = word_set("de del des du la le of")
LABEL_WORDS = word_set("label tipo typ type")
NOT_A_WAY = word_set("anzeigename bounced count date display name opt out status")

SAYS_LITTLE = FILLER | LABEL_WORDS | set(PHONE_ALONE)
RANK = ("", "mailing", "work", "main", "billing", "home", "other", "shipping")
HOUSE_NUMBER = {"streetnumber": 5, "housenumber": 5, "hausnummer": 15, "numeroexterior": 15}
STREET_EXTRAS = {
    **dict.fromkeys(("extendedaddress", "suite", "zusatz", "floor", "apartment"), 80),
    **dict.fromkeys(("pobox", "postfach", "boitepostale", "apartado"), 90),
}
FORMATTED = ("formatted", "full", "complete", "combined")


@dataclass(frozen=True, slots=True)
class Way:
    """What a column says about reaching somebody."""

    field: str
    """emails, phones, or a part of the address such as address.city."""
    label: str = ""
    number: int = 0
    is_label: bool = False
    """Whether the column names the sort of another one: E-mail 1 - Label."""
    part: int = 0
    """The place among columns that are joined: the first line of a street is 10, the second 20,
    a house number that stands before or after the street 5 or 15."""
    second: bool = False
    """Whether another column says the same better: a state's code beside its name."""


def read(heading: Heading) -> Way | None:
    """The way that a column name speaks of, if all its words do."""
    words = parted([word for word in heading.words if not word.isdecimal()])
    return read_email(heading, words) or read_phone(heading, words) or read_address(heading, words)


def parted(words: list[str]) -> list[str]:
    """The words, with names written in one piece cut in two: BILLINGSTREET, MOBILEPHONE."""
    if len(words) != 1 or words[0] in parts() or words[0] in PHONE_ALONE:
        return words
    for label in LABELS:
        rest = words[0].removeprefix(label)
        if rest != words[0] and (rest in parts() or rest in PHONE or rest in EMAIL):
            return [label, rest]
    return words


def read_email(heading: Heading, words: list[str]) -> Way | None:
    """A column of e-mail addresses, or of their sorts."""
    if not EMAIL.intersection(words) or NOT_A_WAY.intersection(words):
        return None
    rest = [word for word in words if word not in EMAIL]
    return way("emails", heading, rest)


def read_phone(heading: Heading, words: list[str]) -> Way | None:
    """A column of phone or fax numbers, or of their sorts."""
    alone = [PHONE_ALONE[word] for word in words if word in PHONE_ALONE]
    if (not alone and not PHONE.intersection(words)) or NOT_A_WAY.intersection(words):
        return None
    rest = [word for word in words if word not in PHONE]
    return way("phones", heading, rest, extra=alone[0] if alone else "")


def way(field: str, heading: Heading, rest: list[str], *, extra: str = "") -> Way | None:
    """The way whose other words are `rest`, unless one of them is unknown."""
    is_label = bool(LABEL_WORDS.intersection(rest))
    labels = [LABELS[word] for word in rest if LABELS.get(word)]
    if not all(word in LABELS or word in SAYS_LITTLE for word in rest):
        return None
    label = " ".join(dict.fromkeys([*labels[:1], extra])).strip()
    return Way(field, label, heading.number, is_label=is_label)


def read_address(heading: Heading, words: list[str]) -> Way | None:
    """A part of an address: qualifiers first or last, the part between or after them."""
    if len(words) > 1 and words[0] in ("person", "organization", "contact", "account", "lead"):
        words = words[1:]
    labels = [LABELS[word] for word in words if LABELS.get(word)]
    bare = "".join(word for word in words if word not in SMALL_WORDS and not LABELS.get(word))
    label = labels[0] if labels else ""
    if "address" in words and LABEL_WORDS.intersection(words):
        return Way("address.street", label, heading.number, is_label=True)
    if bare in HOUSE_NUMBER:
        return Way("address.street", label, heading.number, part=HOUSE_NUMBER[bare])
    for extra, part in STREET_EXTRAS.items():
        if bare in (extra, f"address{extra}", f"adresse{extra}"):
            return Way("address.street", label, heading.number, part=part)
    for candidate in (bare, bare.removeprefix("address"), bare.removeprefix("adresse")):
        if field := parts().get(candidate):
            return address_way(field, candidate, label, heading)
        if "address" in words and candidate.startswith(FORMATTED):
            return Way("address.street", label, heading.number, part=10, second=True)
    return None


def address_way(field: str, bare: str, label: str, heading: Heading) -> Way:
    """A number after a street counts its lines, unless it stands between address and part."""
    inner = heading.number and heading.words[-1] != str(heading.number)
    if field == "address.street" and not inner:
        return Way(field, label, 0, part=10 * max(1, heading.number))
    return Way(
        field,
        label,
        heading.number,
        part=10 if field == "address.street" else 0,
        second=bare.endswith("code") and not field.endswith("postal_code"),
    )


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """What files call the parts of an address, in one piece, to their field."""
    found: dict[str, str] = {}
    for field, words in WORDS.items():
        if field.startswith("address."):
            for word in words.split(","):
                found.setdefault(key(" ".join(word.split())), field)
    return found
