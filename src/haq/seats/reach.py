"""How many votes more would have brought a list one seat more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from haq.errors import HaqError
from haq.seats.allocation import Allocation


def votes_for_next(
    votes: Mapping[str, int], choice: str, share: Callable[[Mapping[str, int]], Allocation], most: int
) -> int | None:
    """Count the fewest votes that would have brought a list one seat more, all others as they are.

    Args:
        votes: choice -> votes [votes, each >= 0].
        choice: the list.
        share: shares the seats.
        most: votes beyond which nobody looks [votes, >= 1].

    Returns:
        Votes, at least 1; nothing where even ``most`` would not be enough. Votes with which it only ties for
        the seat, or with which the rule gives no answer, are too few. Of a rounded quota (Droop) fewer may do
        where the votes are hardly more than the seats.
    """
    # More votes never mean fewer seats, but for the rounding of a quota, so that halving finds the line.
    now = share(votes).seats[choice]

    def enough(more: int) -> bool:
        try:
            return share({**votes, choice: votes[choice] + more}).seats[choice] > now
        except HaqError:
            return False

    low, high = 0, 1
    while not enough(high):
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
