"""What a voter wants: an aim, chosen by its user and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from haq.errors import HaqError
from haq.seats.batch import Batch

Kind = Literal["fewest-seats", "most-seats", "majority", "no-majority", "passes", "fewest-wasted"]
KINDS: tuple[Kind, ...] = (
    "fewest-seats",
    "most-seats",
    "majority",
    "no-majority",
    "passes",
    "fewest-wasted",
)
#: Aims for which less of what is measured is better.
_LESS: frozenset[Kind] = frozenset({"fewest-seats", "no-majority", "fewest-wasted"})


@dataclass(frozen=True)
class Aim:
    """An aim.

    Attributes:
        kind: what is wanted.
        choices: of whom; empty for ``fewest-wasted``.
        seats: a majority of how many seats; 0 where no majority is wanted.
    """

    kind: Kind
    choices: tuple[str, ...]
    seats: int = 0

    @property
    def better(self) -> int:
        """Return 1 where more of what is measured is better, and -1 where less is."""
        return -1 if self.kind in _LESS else 1

    @property
    def unit(self) -> str:
        """Return what is measured: ``seats``, a ``probability``, or a ``share`` of the votes."""
        if self.kind in ("fewest-seats", "most-seats"):
            return "seats"
        return "share" if self.kind == "fewest-wasted" else "probability"

    def measure(self, names: Sequence[str], votes: NDArray[np.int64], batch: Batch) -> NDArray[np.float64]:
        """Measure the aim in every draw.

        Args:
            names: choices of the columns.
            votes: (draws × choices) [votes].
            batch: their seats.

        Returns:
            (draws) seats of the set; 1 or 0 for a majority and for passing; the share of votes for lists that
            got no seat [0..1].
        """
        places = [names.index(choice) for choice in self.choices]
        if self.kind in ("fewest-seats", "most-seats"):
            return np.asarray(batch.seats[:, places].sum(1), np.float64)
        if self.kind in ("majority", "no-majority"):
            return np.asarray(batch.seats[:, places].sum(1) >= self.seats, np.float64)
        if self.kind == "passes":
            return np.asarray(batch.passed[:, places].all(axis=1), np.float64)
        lost = np.where(batch.seats > 0, 0, votes).sum(1)
        return np.asarray(lost / np.maximum(votes.sum(1), 1), np.float64)


def aim_of(text: str, choices: Sequence[str], seats: int) -> Aim:
    """Read an aim as the command line writes it.

    Args:
        text: ``fewest-seats:NAME[,NAME …]``, ``most-seats:…``, ``majority:…``, ``no-majority:…`` (each with
            ``@SEATS`` for another majority than more than half), ``passes:NAME``, or ``fewest-wasted``.
        choices: that can win seats.
        seats: mandates to fill [seats].

    Raises:
        HaqError: an unknown aim or choice; the message says which there are.
    """
    kind, _, rest = text.partition(":")
    if kind not in KINDS:
        raise HaqError(f"--aim {text}: haq knows {', '.join(KINDS)}")
    found: Kind = kind
    if found == "fewest-wasted":
        return Aim(found, ())
    names, _, majority = rest.partition("@") if "majority" in found else (rest, "", "")
    asked = tuple(name.strip() for name in names.split(",") if name.strip())
    unknown = [name for name in asked if name not in choices]
    if not asked or unknown:
        what = f"no choice {unknown[0]!r}" if unknown else "of whom?"
        raise HaqError(f"--aim {text}: {what}; there are {', '.join(choices)}")
    if "majority" not in found:
        return Aim(found, asked)
    most = majority.strip() or str(seats // 2 + 1)
    if not most.isdigit() or not 1 <= int(most) <= seats:
        raise HaqError(f"--aim {text}: a majority of {seats} seats is a number from 1 to {seats}")
    return Aim(found, asked, int(most))
