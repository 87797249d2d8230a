"""Every word of the addresses and the stations that it leads to: the way to a station without a script.

The words stand in the order of their sounds, so that a visitor with Latin letters only finds Бәйтерек under
b and ba, however they would spell it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from haq.bulletin.model import Place
from haq.bulletin.search.fold import STOP, skeleton, stem, words
from haq.bulletin.search.index import in_order, texts_of
from haq.bulletin.slugs import natural

#: Stations that stand directly under a word; a word on more of them has pages of its own.
INLINE = 6
#: A word on more stations than this leads nowhere: the visitor takes another word, or the areas.
MANY = 1_000
#: Lines of a page, so that it stays under about 100 KB.
LINES = 240

_SPELLINGS = 4
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэәқөұүһіі", "abvgdeziyklmnoprstufyeaqouuhii", strict=True)),
        **{
            "ғ": "gh",
            "ё": "yo",
            "ж": "zh",
            "ң": "ng",
            "х": "kh",
            "ц": "ts",
            "ч": "ch",
            "ш": "sh",
            "щ": "shch",
        },
        **{"ъ": "", "ь": "", "ю": "yu", "я": "ya"},
    }
)


@dataclass(frozen=True)
class Word:
    """A word of the addresses.

    Attributes:
        token: what all its spellings have in common.
        spellings: as they are written, the most frequent first, each with its Latin letters or "".
        stations: indices into ``Book.places``, rising.
        slug: name for its pages.
    """

    token: str
    spellings: tuple[tuple[str, str], ...]
    stations: tuple[int, ...]
    slug: str

    @property
    def lines(self) -> int:
        """Lines that the word takes on its page."""
        return 1 + (len(self.stations) if len(self.stations) <= INLINE else 0)


@dataclass(frozen=True)
class Book:
    """All ways to the stations.

    Attributes:
        places: by area, then by number.
        by_number: indices into ``places`` by number, a page each.
        words: first two letters by sound -> the words, a page each; a word may stand under two.
    """

    places: tuple[Place, ...]
    by_number: tuple[tuple[int, ...], ...]
    words: Mapping[str, tuple[tuple[Word, ...], ...]]


def concordance(places: Iterable[Place]) -> Book:
    """Order stations by the words of their names and addresses, and by number.

    Args:
        places: every station once.

    Returns:
        The book, the same for every language, so that a page exists in all of them or in none.
    """
    ordered = tuple(in_order(places))
    stations: dict[str, list[int]] = {}
    spellings: dict[str, Counter[str]] = {}
    for index, place in enumerate(ordered):
        for token, spelling in sorted({(_token(w), w) for text in texts_of(place) for w in words(text)}):
            if not token:
                continue
            spellings.setdefault(token, Counter())[spelling] += 1
            found = stations.setdefault(token, [])
            if not found or found[-1] != index:
                found.append(index)
    groups: dict[str, list[Word]] = {}
    for token in sorted(stations):
        word = Word(token, _spelt(spellings[token]), tuple(stations[token]), _slug(token))
        for prefix in _prefixes(token):
            groups.setdefault(prefix, []).append(word)
    numbered = sorted(range(len(ordered)), key=lambda index: (natural(ordered[index].short), index))
    return Book(
        places=ordered,
        by_number=tuple(tuple(numbered[at : at + LINES]) for at in range(0, len(numbered), LINES)),
        words={prefix: _pages(found) for prefix, found in groups.items()},
    )


def _prefixes(token: str) -> tuple[str, ...]:
    """Give the letters that a word stands under: also those of ей, which ``fold`` makes one with ай."""
    for at in (0, 1):
        if token[at : at + 2] == "ai":
            return token[:2], f"{token[:at]}ei"[:2]
    return (token[:2],)


@lru_cache(maxsize=65536)
def _token(word: str) -> str:
    """Give what a word stands under; nothing for numbers, single letters and words such as street."""
    if "0" <= word[0] <= "9" or len(word) < 2:
        return ""
    token = stem(word)
    return "" if len(skeleton(word)) < 2 or token in STOP else token


@lru_cache(maxsize=65536)
def latin(word: str) -> str:
    """Write a Cyrillic word in plain Latin letters; give "" for a word that needs none.

    ``Бәйтерек`` is ``Baiterek``: й after a vowel and before a consonant or the end reads as i.
    """
    small = word.lower()
    written = re.sub(r"(?<=[аәеёиоөуұүыіэюя])й(?![аәеёоөуұүыэюя])", "i", small).translate(_LATIN)
    if written == small:
        return ""
    return (
        written if word == small else written.upper() if len(word) > 2 and word.isupper() else _first(written)
    )


def _first(word: str) -> str:
    return word[:1].upper() + word[1:]


def _spelt(counted: Counter[str]) -> tuple[tuple[str, str], ...]:
    # СОВЕТСКАЯ, советская and Советская are one spelling; so are the cases that share Latin letters.
    seen: dict[str, str] = {}
    for spelling in sorted(counted, key=lambda one: (-counted[one], one)):
        seen.setdefault(spelling.lower(), spelling)
    return tuple((one, latin(one)) for one in list(seen.values())[:_SPELLINGS])


def _pages(found: Sequence[Word]) -> tuple[tuple[Word, ...], ...]:
    pages: list[list[Word]] = [[]]
    lines = 0
    for word in found:
        if lines and lines + word.lines > LINES:
            pages.append([])
            lines = 0
        pages[-1].append(word)
        lines += word.lines
    return tuple(tuple(page) for page in pages)


def _slug(token: str) -> str:
    """Name the pages of a word: its token where that is plain, else what is plain and its hash."""
    if re.fullmatch(r"[a-z]{2,40}", token):
        return token
    plain = re.sub(r"[^a-z]+", "", token)[:24]
    return f"{plain}-{sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
