"""The working of one distribution of seats, whatever the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from haq.seats.allocation import LastSeat, Tie


@dataclass(frozen=True, slots=True)
class Shared:
    """Seats and how they came about; see ``Allocation`` for the fields of the same name."""

    seats: dict[str, int]
    quota: Fraction | None = None
    quotas: Mapping[str, Fraction] = field(default_factory=dict)
    remainders: Mapping[str, Fraction] = field(default_factory=dict)
    claims: Mapping[str, Fraction] = field(default_factory=dict)
    last_seat: LastSeat | None = None
    next_in_line: str | None = None
    tie: Tie | None = None
