"""A back-up file in the wrong hands, or on a bad disk."""

from contextlib import closing
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.archive.sealing import COST, HEAD, PIECE, TAG, Opener, Sealer, Unreadable

WORDS = "four words are easily remembered"
CHEAP = 10


def sealed(*pieces, cost=CHEAP):
    target = BytesIO()
    with closing(Sealer(target, WORDS, cost)) as sealer:
        for piece in pieces:
            sealer.write(piece)
    return target.getvalue()


def opened(file, words=WORDS):
    return Opener(BytesIO(file), words).read()


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_comes_out_as_it_was(length):
    plain = bytes(index % 251 for index in range(length))
    assert opened(sealed(plain)) == plain


def test_nothing_of_it_can_be_read_in_the_file():
    assert b"41010119900101" not in sealed(b"41010119900101" * 1000)


def test_a_guess_at_the_passphrase_is_dear():
    assert COST >= 16
    assert opened(sealed(b"rows", cost=COST)) == b"rows"


def test_another_passphrase_does_not_open_it():
    with pytest.raises(Unreadable, match="passphrase"):
        opened(sealed(b"rows"), "another one altogether")


def test_a_file_that_is_no_back_up_is_named_so():
    with pytest.raises(Unreadable, match="not a back-up"):
        opened(b"PGDMP" * 100)


@settings(max_examples=12, deadline=None)
@given(place=st.integers(min_value=0, max_value=10_000), bit=st.integers(min_value=0, max_value=7))
def test_no_changed_bit_gets_through(place, bit):
    file = bytearray(sealed(b"rows" * 300))
    file[place % len(file)] ^= 1 << bit
    with pytest.raises(Unreadable):
        opened(bytes(file))


@pytest.mark.parametrize("left", [HEAD, HEAD + 3, HEAD + 5, HEAD + 5 + PIECE + TAG, -1])
def test_a_file_cut_short_is_noticed(left):
    with pytest.raises(Unreadable, match="cut short"):
        opened(sealed(bytes(2 * PIECE + 7))[:left])


def test_pieces_cannot_change_places():
    file = sealed(bytes([1]) * PIECE, bytes([2]) * PIECE, b"end")
    size = 5 + PIECE + TAG
    first, second, rest = file[HEAD : HEAD + size], file[HEAD + size : HEAD + 2 * size], file[HEAD + 2 * size :]
    with pytest.raises(Unreadable):
        opened(file[:HEAD] + second + first + rest)


def test_nothing_may_follow_the_end():
    with pytest.raises(Unreadable, match="follows its end"):
        opened(sealed(b"rows") + b"more")
