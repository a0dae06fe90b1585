"""Which fields one column may go to, and how sure each guess is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from rapport.records.imports.mapping import reach
from rapport.records.imports.mapping.headings import Heading, word_set
from rapport.records.imports.mapping.leftovers import why_left_out
from rapport.records.imports.mapping.profiles import LEAVE, Profile
from rapport.records.imports.mapping.reach import Way
from rapport.records.imports.mapping.targets import Target, Targets, standard_name
from rapport.records.imports.mapping.values import Evidence
from rapport.records.imports.mapping.vocabulary import meanings

BY_PROFILE = 0.97
BY_NAME = 0.96
BY_LABEL = 0.94
BY_WAY = 0.93
BY_COMPANY = 0.95
BY_SYNONYM = 0.92
BY_WORD = 0.9
BY_PART = 0.72
BY_LIKENESS = 0.68

ALIKE = 0.86

EXPECTED: dict[str, tuple[str, ...]] = {
    "emails": ("email",),
    "phones": ("phone",),
    "website": ("web",),
    "domain": ("web",),
    "linkedin": ("linkedin", "web"),
    "birthday": ("date",),
    "close_date": ("date",),
    "created_at": ("date",),
    "due": ("date",),
    "amount": ("number",),
    "annual_revenue": ("number",),
    "employees": ("number",),
    "probability": ("number",),
    "salutation": ("salutation",),
    "address.country": ("country",),
}
"""What the values of a standard field look like."""

ONLY_WITH_PROOF = {"salutation": {"title", "titel", "titre", "titulo"}}
"""Names that mean the field only where the values say so."""

QUALIFIERS = word_set(
    """
    contact customer client company account person lead deal opportunity user member vendor supplier
    primary main current new old our the my default actual final field value text data info
    information
    """
)
"""Words that say whose a value is, not what it is."""

BEARERS = word_set("contact contacto person persona lead kontakt ansprechpartner interlocuteur")
"""Words that say that what follows is a person's."""

COMPANIES = word_set(
    """
    company organization organisation account employer firm empresa firma unternehmen entreprise
    societe
    """
)
"""Words that say that what follows is a company's, in files of people."""

KEY_WORDS = word_set("id ids no nr number code key sku ref reference")

TRUSTING = {"address.country", "salutation"}
"""Fields whose values are too free to speak against a clear name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One guess; without a target it says why the column stays out."""

    target: Target | None
    confidence: float
    reason: str
    way: Way | None = None

    @property
    def standard(self) -> str:
        """The standard name of the field."""
        return standard_name(self.target) if self.target else ""


def candidates(
    heading: Heading, evidence: Evidence, targets: Targets, profile: Profile | None
) -> list[Candidate]:
    """All guesses for a column, the surest first."""
    found = [judged(one, heading, evidence) for one in guesses(heading, evidence, targets, profile)]
    return sorted(found, key=lambda one: -one.confidence)


def guesses(
    heading: Heading, evidence: Evidence, targets: Targets, profile: Profile | None
) -> Iterator[Candidate]:
    """Guesses by name, then, where no name helps, by the values."""
    way = reach.read(heading)
    if profile and (standard := profile.standard(heading)) is not None:
        yield from by_profile(standard, targets, profile, way)
        if standard == LEAVE:
            return
    own = targets.named("_".join(heading.words)) or targets.named(heading.text.strip())
    if own:
        yield Candidate(own, BY_NAME, _("It has the name of this field."), way_to(own, way))
    if reason := why_left_out(heading):
        yield Candidate(None, BY_LABEL + 0.01, reason)
        return
    named = [
        *by_company(heading, targets),
        *by_words(heading, targets),
        *by_bearer(heading, targets),
        *by_way(way, targets),
    ]
    yield from named
    if not named:
        yield from by_key(heading, evidence, targets)
        yield from by_likeness(heading, targets)
        yield from by_values(heading, evidence, targets)


def by_profile(
    standard: str, targets: Targets, profile: Profile, way: Way | None
) -> Iterator[Candidate]:
    """What a known program's export says."""
    if standard == LEAVE:
        reason = _("Columns like this of %(program)s have no field here.")
        yield Candidate(None, BY_PROFILE, reason % {"program": profile.name})
        return
    confidence = BY_PROFILE - 0.06 if standard.startswith("?") else BY_PROFILE
    for name in standard.removeprefix("?").split(","):
        if target := targets.find(name):
            reason = _("%(program)s calls it so.") % {"program": profile.name}
            yield Candidate(target, confidence, reason, way_to(target, way))
            return


def by_words(heading: Heading, targets: Targets) -> Iterator[Candidate]:
    """The field's own label and synonyms, then what the world calls standard fields."""
    for name in dict.fromkeys((heading.key, heading.stem)):
        for target in targets.by_label.get(name, ()):
            sure = BY_LABEL - targets.farness(target)
            yield Candidate(target, sure, _("It has the name of this field."))
        for target in targets.by_synonym.get(name, ()):
            sure = BY_SYNONYM - targets.farness(target)
            yield Candidate(target, sure, _("It is another word for this field."))
        for place, standard in enumerate(meanings().get(name, ())):
            meant = targets.find(standard)
            if meant:
                reason = _("It is another word for this field.")
                yield Candidate(meant, BY_WORD - 0.01 * place, reason)


def by_bearer(heading: Heading, targets: Targets) -> Iterator[Candidate]:
    """Names that say whose they are first, such as “Contact First Name” in a file of deals."""
    first, *rest = heading.stem_words or ("",)
    if first not in BEARERS or not rest:
        return
    for place, standard in enumerate(meanings().get("".join(rest), ())):
        if (target := targets.find(standard)) and targets.farness(target):
            reason = _("It is another word for this field.")
            yield Candidate(target, BY_WORD - 0.01 * place, reason)


def by_company(heading: Heading, targets: Targets) -> Iterator[Candidate]:
    """“Company City” in a file of people is where their company is."""
    first, *rest = heading.stem_words or ("",)
    if first not in COMPANIES or not rest:
        return
    for standard in meanings().get("".join(rest), ()):
        name = standard.removeprefix("address.")
        if target := targets.named(f"company.{name}"):
            reason = _("It is another word for this field.")
            yield Candidate(target, BY_COMPANY, reason)
            return


def by_way(way: Way | None, targets: Targets) -> Iterator[Candidate]:
    """E-mails, phones and addresses, whatever words their names are put together from."""
    if way and (target := targets.find(way.field)):
        yield Candidate(target, BY_WAY, _("Its words speak of this field."), way)


def way_to(target: Target, way: Way | None) -> Way | None:
    """The way, where it leads to this field."""
    return way if way and standard_name(target) == way.field else None


def by_key(heading: Heading, evidence: Evidence, targets: Targets) -> Iterator[Candidate]:
    """A key of yet another system: Oracle_Id__c, or any …_id that differs in each row."""
    target = targets.find("external_id")
    is_key = heading.words[-1:] == ("id",) and evidence.share("unique") > 0.95
    if target and is_key and (heading.custom or evidence.count >= 3):
        confidence = 0.8 if heading.custom else 0.76
        yield Candidate(target, confidence, _("Each row has its own value, as a key has."))


def by_likeness(heading: Heading, targets: Targets) -> Iterator[Candidate]:
    """Names with a typing error, and names with a known one inside."""
    words = set(heading.stem_words) - QUALIFIERS
    if len(words) == 1 and (fields := meanings().get(next(iter(words)))):
        yield from first_known(fields, BY_PART, targets)
    for fields in alike(heading.stem):
        yield from first_known(fields, BY_LIKENESS, targets)


def first_known(fields: Iterable[str], confidence: float, targets: Targets) -> Iterator[Candidate]:
    """The first of some standard fields that the object has."""
    likely = next(filter(None, map(targets.find, fields)), None)
    if likely:
        yield Candidate(likely, confidence, _("Its name is much like this field's."))


def alike(stem: str) -> Iterator[tuple[str, ...]]:
    """Fields whose names differ from `stem` by a letter or two."""
    matcher = SequenceMatcher(None, b=stem)
    for name, fields in meanings().items():
        if len(name) < 5 or abs(len(name) - len(stem)) > 2:
            continue
        matcher.set_seq1(name)
        if matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE:
            yield fields


def by_values(heading: Heading, evidence: Evidence, targets: Targets) -> Iterator[Candidate]:
    """What the values themselves look like."""
    if evidence.count == 0 or KEY_WORDS.intersection(heading.words[-1:]):
        return
    is_person = targets.find("first_name") is not None
    for share, standard, confidence, reason in (
        ("email", "emails", 0.88, _("The values are e-mail addresses.")),
        ("linkedin", "linkedin", 0.88, _("The values are LinkedIn pages.")),
        ("dialled", "phones", 0.8, _("The values are phone numbers.")),
        ("web", "website", 0.76, _("The values are web addresses.")),
        ("country", "address.country", 0.76, _("The values are countries.")),
        ("company", "company", 0.65, _("The values look like names of companies.")),
        ("person", "name", 0.6, _("The values look like names of people.")),
    ):
        if share == "person" and not is_person:
            continue
        if evidence.share(share) >= 0.8 and (target := targets.find(standard)):
            yield Candidate(target, confidence, reason)


def judged(guess: Candidate, heading: Heading, evidence: Evidence) -> Candidate:
    """The guess in the light of the values: they confirm it, say nothing, or speak against it."""
    standard = guess.standard
    if guess.target is None or (guess.way and guess.way.is_label):
        return guess
    expected = EXPECTED.get(standard, ())
    share = max((evidence.share(name) for name in expected), default=0.0)
    needs_proof = heading.stem in ONLY_WITH_PROOF.get(standard, ())
    if needs_proof and guess.confidence < BY_PROFILE:
        if share >= 0.5:
            return replace(guess, confidence=BY_LABEL)
        return replace(guess, confidence=0.55, reason=_("The name alone does not say enough."))
    if not expected or evidence.count < 1:
        return guess
    if share >= 0.6:
        return replace(guess, confidence=min(0.99, guess.confidence + 0.02))
    speaks = evidence.count >= 3 and share < 0.2 and evidence.share("opaque") < 0.5
    if speaks and standard not in TRUSTING:
        against = _("By its name it is this field, but the values look different.")
        return replace(guess, confidence=guess.confidence - 0.3, reason=against)
    return guess
