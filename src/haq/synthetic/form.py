"""The lines of a synthetic protocol and how an alteration changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

How = Literal["moved", "added", "unbalanced"]

LINES = (
    "registered",
    "ballots_received",
    "ballots_issued",
    "issued_absentee",
    "issued_outside",
    "absentee_certs_given",
    "ballots_unused_cancelled",
    "ballots_spoiled_replaced",
    "ballots_in_boxes",
    "ballots_invalid",
    "ballots_wrong_form",
)

# Every registered voter ends in exactly one column of the table that votes.py draws:
# a choice, or one of these four. All control relations follow from that.
REST = ("ballots_invalid", "ballots_wrong_form", "taken_away", "not_issued")

RESERVED = frozenset((*LINES, *REST, "station", "region", "district", "kind", "grade", "choices"))


def line_changes(how: How, gains: str, size: int, losses: Mapping[str, int]) -> dict[str, int]:
    """Say what an alteration does to each line, declared minus counted.

    Args:
        how: ``moved`` takes votes from other choices and leaves every sum whole;
            ``added`` puts ballots into the boxes that nobody received, and writes
            them off as issued; ``unbalanced`` raises the choice alone and so breaks
            the sum of the sheet.
        gains: the choice that gains.
        size: votes that it gains [votes, >= 1].
        losses: choice -> votes that it loses [votes, >= 0]; only for ``moved``, where
            they sum to ``size``.

    Returns:
        line or choice -> signed change, without zeros.
    """
    changes = {gains: size}
    if how == "moved":
        changes.update({choice: -lost for choice, lost in losses.items() if lost})
    elif how == "added":
        changes["ballots_issued"] = size
        changes["ballots_in_boxes"] = size
        changes["ballots_unused_cancelled"] = -size
    return changes
