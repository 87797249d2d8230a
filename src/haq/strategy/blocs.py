"""How a group that follows advice divides itself, so that the aim is best met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError
from haq.law import ChoiceKind, SeatRule
from haq.strategy.aims import Aim
from haq.strategy.effects import effects_of


@dataclass(frozen=True)
class Split:
    """A division of supporters.

    Attributes:
        votes: choice -> supporters who vote for it [voters]; who helps best by staying at home is in none.
        curve: how many have been given a choice [voters], and the expected change of what the aim measures
            by then; begins at (0, 0).
        together: the choice that would be best if all voted alike, and the expected change then.
    """

    votes: Mapping[str, int]
    curve: tuple[tuple[int, float], ...]
    together: tuple[str, float]


def split_of(
    draws: NDArray[np.int64],
    kinds: Mapping[str, ChoiceKind],
    *,
    rule: SeatRule,
    seats: int,
    aim: Aim,
    supporters: int,
    steps: int,
) -> Split:
    """Divide supporters step by step, each part to the choice that helps most after those before it.

    Args:
        draws: (draws × choices) votes [votes]; the columns are those of ``kinds``.
        kinds: choice -> kind, in the order of registration.
        rule: how votes become seats.
        seats: mandates to fill [seats].
        aim: what is measured.
        supporters: who follow the advice [voters, >= ``steps``].
        steps: parts [>= 1]; finer ones find better divisions and take longer.

    Returns:
        The division, never worse than if all voted alike for the best choice: where the greedy way ends below
        that, it is that.

    Raises:
        HaqError: fewer supporters than steps, or what ``effects_of`` raises.
    """
    if not 1 <= steps <= supporters:
        raise HaqError(f"{supporters} supporters cannot be divided into {steps} parts")
    names = list(kinds)
    place = {name: number for number, name in enumerate(names)}
    now, changed = draws.copy(), 0.0
    votes = dict.fromkeys(names, 0)
    curve = [(0, 0.0)]
    bounds = [round(supporters * step / steps) for step in range(steps + 1)]
    for start, stop in pairwise(bounds):
        found = effects_of(now, kinds, rule=rule, seats=seats, aim=aim, bloc=stop - start)
        best = max(names, key=lambda name: aim.better * found.effects[name].mean)
        if aim.better * found.effects[best].mean > 0:
            now[:, place[best]] += stop - start
            votes[best] += stop - start
            changed += found.effects[best].mean
        curve.append((stop, changed))
    alike = effects_of(draws, kinds, rule=rule, seats=seats, aim=aim, bloc=supporters)
    one = max(names, key=lambda name: aim.better * alike.effects[name].mean)
    together = (one, alike.effects[one].mean)
    if aim.better * together[1] > aim.better * changed:
        return Split({one: supporters}, ((0, 0.0), (supporters, together[1])), together)
    return Split({name: count for name, count in votes.items() if count}, tuple(curve), together)
