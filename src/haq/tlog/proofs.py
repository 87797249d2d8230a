"""Proof files: one entry, its way to the root, and the signed checkpoint, checked offline.

Source: c2sp.org/tlog-proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from haq.errors import LogError
from haq.tlog.checkpoints import number_at
from haq.tlog.keys import from_base64, to_base64
from haq.tlog.merkle import HASH_SIZE

_HEAD: Final = "c2sp.org/tlog-proof@v1"
#: Hashes of a proof at most: the tree has no more levels.
LONGEST: Final = 63


@dataclass(frozen=True)
class Proof:
    """What a ``.tlog-proof`` file says; nothing of it has been checked.

    Attributes:
        index: of the entry, from 0.
        hashes: from the leaf's sibling up to the root's child.
        checkpoint: the signed note, as it was published.
        extra: bytes that nobody signed; None where there are none, never empty.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a proof file.

        Raises:
            LogError: it is none.
        """
        head, empty, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            lines = []
        if not empty or len(lines) < 2 or lines[0] != _HEAD:
            raise LogError(f"this is no proof; its first line should be {_HEAD}")
        extra = None
        if lines[1].startswith("extra "):
            extra = from_base64(lines.pop(1).removeprefix("extra "))
        if len(lines) < 2 or not lines[1].startswith("index "):
            raise LogError("this is no proof: the line with the index of the entry is missing")
        hashes = hashes_in(lines[2:])
        return cls(number_at(lines[1].removeprefix("index ")), hashes, checkpoint, extra)

    def __bytes__(self) -> bytes:
        """Write the proof file."""
        lines = [_HEAD]
        lines += [] if not self.extra else [f"extra {to_base64(self.extra)}"]
        lines += [f"index {self.index}", *map(to_base64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def hashes_in(lines: list[str]) -> tuple[bytes, ...]:
    """Read the hashes of a proof, a line each.

    Raises:
        LogError: too many, or one that is none.
    """
    if len(lines) > LONGEST:
        raise LogError(f"a proof of {len(lines)} hashes; {LONGEST} is the most")
    hashes = tuple(from_base64(line) for line in lines)
    if any(len(h) != HASH_SIZE for h in hashes):
        raise LogError(f"a hash of a proof must have {HASH_SIZE} bytes")
    return hashes
