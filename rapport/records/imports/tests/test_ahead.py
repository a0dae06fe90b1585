"""Chunks read while the one before is written."""

import gc
import sys
from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest
from django.utils import translation

from rapport.records.imports.running.ahead import ahead

SOON = 5


def test_items_come_in_their_order() -> None:
    assert list(ahead(iter(range(50)))) == list(range(50))


def test_the_next_item_is_made_while_the_first_is_in_use() -> None:
    made = Event()

    def items() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    with closing(ahead(items())) as coming:
        assert next(coming) == 1
        assert made.wait(SOON)


def test_only_one_is_made_ahead() -> None:
    made: list[int] = []
    second = Event()

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            if number == 1:
                second.set()
            yield number

    with closing(ahead(items())) as coming:
        next(coming)
        assert second.wait(SOON)
        assert made == [0, 1]


def test_an_error_comes_where_the_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("damaged")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="damaged"):
        next(coming)


def test_sentences_are_in_the_language_of_who_asked() -> None:
    with translation.override("es"):
        assert list(ahead(translation.get_language() for _one in range(2))) == ["es", "es"]


def test_the_process_is_as_before_once_the_last_of_two_is_done() -> None:
    before = (sys.getswitchinterval(), gc.get_threshold())
    with closing(ahead(iter(range(3)))) as longer:
        next(longer)
        during = (sys.getswitchinterval(), gc.get_threshold())
        with closing(ahead(iter(range(3)))) as shorter:
            next(shorter)
        assert (sys.getswitchinterval(), gc.get_threshold()) == during != before
    assert (sys.getswitchinterval(), gc.get_threshold()) == before
