"""Conditions as people write them: read, written again, and refused with a repair."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.accounts.principals import ALL_GRANTED, Principal
from rapport.records import registry
from rapport.records.conditions import (
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    from_text,
    split_search,
    to_text,
)
from rapport.records.conditions.text.shaping import simplified
from rapport.records.kinds.base import Context
from rapport.records.tests.test_conditions_model import is_small

ME = UUID(int=7)
STAFF = Principal("staff", ME, grants={"*": ALL_GRANTED}, team_user_ids=(ME,))
READER = Context(STAFF)
PERSON, ROOM = registry.get("person"), registry.get("room")


def people(text: str) -> Condition:
    return from_text(text, PERSON, READER)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("city:Madrid", Rule("city", "is", "Madrid")),
        ("City=Madrid", Rule("city", "is", "Madrid")),
        ("city!=Madrid", Rule("city", "not", "Madrid")),
        ("city:Madrid,Lyon", Rule("city", "any", ["Madrid", "Lyon"])),
        ("city!=Madrid,Lyon", Rule("city", "none", ["Madrid", "Lyon"])),
        ('"Job title":director', Rule("job_title", "is", "director")),
        ("job_title:dir*", Rule("job_title", "starts", "dir")),
        ('job_title:"dir*"', Rule("job_title", "is", "dir*")),
        ("description~wine", Rule("description", "contains", "wine")),
        ("description:wine", Rule("description", "contains", "wine")),
        ("city:empty", Rule("city", "empty", None)),
        ('city:"empty"', Rule("city", "is", "empty")),
        ("created:last_30_days", Rule("created_at", "in", "last_30_days")),
        ("birthday:2026-01-01..", Rule("birthday", "in", "2026-01-01..")),
        ("birthday<2026-01-01", Rule("birthday", "lt", "2026-01-01")),
        ('birthday:"today"', Rule("birthday", "is", "today")),
        ("owner:me", Rule("owner", "is", "me")),
        ("owner:my_team", Rule("owner", "is", "my_team")),
        ('owner:"Ana Ruiz"', Rule("owner", "named", "Ana Ruiz")),
        ("company:Acme", Rule("company", "named", "Acme")),
        ("company:Acme,Bolt", Rule("company", "named", ["Acme", "Bolt"])),
        (f"company:{ME}", Rule("company", "is", str(ME))),
        ("company.city:Madrid", Rule("company.city", "is", "Madrid")),
        ("company.owner:me", Rule("company.owner", "is", "me")),
        ("city.contains:adri", Rule("city", "contains", "adri")),
        ("-city:Madrid", Group((Rule("city", "is", "Madrid"),), "none")),
        ("not city:Madrid", Group((Rule("city", "is", "Madrid"),), "none")),
        (
            "city:A lifecycle:lead or city:B",
            Group(
                (
                    Group((Rule("city", "is", "A"), Rule("lifecycle", "is", "lead"))),
                    Rule("city", "is", "B"),
                ),
                "any",
            ),
        ),
        ("deals:()", Related("deals")),
        ("-deals:(state:open)", Related("deals", Rule("state", "is", "open"), "none")),
        (
            "-(deals:(state:open))",
            Group((Related("deals", Rule("state", "is", "open")),), "none"),
        ),
        (
            "deals:(stage:open amount>10000)",
            Related(
                "deals", Group((Rule("stage", "named", "open"), Rule("amount", "gt", "10000")))
            ),
        ),
        ("count(deals)>3", Measure("deals", "count", "gt", "3")),
        ("sum(deals.amount)>10000", Measure("deals", "sum", "gt", "10000", "amount")),
        (
            "count(deals where state:won)=0",
            Measure("deals", "count", "is", "0", "", Rule("state", "is", "won")),
        ),
        (
            "latest(activities.at)<last_14_days",
            Measure("activities", "latest", "lt", "last_14_days", "at"),
        ),
        ("max(company.deals.amount)>5", Measure("company.deals", "max", "gt", "5", "amount")),
        ("changed(city)", Changed("city")),
        (
            "changed(city from Madrid to Lyon during last_30_days)",
            Changed("city", "last_30_days", "Madrid", "Lyon"),
        ),
        ("was(city:Madrid during last_year)", Was(Rule("city", "is", "Madrid"), "last_year")),
        ("", Group()),
    ],
)
def test_what_is_written_is_meant(text: str, meant: Condition) -> None:
    assert people(text) == meant
    assert people(to_text(meant, PERSON, READER)) == meant


def test_fields_are_found_by_their_labels_in_the_readers_language() -> None:
    with override("es"):
        meant = from_text('ciudad:Madrid "nombre de pila":Ana', PERSON, READER)
    assert meant == Group((Rule("city", "is", "Madrid"), Rule("first_name", "is", "Ana")))


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("ctiy:Madrid", 0, "Did you mean “city”?"),
        ("city:Madrid ctiy:Lyon", 12, "“ctiy”"),
        ("city:", 5, "A value is missing."),
        ('city:"Madrid', 5, "don't end"),
        ("(city:Madrid", 0, "doesn't end"),
        ("city:Madrid)", 11, "no place here"),
        ("Madrid", 0, "says nothing of a field"),
        ("city:a or", 9, "both sides"),
        ("birthday>soon", 9, "is not a date"),
        ("lifecycle:never", 10, "is not a choice"),
        ("deals:(nothing:1)", 7, "Deals have no field “nothing”"),
        ("nothing:(city:a)", 0, "no field “nothing”"),
        ("count(deals)", 12, "Compare it"),
        ("count(nothing)>1", 6, "no field “nothing”"),
        ("sum(deals.name)>1", 0, "can't be asked with"),
        ("sum(deals.amount)>many", 0, "is not a number"),
        ("changed(city from:Madrid)", 13, "Write it like changed"),
        ("changed(city, this_month)", 12, "Write it like changed"),
        ("changed(nothing)", 8, "no field “nothing”"),
        ("changed(city during once)", 0, "is no period"),
        ("was(deals:())", 4, "takes a rule"),
        ("city~a emails.city:x", 7, "no field"),
        ("(" * 40 + "city:a" + ")" * 40, None, "too deeply"),
        ("-" * 40 + "city:a", None, "too deeply"),
        ("city:a " * 600, None, "characters at most"),
        ("city:a " * 300, None, "parts at most"),
        ("count(deals)>1 " * 30, None, "times at most"),
    ],
)
def test_an_error_names_the_character_and_the_repair(
    text: str, character: int | None, words: str
) -> None:
    with pytest.raises(ConditionError) as refused:
        people(text)
    assert words in str(refused.value)
    if character is not None:
        assert refused.value.character == character


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("vogl", "vogl", Group()),
        ("vogl city:Madrid", "vogl", Group((Rule("city", "is", "Madrid"),))),
        ("city:Madrid katharina vogl", "katharina vogl", Group((Rule("city", "is", "Madrid"),))),
        ("Re: hello", "Re: hello", Group()),
        ("10:30 https://city.example", "10:30 https://city.example", Group()),
        ("website://x", "website://x", Group()),
        ("(city) or not", "(city) or not", Group()),
        (
            "a city:x or city:y b",
            "a b",
            Group((Group((Rule("city", "is", "x"), Rule("city", "is", "y")), "any"),)),
        ),
        ("ana -city:x", "ana", Group((Group((Rule("city", "is", "x"),), "none"),))),
        (
            "count(deals)>1 ana",
            "ana",
            Group((Measure("deals", "count", "gt", "1"),)),
        ),
        ('say "hi there" city:x', 'say "hi there"', Group((Rule("city", "is", "x"),))),
    ],
)
def test_a_search_holds_words_and_conditions(typed: str, words: str, meant: Group) -> None:
    assert split_search(typed, PERSON, READER) == (words, simplified_group(meant))


def simplified_group(meant: Group) -> Group:
    found = simplified(meant)
    return found if isinstance(found, Group) and found.mode == "all" else Group((found,))


@pytest.mark.parametrize("typed", ["ctiy:Madrid", "vogl -citty=x", "craeted:today"])
def test_what_is_nearly_a_condition_in_a_search_is_told(typed: str) -> None:
    with pytest.raises(ConditionError, match="Did you mean"):
        split_search(typed, PERSON, READER)


texts = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(["me", "empty", "today", "a..b", "or", "-x", "x*", "last_7_days", "a,b", ""])
lists = st.lists(texts, min_size=1, max_size=3)
days = st.dates().map(str)
keys = st.uuids().map(str)


def rules(field: str, **values: Any) -> st.SearchStrategy[Rule]:
    return st.one_of(*(st.builds(Rule, st.just(field), st.just(op), v) for op, v in values.items()))


NOTHING = st.none()
filled = st.text("abcdefgh xyz*", min_size=1, max_size=8).filter(str.strip)
own = st.one_of(
    rules("name", contains=texts, starts=texts, empty=NOTHING, filled=NOTHING, any=lists,
          none=lists, **{"is": texts, "not": texts}),
    rules("notes", contains=texts, empty=NOTHING),
    rules("seats", gt=st.integers(-9, 9).map(str), **{"is": st.integers(0, 9).map(str)}),
    rules("built", lt=days, gte=st.just("last_month"), empty=NOTHING, **{
        "in": st.sampled_from(["today", "last_30_days", "2026-01-01..", "..2026-05-06"]),
        "is": days | st.just("today")}),
    rules("shape", any=st.just(["round", "square"]), none=st.just(["round"]),
          **{"is": st.just("round"), "not": st.just("square")}),
    rules("parent", named=filled | st.lists(filled, min_size=1, max_size=2), empty=NOTHING,
          any=st.lists(keys, min_size=1, max_size=2), **{"is": keys, "not": keys}),
    rules("owner", any=st.just(["me", "my_team"]), named=filled,
          **{"is": st.sampled_from(["me", "my_team"])}),
    rules("is_open", **{"is": st.sampled_from(["true", "false"])}),
    rules("parent.name", contains=texts, **{"is": texts, "not": texts}),
    rules("parent.parent.seats", lte=st.integers(0, 9).map(str)),
)  # fmt: skip
past = st.one_of(
    st.builds(
        Changed, st.sampled_from(["name", "shape"]),
        st.sampled_from(["", "last_month", "2026-01-01..2026-02-02"]),
        st.none() | st.just("round"), st.none() | st.just(["round", "square"]),
    ),
    st.builds(Was, rules("seats", gt=st.just("4"), empty=NOTHING), st.sampled_from(["", "today"])),
)  # fmt: skip


def wider(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    sets = st.sampled_from(["rooms", "parent", "neighbours", "rooms.rooms"])
    many = st.sampled_from(["rooms", "neighbours"])
    return st.one_of(
        st.builds(
            lambda parts, mode: Group(tuple(parts), mode),
            st.lists(inner, max_size=3), st.sampled_from(["all", "any", "none"]),
        ),
        st.builds(Related, sets, inner, st.sampled_from(["any", "none"])),
        st.builds(Measure, many, st.just("count"), st.sampled_from(["is", "gt", "lte", "not"]),
                  st.just("3"), st.just(""), inner),
        st.builds(Measure, many, st.just("max"), st.sampled_from(["gte", "is"]), st.just("-3"),
                  st.just("seats"), inner),
        st.builds(Measure, many, st.just("latest"), st.just("in"), st.just("last_month"),
                  st.just("built"), inner),
    )  # fmt: skip


trees = st.recursive(st.one_of(own, past), wider, max_leaves=6).filter(is_small)
check = settings(deadline=None, suppress_health_check=list(HealthCheck))
#: The same examples each time; the long suite looks for others.
steady = settings(check, derandomize=True)


@settings(steady, max_examples=150)
@given(tree=trees)
def test_a_condition_that_is_written_reads_back_to_the_same(tree: Condition) -> None:
    reads_back(tree)


@pytest.mark.long
@settings(check, max_examples=5000)
@given(tree=trees)
def test_a_condition_that_is_written_reads_back_to_the_same_for_long(tree: Condition) -> None:
    reads_back(tree)


def reads_back(tree: Condition) -> None:
    plain = simplified(tree)
    text = to_text(tree, ROOM, READER)
    assert from_text(text, ROOM, READER) == plain, text
    words, found = split_search(text, ROOM, READER)
    assert (words, simplified(found)) == ("", plain), text


@settings(steady, max_examples=300)
@given(text=st.text(max_size=60) | st.text('city:deals("or -)>amount.count,*~', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (from_text, split_search):
        with suppress(ConditionError):
            read(text, PERSON, READER)


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("creado:mes_pasado", "created_at:last_month"),
        ("created_at:MES-PASADO", "created_at:last_month"),
        ("created_at:últimos_30_días", "created_at:last_30_days"),
        ("created_at:ultimos_30_dias", "created_at:last_30_days"),
        ("created_at:last_30_days", "created_at:last_30_days"),
        ("city:Madrid o city:Lyon", "city:Madrid or city:Lyon"),
        ("city:Madrid o no (city:Lyon y city:Roma)", "city:Madrid or not (city:Lyon city:Roma)"),
        ("city:vacía", "city:empty"),
        ('city:"vacía"', 'city:"vacía"'),
        ("owner:yo", "owner:me"),
        ("owner:mi_equipo", "owner:my_team"),
        ("número(deals donde state:open)>2", "count(deals where state:open)>2"),
        ("suma(deals.amount)>100", "sum(deals.amount)>100"),
        ("cambió(city de Madrid a Lyon durante mes_pasado)",
         "changed(city from Madrid to Lyon during last_month)"),
        ("deals:(estado:Abierto)", "deals:(state:open)"),
        ("city:hoy", "city:hoy"),
    ],
)  # fmt: skip
def test_the_words_of_the_readers_language_mean_what_the_english_ones_do(
    spanish: str, english: str
) -> None:
    wanted = people(english)
    with override("es"):
        assert people(spanish) == wanted


def test_words_of_another_language_are_only_words() -> None:
    assert people("city:vacía") == Rule("city", "is", "vacía")
    with override("es"):
        assert split_search("no city:Lyon", PERSON, READER)[1].parts
        assert split_search("tinto o blanco", PERSON, READER)[0] == "tinto o blanco"
