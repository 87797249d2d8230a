"""Which action to advise, and when to keep silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from haq.strategy.aims import Aim
from haq.strategy.effects import Effects

#: Two actions can be told apart where their means are so many standard errors of the difference apart.
_APART = 3.0


@dataclass(frozen=True)
class Advice:
    """The advice under one rule, or under all that may be the law.

    Attributes:
        best: the action that helps the aim most; nothing where haq abstains.
        close: actions that cannot be told apart from the best, itself included.
        cost: what picking the second best instead costs, in what the aim measures.
        reason: why haq abstains: ``close``, ``nothing-helps``, ``bases-differ``; empty where it advises.
    """

    best: str | None
    close: tuple[str, ...]
    cost: float
    reason: str = ""


def advise(effects: Effects, aim: Aim) -> Advice:
    """Find the action that helps an aim most.

    Args:
        effects: of every action, over the same draws.
        aim: what they were measured for.

    Returns:
        The best action. haq abstains where the best two cannot be told apart with these draws, and where no
        action helps.
    """
    ranked = sorted(effects.effects, key=lambda action: -aim.better * effects.effects[action].mean)
    first, second = (effects.effects[action] for action in ranked[:2])
    close = [ranked[0]]
    for action in ranked[1:]:
        gap = aim.better * (first.values - effects.effects[action].values)
        se = float(gap.std(ddof=1)) / sqrt(len(gap)) if len(gap) > 1 else float("inf")
        if float(gap.mean()) <= _APART * se:
            close.append(action)
    cost = aim.better * (first.mean - second.mean)
    if aim.better * first.mean <= _APART * first.se or first.mean == 0:
        return Advice(None, tuple(close), cost, "nothing-helps")
    if len(close) > 1:
        return Advice(None, tuple(close), cost, "close")
    return Advice(ranked[0], tuple(close), cost)


def undecided(found: Sequence[Effects]) -> tuple[str, ...]:
    """Name the actions on which haq keeps silent, because the law's base decides whether they do anything.

    Args:
        found: effects under every rule that may be the law.

    Returns:
        Actions that help, harm or do nothing under one rule and something else under another.
    """

    def sign(effects: Effects, action: str) -> int:
        effect = effects.effects[action]
        if abs(effect.mean) <= _APART * effect.se or effect.mean == 0:
            return 0
        return 1 if effect.mean > 0 else -1

    return tuple(a for a in found[0].effects if len({sign(effects, a) for effects in found}) > 1)


def agreed(advices: Sequence[Advice]) -> Advice:
    """Advise only what is the advice under every rule that may be the law.

    Args:
        advices: one a rule, at least one.

    Returns:
        The common advice; haq abstains where they differ.
    """
    first = advices[0]
    if any(other.best != first.best for other in advices[1:]):
        close = tuple(dict.fromkeys(action for advice in advices for action in advice.close))
        return Advice(None, close, max(advice.cost for advice in advices), "bases-differ")
    return first
