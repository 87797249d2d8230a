"""Seats of many draws, on one core, beside what people use today."""

import contextlib
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from apportionment import methods
from registry import Row, bench
from votelib.evaluate import proportional

from haq.law import ChoiceKind, SeatRule
from haq.seats.batch import allocate_batch

DRAWS, LISTS, SEATS, ROUNDS = 100_000, 6, 100, 5
#: Elections that the others share one by one; the time of one is what is compared.
ONE_BY_ONE = 300
READ: dict[str, Any] = {"source": "bench", "confirmed": True}
METHODS = {
    "largest_remainder": ("Hare", "largest_remainder", 1.0),
    "dhondt": ("D'Hondt", "dhondt", 5.0),
    "sainte_lague": ("Sainte-Laguë", "saintelague", 5.0),
    "huntington_hill": ("Huntington-Hill", "huntington", 5.0),
}


def draws() -> np.ndarray[Any, Any]:
    """Draw results of which one list stands about the threshold."""
    shares = np.random.default_rng(1).dirichlet(800 * np.array([0.42, 0.21, 0.15, 0.1, 0.07, 0.05]), DRAWS)
    return np.floor(shares * 6_000_000).astype(np.int64)


def each(share: Callable[[list[int]], object], votes: np.ndarray[Any, Any]) -> float:
    """Measure one election of many that are shared one by one [µs]."""
    begun = time.perf_counter()
    for row in votes[:ONE_BY_ONE].tolist():
        with contextlib.suppress(methods.TiesException):
            share([count if 20 * count >= sum(row) else 0 for count in row])
    return (time.perf_counter() - begun) / ONE_BY_ONE * 1e6


@bench(f"seats: {DRAWS:,} draws × {LISTS} lists × {SEATS} seats, threshold 5 %")
def batches() -> list[Row]:
    """Measure each method after its first call, which compiles it."""
    votes = draws()
    names = [f"list_{place}" for place in range(LISTS)]
    kinds = dict.fromkeys(names, ChoiceKind.LIST)
    threshold = {"threshold": {"share": "5/100", **READ}, "base": {"of": "valid_for_lists", **READ}}
    rows = []
    for method, (name, other, bar) in METHODS.items():
        quota = "hare" if method == "largest_remainder" else None
        rule = SeatRule.model_validate({"method": method, "quota": quota, **READ, **threshold})

        def share(votes: np.ndarray[Any, Any], rule: SeatRule = rule) -> float:
            begun = time.perf_counter()
            allocate_batch(votes, names, kinds=kinds, rule=rule, seats=SEATS)
            return time.perf_counter() - begun

        compiling = share(votes[:2])
        ours = statistics.median(share(votes) for _ in range(ROUNDS)) / DRAWS * 1e6
        theirs = each(lambda row, other=other: methods.compute(other, row, SEATS, tiesallowed=False), votes)
        rows += [
            Row(f"{name}: first call, compilation included where nothing is kept", compiling, "s"),
            Row(f"{name}: a draw", ours, "µs", bar),
            Row(f"{name}: apportionment in floats, one election", theirs, "µs"),
            Row(f"{name}: haq / apportionment (50 times as fast)", ours / theirs, "×", 1 / 50),
        ]
        if method in ("largest_remainder", "dhondt", "sainte_lague"):
            by = (
                proportional.LargestRemainder("hare")
                if quota
                else proportional.HighestAverages({"dhondt": "d_hondt"}.get(method, method))
            )
            them = each(lambda row, by=by: by.evaluate(dict(zip(names, row, strict=True)), SEATS), votes)
            rows += [
                Row(f"{name}: votelib, one election", them, "µs"),
                Row(f"{name}: haq / votelib (100 times as fast)", ours / them, "×", 1 / 100),
            ]
    return rows
