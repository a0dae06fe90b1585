"""What was typed finds records of every object, the best first, whatever the documents know yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rapport.records.search.finding import find
from rapport.records.search.testing import ids, take_in, take_in_anew
from rapport.records.search.tiers import Tier
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db


def not_yet() -> None:
    """The worker has not come round: records are looked at as they stand."""


@pytest.fixture(params=[not_yet, take_in])
def settle(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Both ways in which a record is found must find the same."""
    made: Callable[[], None] = request.param
    return made


def test_every_word_counts_wherever_it_stands_without_case_and_accents(
    settle: Callable[[], None],
) -> None:
    jose = create("person", name="José Müller")
    create("person", name="José Maier")
    settle()
    assert ids("muller jose") == [jose]
    assert ids("JOSÉ MÜL") == [jose]
    assert ids("jose,müller!") == [jose]


def test_the_better_fit_comes_first(settle: Callable[[], None]) -> None:
    note = create("note", body="<p>Seen at the <b>Linden</b> fair.</p>")
    inside = create("person", name="Ada Linden")
    within = create("person", name="Ada Lindenberg")
    begins = create("person", name="Linden Ada")
    exact = create("company", name="LINDEN")
    settle()
    assert [(hit.id, hit.tier) for hit in find(HOUSE, "linden")] == [
        (exact, Tier.EXACT), (begins, Tier.BEGINNING), (inside, Tier.NAME), (within, Tier.NAME),
        (note, Tier.TEXT),
    ]  # fmt: skip


def test_text_of_every_kind_leads_to_its_record(settle: Callable[[], None]) -> None:
    person = create("person", name="Ada", job_title="Archaeologist", description="Digs in Ephesus")
    company = create("company", name="Fern", website="https://quokka.example", number="KD-4711")
    task = create("task", subject="Call", description="<ul><li>Ask for&nbsp;zirconium</li></ul>")
    settle()
    assert ids("archaeologist") == ids("ephes") == [person]
    assert ids("quokka") == ids("4711") == ids("kd-4711") == [company]
    assert ids("zirconium") == [task]
    assert ids("li") == []


def test_addresses_and_numbers_lead_to_their_people(settle: Callable[[], None]) -> None:
    ada = create("person", name="Ada", emails="a.vogl@x.example", phones="+49 8382 704112")
    settle()
    assert ids("vogl@x") == ids("vogl") == [ada]
    assert ids("8382 7041") == [ada]


def test_signs_divide_words_and_stand_for_nothing_else(settle: Callable[[], None]) -> None:
    odd = create("person", name="100% Ada_", emails="a_b%c@x.example")
    create("person", name="Berta")
    settle()
    assert ids("100%") == ids("a_b%c") == ids("ada_") == [odd]
    for typed in ("%%%", "\\", "'", "' | 'person=berta", ":*", "!", "&", "<->", "\U0001f600"):
        assert ids(typed) == [], typed
    assert ids("berta') --") == ids("berta")


def test_of_two_letters_only_beginnings_of_names_count(settle: Callable[[], None]) -> None:
    begins = create("person", name="Bo Berg", emails="x@y.example")
    inside = create("person", name="Ada Borg")
    create("person", name="Limbo")
    create("person", name="Ada", job_title="Boss")
    settle()
    assert ids("bo") == [begins, inside]
    assert ids("b") == [begins, inside]


def test_names_in_chinese_japanese_and_korean_are_found_by_any_part(
    settle: Callable[[], None],
) -> None:
    misaki = create("person", name="田中美咲")
    wei = create("person", name="王伟")
    kim = create("person", name="김철수")
    note = create("note", body="与王伟讨论了合同")
    settle()
    assert (
        ids("田中美咲") == ids("田中") == ids("美咲") == ids("咲") == ids("田中 美咲") == [misaki]
    )
    assert ids("王伟") == ids("王") == [wei, note]
    assert ids("合同") == [note]
    assert ids("철수") == [kim]
    assert ids("美田") == []


def test_a_mistyped_word_finds_what_it_may_have_meant() -> None:
    lind = create("person", name="Greta Lindström")
    create("person", name="Greta Holm")
    take_in()
    for typed in (
        "Lindstrom",
        "Lindtröm",
        "Lidnström",
        "Lindströmm",
        "Lindstrem",
        "Gretta Lindström",
    ):
        assert ids(typed) == [lind], typed
    assert [hit.tier for hit in find(HOUSE, "Lidnstrom")] == [Tier.NEAR]
    assert ids("Lidxxxram") == []


def test_of_a_long_word_two_letters_may_be_wrong() -> None:
    firm = create("company", name="Brandversicherung")
    take_in()
    assert [(hit.id, hit.tier) for hit in find(HOUSE, "Brantversicherumg")] == [(firm, Tier.FAR)]


def test_a_part_of_a_word_is_found_where_no_word_begins_so() -> None:
    insurer = create("company", name="Haftpflichtversicherung Nord")
    take_in()
    assert [(hit.id, hit.tier) for hit in find(HOUSE, "versicherung")] == [(insurer, Tier.INSIDE)]


def test_other_spellings_stand_back_while_there_is_enough() -> None:
    for number in range(3):
        create("person", name=f"Marta {number}")
    create("person", name="Maria 4")
    take_in()
    assert {hit.tier for hit in find(HOUSE, "marta")} == {Tier.BEGINNING}


def test_a_record_is_found_by_what_it_says_now() -> None:
    one = create("company", name="Quokka")
    take_in()
    update("company", one, name="Wombat")
    assert ids("quokka") == [one]  # what the documents alone would say
    take_in_anew()
    assert ids("wombat") == [one]
    assert ids("quokka") == []


def test_custom_texts_are_found_and_those_not_all_may_read_are_not() -> None:
    make_field("text", "serial", search=True)
    make_field("long_text", "story")
    make_field("text", "salary", search=True, readers=["owner"])
    make_field("text", "silent")
    room = create("room", name="Lab", serial="Xylophone", story="Zeppelin", salary="Quokka",
                  silent="Wombat")  # fmt: skip
    take_in()
    assert ids("zeppelin") == [room]
    assert ids("quokka") == ids("wombat") == []
