"""Alterations that are planted, and known, so that checks can be held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from haq.errors import InputError
from haq.synthetic.form import LINES, REST, How, line_changes
from haq.synthetic.geography import Geography
from haq.synthetic.rounding import Counts, move_to_totals
from haq.synthetic.spec import Alteration, Spec

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Planted:
    """One planted alteration.

    Attributes:
        level: ``station``, ``district``, ``region`` or ``centre``.
        key: the station or area; ``centre`` for the country.
        how: as in the specification.
        gains: the choice that gains.
        size: votes that it gains [votes].
        changes: line or choice -> declared minus counted, without zeros.
    """

    level: str
    key: str
    how: How
    gains: str
    size: int
    changes: Mapping[str, int]


def plant(
    rng: Generator,
    part: Alteration,
    *,
    where: str,
    votes: Counts,
    not_issued: Counts,
    keys: Sequence[str],
    choices: Sequence[str],
    free: Flags,
) -> list[Planted]:
    """Plan alterations of one kind at sheets that have room for them.

    At most half of the votes that can be taken are taken, so no figure turns negative.

    Args:
        rng: source of sheets, sizes and the ballots that move.
        part: what to plant.
        where: dotted key for messages.
        votes: votes (sheets x choices).
        not_issued: registered voters of each sheet who received no ballot.
        keys: key of each sheet.
        choices: choices in the order of the columns.
        free: sheets that may be altered.

    Returns:
        As many alterations as ``part.count``, in the order of the sheets.

    Raises:
        InputError: too few sheets have room.
    """
    losers = [
        index
        for index, key in enumerate(choices)
        if key != part.gains and (key in part.losers or not part.losers)
    ]
    room = free.copy()
    if part.how == "moved":
        room &= votes[:, losers].sum(axis=1) // 2 >= part.size[1]
    elif part.how == "added":
        room &= not_issued // 2 >= part.size[1]
    candidates = np.flatnonzero(room)
    if len(candidates) < part.count:
        raise InputError(
            f"{where}: {part.count} sheets asked, {len(candidates)} have room for {part.size[1]} votes; "
            "lower count or size"
        )
    planted = []
    for sheet in np.sort(rng.choice(candidates, part.count, replace=False)):
        size = int(rng.integers(part.size[0], part.size[1], endpoint=True))
        lost: dict[str, int] = {}
        if part.how == "moved":
            taken = rng.multivariate_hypergeometric(votes[sheet, losers], size).tolist()
            lost = {choices[index]: count for index, count in zip(losers, taken, strict=True)}
        changes = line_changes(part.how, part.gains, size, lost)
        planted.append(Planted(part.level, keys[sheet], part.how, part.gains, size, changes))
    return planted


def apply(figures: Counts, keys: Sequence[str], choices: Sequence[str], planted: Sequence[Planted]) -> Counts:
    """Add the changes of planted alterations to the sheets that they name.

    Args:
        figures: figures (sheets x (LINES + choices)).
        keys: key of each sheet.
        choices: choices in the order of the columns.
        planted: alterations of these sheets.

    Returns:
        New figures.
    """
    figures = figures.copy()
    row = {key: index for index, key in enumerate(keys)}
    column = {name: index for index, name in enumerate((*LINES, *choices))}
    for one in planted:
        for line, change in one.changes.items():
            figures[row[one.key], column[line]] += change
    return figures


def make_room(
    rng: Generator,
    spec: Spec,
    geography: Geography,
    voters: Counts,
    totals: Counts,
    planted: Sequence[Planted],
) -> Counts:
    """Let the unaltered stations give way so that declared figures reach the totals.

    The altered stations keep what was drawn for them; ballots of the others move
    between columns until counted plus planted is exactly what is to be declared.

    Args:
        rng: source of the ballots that move.
        spec: the specification.
        geography: the stations.
        voters: drawn counts (stations x (choices + REST)).
        totals: column sums that the declared figures are to have.
        planted: the alterations of stations.

    Returns:
        Counts of the same shape and row sums.

    Raises:
        InputError: the alterations leave too little for the other stations.
    """
    wanted = totals.copy()
    column = {name: index for index, name in enumerate((*spec.choice_keys, *REST))}
    for one in planted:
        for choice in spec.choice_keys:
            wanted[column[choice]] -= one.changes.get(choice, 0)
        if one.how == "added":
            wanted[column["not_issued"]] += one.size
        elif one.how == "unbalanced":
            # Votes on paper only: what they displace in the total was taken home.
            wanted[column["taken_away"]] += one.size
    named = {one.key for one in planted}
    altered = np.array([station in named for station in geography.stations["station"]])
    remaining = wanted - voters[altered].sum(axis=0)
    if (remaining < 0).any():
        names = [name for name, index in column.items() if remaining[index] < 0]
        raise InputError(
            f"alterations: too large for this election ({', '.join(names)} turns negative); plant less"
        )
    voters = voters.copy()
    voters[~altered] = move_to_totals(rng, voters[~altered], remaining)
    return voters
