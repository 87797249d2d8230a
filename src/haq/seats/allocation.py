"""What an allocation of seats returns: the seats, and the whole working that led to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from haq.law import BaseOf


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal claims that the law's rule on ties decided.

    Attributes:
        tied: the choices that tie, in the order of the votes given.
        winners: those that the rule preferred.
        broken_by: the rule, such as ``earlier_registered``.
        confirmed: whether the law profile confirms that rule.
    """

    tied: tuple[str, ...]
    winners: tuple[str, ...]
    broken_by: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class LastSeat:
    """The seat that was given last, by the smallest remainder or claim that still won one.

    Attributes:
        choice: who won it.
        votes: by how many it was ahead of the next in line, or how many that one was short of an equal claim
            where the method has no remainders [votes, exact; 0 after a tie].
    """

    choice: str
    votes: Fraction


@dataclass(frozen=True, slots=True)
class Allocation:
    """Seats and their working.

    Attributes:
        seats: choice -> seats, for every choice that can win one; against all is absent.
        base: what the threshold is a share of [votes or voters].
        base_of: which base that is.
        threshold: the share of the base that is needed; nothing where there is no threshold.
        votes_needed: the fewest votes that pass the threshold.
        margins: choice -> votes above (or, negative, below) ``votes_needed``.
        passed: choices that passed the threshold.
        admitted: choices below the threshold that took part all the same, because too few passed.
        quota: votes that one seat costs; nothing where the method has none.
        quotas: choice -> its votes in seats, before rounding, for those that took part.
        remainders: choice -> the part of its quota beyond whole seats [0..1).
        claims: choice -> votes over the divisor of its next seat, where the method has divisors; squares for
            Huntington-Hill, and absent where the divisor is 0.
        last_seat: nothing where no seat was contested.
        next_in_line: who would have had one seat more; nothing where no seat was contested.
        ties: ties that a rule of the law profile broke.
        unconfirmed: parts of the seat rule on which this result rests and which nobody has confirmed.
        notes: the same for people, one sentence each.
    """

    seats: Mapping[str, int]
    base: int
    base_of: BaseOf
    threshold: Fraction | None
    votes_needed: int
    margins: Mapping[str, int]
    passed: tuple[str, ...]
    admitted: tuple[str, ...]
    quota: Fraction | None
    quotas: Mapping[str, Fraction]
    remainders: Mapping[str, Fraction]
    claims: Mapping[str, Fraction]
    last_seat: LastSeat | None
    next_in_line: str | None
    ties: tuple[Tie, ...]
    unconfirmed: tuple[str, ...]
    notes: tuple[str, ...]
