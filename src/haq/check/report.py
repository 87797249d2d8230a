"""What a check found, as values: the command line, the application and entries read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from haq.check.election import Election
from haq.check.sources import Source
from haq.protocols import Check, Comparison, RollUp, SameUnits, Totals
from haq.seats import Allocation


@dataclass(frozen=True)
class SourceChecks:
    """The checks of one source.

    Attributes:
        source: id of the source.
        checks: the checks that apply to it.
        flags: (protocols × checks) Boolean in the source's row order; null is unknown.
        flagged: code -> protocols flagged.
        unknown: code -> protocols on which a needed figure is missing.
    """

    source: str
    checks: tuple[Check, ...]
    flags: pl.DataFrame
    flagged: Mapping[str, int]
    unknown: Mapping[str, int]


@dataclass(frozen=True)
class Pair:
    """Copies of one source against another source of the same level.

    Attributes:
        copies: id of the source with the copies.
        declared: id of the source that they are compared with.
        comparison: line by line.
        same: both sums on the same units.
    """

    copies: str
    declared: str
    comparison: Comparison
    same: SameUnits


@dataclass(frozen=True)
class ContestReport:
    """What the check of one contest found.

    Attributes:
        key: key of the contest.
        stations: stations known from any source.
        declared: id of the source that stands for the official result at stations; empty
            where there is none.
        stands_in: no official result was given, so the second source of copies stands in.
        official: stations in the latest official result; 0 where there is none.
        copies: source -> its copies against what was declared at the same level.
        together: all copies at stations, where they agree with each other, against what was
            declared; absent where there is nothing to compare.
        together_seats: seats on the copies and on the declared figures of those same
            stations, where the contest has seats.
        versions: earlier official source -> itself against the latest version.
        between: copies of one source against those of another.
        checks: source -> its checks.
        rolls: sums of each level against the summary sheets above.
        totals: source of each level -> its totals.
        seats: the allocation, where the contest has one.
        seats_note: why there is no allocation, or what it rests on.
    """

    key: str
    stations: int
    declared: str
    stands_in: bool
    official: int
    copies: Mapping[str, Pair]
    together: Pair | None
    together_seats: tuple[Mapping[str, int], Mapping[str, int]] | None
    versions: Mapping[str, Pair]
    between: tuple[Pair, ...]
    checks: Mapping[str, SourceChecks]
    rolls: tuple[tuple[RollUp, str, str], ...]
    totals: Mapping[str, Totals]
    seats: Allocation | None
    seats_note: str


@dataclass(frozen=True)
class Report:
    """What the check of an election found.

    Attributes:
        election: the election that was checked.
        sources: id -> the source as it was read.
        contests: key -> the contest's report.
        notes: what the reader must know before believing the figures.
    """

    election: Election
    sources: Mapping[str, Source]
    contests: Mapping[str, ContestReport]
    notes: tuple[str, ...] = field(default=())
