"""Loops over many elections at once, plain Python that Numba compiles; whole numbers only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"


@cache
def compiled(kernel: Callable[..., None]) -> Callable[..., None]:
    """Compile a kernel, once a process; the machine code is kept where that can be written."""
    import numba  # slow to load

    made: Callable[..., None] = numba.njit(cache=True, nogil=True)(kernel)
    return made


def pass_threshold(
    votes: Ints, base: Ints, share: tuple[int, int], inclusive: bool, listed: Flags, passed: Flags
) -> None:
    """Mark who stands on or above the line.

    Args:
        votes: (draws × choices) [votes].
        base: (draws) what the threshold is a share of [votes or voters].
        share: numerator and denominator of the threshold; 0 and 1 without one.
        inclusive: whether standing exactly on the line is enough.
        listed: (choices) whether a choice can win seats.
        passed: (draws × choices) is filled.
    """
    up, down = share
    for draw in range(votes.shape[0]):
        line = up * base[draw]
        for choice in range(votes.shape[1]):
            above = votes[draw, choice] * down - line
            passed[draw, choice] = listed[choice] and (above > 0 or (inclusive and above == 0))


def share_by_quota(
    votes: Ints, taking: Flags, seats: int, more: int, whole: bool, won: Ints, tied: Flags, over: Flags
) -> None:
    """Share seats by largest remainders; the first column wins a tie.

    Args:
        votes: (draws × choices) [votes].
        taking: (draws × choices) who takes part.
        seats: mandates to fill.
        more: the quota is the votes over ``seats + more``.
        whole: whether the quota is the next whole number above that (Droop).
        won: (draws × choices) is filled with seats.
        tied: (draws) is set where equal remainders compete for the last seat.
        over: (draws) is set where whole quotas give more seats than there are, or leave more than lists.
    """
    count = votes.shape[1]
    rest = np.empty(count, np.int64)
    for draw in range(votes.shape[0]):
        total = 0
        for choice in range(count):
            if taking[draw, choice]:
                total += votes[draw, choice]
        if total == 0:
            continue
        times, cost = seats + more, total
        if whole:
            times, cost = 1, total // (seats + more) + 1
        left = seats
        for choice in range(count):
            rest[choice] = -1
            won[draw, choice] = 0
            if taking[draw, choice]:
                claim = votes[draw, choice] * times
                won[draw, choice] = claim // cost
                rest[choice] = claim % cost
                left -= won[draw, choice]
        if left < 0 or left > np.sum(taking[draw]):
            over[draw] = True
            continue
        last = -1
        for _ in range(left):
            best = 0
            for choice in range(1, count):
                if rest[choice] > rest[best]:
                    best = choice
            last = rest[best]
            won[draw, best] += 1
            rest[best] = -1
        if left > 0:
            for choice in range(count):
                if rest[choice] == last:
                    tied[draw] = True


def share_by_divisors(
    votes: Ints, plain: Ints, taking: Flags, seats: int, divisors: Ints, won: Ints, tied: Flags, over: Flags
) -> None:
    """Share seats by highest averages; the first column wins a tie.

    Args:
        votes: (draws × choices) what is divided: votes, or their squares.
        plain: (draws × choices) votes [votes].
        taking: (draws × choices) who takes part.
        seats: mandates to fill.
        divisors: (seats + 1) divisor of each list's first seat, second seat …; 0 comes before everything.
        won: (draws × choices) is filled with seats.
        tied: (draws) is set where equal claims compete for the last seat.
        over: (draws) is set where the first divisor is 0 and more lists than seats take part.
    """
    count = votes.shape[1]
    for draw in range(votes.shape[0]):
        lists, total = 0, 0
        for choice in range(count):
            won[draw, choice] = 0
            if taking[draw, choice] and votes[draw, choice] > 0:
                lists += 1
                total += plain[draw, choice]
        if lists == 0:
            continue
        if divisors[0] == 0 and lists > seats:
            over[draw] = True
            continue
        left = seats
        if seats > lists:
            # Every method here rounds to a whole number beside a quotient. At a price that leaves a seat
            # for each list, all together cannot get too many: the whole quotients are theirs.
            for choice in range(count):
                if taking[draw, choice]:
                    won[draw, choice] = plain[draw, choice] * (seats - lists) // total
                    left -= won[draw, choice]
        best = -1
        for _ in range(left):
            best = -1
            for choice in range(count):
                if not taking[draw, choice] or votes[draw, choice] == 0:
                    continue
                if best < 0:
                    best = choice
                    continue
                # Votes over divisors, compared across: whole numbers, and nothing is divided.
                ours = votes[draw, choice] * divisors[won[draw, best]]
                theirs = votes[draw, best] * divisors[won[draw, choice]]
                if ours > theirs or (
                    ours == theirs
                    and divisors[won[draw, choice]] == 0
                    and votes[draw, choice] > votes[draw, best]
                ):
                    best = choice
            won[draw, best] += 1
        by = divisors[won[draw, best] - 1]
        for choice in range(count):
            if choice != best and taking[draw, choice] and votes[draw, choice] > 0:
                following = divisors[won[draw, choice]]
                if by > 0 and votes[draw, choice] * by == votes[draw, best] * following:
                    tied[draw] = True


def share_with_runner_up(
    votes: Ints,
    passed: Flags,
    rows: Ints,
    seats: int,
    factor: tuple[int, int],
    least: int,
    won: Ints,
    tied: Flags,
    listed: Flags,
) -> None:
    """Share seats between the only list that passed and the runner-up, see ``remainders.with_runner_up``.

    Args:
        votes: (draws × choices) [votes].
        passed: (draws × choices) who stands above the threshold.
        rows: the draws in which exactly one does.
        seats: mandates to fill.
        factor: numerator and denominator of the factor on the runner-up's quotient.
        least: seats that the runner-up gets at least.
        won: (draws × choices) is filled with seats.
        tied: (draws) is set where equal claims compete.
        listed: (choices) whether a choice can win seats.
    """
    up, down = factor
    for draw in rows:
        first = second = -1
        for choice in range(votes.shape[1]):
            won[draw, choice] = 0
            if passed[draw, choice]:
                first = choice
        for choice in range(votes.shape[1]):
            if listed[choice] and choice != first and votes[draw, choice] > 0:
                if second >= 0 and votes[draw, choice] == votes[draw, second]:
                    tied[draw] = True
                if second < 0 or votes[draw, choice] > votes[draw, second]:
                    tied[draw] = False
                    second = choice
        if second < 0:
            won[draw, first] = seats
            continue
        total = votes[draw, first] + votes[draw, second]
        # In parts of ``total * down`` of a seat.
        ours = votes[draw, first] * seats * down
        theirs = votes[draw, second] * seats * up
        cost = total * down
        whole = ours // cost
        admitted = theirs // cost
        left = seats - whole - admitted
        if left == 1:
            mine, other = ours % cost, theirs % cost
            if mine == other:
                tied[draw] = True
            if other > mine or (other == mine and second < first):
                admitted += 1
        elif left >= 2:
            admitted += 1
        if admitted < least:
            admitted = least
        won[draw, second] = min(admitted, seats)
        won[draw, first] = seats - won[draw, second]


def most_votes(votes: Ints, taking: Flags, seats: int, won: Ints, tied: Flags, over: Flags) -> None:
    """Give a seat each to those with the most votes; the first column wins a tie.

    Args:
        votes: (draws × choices) [votes].
        taking: (draws × choices) who takes part.
        seats: mandates to fill.
        won: (draws × choices) is filled with seats.
        tied: (draws) is set where equal votes compete for the last seat.
        over: (draws) is set where fewer have votes than there are seats.
    """
    count = votes.shape[1]
    for draw in range(votes.shape[0]):
        last = np.int64(-1)
        for choice in range(count):
            won[draw, choice] = 0
        for _ in range(seats):
            best = -1
            for choice in range(count):
                free = taking[draw, choice] and won[draw, choice] == 0 and votes[draw, choice] > 0
                if free and (best < 0 or votes[draw, choice] > votes[draw, best]):
                    best = choice
            if best < 0:
                over[draw] = True
                break
            won[draw, best] = 1
            last = votes[draw, best]
        for choice in range(count):
            if taking[draw, choice] and won[draw, choice] == 0 and votes[draw, choice] == last:
                tied[draw] = True
