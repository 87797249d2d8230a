"""Who takes part in the distribution of seats: bases, thresholds, and too few lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from haq.errors import HaqError
from haq.law import BaseOf, ChoiceKind, SeatRule, Threshold
from haq.seats.allocation import Tie
from haq.seats.ties import largest


@dataclass(frozen=True, slots=True)
class Entrants:
    """The threshold's working; see ``Allocation`` for the fields of the same name."""

    base: int
    base_of: BaseOf
    votes_needed: int
    margins: dict[str, int]
    passed: tuple[str, ...]
    admitted: tuple[str, ...]
    tie: Tie | None
    same_on: tuple[BaseOf, ...]
    other_on: tuple[BaseOf, ...]


def entrants(
    votes: Mapping[str, int],
    *,
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    turnout: int | None,
    registered: int | None,
    order: Sequence[str] | None,
) -> Entrants:
    """Apply the threshold.

    Args:
        votes: choice -> valid votes [votes, each >= 0].
        kinds: choice -> kind, for every choice.
        rule: the seat rule.
        turnout: voters who took part [voters], where it is the base.
        registered: voters registered [voters], where they are the base.
        order: choices as they were registered, if known.

    Returns:
        Who passed, by how many votes, and who was admitted because too few did. Of the other bases that the
        figures allow and that differ in size, ``same_on`` lets the same choices pass, ``other_on`` others.

    Raises:
        HaqError: the base is not given, or nobody passed.
        TieError: a tie for the place of the runner-up that nothing breaks.
    """
    competing = {
        choice: count for choice, count in votes.items() if kinds[choice] is not ChoiceKind.AGAINST_ALL
    }
    bases = _bases(sum(competing.values()), sum(votes.values()), turnout, registered)
    base_of = rule.base.of if rule.base else BaseOf.VALID_FOR_LISTS
    if base_of not in bases:
        raise HaqError(f"the threshold is a share of {base_of}, which is not given; give {base_of}=…")
    needed = votes_needed(bases[base_of], rule.threshold)
    passed = _passing(competing, needed)
    if not passed:
        raise HaqError(
            f"nobody has the {needed} votes of the threshold; the law profile has no rule for that"
        )

    admitted, tie = _runner_up(competing, passed, rule, order)
    others = {other: base for other, base in bases.items() if base != bases[base_of]}
    same = {
        o for o, base in others.items() if _passing(competing, votes_needed(base, rule.threshold)) == passed
    }
    return Entrants(
        base=bases[base_of],
        base_of=base_of,
        votes_needed=needed,
        margins={choice: count - needed for choice, count in competing.items()},
        passed=passed,
        admitted=admitted,
        tie=tie,
        same_on=tuple(other for other in others if other in same),
        other_on=tuple(other for other in others if other not in same),
    )


def votes_needed(base: int, threshold: Threshold | None) -> int:
    """Count the fewest votes that pass.

    Args:
        base: what the threshold is a share of [votes or voters, >= 0].
        threshold: the share, and whether standing exactly on it is enough.

    Returns:
        A whole number of votes; 0 without a threshold.
    """
    if threshold is None:
        return 0
    line: Fraction = threshold.share * base
    whole, rest = divmod(line.numerator, line.denominator)
    return whole + 1 if rest or not threshold.inclusive else whole


def _bases(lists: int, valid: int, turnout: int | None, registered: int | None) -> dict[BaseOf, int]:
    bases = {BaseOf.VALID_WITH_AGAINST_ALL: valid, BaseOf.VALID: valid, BaseOf.VALID_FOR_LISTS: lists}
    if turnout is not None:
        bases[BaseOf.TURNOUT] = turnout
    if registered is not None:
        bases[BaseOf.REGISTERED] = registered
    return bases


def _passing(competing: Mapping[str, int], needed: int) -> tuple[str, ...]:
    return tuple(choice for choice, count in competing.items() if count >= needed)


def _runner_up(
    competing: Mapping[str, int], passed: tuple[str, ...], rule: SeatRule, order: Sequence[str] | None
) -> tuple[tuple[str, ...], Tie | None]:
    if rule.too_few_lists is None or len(passed) >= rule.too_few_lists.fewer_than:
        return (), None
    below = [choice for choice, count in competing.items() if choice not in passed and count > 0]
    if not below:
        return (), None
    ranked, tie = largest(
        below, competing.__getitem__, 1, prize="the place of the runner-up", rule=rule.ties, order=order
    )
    return (ranked[0],), tie
