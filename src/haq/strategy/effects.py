"""What each action changes: the same draws with and without it, so that nothing else differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError
from haq.law import BaseOf, ChoiceKind, SeatRule
from haq.seats.batch import Batch, allocate_batch
from haq.strategy.aims import Aim

#: Actions besides voting for a choice.
SPOILED: Final = "spoiled"
STAY: Final = "stay_home"
#: Half width of a 95 % interval, in standard errors.
_Z: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Effect:
    """What an action changes.

    Attributes:
        mean: expected change of what the aim measures, against staying at home.
        se: Monte Carlo standard error of the mean.
        interval: 95 % interval of the mean, for the error of the simulation alone.
        harm: probability that the action moves the aim in the wrong direction [0..1].
        help: probability that it moves it in the right one [0..1].
        values: (draws) the change in every draw.
    """

    mean: float
    se: float
    interval: tuple[float, float]
    harm: float
    help: float
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """What every action changes, under one base of the threshold.

    Attributes:
        base_of: what the threshold is a share of.
        before: expectation of what the aim measures when everybody stays at home.
        effects: action -> effect: each choice, a spoiled ballot, and staying at home.
    """

    base_of: BaseOf
    before: float
    effects: Mapping[str, Effect]


def effects_of(
    draws: NDArray[np.int64],
    kinds: Mapping[str, ChoiceKind],
    *,
    rule: SeatRule,
    seats: int,
    aim: Aim,
    bloc: int,
    invalid: int = 0,
    registered: int | None = None,
) -> Effects:
    """Give the effect of every action of a bloc of voters who would otherwise stay at home.

    Args:
        draws: (draws × choices) votes [votes]; the columns are those of ``kinds``.
        kinds: choice -> kind, against all included, in the order of registration.
        rule: how votes become seats.
        seats: mandates to fill [seats].
        aim: what is measured.
        bloc: voters who act alike [voters, >= 1].
        invalid: ballots that are invalid in every draw, part of the base where that is turnout [ballots].
        registered: registered voters, where they are the base [voters].

    Returns:
        Effects against the same draws without the bloc (common random numbers).

    Raises:
        HaqError: a bloc that is none, or a rule that gives no answer in some draw.
    """
    if bloc < 1:
        raise HaqError(f"a bloc has at least one voter, not {bloc}")
    if invalid < 0:
        raise HaqError(f"--invalid {invalid}: ballots are counted from 0")
    names = list(kinds)

    def measured(votes: NDArray[np.int64], spoiled: int) -> NDArray[np.float64]:
        batch = _batch(votes, kinds, rule, seats, invalid + spoiled, registered)
        return aim.measure(names, votes, batch)

    before = measured(draws, 0)
    found = {}
    for place, name in enumerate(names):
        after = draws.copy()
        after[:, place] += bloc
        found[name] = _effect(measured(after, 0) - before, aim)
    found[SPOILED] = _effect(measured(draws, bloc) - before, aim)
    found[STAY] = _effect(np.zeros_like(before), aim)
    return Effects(rule.base.of if rule.base else BaseOf.VALID_FOR_LISTS, float(before.mean()), found)


def _batch(
    votes: NDArray[np.int64],
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    seats: int,
    invalid: int,
    registered: int | None,
) -> Batch:
    batch = allocate_batch(
        votes,
        list(kinds),
        kinds=kinds,
        rule=rule,
        seats=seats,
        turnout=votes.sum(1) + invalid,
        registered=None if registered is None else np.full(len(votes), registered),
    )
    if batch.open.any():
        raise HaqError(
            f"in {int(batch.open.sum()):,} of {len(votes):,} draws the rule gives no answer, as where nobody "
            "passes; take a belief in which it does"
        )
    return batch


def _effect(change: NDArray[np.float64], aim: Aim) -> Effect:
    mean = float(change.mean())
    se = float(change.std(ddof=1)) / sqrt(len(change)) if len(change) > 1 else float("nan")
    return Effect(
        mean=mean,
        se=se,
        interval=(mean - _Z * se, mean + _Z * se),
        harm=float(np.mean(change * aim.better < 0)),
        help=float(np.mean(change * aim.better > 0)),
        values=change,
    )
