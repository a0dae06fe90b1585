"""Who appears in the sample company: invented firms and people from many places."""

from __future__ import annotations

from typing import NamedTuple


class Firm(NamedTuple):
    """One company and who works there: (first name, last name, job title)."""

    name: str
    domain: str
    industry: str
    city: str
    country: str
    lifecycle: str
    people: tuple[tuple[str, str, str], ...]


FIRMS = (
    Firm(
        "Stadtwerke Lindau",
        "stadtwerke-lindau.example",
        "Utility",
        "Lindau",
        "DE",
        "customer",
        (
            ("Katharina", "Vogl", "Head of Operations"),
            ("Markus", "Reiter", "Plant Manager"),
            ("Sabine", "Bauer", "Assistant"),
        ),
    ),
    Firm(
        "Vinícola Serra Azul",
        "serraazul.example",
        "Winery",
        "Bento Gonçalves",
        "BR",
        "opportunity",
        (("Thiago", "Antunes", "Gerente de Produção"), ("Lívia", "Moraes", "Compras")),
    ),
    Firm(
        "Hokuriku Dairy KK",
        "hokuriku-dairy.example",
        "Dairy",
        "Kanazawa",
        "JP",
        "customer",
        (("美咲", "田中", "品質保証部 課長"), ("健", "佐藤", "工場長")),
    ),
    Firm(
        "Papeterie Lacroix",
        "papeterie-lacroix.example",
        "Paper",
        "Angoulême",
        "FR",
        "opportunity",
        (("Élodie", "Lacroix", "Directrice technique"),),
    ),
    Firm(
        "Fjordlaks AS",
        "fjordlaks.example",
        "Aquaculture",
        "Bergen",
        "NO",
        "customer",
        (("Sunniva", "Håland", "Innkjøpssjef"), ("Lars", "Hansen", "Daglig leder")),
    ),
    Firm(
        "Kisumu Water & Sanitation",
        "kisumu-water.example",
        "Utility",
        "Kisumu",
        "KE",
        "lead",
        (("Achieng", "Otieno", "Plant Engineer"), ("Odhiambo", "Were", "Director")),
    ),
    Firm(
        "Aguas del Maipo",
        "aguasdelmaipo.example",
        "Utility",
        "Santiago",
        "CL",
        "customer",
        (("Joaquín", "Riquelme", "Jefe de Laboratorio"),),
    ),
    Firm(
        "Clyde & Forth Utilities",
        "clydeforth.example",
        "Utility",
        "Glasgow",
        "GB",
        "customer",
        (("Fiona", "MacAulay", "Asset Manager"), ("Ewan", "Baird", "Procurement")),
    ),
    Firm(
        "Al Noor Desalination",
        "alnoor.example",
        "Desalination",
        "Abu Dhabi",
        "AE",
        "opportunity",
        (("ليلى", "الحداد", "Procurement Lead"),),
    ),
    Firm(
        "Zeeland Oysters BV",
        "zeelandoysters.example",
        "Aquaculture",
        "Yerseke",
        "NL",
        "lead",
        (("Daan", "de Wit", "Kwekerijmanager"),),
    ),
    Firm(
        "Hanseong Biotech",
        "hanseong.example",
        "Biotech",
        "Seoul",
        "KR",
        "opportunity",
        (("지우", "한", "연구개발 팀장"),),
    ),
    Firm(
        "Bohemia Pivovar",
        "bohemiapivovar.example",
        "Brewery",
        "Plzeň",
        "CZ",
        "customer",
        (("Zdeněk", "Procházka", "Sládek"),),
    ),
    Firm(
        "Kapiti Coast Dairies",
        "kapiticoast.example",
        "Dairy",
        "Paraparaumu",
        "NZ",
        "lead",
        (("Hēmi", "Parata", "Operations Lead"),),
    ),
    Firm(
        "Tampere Process Oy",
        "tampereprocess.example",
        "Engineering",
        "Tampere",
        "FI",
        "customer",
        (("Aino", "Lehtinen", "Prosessi-insinööri"),),
    ),
    Firm(
        "Brasserie Delmotte",
        "delmotte.example",
        "Brewery",
        "Liège",
        "BE",
        "customer",
        (("Maxime", "Delmotte", "Maître brasseur"),),
    ),
    Firm(
        "Lagos Lagoon Foods",
        "lagoonfoods.example",
        "Food",
        "Lagos",
        "NG",
        "lead",
        (("Ngozi", "Adeyemi", "Quality Lead"),),
    ),
)


class Sale(NamedTuple):
    """One deal; the stage by its place, the amount in the workspace's currency."""

    name: str
    company: str
    amount: int
    stage: int
    days: int


SALES = (
    Sale("FlowGuard rollout, lines 2 and 3", "Stadtwerke Lindau", 78_000, 2, 26),
    Sale("Spare probes 2027", "Stadtwerke Lindau", 8_400, 3, 5),
    Sale("Odour sensors, pilot", "Lagos Lagoon Foods", 10_900, 0, 80),
    Sale("Milk line conductivity", "Kapiti Coast Dairies", 22_900, 0, -6),
    Sale("Oyster bed monitoring", "Zeeland Oysters BV", 12_750, 0, 60),
    Sale("Three plants, tender", "Kisumu Water & Sanitation", 27_700, 1, 61),
    Sale("Retrofit, bottling hall 2", "Papeterie Lacroix", 31_000, 1, 26),
    Sale("Pilot to full site", "Hanseong Biotech", 86_000, 1, 68),
    Sale("Cellar loop", "Vinícola Serra Azul", 36_400, 2, 19),
    Sale("Effluent package", "Tampere Process Oy", 18_200, 2, 54),
    Sale("Frame contract, 2 years", "Al Noor Desalination", 98_000, 3, 12),
    Sale("Renewal and 40 sensors", "Hokuriku Dairy KK", 56_000, 4, 8),
    Sale("Salmon line 4", "Fjordlaks AS", 54_000, 4, 10),
    Sale("Laboratory refit", "Aguas del Maipo", 24_500, 5, -12),
    Sale("Gateway service", "Clyde & Forth Utilities", 15_300, 5, -30),
    Sale("Mash tun probes", "Bohemia Pivovar", 9_800, 6, -21),
)

#: Where deals come from.
SOURCES = ("Website", "Referral", "Trade fair", "AquaTec Munich", "Existing customer")
#: What was sold or lost in the year before.
PAST = (
    "Spare probes",
    "Service visit",
    "Calibration set",
    "Sensor exchange",
    "Gateway",
    "Pilot line",
)

_RIVAL = {
    "name": "Sensorix", "company": None, "threat": "medium", "strengths": "Price",
    "weaknesses": "Service from abroad", "has_won": False,
}  # fmt: skip
#: Who else wants an open deal, and how the closed ones ended.
RIVALS = {"competitors": [_RIVAL]}
ENDS = {
    "won": {**RIVALS, "won_reason": "trust", "review_worked": "The visit to the plant"},
    "lost": {
        "competitors": [{**_RIVAL, "has_won": True}],
        "lost_reason": "price", "review_learnt": "Ask for the budget before the quote",
    },
}  # fmt: skip
#: The parts of a firm's people in a deal: role, influence, stance.
PARTS = (
    ("decision_maker", "high", "neutral"),
    ("champion", "medium", "champion"),
    ("influencer", "low", "sceptic"),
)
#: By the place of its stage: what the playbook has people do, find out and send.
PLAYBOOK = {
    0: (("question", "Who decides, and by when?"), ("check", "Agree on a first call")),
    1: (("question", "What does it cost them today?"), ("check", "See the plant")),
    2: (
        ("material", "References of the industry"),
        ("check", "Go through the quote together"),
        ("question", "Who else was asked for a quote?"),
    ),
    3: (("check", "Have the contract read"), ("material", "Service terms")),
}
MATERIAL = {
    "References of the industry": "https://files.example.com/references.pdf",
    "Service terms": "https://files.example.com/service-terms.pdf",
}
STEPS = (
    ("Send the revised quote", 1),
    ("Ask for a new date", 2),
    ("Site visit", 4),
    ("Renewal call", 8),
    ("Answer tender questions", -1),
    ("Send references", 3),
    ("Confirm the order", 0),
    ("Demo of FlowGuard", 6),
)
TALK = (
    "Calibration slot",
    "Delivery of the sample kit",
    "Questions about the quote",
    "Service interval",
    "Drift after the shift change",
    "Contract review",
    "Introduction",
    "Budget for next year",
)
NOTES = (
    "Prefers to be called before ten.",
    "Wants the data sheet in the local language.",
    "Decides together with the plant manager.",
    "Had trouble with the old supplier; be early rather than cheap.",
)

#: What people who are interested ask for.
CLICKED: tuple[dict[str, str], ...] = (
    {"utm_source": "newsletter", "utm_medium": "mailing", "utm_campaign": "spring-sensors"},
    {"utm_source": "search", "utm_medium": "cpc", "utm_campaign": "flow", "utm_term": "flow meter"},
)
WISHES = (
    "Please send a price for 24 flow sensors DN 150, delivered before the end of the year.",
    "Could somebody call me about renting a calibration bench for two weeks?",
    "Does your gateway speak Modbus? We have forty meters in the field.",
    "We would like to see the dairy line at work. Is there a plant near us?",
)
