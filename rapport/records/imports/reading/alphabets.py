"""Which letters a language adds to ASCII, by code page: what tells code pages apart.

Alphabets without ASCII letters are given in the order of how often each letter is used, for all
their code pages give some letter for every byte, and only the frequent ones betray the right one.
"""

from __future__ import annotations

WESTERN = (
    "äöüßé",
    "éèêëàâçîïôûùüœæ«»’",
    "áéíóúñü¿¡ºª",
    "ãõáâàéêíóôúçºª",
    "àèéìòùî’",
    "åäöé",
    "æøåéö",
    "éëïóöüè",
    "áðéíóúýþæö",
    "çàèéíïòóúü·",
)

CENTRAL = (
    "áčďéěíňóřšťúůýž",
    "ąćęłńóśźż",
    "áéíóöőúüű",
    "áäčďéíĺľňóôŕšťúýž",
    "čćđšž",
    "ăâîșțşţ",
)

CYRILLIC = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "оанивертсклмудпязьгїбчйхцшжюєщфі’",
    "аоеинтрсвлкдпмзугъяжчбщцшхюйфь",
)

GREEK = ("αοιετσνηυρπκμλςήόίγδάέθχφύώωβξζψϊ",)
HEBREW = ("יוהלאברתשמםנעדחקפסגטכזןצךףץ",)
ARABIC = ("المنيترسعدبوهقفكحجشأةصطىخضذغءثزظئإؤآ", "اینردهمتوسبکشلخقفزگپجحعذصغطچثضظژظ")
THAI = ("านรอกเงมยลวดตสทคปบหแจชพขใไซถฟโผธภศณษฉฐญ่้ัีิำุะ็์ืู",)

CODE_PAGES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("cp1252", WESTERN, False),
    ("cp1250", CENTRAL, False),
    ("cp1254", ("çğıöşüİ",), False),
    ("cp1257", ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"), False),
    ("cp1251", CYRILLIC, True),
    ("koi8_r", CYRILLIC, True),
    ("cp1253", GREEK, True),
    ("cp1255", HEBREW, True),
    ("cp1256", ARABIC, True),
    ("cp874", THAI, True),
    ("mac_roman", WESTERN, False),
    ("cp850", WESTERN, False),
    ("cp852", CENTRAL, False),
    ("cp866", CYRILLIC, True),
    ("iso8859_2", CENTRAL, False),
    ("iso8859_5", CYRILLIC, True),
)
"""(encoding, languages, whether their letters stand in order of use); on a tie the first wins."""
