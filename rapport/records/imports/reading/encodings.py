"""In which encoding a text file is written, told by evidence in a fixed order.

A byte order mark is believed; zero bytes betray UTF-16; bytes that form valid UTF-8 are UTF-8;
then the East Asian encodings are tried by how common the characters they give are, and the code
pages of one byte by the letters of their languages. Only what is left goes to charset-normalizer,
which is good at prose but poor at lists of names.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice

from rapport.records.imports.reading.alphabets import CODE_PAGES
from rapport.records.imports.reading.east_asian import EAST_ASIAN
from rapport.records.imports.reading.limits import KIB, MIB
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.unreadable import unreadable

SAMPLE = 256 * KIB
JUDGED = 48 * KIB
LETTERS = 3_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ESCAPES = (
    (re.compile(rb"\x1b\$[@B]"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"~\{[!-~]{2,}~\}"), "hz"),
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c\x7f]")
BEYOND_ASCII = re.compile(r"(?:(?<=(.))|^)([^\x00-\x7f])(?=(.?))", re.DOTALL)
HIGH = re.compile(rb"[\x80-\xff]+")
LATIN_HIGH = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?=[A-Za-z\s,;.\"'\t-]|$)")


def chosen_or_found(chosen: str, source: Source) -> str:
    """The encoding that a person chose, else the one that the file shows. Raises Unreadable."""
    if not chosen:
        return detect(source)
    try:
        str(b"ab", chosen, "replace")
    except (LookupError, ValueError) as error:
        raise unreadable("wrong_encoding", encoding=chosen) from error
    return chosen


def detect(source: Source) -> str:
    """The encoding as Python names it. Raises Unreadable (empty, binary, encoding)."""
    head = source.head(SAMPLE)
    if not head:
        raise unreadable("empty")
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if encoding := by_zero_bytes(head):
        return encoding
    if len(CONTROLS.findall(head)) > max(3, len(head) / 200):
        raise unreadable("binary")
    for escape, encoding in ESCAPES:
        if head.isascii() and escape.search(head):
            return encoding
    return by_letters(lines_beyond_ascii(source))


def by_zero_bytes(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: ASCII in it has zeros at every other place."""
    quarters = [head[place::4].count(0) / max(1, len(head[place::4])) for place in range(4)]
    if min(quarters[1:]) > 0.8 and quarters[0] < 0.2:
        return "utf-32-le"
    if min(quarters[:3]) > 0.8 and quarters[3] < 0.2:
        return "utf-32-be"
    even, odd = (quarters[0] + quarters[2]) / 2, (quarters[1] + quarters[3]) / 2
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return ""


def lines_beyond_ascii(source: Source) -> bytes:
    """Lines with any byte beyond ASCII, from the whole file if they are rare."""
    found: list[bytes] = []
    size = 0
    rest = b""
    with source.open() as stream:
        while size < SAMPLE and (block := stream.read(MIB)):
            if block.isascii() and rest.isascii():
                rest = block[block.rfind(b"\n") + 1 :]
                continue
            lines = re.split(rb"\r\n|\n|\r", rest + block)
            rest = lines.pop()[-MIB:]
            for line in lines:
                if not line.isascii():
                    found.append(line)
                    size += len(line)
        if size < SAMPLE and not rest.isascii():
            found.append(rest)
    return b"\n".join(found)[: 2 * SAMPLE]


def by_letters(sample: bytes) -> str:
    """The encoding of a sample that has no mark. Raises Unreadable when nothing fits."""
    if not sample or mostly_utf8(sample):
        return "utf-8"
    sample = sample[:JUDGED]
    score, encoding = best_code_page(sample)
    common, ideographic = best_east_asian(sample)
    if common > max(0.3, score + 0.05):
        return ideographic
    if score >= 0.35:
        return encoding
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    if guess is not None:
        return guess.encoding
    if score > 0:
        return encoding
    raise unreadable("encoding")


def mostly_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, damaged places aside: hardly anything else is valid UTF-8 by chance."""
    text = sample.decode("utf-8", "surrogateescape")
    wrong = sum(1 for letter in text if "\udc80" <= letter <= "\udcff")
    right = sum(1 for letter in text if letter >= "\x80") - wrong
    return right > wrong


def best_east_asian(sample: bytes) -> tuple[float, str]:
    """(how common its characters are, encoding) of the best East Asian encoding."""
    runs = HIGH.findall(sample)
    if len(LATIN_HIGH.findall(sample)) >= 0.5 * len(runs):
        return -1.0, ""
    best = max(EAST_ASIAN, key=lambda one: one.commonness(sample))
    return best.commonness(sample), best.encoding(sample)


def best_code_page(sample: bytes) -> tuple[float, str]:
    """(share of letters that fit a language of it, code page) of the best one-byte encoding."""
    best = (0.0, "cp1252")
    for encoding, languages, ordered in CODE_PAGES:
        text = sample.decode(encoding, "replace")
        score = letters_score(text, languages, ordered=ordered)
        if score > best[0] + 0.02:
            best = (score, encoding)
    return best


def letters_score(text: str, languages: tuple[str, ...], *, ordered: bool) -> float:
    """How well the characters beyond ASCII fit one of the languages; mixed lists fit a bit less."""
    found = [match.groups("") for match in islice(BEYOND_ASCII.finditer(text), LETTERS)]
    if not found:
        return 0.0
    stray = is_out_of_script if ordered else is_out_of_latin
    oddities = sum(max(oddness(*one), stray(*one)) for one in found) / len(found)
    letters = [lower if len(lower := one[1].lower()) == 1 else one[1] for one in found]
    counts = Counter(letters)
    scores = [fit(counts, weights(one, ordered)) for one in languages]
    if not ordered:
        scores.append(0.9 * fit(counts, weights("".join(languages), ordered)))
    return max(scores) / len(letters) - oddities


def fit(counts: Mapping[str, int], worth: Mapping[str, float]) -> float:
    """What the letters are worth altogether."""
    return sum(count * worth.get(letter, 0.0) for letter, count in counts.items())


def weights(language: str, ordered: bool) -> dict[str, float]:
    """The worth of each letter: full, or falling with its place in the order of use."""
    if not ordered:
        return dict.fromkeys(language, 1.0)
    return {
        letter: min(1.0, 1.35 * (1 - place / len(language)))
        for place, letter in enumerate(language)
    }


def oddness(before: str, letter: str, after: str) -> float:
    """How odd a letter stands there, up to 1: a sign amid letters, a capital after a small letter,
    a byte without meaning, and a bit for a word that begins small."""
    if letter == "\ufffd" or "\x80" <= letter < "\xa0":
        return 1.0
    if not letter.isalpha():
        return float(before.isalpha() and after.isalpha() and letter not in "’·ºª")
    if letter.islower() and after.islower() and not before.isalpha():
        return 0.3
    return float(before.islower() and letter.isupper())


def is_out_of_latin(before: str, letter: str, after: str) -> bool:
    """Latin words have ASCII letters between the accented ones."""
    return all(one.isalpha() and one > "\x7f" for one in (before, letter, after))


def is_out_of_script(before: str, letter: str, after: str) -> bool:
    """Words of other scripts have no ASCII letters."""
    return any(one.isalpha() and one <= "\x7f" for one in (before, after))
