"""Checkpoints: how long a log is, and the root of its tree.

Source: c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from haq.errors import LogError
from haq.tlog.keys import from_base64, to_base64
from haq.tlog.merkle import EMPTY_ROOT, HASH_SIZE

#: Name of the file below the address of a log.
CHECKPOINT: Final = "checkpoint"
_NUMBER = re.compile("0|[1-9][0-9]{0,18}")


def number_at(text: str) -> int:
    """Read a number as the log writes it.

    Raises:
        LogError: signs, spaces, leading zeros, or 2^63 and more.
    """
    if not _NUMBER.fullmatch(text) or int(text) >= 2**63:
        raise LogError(f"{text[:40]!r} is no number of entries")
    return int(text)


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log.

    Attributes:
        origin: name of the log.
        size: entries in it.
        root: of its tree, 32 bytes.
        more: further lines, of which nothing is known.
    """

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Read the text of a checkpoint.

        Args:
            text: of a signed note, with its last line break.

        Raises:
            LogError: it is none.
        """
        try:
            lines = text.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise LogError("a checkpoint must be UTF-8") from None
        if len(lines) < 4 or lines[-1] or not lines[0] or not all(lines[3:-1]):
            raise LogError("this is no checkpoint: it should have a name, a size and a root, a line each")
        root = from_base64(lines[2])
        if len(root) != HASH_SIZE:
            raise LogError(f"the root of a checkpoint has {len(root)} bytes instead of {HASH_SIZE}")
        size = number_at(lines[1])
        if size == 0 and root != EMPTY_ROOT:
            raise LogError("the root of a log without entries is wrong")
        return cls(lines[0], size, root, tuple(lines[3:-1]))

    def __bytes__(self) -> bytes:
        """Write the text that is signed."""
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, to_base64(self.root), *self.more)
        ).encode()
