"""Items in lanes: prepared side by side, done in their order."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from threading import Event

import pytest
from django.utils import translation

from rapport.records.imports.running.lanes import Place, in_lanes, one_by_one

SOON = 5


def double(item: int, place: Place) -> int:
    place.let_next_begin()
    place.wait()
    return item * 2


def test_items_are_done_in_their_order() -> None:
    assert list(in_lanes(iter(range(40)), double, 3)) == [n * 2 for n in range(40)]
    assert list(one_by_one(iter(range(3)), double)) == [0, 2, 4]


def test_the_second_is_prepared_while_the_first_is_under_way() -> None:
    prepared = Event()

    def take(item: int, place: Place) -> bool:
        place.let_next_begin()
        if item == 2:
            prepared.set()
        return prepared.wait(SOON)

    assert list(in_lanes(iter([1, 2]), take, 2)) == [True, True]


def test_nobody_begins_before_the_one_before_is_prepared() -> None:
    begun: list[int] = []

    def take(item: int, place: Place) -> list[int]:
        begun.append(item)
        seen = list(begun)
        place.let_next_begin()
        place.wait()
        return seen

    assert list(in_lanes(iter(range(3)), take, 2)) == [[0], [0, 1], [0, 1, 2]]


def test_a_waiting_item_sees_all_before_it_done() -> None:
    done: list[int] = []

    def take(item: int, place: Place) -> list[int]:
        place.let_next_begin()
        place.wait()
        before = list(done)
        done.append(item)
        return before

    assert list(in_lanes(iter(range(4)), take, 2)) == [[], [0], [0, 1], [0, 1, 2]]


def test_an_item_hears_what_the_one_before_touches() -> None:
    heard: list[object] = []
    second_heard = Event()

    def take(item: int, place: Place) -> bool:
        place.let_next_begin()
        if item == 1:
            place.tell(frozenset({7}))
            return second_heard.wait(SOON)
        heard.append(place.hear())
        second_heard.set()
        return True

    assert list(in_lanes(iter([1, 2]), take, 2)) == [True, True]
    assert heard == [{7}]


def test_nothing_is_heard_of_what_is_done() -> None:
    def take(_item: int, place: Place) -> object:
        heard = place.hear()
        place.tell(None)
        place.let_next_begin()
        return heard

    assert list(in_lanes(iter([1, 2]), take, 1)) == [frozenset(), frozenset()]


def test_a_fault_gives_up_what_comes_after_and_is_raised() -> None:
    done: list[int] = []

    def take(item: int, place: Place) -> int:
        place.let_next_begin()
        place.hear()
        place.wait()
        if item == 1:
            raise ValueError("damaged")
        place.tell(frozenset())
        done.append(item)
        return item

    with pytest.raises(ValueError, match="damaged"):
        list(in_lanes(iter(range(6)), take, 2))
    assert done == [0]


def test_the_lanes_end_when_nobody_wants_more() -> None:
    with closing(in_lanes(count(), double, 2)) as taken:
        assert next(taken) == 0


def test_lanes_speak_the_language_of_who_asked() -> None:
    with translation.override("es"):
        languages = in_lanes(iter(range(2)), lambda _item, _place: translation.get_language(), 2)
        assert list(languages) == ["es", "es"]
