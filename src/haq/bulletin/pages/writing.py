"""How numbers, dates and strangers' texts are written on a page."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from markupsafe import Markup, escape

from haq.bulletin.model import Language

#: Babel's name of each language; English as it is written outside the United States.
LOCALES: dict[Language, str] = {"kk": "kk", "ru": "ru", "en": "en_GB"}
#: Forms of the plural by CLDR's names, which browsers know, and a number in each.
PLURALS: dict[Language, tuple[tuple[str, int], ...]] = {
    "kk": (("one", 1), ("other", 2)),
    "ru": (("one", 1), ("few", 2), ("many", 5)),
    "en": (("one", 1), ("other", 2)),
}
#: What stands between thousands.
GROUPS: dict[Language, str] = {"kk": "\u00a0", "ru": "\u00a0", "en": ","}

# Controls have no place in HTML; marks of direction would turn what stands after them around.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@lru_cache(maxsize=65536)
def text(value: str) -> Markup:
    """Write a text that a stranger chose, so that it can be nothing but text.

    Args:
        value: any text.

    Returns:
        Escaped text. Controls and marks of direction are shown as ``[U+202E]`` instead of working,
        and letters written from right to left stay by themselves.
    """
    shown = escape(_HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value))
    if _RIGHT_TO_LEFT.search(value):
        return Markup("<bdi>{}</bdi>").format(shown)
    return shown


# A syllable of Kazakh and Russian ends before the consonant that the next vowel belongs to.
_SYLLABLE = re.compile(
    r"(?<=[аәеёиоөуұүыіэюя])(?=[бвгғджзкқлмнңпрстфхһцчшщ][аәеёиоөуұүыіэюя])"
    r"|(?<=[аәеёиоөуұүыіэюя][бвгғджзйкқлмнңпрстфхһцчшщ])(?=[бвгғджзкқлмнңпрстфхһцчшщ][аәеёиоөуұүыіэюя])",
    re.IGNORECASE,
)
_LONG = re.compile(r"[а-яёәғқңөұүһі]{9,}", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")
SOFT_HYPHEN = "\u00ad"


@lru_cache(maxsize=4096)
def hyphenated(markup: Markup) -> Markup:
    """Say where long Cyrillic words of a markup may break: no browser knows the syllables of Kazakh.

    Args:
        markup: ready text, as a name of a line.

    Returns:
        The same with soft hyphens between syllables, at least three letters from either end of a word.
    """
    parts = _TAG.split(markup)
    # Every other part is a tag. A soft hyphen is no markup.
    parts[::2] = [_LONG.sub(_syllables, part) for part in parts[::2]]
    return Markup("".join(parts))  # noqa: S704


def _syllables(word: re.Match[str]) -> str:
    whole = word[0]
    breaks = [at.start() for at in _SYLLABLE.finditer(whole) if 3 <= at.start() <= len(whole) - 3]
    edges = zip([0, *breaks], [*breaks, len(whole)], strict=True)
    return SOFT_HYPHEN.join(whole[start:end] for start, end in edges)


@lru_cache(maxsize=64)
def day(value: date, language: Language) -> str:
    """Write a date with the name of its month: ``4 декабря 2011 г.``"""
    return format_date(value, "long", locale=LOCALES[language])


def share(part: int, whole: int, language: Language, digits: int = 1) -> str:
    """Write a share in percent, rounded half up from the exact fraction.

    Args:
        part: numerator.
        whole: denominator, above 0.
        language: whose decimal mark is used.
        digits: decimals.

    Returns:
        ``48.7%`` in English, ``48,7 %`` with a no-break space in Kazakh and Russian.
    """
    scale = 10**digits
    tenths = (abs(part) * 200 * scale + whole) // (2 * whole)
    written = f"{tenths // scale}"
    if digits:
        written += f"{'.' if language == 'en' else ','}{tenths % scale:0{digits}d}"
    return f"{chr(0x2212) if part < 0 and tenths else ''}{written}{'' if language == 'en' else chr(0xA0)}%"
