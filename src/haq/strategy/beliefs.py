"""What somebody believes about the result, as draws of votes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError


def dirichlet_votes(votes: Mapping[str, int], precision: float, draws: int, seed: int) -> NDArray[np.int64]:
    """Draw results around a poll or an earlier result, with the same number of votes in each.

    Args:
        votes: choice -> votes [votes, >= 0, not all 0]: the middle of the belief.
        precision: how sure it is: a poll of so many people who were drawn at random would be as sure [> 0].
        draws: how many [>= 1].
        seed: of the draws; the same one gives the same draws.

    Returns:
        (draws × choices) votes [votes]: shares from a Dirichlet distribution, times all votes, rounded.

    Raises:
        HaqError: a precision or a number of draws that is none, or no votes.
    """
    total = sum(votes.values())
    if total <= 0:
        raise HaqError("a belief needs votes around which it is drawn")
    if not (np.isfinite(precision) and precision > 0):
        raise HaqError(f"a precision is a number above 0, not {precision}")
    if draws < 1:
        raise HaqError(f"a simulation needs at least one draw, not {draws}")
    shares = np.array(list(votes.values()), np.float64) / total
    drawn = np.zeros((draws, len(shares)))
    some = shares > 0
    # Who has no votes at all has none in any draw.
    drawn[:, some] = np.random.default_rng(seed).dirichlet(precision * shares[some], draws)
    return np.rint(drawn * total).astype(np.int64)
