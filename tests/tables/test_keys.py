"""A key of pseudonyms: what chance drew is one, what can be guessed is none, and its check value tells nothing of it."""

import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.messages.errors import Place
from iww_analysis.privacy.keys import check_value, faults, is_guessable, parsed
from iww_analysis.privacy.pseudonyms import demo_key
from shared.homes import KEY

SIZE = 32


def said(key: bytes) -> list[str]:
    return [message.code for message in faults(key, Place("k"))]


# ---- what can be guessed --------------------------------------------------------------------------------------------


def test_what_chance_drew_is_a_key() -> None:
    drawn = (random.Random(seed).randbytes(SIZE + seed % 33) for seed in range(3000))
    assert not [key for key in drawn if is_guessable(key)]


@given(st.binary(min_size=1, max_size=SIZE // 2), st.integers(SIZE, 2 * SIZE))
def test_what_repeats_itself_is_not(pattern: bytes, size: int) -> None:
    assert is_guessable((pattern * size)[:size])


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=SIZE), st.integers(0, SIZE))
def test_words_are_not(words: str, zeros: int) -> None:
    assert is_guessable(words.encode() + bytes(zeros))


@given(
    st.sampled_from((1, 2, 4, 8)), st.integers(0), st.integers(-255, 255), st.sampled_from(("big", "little")),
    st.integers(SIZE, 2 * SIZE),
)  # fmt: skip
def test_numbers_in_order_are_not(width: int, first: int, step: int, order: str, size: int) -> None:
    numbers = ((first + n * step) % 256**width for n in range(size))
    assert is_guessable(b"".join(number.to_bytes(width, order) for number in numbers)[:size])  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(b"\x00\x9a\xff\x13\x80\xc4\x77\xee"), min_size=SIZE).map(bytes))
def test_few_different_bytes_are_not(key: bytes) -> None:
    assert is_guessable(key)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (b"", "key_form"), (KEY[:31], "key_short"), (bytes(32), "key_weak"), (bytes(range(32)), "key_weak"),
        (demo_key(), "key_demo"),
        (demo_key() + bytes(8), "key_demo"),  # to HMAC the same key
    ],
)  # fmt: skip
def test_what_is_no_key_is_told_by_what_is_wrong_with_it(key: bytes, code: str) -> None:
    assert (said(key), said(KEY)) == ([code], [])


# ---- how it is written ----------------------------------------------------------------------------------------------

TEXT = KEY.hex()


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(), f"{TEXT}\r\n".encode(), TEXT.upper().encode(), f"\ufeff{TEXT}".encode(), f"{TEXT}\n".encode("utf-16"),
        f" {TEXT[:32]}\n{TEXT[32:]}".encode(),
    ],
    ids=["plain", "line end", "capitals", "mark of Notepad", "PowerShell", "on two lines"],
)  # fmt: skip
def test_a_key_is_read_whatever_an_editor_put_around_it(content: bytes) -> None:
    assert parsed(content) == KEY


@pytest.mark.parametrize("content", [b"", KEY, b"not a key", f"0x{TEXT}".encode(), TEXT[:-1].encode(), b"\xff\xfe0"])
def test_what_is_not_written_as_a_key_is_none(content: bytes) -> None:
    assert parsed(content) == b""


def test_the_check_value_is_a_keyed_hash_of_words_that_nothing_else_hides() -> None:
    assert check_value(KEY) == hmac.digest(KEY, b"iww-key-check/1", hashlib.sha256).hex()[:16]
    assert len({check_value(KEY), check_value(KEY[::-1]), check_value(demo_key())}) == 3
