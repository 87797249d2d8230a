"""Guesses the slip of the pen behind a broken sum: two digits or two lines exchanged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from haq.law import Form
from haq.protocols.expressions import columns_of, is_known, terms_of


@dataclass(frozen=True)
class Slip:
    """One exchange of digits or lines that would mend every control relation of a sheet.

    Attributes:
        lines: key of the line whose digits were exchanged, or of the two exchanged lines.
        likely: key -> the number that the sheet probably meant.
    """

    lines: tuple[str, ...]
    likely: Mapping[str, int]


@dataclass(frozen=True)
class _Rule:
    """A control relation as left minus right: a weight for each column, and a constant."""

    weights: Mapping[str, int]
    constant: int
    op: str
    tolerance: int

    def holds(self, excess: int) -> bool:
        if self.op == "==":
            return abs(excess) <= self.tolerance
        return (excess if self.op == "<=" else -excess) <= self.tolerance


class SlipFinder:
    """Looks for slips on many protocols of one form; the relations are prepared once."""

    def __init__(self, form: Form, columns: Collection[str], choices: Sequence[str]) -> None:
        """Prepare the control relations.

        Args:
            form: the protocol form of the law profile.
            columns: keys of the lines and choices that the protocols have.
            choices: keys of the choices, in ballot order.
        """
        sheet = [*(line.key for line in form.lines), *choices]
        self._order = [key for key in sheet if key in columns]
        self._neighbours = [(a, b) for a, b in pairwise(sheet) if a in columns and b in columns]
        self._rules = []
        for relation in form.relations:
            left, right = relation.left, relation.right
            if is_known(left, columns, choices) and is_known(right, columns, choices):
                weights = dict.fromkeys(columns_of(left, choices) + columns_of(right, choices), 0)
                for key, factor in terms_of(left, choices):
                    weights[key] += factor
                for key, factor in terms_of(right, choices):
                    weights[key] -= factor
                constant = left.constant - right.constant
                self._rules.append(_Rule(weights, constant, relation.op, relation.tolerance))

    def find(self, lines: Mapping[str, int | None]) -> Slip | None:
        """Find the one exchange that mends a protocol, as ``likely_slip`` says."""
        numbers = {key: number for key in self._order if (number := lines[key]) is not None}
        rules = [
            (rule, rule.constant + sum(weight * numbers[key] for key, weight in rule.weights.items()))
            for rule in self._rules
            if rule.weights.keys() <= numbers.keys()
        ]
        broken = [rule for rule, excess in rules if not rule.holds(excess)]
        if not any(rule.op == "==" for rule in broken):
            return None

        # Only a line inside a broken relation can mend it. Broken relations are tried first: nearly
        # every exchange already fails there.
        candidates = {key for rule in broken for key in rule.weights}
        rules.sort(key=lambda pair: pair[0].holds(pair[1]))
        found = None
        for change in self._exchanges(numbers, candidates):
            if all(
                rule.holds(
                    excess
                    + sum(rule.weights.get(key, 0) * (new - numbers[key]) for key, new in change.items())
                )
                for rule, excess in rules
            ):
                if found is not None:
                    return None
                found = Slip(tuple(change), change)
        return found

    def _exchanges(self, numbers: Mapping[str, int], candidates: Collection[str]) -> Iterator[dict[str, int]]:
        for key, number in numbers.items():
            if key in candidates:
                for swapped in _digits_exchanged(number):
                    yield {key: swapped}
        for first, second in self._neighbours:
            one, other = numbers.get(first), numbers.get(second)
            if one is None or other is None or one == other:
                continue
            if first in candidates or second in candidates:
                yield {first: other, second: one}


def likely_slip(lines: Mapping[str, int | None], *, form: Form, choices: Sequence[str]) -> Slip | None:
    """Find the one exchange that mends a protocol whose sums are broken.

    Tried are two neighbouring digits within a line, and the numbers of two lines that
    are neighbours on the sheet. A candidate counts only when every control relation
    that can be computed holds after it. It is a hint for the person who looks at the
    photograph: no figure is changed.

    Args:
        lines: line or choice key -> number; ``None`` where empty or unreadable.
        form: the protocol form of the law profile.
        choices: keys of the choices, in ballot order.

    Returns:
        The slip, or ``None`` where no sum is seen to be broken, nothing mends them, or more than one
        exchange would (then haq does not guess).
    """
    return SlipFinder(form, lines, choices).find(lines)


def _digits_exchanged(number: int) -> Iterator[int]:
    digits = str(abs(number))
    for i in range(len(digits) - 1):
        # A sheet does not write a leading zero, so 12 may come from 21 but not from 021.
        if digits[i] != digits[i + 1] and not (i == 0 and digits[1] == "0"):
            swapped = int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
            yield swapped if number >= 0 else -swapped
