"""Which entry of a log is about which station: so that one station's entries are found without the others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from haq.bulletin.assemble.frames import Doubt

_SIZE = 32
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: From so many entries on all stations are counted once instead of looking for each.
_MANY = 1000


@dataclass(frozen=True)
class Roll:
    """What each entry of a log is about, by its place.

    Attributes:
        digests: SHA-256 of every entry, one after the other [32 bytes each].
        piles: (entries,) number of a station; -1 for an entry of no station.
        units: stations in the order in which they came: a line break, and each as JSON with a line break.
    """

    digests: bytes
    piles: npt.NDArray[np.int32]
    units: bytes

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self.piles)

    def _number(self, unit: str) -> int:
        """Give the number of a station; -2 where it has none."""
        at = self.units.find(b"\n%s\n" % _written(unit))
        return -2 if at < 0 else self.units.count(b"\n", 0, at)

    def places(self, unit: str | None) -> list[int]:
        """List the places of a station's entries; of those of no station for None."""
        found: list[int] = np.flatnonzero(self.piles == (-1 if unit is None else self._number(unit))).tolist()
        return found

    def find(self, key: str) -> int | None:
        """Give the first place of the entry with a digest, in hexadecimal."""
        if not _DIGEST.fullmatch(key):
            return None  # a stranger's entry may name anything
        wanted = bytes.fromhex(key)
        at = self.digests.find(wanted)
        while at >= 0 and at % _SIZE:
            at = self.digests.find(wanted, at + 1)
        return None if at < 0 else at // _SIZE

    def digest(self, place: int) -> str:
        """Give the digest of an entry, in hexadecimal."""
        return self.digests[place * _SIZE : (place + 1) * _SIZE].hex()

    def grown(self, digests: Sequence[bytes], homes: Mapping[int, str | None]) -> Roll:
        """Add entries at the end, and move those that found their station.

        Args:
            digests: of the new entries [32 bytes each].
            homes: place -> station, or None for none: of every new entry, and of others that moved.
        """
        count = self.units.count(b"\n") - 1
        known: dict[bytes, int] = {}
        if len(homes) > _MANY:
            known = {unit: number for number, unit in enumerate(self.units.split(b"\n")[1:-1])}
        piles = np.concatenate([self.piles, np.full(len(digests), -1, np.int32)])
        came: list[bytes] = []
        for place, unit in homes.items():
            if unit is None:
                piles[place] = -1
                continue
            written = _written(unit)
            number = known.get(written, -2)
            if number < 0 and len(homes) <= _MANY:
                number = self._number(unit)
            if number < 0:
                number = count + len(came)
                came.append(written)
            known[written] = piles[place] = number
        return Roll(self.digests + b"".join(digests), piles, self.units + b"".join(u + b"\n" for u in came))

    def files(self) -> Mapping[str, bytes]:
        """Write the roll down: name -> bytes."""
        return {
            "digests": self.digests,
            "piles": self.piles.astype("<i4").tobytes(),
            "units": self.units,
        }

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Roll:
        """Read a roll that was written down.

        Raises:
            Doubt: its parts do not fit together.
        """
        piles = np.frombuffer(files["piles"], "<i4")
        if len(piles) * _SIZE != len(files["digests"]):
            raise Doubt
        return cls(files["digests"], piles, files["units"])


def _written(unit: str) -> bytes:
    """Write a station's key so that no line break is in it."""
    return json.dumps(unit).encode()


EMPTY = Roll(b"", np.zeros(0, np.int32), b"\n")
