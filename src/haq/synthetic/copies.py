"""Observers' copies: which stations they cover, and honest slips of the pen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from haq.synthetic.form import LINES
from haq.synthetic.geography import Geography
from haq.synthetic.rounding import Counts
from haq.synthetic.spec import Organisation, Spec

# Handwritten digits that are taken for each other.
LOOKALIKES = {0: (6,), 1: (7,), 2: (7,), 3: (8,), 4: (9,), 5: (6,), 6: (0, 5), 7: (1,), 8: (3,), 9: (4,)}
SLIPS: tuple[Literal["swap", "misread", "empty", "unreadable"], ...] = (
    "swap",
    "misread",
    "empty",
    "unreadable",
)


@dataclass(frozen=True)
class Slip:
    """One line of one copy that was not written as it was counted.

    Attributes:
        organisation: whose copy.
        station: the station.
        line: line or choice.
        kind: ``swap`` or ``misread`` of a digit, ``empty`` or ``unreadable``.
        counted: the true figure.
        written: the figure on the copy; None where it is empty or unreadable.
    """

    organisation: str
    station: str
    line: str
    kind: Literal["swap", "misread", "empty", "unreadable"]
    counted: int
    written: int | None


@dataclass(frozen=True)
class Copies:
    """The copies of one organisation.

    Attributes:
        organisation: its key.
        stations: index of the station of each copy.
        grades: grade of provenance of each copy.
        slips: what was written wrongly.
    """

    organisation: str
    stations: Counts
    grades: tuple[str, ...]
    slips: tuple[Slip, ...]


def draw_copies(
    rng: Generator, spec: Spec, one: Organisation, geography: Geography, counted: Counts
) -> Copies:
    """Draw the stations of an organisation, the grades and the slips of its copies.

    Args:
        rng: source of all draws.
        spec: the specification.
        one: the organisation.
        geography: the stations.
        counted: true figures (stations x (LINES + choices)).

    Returns:
        The copies, in the order of the stations.
    """
    covered = []
    barred = [index for index, kind in enumerate(spec.kinds) if kind.key in one.not_kinds]
    open_to_it = ~np.isin(geography.kind, barred)
    for index, region in enumerate(spec.regions):
        stations = np.flatnonzero(open_to_it & (geography.region == index))
        share = one.regions.get(region.key, one.coverage)
        whole, part = divmod(share * len(stations), 1)
        # Rounding at random keeps the expected share where regions are small.
        covered.append(rng.choice(stations, int(whole) + int(rng.random() < part), replace=False))
    stations = np.sort(np.concatenate(covered))
    grades = rng.choice(list(one.grades), len(stations), p=list(one.grades.values()))
    slips = _draw_slips(rng, spec, one.key, geography, stations, counted)
    return Copies(one.key, stations, tuple(grades.tolist()), slips)


def _draw_slips(
    rng: Generator, spec: Spec, organisation: str, geography: Geography, stations: Counts, counted: Counts
) -> tuple[Slip, ...]:
    names = (*LINES, *spec.choice_keys)
    keys = geography.stations["station"]
    chances = np.cumsum([getattr(spec.slips, kind) for kind in SLIPS])
    kinds = np.searchsorted(chances, rng.random((len(stations), len(names))), side="right")
    slips = []
    for copy, column in np.argwhere(kinds < len(SLIPS)).tolist():
        station, kind = int(stations[copy]), SLIPS[kinds[copy, column]]
        true = int(counted[station, column])
        written = {"swap": swap, "misread": misread}[kind](rng, true) if kind in ("swap", "misread") else None
        if written != true:
            slips.append(Slip(organisation, keys[station], names[column], kind, true, written))
    return tuple(slips)


def swap(rng: Generator, number: int) -> int:
    """Exchange two neighbouring digits that differ, where there are any.

    Args:
        rng: source of the place.
        number: the true figure, >= 0.

    Returns:
        The figure with two digits exchanged; the same where none can be.
    """
    digits = str(number)
    places = [
        place
        for place in range(len(digits) - 1)
        if digits[place] != digits[place + 1] and not (place == 0 and digits[1] == "0")
    ]
    if not places:
        return number
    place = places[int(rng.integers(len(places)))]
    return int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])


def misread(rng: Generator, number: int) -> int:
    """Take one digit for another that looks like it.

    Args:
        rng: source of the place and of the digit.
        number: the true figure, >= 0.

    Returns:
        The figure with one digit exchanged for a look-alike; never a leading zero.
    """
    digits = str(number)
    place = int(rng.integers(len(digits)))
    likely = [d for d in LOOKALIKES[int(digits[place])] if d or place or len(digits) == 1]
    digit = likely[int(rng.integers(len(likely)))]
    return int(digits[:place] + str(digit) + digits[place + 1 :])
