"""How probable it is that one vote decides a race that the most votes win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError

#: Points of the integrals, and of the curve on which the probability that all others are behind is kept.
_NODES, _CURVE = 200, 1001


def pivotal_probabilities(alpha: Mapping[str, float], voters: int) -> Mapping[tuple[str, str], float]:
    """Give the probability that each pair of choices ties for the first place.

    Args:
        alpha: choice -> parameter of the Dirichlet belief about the shares [> 0]: share times precision.
        voters: that will vote [voters, >= 1].

    Returns:
        Pair, in the order of ``alpha`` -> probability that the two tie ahead of all others, so that one vote
        more for either wins. It falls as 1/voters: what is uncertain is the shares, and the tie is one of
        ``voters`` equally probable differences in a small range.

    Raises:
        HaqError: fewer than two choices, or a parameter or a number of voters that is none.

    Source: the integral of the density of the belief along the line where both shares are equal and all
        others smaller, over the number of voters; after Good and Mayer, *Behavioral Science* 20 (1975) 25.
    """
    if len(alpha) < 2:
        raise HaqError("a pivotal vote needs at least two choices")
    if voters < 1 or not all(np.isfinite(a) and a > 0 for a in alpha.values()):
        raise HaqError("a pivotal probability needs voters from 1 and parameters above 0")
    names = list(alpha)
    found = {}
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            others = [alpha[name] for name in names if name not in (one, other)]
            found[one, other] = _tie(alpha[one], alpha[other], others) / voters
    return found


def _tie(one: float, other: float, others: Sequence[float]) -> float:
    """Integrate the density at equal shares x of two choices, with all others below x."""
    rest = sum(others)
    # Nobody else can be behind both when both have less than an equal share.
    low, high = 1 / (2 + len(others)), 0.5
    x, weights = _nodes(low, high)
    if not others:
        # The difference of two shares that sum to 1 moves twice as fast as either.
        logs = lgamma(one + other) - lgamma(one) - lgamma(other)
        return float(np.exp(logs + (one + other - 2) * np.log(0.5))) / 2
    # The two shares and the rest together are a Dirichlet of three parts.
    logs = lgamma(one + other + rest) - lgamma(one) - lgamma(other) - lgamma(rest)
    density = np.exp(logs + (one + other - 2) * np.log(x) + (rest - 1) * np.log1p(-2 * x))
    return float(np.sum(weights * density * _all_below(others, x / (1 - 2 * x))))


def _all_below(alpha: Sequence[float], limits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the probability that no part of a Dirichlet is above a limit."""
    if len(alpha) == 1:
        return (limits >= 1).astype(np.float64)
    grid = np.linspace(0, 1, _CURVE)
    curve = (grid >= 1).astype(np.float64)  # a single part is all there is
    rest = alpha[-1]
    for part in reversed(alpha[:-1]):
        curve = np.array([_behind(part, rest, t, grid, curve) for t in grid])
        rest += part
    return np.interp(np.minimum(limits, 1), grid, curve)


def _behind(
    part: float, rest: float, limit: float, grid: NDArray[np.float64], curve: NDArray[np.float64]
) -> float:
    """Integrate over one part, which has a beta distribution, that the others stay below the limit too."""
    if limit <= 0:
        return 0.0
    y, weights = _nodes(0, min(limit, 1))
    logs = lgamma(part + rest) - lgamma(part) - lgamma(rest)
    density = np.exp(logs + (part - 1) * np.log(y) + (rest - 1) * np.log1p(-y))
    return float(np.sum(weights * density * np.interp(np.minimum(limit / (1 - y), 1), grid, curve)))


def _nodes(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give points and weights of a Gauss-Legendre quadrature."""
    x, weights = _legendre()
    return low + (x + 1) * (high - low) / 2, weights * (high - low) / 2


@cache
def _legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, weights = np.polynomial.legendre.leggauss(_NODES)
    return x, weights
