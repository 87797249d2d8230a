"""The small language of control relations: sums and differences of line keys.

``received == issued + cancelled``, ``2*pairs - 1 <= choices``. Nothing is ever evaluated
as code: a text is split into signs, keys and whole numbers, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from haq.errors import LawError

CHOICES: Final = "choices"
"""The reserved term: the sum of the votes of all choices on the sheet."""

# Long enough for any electorate, short enough that no sum of them is slow or surprising.
_MAX_DIGITS: Final = 12
_MAX_LENGTH: Final = 2_000

_TOKEN: Final = re.compile(r"[ \t\n]*(?:(?P<number>[0-9]+)|(?P<key>[a-z][a-z0-9_]*)|(?P<sign>[+\-*]))")
_OPERATOR: Final = re.compile(r"==|<=|>=")


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of line keys, each times a whole number, and a constant.

    Attributes:
        terms: (key, factor) pairs, each key once, in the order of first appearance; no zero factors.
        constant: a whole number that is added.
    """

    terms: tuple[tuple[str, int], ...]
    constant: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """Name the line keys that the expression needs, ``choices`` included."""
        return tuple(key for key, _ in self.terms)

    def value(self, figures: Mapping[str, int]) -> int:
        """Add the expression up over one sheet.

        Args:
            figures: line key -> figure [any integer]; must hold every key of ``keys``.

        Returns:
            The exact sum.

        Raises:
            KeyError: a needed line is absent; an absent line is not a zero.
        """
        return self.constant + sum(factor * figures[key] for key, factor in self.terms)

    def __str__(self) -> str:
        parts: list[str] = []
        for key, factor in self.terms:
            size = key if abs(factor) == 1 else f"{abs(factor)}*{key}"
            parts.append(_signed(size, factor, first=not parts))
        if self.constant or not parts:
            parts.append(_signed(str(abs(self.constant)), self.constant, first=not parts))
        return " ".join(parts)


def _signed(size: str, number: int, *, first: bool) -> str:
    if first:
        return f"-{size}" if number < 0 else size
    return f"- {size}" if number < 0 else f"+ {size}"


def parse_linear(text: str) -> Linear:
    """Read one side of a relation.

    Args:
        text: keys (small Latin letters, digits, ``_``) and whole numbers joined by ``+`` and ``-``;
            a number may stand before a key with ``*`` between them.

    Returns:
        The sum, each key once.

    Raises:
        LawError: the text is anything else; the message shows the place.
    """
    tokens = _tokens(text)
    terms: dict[str, int] = {}
    constant = 0
    place = 0
    while place < len(tokens):
        sign = 1
        if tokens[place][0] == "sign" and tokens[place][1] in "+-":
            sign = -1 if tokens[place][1] == "-" else 1
            place += 1
        elif place:
            raise LawError(f"{_shown(text)}: put + or - before {tokens[place][1]!r}")
        kinds = [kind for kind, _ in tokens[place : place + 3]]
        words = [word for _, word in tokens[place : place + 3]]
        if kinds == ["number", "sign", "key"] and words[1] == "*":
            terms[words[2]] = terms.get(words[2], 0) + sign * int(words[0])
            place += 3
        elif kinds[:1] == ["key"]:
            terms[words[0]] = terms.get(words[0], 0) + sign
            place += 1
        elif kinds[:1] == ["number"]:
            constant += sign * int(words[0])
            place += 1
        else:
            found = words[0] if words else "the end"
            raise LawError(f"{_shown(text)}: a line key or a whole number is needed, not {found!r}")
    return Linear(tuple((key, factor) for key, factor in terms.items() if factor), constant)


def parse_relation(text: str) -> tuple[Linear, str, Linear]:
    """Read a control relation.

    Args:
        text: two sums with one of ``==``, ``<=``, ``>=`` between them.

    Returns:
        The left sum, the operator, the right sum.

    Raises:
        LawError: there is no such operator, more than one, or a side cannot be read.
    """
    operators = _OPERATOR.findall(text)
    if len(operators) != 1:
        raise LawError(f"{_shown(text)}: a relation needs exactly one of ==, <=, >= between two sums")
    left, right = _OPERATOR.split(text)
    return parse_linear(left), operators[0], parse_linear(right)


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > _MAX_LENGTH:
        raise LawError(f"{_shown(text)}: longer than {_MAX_LENGTH} characters; split the relation")
    stripped = text.strip(" \t\n")
    if not stripped:
        raise LawError("an empty sum: name at least one line")
    tokens: list[tuple[str, str]] = []
    place = 0
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None or match.lastgroup is None:
            rest = stripped[place : place + 12]
            raise LawError(
                f"{_shown(text)}: cannot read {rest!r}; use line keys, whole numbers, +, - and number*key"
            )
        word = match[match.lastgroup]
        if match.lastgroup == "number" and len(word) > _MAX_DIGITS:
            raise LawError(f"{_shown(text)}: a number of more than {_MAX_DIGITS} digits")
        tokens.append((match.lastgroup, word))
        place = match.end()
    return tokens


def _shown(text: str) -> str:
    """Quote a text for a one-line message."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
