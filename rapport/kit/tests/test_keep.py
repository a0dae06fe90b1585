"""What is kept is made once, and never more of it than was agreed."""

from functools import partial

from rapport.kit.keep import Keep


def test_a_value_is_made_once_for_its_key() -> None:
    keep: Keep[list[int]] = Keep()
    first = keep.get("a", lambda: [1])
    assert keep.get("a", lambda: [2]) is first
    assert keep.get("b", lambda: [2]) == [2]


def test_the_oldest_goes_when_there_are_too_many() -> None:
    keep: Keep[int] = Keep(most=2)
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key

    for key in (1, 2, 3, 3, 2, 1):
        assert keep.get(key, partial(make, key)) == key
    assert made == [1, 2, 3, 1]
