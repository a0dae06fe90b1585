"""In which encoding a text file is written, told by evidence in a fixed order.

A byte order mark is believed; zero bytes betray UTF-16; bytes that form valid UTF-8 are UTF-8;
then the East Asian encodings are tried by how common the characters they give are, and the code
pages of one byte by the letters of their languages. Only what is left goes to charset-normalizer,
which is good at prose but poor at lists of names.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from charset_normalizer import from_bytes

from rapport.records.imports.reading.alphabets import CODE_PAGES
from rapport.records.imports.reading.limits import KIB, MIB
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.unreadable import unreadable

SAMPLE = 256 * KIB
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
HIGH = re.compile(rb"[\x80-\xff]+")
LATIN_HIGH = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?=[A-Za-z\s,;.\"'\t-]|$)")

EAST_ASIAN = ("cp932", "euc_jp", "big5", "gb18030", "cp949")
VARIANTS = {"big5": ("big5", "cp950", "big5hkscs"), "euc_jp": ("euc_jp", "euc_jis_2004")}


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
    if len(CONTROLS.findall(head)) > len(head) / 200:
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
    runs = HIGH.findall(sample)
    if len(LATIN_HIGH.findall(sample)) < 0.5 * len(runs):
        score, encoding = max(east_asian_scores(sample), default=(0.0, ""))
        if score > 0.6:
            return encoding
    score, encoding = best_code_page(sample)
    if score >= 0.35:
        return encoding
    guess = from_bytes(sample).best()
    if guess is not None:
        return guess.encoding
    if score > 0:
        return encoding
    raise unreadable("encoding")


def mostly_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, a few damaged places aside: no other encoding looks like it by chance."""
    text = sample.decode("utf-8", "surrogateescape")
    letters = sum(1 for letter in text if letter >= "\x80")
    wrong = sum(1 for letter in text if "\udc80" <= letter <= "\udcff")
    if wrong <= 3 and text.rstrip("".join(map(chr, range(0xDC80, 0xDD00)))).isprintable():
        wrong = min(wrong, letters - wrong)
    return wrong == 0 or wrong < 0.1 * letters


def east_asian_scores(sample: bytes) -> Iterable[tuple[float, str]]:
    """(how common its characters are, encoding) of each East Asian encoding that fits."""
    for name in EAST_ASIAN:
        for encoding in VARIANTS.get(name, (name,)):
            try:
                text = sample.decode(encoding)
            except UnicodeDecodeError:
                continue
            yield commonness(text, name), encoding
            break


def commonness(text: str, encoding: str) -> float:
    """Mean worth of the characters beyond ASCII, from -1 to 1."""
    letters = [letter for letter in text if letter >= "\x80"]
    return sum(map(worth_in(encoding), letters)) / max(1, len(letters))


def worth_in(encoding: str):  # type: ignore[no-untyped-def]
    """A function that says how much a character speaks for `encoding`."""
    kana, hangul, first, last = WORTH[encoding]

    def worth(letter: str) -> float:
        if "\u3040" <= letter <= "\u30ff":
            return kana
        if "\uac00" <= letter <= "\ud7a3":
            return hangul
        if "\uff61" <= letter <= "\uff9f" or "\ue000" <= letter <= "\uf8ff":
            return -1.0
        if "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uff60":
            return 0.6
        if "\u4e00" <= letter <= "\u9fff":
            raw = letter.encode(encoding, "ignore")
            return 1.0 if first <= raw[:1] <= last and is_common_trail(raw, encoding) else 0.0
        return -0.3

    return worth


def is_common_trail(raw: bytes, encoding: str) -> bool:
    return encoding != "gb18030" or (len(raw) == 2 and raw[1] >= 0xA1)


WORTH = {
    "cp932": (1.0, -1.0, b"\x88", b"\x98"),
    "euc_jp": (1.0, -1.0, b"\xb0", b"\xcf"),
    "big5": (0.0, -1.0, b"\xa4", b"\xc6"),
    "gb18030": (0.0, -1.0, b"\xb0", b"\xd7"),
    "cp949": (-0.3, 1.0, b"\xff", b"\x00"),
}
"""Worth of kana and of Hangul, and the lead bytes of the everyday ideographs."""


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
    found = re.findall(r"(.?)([^\x00-\x7f])(?=(.?))", text)
    if not found:
        return 0.0
    oddities = sum(map(is_odd, found)) / len(found)
    letters = [letter.lower() for _, letter, _ in found]
    scores = [sum(map(weights(one, ordered).get, letters, zeros())) for one in languages]
    union = "".join(languages) if not ordered else ""
    mixed = 0.9 * sum(letter in union for letter in letters)
    return max(*scores, mixed) / len(letters) - oddities


def weights(language: str, ordered: bool) -> dict[str, float]:
    """The worth of each letter: full, or falling with its place in the order of use."""
    if not ordered:
        return dict.fromkeys(language, 1.0)
    return {
        letter: min(1.0, 1.35 * (1 - place / len(language)))
        for place, letter in enumerate(language)
    }


def zeros() -> Iterable[float]:
    while True:
        yield 0.0


def is_odd(found: tuple[str, str, str]) -> bool:
    """A sign amid letters, a capital after a small letter, or a byte without meaning."""
    before, letter, after = found
    if letter == "\ufffd" or "\x80" <= letter < "\xa0":
        return True
    if not letter.isalpha():
        return before.isalpha() and after.isalpha() and letter not in "’·ºª"
    return before.islower() and letter.isupper()
