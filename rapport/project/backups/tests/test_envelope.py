"""What is encrypted opens with its passphrase, whole and unaltered, or not at all."""

import io
from base64 import b64decode

import pytest

from rapport.project.backups.envelope import PIECE, TAG, Opener, Sealer
from rapport.project.backups.faults import Unusable, WrongPassphrase

PHRASE = "a phrase"
#: Written by another program of the age format, under the passphrase "correct horse".
FOREIGN = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBpUldrQmk5UDNNSXB6eWY4TWxqOUFnIDE4ClBKTXdSWEtT"
    "VGIyVldRRDdEU1RuZzRuQ042WFlVVG9WeGl3VU5TWW5Ea3MKLS0tIDN4ODYxVGVuM0Y1dnFSMUE5cDZ2WnRYbTdO"
    "WVJmSjZKN2tYcXpJRk4ycVUKlfyBuzayy9fg90BXbaXhMUar2KxiT3i/vNGoFdptwd7WQtSHtg=="
)


def sealed(content: bytes, passphrase: str = PHRASE) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, passphrase, work=4)
    for start in range(0, len(content), 50_000):
        sealer.write(content[start : start + 50_000])
    sealer.finish()
    return target.getvalue()


def opened(given: bytes, passphrase: str = PHRASE) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(given), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 200_000])
def test_it_comes_out_as_it_went_in(size: int) -> None:
    content = bytes(number * 7 % 251 for number in range(size))
    assert opened(sealed(content)) == content


def test_a_file_of_another_program_opens() -> None:
    assert opened(b64decode(FOREIGN), "correct horse") == b"hello"


def test_another_passphrase_is_refused() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"secret"), "another phrase")


@pytest.mark.parametrize("place", [-1, -TAG, -PIECE - 2 * TAG, 30, 60, 100, 150])
def test_an_altered_byte_is_noticed(place: int) -> None:
    given = bytearray(sealed(bytes(3 * PIECE)))
    given[place] ^= 1
    with pytest.raises(Unusable):
        opened(bytes(given))


@pytest.mark.parametrize("left_out", [1, TAG, PIECE + TAG, 2 * (PIECE + TAG), 3 * (PIECE + TAG)])
def test_a_missing_end_is_noticed(left_out: int) -> None:
    given = sealed(bytes(3 * PIECE))
    with pytest.raises(Unusable):
        opened(given[:-left_out])


def test_pieces_can_not_change_places() -> None:
    given = sealed(bytes(PIECE) + b"\1" * PIECE + b"end")
    start = len(given) - (2 * PIECE + 2 * TAG) - len(b"end") - TAG
    first = given[start : start + PIECE + TAG]
    second = given[start + PIECE + TAG : start + 2 * (PIECE + TAG)]
    with pytest.raises(Unusable):
        opened(given[:start] + second + first + given[start + 2 * (PIECE + TAG) :])


def test_a_header_that_asks_for_all_memory_is_refused() -> None:
    given = sealed(b"x").replace(b" 4\n", b" 40\n", 1)
    with pytest.raises(Unusable, match="more work"):
        opened(given)
