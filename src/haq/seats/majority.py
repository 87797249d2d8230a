"""Seats by a majority: the most votes win, or more than half of them do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from haq.errors import HaqError
from haq.law import Ties
from haq.seats.allocation import LastSeat
from haq.seats.shared import Shared
from haq.seats.ties import largest


def most_votes(
    votes: Mapping[str, int], seats: int, *, rule: Ties | None = None, order: Sequence[str] | None = None
) -> Shared:
    """Give a seat each to those with the most votes: plurality, with a single seat.

    Args:
        votes: choice -> votes [votes, >= 0] of those that take part.
        seats: mandates to fill [seats, >= 1].
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, if known.

    Returns:
        The seats; ``last_seat`` says how far the last winner is ahead of the first loser.

    Raises:
        TieError: equal votes compete for the last seat, and nothing breaks the tie.
        HaqError: there are fewer choices with votes than seats.
    """
    competing = [choice for choice, count in votes.items() if count]
    if len(competing) < seats:
        raise HaqError(f"{len(competing)} with votes compete for {seats} seats; some would stay empty")
    ranked, tie = largest(competing, votes.__getitem__, seats, prize="the seat", rule=rule, order=order)
    last = following = None
    if seats < len(ranked):
        following = ranked[seats]
        last = LastSeat(ranked[seats - 1], Fraction(votes[ranked[seats - 1]] - votes[following]))
    return Shared(
        seats={choice: int(choice in ranked[:seats]) for choice in votes},
        last_seat=last,
        next_in_line=following,
        tie=tie,
    )


def first_round(
    votes: Mapping[str, int], base: int, *, rule: Ties | None = None, order: Sequence[str] | None = None
) -> Shared:
    """Give the seat to whoever has more than half of a base.

    Args:
        votes: choice -> votes [votes, >= 0].
        base: what more than half of is needed [votes or voters, >= 1].
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, if known.

    Returns:
        The seat.

    Raises:
        HaqError: nobody has; the message names the two who go into the second round.
        TieError: equal votes for the second place there.
    """
    if 2 * max(votes.values()) > base:
        return most_votes(votes, 1, rule=rule, order=order)
    competing = [choice for choice, count in votes.items() if count]
    ranked, _ = largest(
        competing, votes.__getitem__, 2, prize="a place in the second round", rule=rule, order=order
    )
    raise HaqError(
        f"nobody has more than half of {base}: a second round between {' and '.join(ranked[:2])} decides"
    )
