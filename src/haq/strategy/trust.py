"""How many of the voters stand behind a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from haq.errors import HaqError


@dataclass(frozen=True)
class Trust:
    """Votes of a choice as shares.

    Attributes:
        votes: of the choice [votes].
        of_registered: of the registered voters, exact.
        of_came: of the voters who came, exact.
    """

    votes: int
    of_registered: Fraction
    of_came: Fraction


def trust_of(votes: Mapping[str, int], *, registered: int, came: int) -> Mapping[str, Trust]:
    """Give the votes of every choice as shares of the registered voters and of those who came.

    Args:
        votes: choice -> votes [votes, each >= 0], against all included.
        registered: registered voters [voters, >= 1].
        came: voters who came [voters, >= 1].

    Raises:
        HaqError: more votes than voters who came, or more of these than registered: the figures are named,
            and nothing is cut off.
    """
    total = sum(votes.values())
    if came < 1 or registered < 1:
        raise HaqError("shares of nobody: give the registered voters and those who came, from 1")
    if total > came or came > registered:
        raise HaqError(
            f"{total:,} votes, {came:,} came, {registered:,} registered: each number is at most the next one"
        )
    return {
        choice: Trust(count, Fraction(count, registered), Fraction(count, came))
        for choice, count in votes.items()
    }
