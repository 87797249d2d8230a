"""Two copies of a log: does one begin with the other?"""

from __future__ import annotations

from typing import Literal

from haq.errors import LogError
from haq.tlog.reader import Reader
from haq.tlog.verify import check_growth

Relation = Literal["equal", "shorter", "longer", "fork", "other"]


def compare(ours: Reader, theirs: Reader) -> Relation:
    """Say how two copies of a log stand to each other.

    Args:
        ours, theirs: whose checkpoints somebody checked.

    Returns:
        ``equal``; ``longer``: theirs continues ours; ``shorter``: ours continues theirs; ``fork``: neither
        begins with the other, so one name was put under two logs; ``other``: they are of two logs.

    Raises:
        LogError: a tile that the comparison needs is missing or damaged.
    """
    if ours.checkpoint.origin != theirs.checkpoint.origin:
        return "other"
    if ours.checkpoint == theirs.checkpoint:
        return "equal"
    old, new = sorted((ours, theirs), key=lambda reader: reader.checkpoint.size)
    if old.checkpoint.size < new.checkpoint.size:
        new.check_root()
        proof = new.grown_from(old.checkpoint.size)
    else:
        proof = []
    try:
        check_growth(old.checkpoint, new.checkpoint, proof)
    except LogError:
        return "fork"
    return "longer" if new is theirs else "shorter"
