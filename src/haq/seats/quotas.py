"""What a seat costs: the quotas of the largest remainders."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Quota = Literal["hare", "droop", "hagenbach_bischoff", "imperiali"]


def quota_of(total: int, seats: int, name: Quota) -> Fraction:
    """Give the votes that one whole seat costs.

    Args:
        total: votes of those that take part [votes, >= 1].
        seats: mandates to fill [seats, >= 1].
        name: of the quota: Hare total/seats; Hagenbach-Bischoff total/(seats + 1); Droop the next whole
            number above that; Imperiali total/(seats + 2).

    Returns:
        The quota [votes, exact].

    Source: Pukelsheim, *Proportional Representation* (2017), doi:10.1007/978-3-319-64707-4, chapter 5.
    """
    if name == "hare":
        return Fraction(total, seats)
    if name == "hagenbach_bischoff":
        return Fraction(total, seats + 1)
    if name == "imperiali":
        return Fraction(total, seats + 2)
    return Fraction(total // (seats + 1) + 1)
