"""Guesses the slip of the pen behind a broken sum: two digits or two lines exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from haq.law import Form, Relation
from haq.protocols.expressions import columns_of, is_known, value_of


@dataclass(frozen=True)
class Slip:
    """One exchange of digits or lines that would mend every control relation of a sheet.

    Attributes:
        lines: key of the line whose digits were exchanged, or of the two exchanged lines.
        likely: key -> the number that the sheet probably meant.
    """

    lines: tuple[str, ...]
    likely: Mapping[str, int]


def likely_slip(
    lines: Mapping[str, int | None], *, form: Form, choices: Sequence[str]
) -> Slip | None:
    """Find the one exchange that mends a sheet whose sums are broken.

    Tried are two neighbouring digits within a line, and the numbers of two lines that
    are neighbours on the sheet. A candidate counts only when every control relation
    that can be computed holds after it. It is a hint for the person who looks at the
    photograph: no figure is changed.

    Args:
        lines: line or choice key -> number; ``None`` where empty or unreadable.
        form: the protocol form of the law profile.
        choices: keys of the choices, in ballot order.

    Returns:
        The slip, or ``None`` where the sums hold, nothing mends them, or more than one
        exchange would (then haq does not guess).
    """
    residuals = []
    for relation in form.relations:
        if is_known(relation.left, lines, choices) and is_known(relation.right, lines, choices):
            left = value_of(relation.left, lines, choices)
            right = value_of(relation.right, lines, choices)
            if left is not None and right is not None:
                residuals.append((relation, left - right))
    broken = [(r, excess) for r, excess in residuals if not _holds(r, excess)]
    if not any(relation.op == "==" for relation, _ in broken):
        return None

    # Only lines inside a broken relation can mend it.
    candidates = {k for r, _ in broken for k in columns_of(r.left, choices) + columns_of(r.right, choices)}
    order = [key for key in (*(line.key for line in form.lines), *choices) if lines.get(key) is not None]
    numbers = {key: number for key in order if (number := lines[key]) is not None}
    weights = {key: [_factor(relation, key, choices) for relation, _ in residuals] for key in order}
    found: list[Slip] = []
    for change in _exchanges(order, numbers, candidates):
        if all(
            _holds(
                relation,
                excess + sum(weights[key][i] * (new - numbers[key]) for key, new in change.items()),
            )
            for i, (relation, excess) in enumerate(residuals)
        ):
            found.append(Slip(tuple(change), change))
    return found[0] if len(found) == 1 else None


def _holds(relation: Relation, excess: int) -> bool:
    if relation.op == "==":
        return abs(excess) <= relation.tolerance
    return (excess if relation.op == "<=" else -excess) <= relation.tolerance


def _factor(relation: Relation, key: str, choices: Sequence[str]) -> int:
    def side(terms: Sequence[tuple[str, int]]) -> int:
        return sum(f for name, f in terms if name == key or (name == "choices" and key in choices))

    return side(relation.left.terms) - side(relation.right.terms)


def _exchanges(
    order: Sequence[str], numbers: Mapping[str, int], candidates: set[str]
) -> Iterator[dict[str, int]]:
    for key in order:
        if key not in candidates:
            continue
        digits = str(abs(numbers[key]))
        for i in range(len(digits) - 1):
            # A sheet does not write a leading zero, so 12 may come from 21 but not from 021.
            if digits[i] != digits[i + 1] and not (i == 0 and digits[1] == "0"):
                swapped = int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
                yield {key: swapped if numbers[key] >= 0 else -swapped}
    for first, second in zip(order, order[1:], strict=False):
        if numbers[first] != numbers[second] and (first in candidates or second in candidates):
            yield {first: numbers[second], second: numbers[first]}
