"""The seats of many results at once, such as draws of a simulation: exact, like ``allocate``, and fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError
from haq.law import BaseOf, ChoiceKind, SeatRule
from haq.seats import divisors, kernels
from haq.seats.kernels import Flags, Ints, compiled

#: Products of votes and seats stay below this, so that 64 bits hold them.
LARGEST = 9 * 10**18
#: Quota -> what is added to the seats below the fraction line.
_MORE = {"hare": 0, "droop": 1, "hagenbach_bischoff": 1, "imperiali": 2}


@dataclass(frozen=True)
class Batch:
    """Seats of many results.

    Attributes:
        seats: (draws × choices) [seats]; a draw in which nobody passes, or in which the rule gives no answer,
            has none.
        passed: (draws × choices) whether a choice passed the threshold.
        tied: (draws) whether equal claims competed; the earlier column was preferred then.
        open: (draws) whether the rule gives no answer, where ``allocate`` says why.
    """

    seats: Ints
    passed: Flags
    tied: Flags
    open: Flags


def allocate_batch(
    votes: NDArray[np.integer],
    choices: Sequence[str],
    *,
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    seats: int,
    turnout: NDArray[np.integer] | None = None,
    registered: NDArray[np.integer] | None = None,
) -> Batch:
    """Share the seats of a contest in each of many results, as ``allocate`` does in one.

    Args:
        votes: (draws × choices) valid votes [votes, each >= 0], against all included.
        choices: what the columns are, as they were registered, the earliest first: that breaks ties.
        kinds: choice -> kind.
        rule: the seat rule of the contest; ``two_round`` has no seats in one round.
        seats: mandates to fill [seats, >= 1].
        turnout: (draws) voters who took part [voters], where the threshold is a share of them.
        registered: (draws) registered voters [voters], where the threshold is a share of them.

    Returns:
        The seats, equal to those of ``allocate`` with ``order=choices`` in every draw.

    Raises:
        HaqError: the figures cannot be shared, or products of them do not fit 64 bits (9·10¹⁸).
    """
    table = _usable(votes, choices, kinds, rule, seats)
    listed = np.array([kinds[choice] is not ChoiceKind.AGAINST_ALL for choice in choices])
    draws = table.shape[0]
    done = Batch(
        np.zeros_like(table), np.zeros(table.shape, bool), np.zeros(draws, bool), np.zeros(draws, bool)
    )
    share = rule.threshold.share if rule.threshold else None
    parts = (share.numerator, share.denominator) if share is not None else (0, 1)
    base = _base(table, listed, rule, turnout, registered)
    # Votes may be more than a base that was given, and are compared with it all the same.
    _fits(max(int(base.max(initial=0)), int(table.max(initial=0))), max(parts))
    inclusive = rule.threshold.inclusive if rule.threshold else True
    compiled(kernels.pass_threshold)(table, base, parts, inclusive, listed, done.passed)
    _share(table, done, rule, seats)
    too_few = rule.too_few_lists
    if too_few is not None:
        passing = done.passed.sum(1)
        rows = np.flatnonzero((passing > 0) & (passing < too_few.fewer_than)).astype(np.int64)
        factor = (too_few.multiplier.numerator, too_few.multiplier.denominator)
        _fits(int(table.max(initial=0)) * 2, seats * max(factor))
        done.tied[rows] = False
        compiled(kernels.share_with_runner_up)(
            table, done.passed, rows, seats, factor, too_few.minimum_seats, done.seats, done.tied, listed
        )
    done.open[done.seats.sum(1) != seats] = True
    done.seats[done.open], done.tied[done.open] = 0, False
    return done


def _share(table: Ints, done: Batch, rule: SeatRule, seats: int) -> None:
    most = int(table.max(initial=0))
    filled = (done.seats, done.tied, done.open)
    if rule.method == "largest_remainder":
        more = _MORE[rule.quota or "hare"]
        _fits(int(table.sum(1).max(initial=0)), seats + more)
        whole = rule.quota == "droop"
        compiled(kernels.share_by_quota)(table, done.passed, seats, more, whole, *filled)
    elif rule.method == "plurality":
        compiled(kernels.most_votes)(table, done.passed, seats, *filled)
    else:
        assert rule.method != "two_round"  # noqa: S101 (refused before)
        # Divisors in fifths, because the first of modified Sainte-Laguë is 7/5.
        of_each = [divisors.divisor(rule.method, n) * 5 for n in range(seats + 1)]
        squared = rule.method == "huntington_hill"
        _fits(most**2 if squared else most, max(int(by) for by in of_each))
        _fits(int(table.sum(1).max(initial=0)), seats)
        compiled(kernels.share_by_divisors)(
            table**2 if squared else table,
            table,
            done.passed,
            seats,
            np.array([int(by) for by in of_each], np.int64),
            *filled,
        )


def _usable(
    votes: NDArray[np.integer],
    choices: Sequence[str],
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    seats: int,
) -> Ints:
    """Check what no rule can work with."""
    if rule.method == "two_round":
        raise HaqError("two rounds: the first alone gives no seats; simulate both")
    if seats < 1:
        raise HaqError(f"cannot fill {seats} seats; give how many the contest has (seats=…)")
    if votes.ndim != 2 or votes.shape[1] != len(choices) or not np.issubdtype(votes.dtype, np.integer):
        raise HaqError(
            f"votes of {len(choices)} choices have to be whole numbers, a row a draw and a column a choice; "
            f"these are {votes.shape} of {votes.dtype}"
        )
    for choice in choices:
        if choice not in kinds:
            raise HaqError(f"{choice!r} has no kind; say list, candidate or against_all")
    if votes.size and int(votes.min()) < 0:
        row, column = np.argwhere(votes < 0)[0]
        raise HaqError(f"draw {row}: {choices[column]!r} has {votes[row, column]} votes")
    # Before anything is added up: a sum that wraps around would pass for a small one.
    _fits(int(votes.max(initial=0)), votes.shape[1])
    return np.ascontiguousarray(votes, np.int64)


def _base(
    table: Ints,
    listed: Flags,
    rule: SeatRule,
    turnout: NDArray[np.integer] | None,
    registered: NDArray[np.integer] | None,
) -> Ints:
    of = rule.base.of if rule.base else BaseOf.VALID_FOR_LISTS
    given = {BaseOf.TURNOUT: turnout, BaseOf.REGISTERED: registered}
    if of in given:
        base = given[of]
        if base is None:
            raise HaqError(f"the threshold is a share of {of}, which is not given; give {of}=…")
        if base.shape != table.shape[:1] or not np.issubdtype(base.dtype, np.integer):
            raise HaqError(f"{of} has to have a whole number a draw")
        if base.size and int(base.min()) < 0:
            raise HaqError(f"{of} cannot be below zero, as in draw {int(base.argmin())}")
        _fits(int(base.max(initial=0)), 1)
        return np.ascontiguousarray(base, np.int64)
    counted = table[:, listed] if of is BaseOf.VALID_FOR_LISTS else table
    return np.asarray(counted.sum(1), np.int64)


def _fits(votes: int, times: int) -> None:
    if votes * max(times, 1) >= LARGEST:
        raise HaqError(
            f"{votes} times {times} does not fit 64 bits (9·10¹⁸); share these results one by one (allocate)"
        )
