"""What a column holds, told from its values alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from rapport.records.imports.mapping.dates import looks_like_date
from rapport.records.imports.mapping.headings import plain
from rapport.records.imports.mapping.numbers import looks_like_number

MOST = 200
LANGUAGES = ("en", "es", "de", "fr", "pt", "it")

EMAIL = re.compile(r"(?:mailto:)?[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}", re.IGNORECASE)
WEB = re.compile(
    r"(?:https?://\S+|www\.\S+|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?)",
    re.IGNORECASE,
)
LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/\S+", re.IGNORECASE)
PHONE = re.compile(
    r"(?:tel:)?\(?\+?\(?\d[\d\s().\-/\u00a0]{4,}\d(?:\s*(?:x|ext\.?|#)\s*\d+)?", re.IGNORECASE
)
DIALLED = re.compile(r"^\s*(?:\+|00|\(|tel:)|\d[\s\-/]\(?\d")
NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’\-][^\W\d_]+)*\.?")
COMPANY_FORM = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|company|co|ltd|limited|llc|llp|plc|gmbh|ag|kg|ohg|e\.?v"
    r"|s\.?a\.?|s\.?l\.?u?|s\.?r\.?l|s\.?p\.?a|sarl|sas|b\.?v|n\.?v|ab|oy|a/s|as|aps|kft|sro|s\.r\.o"
    r"|pty|group|holdings?|bank|university|institute|association|foundation|stores?|shop|systems"
    r"|industries|partners|solutions|services|technologies|bikes?|cycles?)\b\.?",
    re.IGNORECASE,
)
SALUTATIONS = {
    *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "hr", "fr"),
    *("m", "mme", "mlle", "sr", "sra", "srta", "don", "dona", "sig", "sigra", "dhr", "mevr", "drs"),
    *("ing", "dipling", "rev", "hon", "prefix", "mr ms", "senor", "senora", "monsieur", "madame"),
}
YES_NO = {
    "true",
    "false",
    "yes",
    "no",
    "y",
    "n",
    "ja",
    "nein",
    "si",
    "oui",
    "non",
    "wahr",
    "falsch",
}
OPAQUE = re.compile(
    r"[0-9a-f]{24,64}|[A-Za-z0-9+/]{18,}={0,2}|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9+/]{20,}=*"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The shares, from 0 to 1, of values that look like something."""

    count: int
    shares: dict[str, float]

    def share(self, name: str) -> float:
        return self.shares.get(name, 0.0)


def examine(samples: Sequence[str]) -> Evidence:
    """The evidence in some values of a column; blanks don't count."""
    texts = [text.strip() for text in samples if text.strip()][:MOST]
    count = len(texts)
    if not count:
        return Evidence(0, {})
    shares = {name: sum(map(test, texts)) / count for name, test in TESTS.items()}
    shares["unique"] = len(set(texts)) / count
    return Evidence(count, shares)


def is_email(text: str) -> bool:
    """An e-mail address, or several with a mark between them."""
    return all(
        EMAIL.fullmatch(part.strip()) for part in re.split(r" ::: |[;,]", text) if part.strip()
    )


def is_web(text: str) -> bool:
    """A web address, with or without https."""
    return bool(WEB.fullmatch(text)) and "@" not in text


def is_linkedin(text: str) -> bool:
    """A page of LinkedIn."""
    return bool(LINKEDIN.fullmatch(text))


def is_phone(text: str) -> bool:
    """A number that somebody might dial; days and amounts are not."""
    digits = sum(letter.isdigit() for letter in text)
    return bool(PHONE.fullmatch(text)) and 6 <= digits <= 20 and not looks_like_date(text)


def is_dialled(text: str) -> bool:
    """A phone number that is written like one, not just some digits."""
    return is_phone(text) and bool(DIALLED.search(text)) and sum(map(str.isdigit, text)) >= 7


def is_country(text: str) -> bool:
    """The name or code of a country."""
    return plain(text).strip(". ") in countries()


def is_person(text: str) -> bool:
    """Two to five words that begin with a capital, none of them a legal form."""
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= 5 or COMPANY_FORM.search(text):
        return False
    return all(NAME_WORD.fullmatch(word) for word in words) and words[0][0].isupper()


def is_company(text: str) -> bool:
    """A name with a legal form, or a word that firms have in their names."""
    return bool(COMPANY_FORM.search(text)) and not EMAIL.search(text) and len(text) < 120


def is_salutation(text: str) -> bool:
    """Mr., Frau, Sra. and their like."""
    return plain(text).replace(".", "").strip() in SALUTATIONS


def is_yes_no(text: str) -> bool:
    """Yes or no, in any spelling."""
    return plain(text) in YES_NO


def is_opaque(text: str) -> bool:
    """A digest or a key of another system: nothing can be told from it."""
    return bool(OPAQUE.fullmatch(text)) and not text.isalpha()


TESTS: dict[str, Callable[[str], bool]] = {
    "email": is_email,
    "web": is_web,
    "linkedin": is_linkedin,
    "phone": is_phone,
    "dialled": is_dialled,
    "date": looks_like_date,
    "number": looks_like_number,
    "country": is_country,
    "person": is_person,
    "company": is_company,
    "salutation": is_salutation,
    "yes_no": is_yes_no,
    "opaque": is_opaque,
}


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Names and codes of countries in the languages most files are written in."""
    found = {"usa", "u.s.a", "us", "uk", "u.k", "united states of america", "england", "scotland"}
    found |= {"korea", "russia", "holland", "great britain", "deutschland", "osterreich", "schweiz"}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code.isalpha() and len(code) == 2:
                found |= {plain(name), code.lower()}
    return frozenset(found)
