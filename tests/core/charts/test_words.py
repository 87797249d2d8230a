"""Every fixed phrase exists in all three languages and takes the same numbers."""

from __future__ import annotations

import string
from typing import get_args

import pytest

from haq.charts.words import WORDS, Language, number, say, signed


@pytest.mark.parametrize("key", WORDS)
def test_a_phrase_takes_the_same_values_in_every_language(key: str) -> None:
    phrases = WORDS[key]
    assert set(phrases) == set(get_args(Language))
    names = {
        frozenset(part[1] for part in string.Formatter().parse(text) if part[1]) for text in phrases.values()
    }
    assert len(names) == 1


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert number(10061, "en") == "10,061"
    assert number(10061, "ru") == number(10061, "kk") == "10\u00a0061"
    assert (number(1654, "ru"), number(1654, "en")) == ("1654", "1,654")
    assert number(-1234567, "kk") == "\u22121\u00a0234\u00a0567"


def test_a_difference_is_shape_and_sign() -> None:
    assert [signed(value, "en") for value in (330, -1400, 0)] == ["▲ +330", "▼ \u22121,400", "= 0"]


def test_a_percent_sign_never_starts_a_line() -> None:
    assert say("turnout.over", "ru", n=3) == "Явка выше 100\u00a0%: 3."
