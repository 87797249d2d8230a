"""Largest remainders, exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from haq.errors import HaqError
from haq.law import Ties, TooFewLists
from haq.seats.allocation import LastSeat
from haq.seats.quotas import Quota, quota_of
from haq.seats.shared import Shared
from haq.seats.ties import largest


def largest_remainder(
    votes: Mapping[str, int],
    seats: int,
    quota: Quota = "hare",
    *,
    rule: Ties | None = None,
    order: Sequence[str] | None = None,
) -> Shared:
    """Share seats by a quota and the largest remainders.

    Args:
        votes: choice -> votes [votes, >= 0, not all 0] of those that passed the threshold.
        seats: mandates to fill [seats, >= 1].
        quota: what a whole seat costs.
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, if known.

    Returns:
        Seats that sum to ``seats``, with the working.

    Raises:
        TieError: equal remainders compete for the last seat, and nothing breaks the tie.
        HaqError: whole quotas alone give more seats than there are, as a small quota can.

    Source: Pukelsheim, *Proportional Representation* (2017), doi:10.1007/978-3-319-64707-4, quota methods.
    """
    cost = quota_of(sum(votes.values()), seats, quota)
    # Whole seats and a rest in parts of a vote: a float here can move a real seat.
    won: dict[str, int] = {}
    rest: dict[str, int] = {}
    for choice, count in votes.items():
        won[choice], rest[choice] = divmod(count * cost.denominator, cost.numerator)

    left = seats - sum(won.values())  # at most as many as there are choices
    if left < 0:
        raise HaqError(
            f"the quota {quota} ({cost} votes) gives {seats - left} whole seats, and there are {seats}; its "
            "law has to say what follows"
        )
    if left > len(votes):
        raise HaqError(
            f"the quota {quota} ({cost} votes) leaves {left} seats for {len(votes)} lists: too few votes"
        )
    ranked, tie = largest(list(votes), rest.__getitem__, left, prize="the last seat", rule=rule, order=order)
    for choice in ranked[:left]:
        won[choice] += 1
    last = None
    if 0 < left < len(ranked):
        ahead = Fraction(rest[ranked[left - 1]] - rest[ranked[left]], cost.denominator)
        last = LastSeat(ranked[left - 1], ahead)
    return Shared(
        seats=won,
        quota=cost,
        quotas={choice: count / cost for choice, count in votes.items()},
        remainders={choice: Fraction(count, cost.numerator) for choice, count in rest.items()},
        last_seat=last,
        next_in_line=ranked[left] if last else None,
        tie=tie,
    )


def with_runner_up(
    votes: Mapping[str, int],
    seats: int,
    *,
    admitted: str,
    too_few: TooFewLists,
    rule: Ties | None = None,
    order: Sequence[str] | None = None,
) -> Shared:
    """Share seats between the only list that passed and the runner-up.

    The runner-up's quotient is multiplied by the factor of the law. That frees seats about which the text
    says nothing further; here each list gets at most one by its fraction, and the list that passed the rest.

    Args:
        votes: the two lists -> votes [votes, > 0].
        seats: mandates to fill [seats, >= 1].
        admitted: which of the two is the runner-up.
        too_few: factor and minimum.
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, if known.

    Returns:
        Seats that sum to ``seats``, with the working.

    Raises:
        TieError: equal fractions compete for the one seat left, and nothing breaks the tie.

    Source: Constitutional Law No. 2464 of Kazakhstan, article 97-1, text of 2009.
    """
    quota = Fraction(sum(votes.values()), seats)
    quotas = {c: n / quota * (too_few.multiplier if c == admitted else 1) for c, n in votes.items()}
    won = {choice: int(claim) for choice, claim in quotas.items()}
    remainders = {choice: claim - won[choice] for choice, claim in quotas.items()}
    left = seats - sum(won.values())
    ranked, tie = largest(
        list(votes), remainders.__getitem__, min(left, 2), prize="the last seat", rule=rule, order=order
    )
    for choice in ranked[:left]:
        won[choice] += 1
    by_remainder = left == 1 and won[admitted] >= too_few.minimum_seats
    won[admitted] = min(max(won[admitted], too_few.minimum_seats), seats)
    first = next(choice for choice in votes if choice != admitted)
    won[first] = seats - won[admitted]

    last = None
    if by_remainder:
        last = LastSeat(ranked[0], (remainders[ranked[0]] - remainders[ranked[1]]) * quota)
    return Shared(
        seats=won,
        quota=quota,
        quotas=quotas,
        remainders=remainders,
        last_seat=last,
        next_in_line=ranked[1] if by_remainder else None,
        tie=tie,
    )
