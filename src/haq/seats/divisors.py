"""Highest averages: every seat goes to the largest of the votes over a divisor that grows with each seat."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf, isqrt
from typing import Final, Literal, TypeAlias

from haq.errors import HaqError
from haq.law import Ties
from haq.seats.allocation import LastSeat
from haq.seats.shared import Shared
from haq.seats.ties import largest

Divisors = Literal["dhondt", "sainte_lague", "modified_sainte_lague", "huntington_hill", "adams", "danish"]
#: How large a claim is; the first seat of a method whose first divisor is 0 comes before everything else.
Claim: TypeAlias = "Fraction | float"

#: Method -> step and start of the divisors: the divisor of the seat after ``n`` is ``step * n + start``.
_LINEAR: Final[Mapping[str, tuple[int, int]]] = {
    "dhondt": (1, 1),
    "sainte_lague": (2, 1),
    "modified_sainte_lague": (2, 1),
    "adams": (1, 0),
    "danish": (3, 1),
}
METHODS: Final[tuple[str, ...]] = (*_LINEAR, "huntington_hill")


def divisor(method: Divisors, seats: int) -> Fraction:
    """Give the divisor of the seat that follows.

    Args:
        method: of highest averages.
        seats: how many a list has already [>= 0].

    Returns:
        The divisor; for Huntington-Hill its square ``n(n + 1)``, which orders the claims alike and is exact.
    """
    if method == "huntington_hill":
        return Fraction(seats * (seats + 1))
    if method == "modified_sainte_lague" and not seats:
        return Fraction(7, 5)
    step, start = _LINEAR[method]
    return Fraction(step * seats + start)


def claim(method: Divisors, votes: int, seats: int) -> Claim:
    """Tell how large the claim of a list on its next seat is.

    Args:
        method: of highest averages.
        votes: of the list [votes, >= 0].
        seats: how many it has already [>= 0].

    Returns:
        Votes over the divisor, for Huntington-Hill its square; infinite where the divisor is 0.
    """
    by = divisor(method, seats)
    if not by:
        return inf if votes else Fraction(0)
    return Fraction(votes**2 if method == "huntington_hill" else votes) / by


def highest_averages(
    votes: Mapping[str, int],
    seats: int,
    method: Divisors,
    *,
    rule: Ties | None = None,
    order: Sequence[str] | None = None,
) -> Shared:
    """Share seats by highest averages.

    Args:
        votes: choice -> votes [votes, >= 0, not all 0] of those that passed the threshold.
        seats: mandates to fill [seats, >= 1].
        method: which divisors.
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, if known.

    Returns:
        Seats that sum to ``seats``, with the working: ``claims`` on the next seat, and how many votes the
        next in line was short of the last seat.

    Raises:
        TieError: equal claims compete for the last seat, and nothing breaks the tie.
        HaqError: a method whose first divisor is 0 gives everybody a seat, and there are fewer seats.

    Source: Pukelsheim, *Proportional Representation* (2017), doi:10.1007/978-3-319-64707-4, divisor methods;
        modified Sainte-Laguë: the first divisor is 1.4.
    """
    competing = [choice for choice in votes if votes[choice]]
    if not divisor(method, 0) and len(competing) > seats:
        raise HaqError(
            f"{method} gives each of {len(competing)} lists a seat, and there are {seats}; its law has to "
            "say who takes part"
        )
    won = dict.fromkeys(votes, 0)
    # Equal claims are ordered by place, which decides nothing: a tie at the last seat is looked at below.
    heap = [(_key(claim(method, votes[c], 0)), place, c) for place, c in enumerate(votes) if votes[c]]
    heapq.heapify(heap)
    for _ in range(seats):
        _, place, choice = heap[0]
        won[choice] += 1
        heapq.heapreplace(heap, (_key(claim(method, votes[choice], won[choice])), place, choice))
    return _settled(votes, won, method, rule, order)


def _key(size: Claim) -> Claim:
    return -size


def _settled(
    votes: Mapping[str, int],
    won: dict[str, int],
    method: Divisors,
    rule: Ties | None,
    order: Sequence[str] | None,
) -> Shared:
    """Break a tie at the last seat, and say how close it was."""
    competing = [choice for choice in votes if votes[choice]]
    last = {choice: claim(method, votes[choice], won[choice] - 1) for choice in competing if won[choice]}
    line = min(last.values())
    waiting = {choice: claim(method, votes[choice], won[choice]) for choice in competing}
    best = max(waiting.values())
    tie = None
    if best == line and line != inf:
        # All equal claims on the line compete for as many seats as were given on it.
        given = [choice for choice, size in last.items() if size == line]
        asking = [choice for choice, size in waiting.items() if size == line]
        claimants = [choice for choice in votes if choice in {*given, *asking}]
        ranked, tie = largest(
            claimants, lambda _: Fraction(0), len(given), prize="the last seat", rule=rule, order=order
        )
        for choice in given:
            won[choice] -= 1
        for choice in ranked[: len(given)]:
            won[choice] += 1
    claims = {choice: claim(method, votes[choice], won[choice]) for choice in votes}
    last = {choice: claim(method, votes[choice], won[choice] - 1) for choice in competing if won[choice]}
    line = min(last.values())
    winner = next(choice for choice in reversed(last) if last[choice] == line)
    others = [choice for choice in competing if choice != winner]
    following = max(others, key=claims.__getitem__, default=None)
    seat = None
    if following is not None and line != inf:
        short = _short(method, votes[following], won[following], Fraction(line))
        seat = LastSeat(winner, short)
    return Shared(
        seats=won,
        claims={choice: Fraction(size) for choice, size in claims.items() if size != inf},
        last_seat=seat,
        next_in_line=following if seat else None,
        tie=tie,
    )


def _short(method: Divisors, votes: int, seats: int, line: Fraction) -> Fraction:
    """Count the votes that a list was short of an equal claim [votes; whole for Huntington-Hill]."""
    needed = line * divisor(method, seats)
    if method != "huntington_hill":
        return needed - votes
    root = isqrt(-(-needed.numerator // needed.denominator))
    while Fraction(root) ** 2 < needed:
        root += 1
    return Fraction(root - votes)
