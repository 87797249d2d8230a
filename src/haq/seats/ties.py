"""Choose the largest claims, and break a tie only where the law says how and the facts are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from haq.errors import TieError
from haq.law import Ties
from haq.seats.allocation import Tie


def largest(
    claims: Sequence[str],
    size: Callable[[str], int | Fraction],
    count: int,
    *,
    prize: str,
    rule: Ties | None,
    order: Sequence[str] | None,
) -> tuple[list[str], Tie | None]:
    """Order claims from the largest down, so that the first ``count`` win.

    Args:
        claims: choices that compete.
        size: how large a choice's claim is.
        count: how many win [0..number of claims].
        prize: what they compete for, for the message.
        rule: how the law breaks ties, if it does.
        order: choices as they were registered, the earliest first, if known.

    Returns:
        The claims in order, and the tie where one had to be broken at the line between winning and losing.

    Raises:
        TieError: a tie at that line, and no rule or no order to break it by.
    """
    ranked = sorted(claims, key=size, reverse=True)
    if not 0 < count < len(ranked) or size(ranked[count - 1]) != size(ranked[count]):
        return ranked, None
    line = size(ranked[count])
    tied = [choice for choice in claims if size(choice) == line]
    if rule is None:
        raise TieError(
            tied, f"{', '.join(tied)} tie for {prize}, and the law profile does not say who gets it"
        )
    if order is None or not set(tied) <= set(order):
        message = (
            f"{', '.join(tied)} tie for {prize}; give the order in which they were registered to break it"
        )
        raise TieError(tied, message)
    first = ranked.index(next(choice for choice in ranked if size(choice) == line))
    ranked[first : first + len(tied)] = sorted(tied, key=order.index)
    winners = tuple(choice for choice in ranked[:count] if choice in tied)
    return ranked, Tie(tuple(tied), winners, rule.broken_by, rule.confirmed)
