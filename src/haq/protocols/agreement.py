"""Agreement of readings: two people read one copy apart; where they differ a third decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from haq.errors import HaqError


class Missing(StrEnum):
    """What stands in a reading where there is no number; neither is a zero."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"


#: What a reading says of one line.
Figure = int | Missing


class Reader(StrEnum):
    """Who read a copy."""

    PERSON = "person"
    MACHINE = "machine"


class State(StrEnum):
    """How far the readings of one copy have come."""

    EMPTY = "empty"
    FIRST = "first"
    DIFFERENT = "different"
    AGREED = "agreed"


@dataclass(frozen=True)
class Reading:
    """The figures of one copy as one person or machine read them.

    Attributes:
        by: pseudonym of the person, or the machine's name and version.
        reader: person or machine.
        lines: line or choice key -> number, ``empty`` or ``unreadable``.
    """

    by: str
    reader: Reader
    lines: Mapping[str, Figure]


@dataclass(frozen=True)
class Agreement:
    """What the readings of one copy come to.

    Attributes:
        state: empty, first, different or agreed.
        lines: the agreed figures; only lines on which two readings agree, or that a
            third person decided.
        different: keys of the lines that wait for a third person, in the first
            reading's order.
    """

    state: State
    lines: Mapping[str, Figure]
    different: tuple[str, ...]


def agree(readings: Sequence[Reading], decision: Reading | None = None) -> Agreement:
    """Compare the first two readings of one copy, and apply a third person's decision.

    Args:
        readings: none, one or two readings, in the order in which they were made.
        decision: a third person's reading of the lines that differ.

    Returns:
        The state of the copy, the agreed lines and the lines still different.

    Raises:
        HaqError: more than two readings, two by the same person, both by machines, a
            decision by a machine or by one of the two readers, or a decision on lines
            on which the readings do not differ.
    """
    if len(readings) > 2:
        raise HaqError(f"a copy takes two readings, not {len(readings)}: give the third as the decision")
    if len(readings) < 2:
        if decision is not None:
            raise HaqError("a decision needs two readings first")
        state = State.FIRST if readings else State.EMPTY
        return Agreement(state, {}, ())

    first, second = readings
    if first.by == second.by:
        raise HaqError(f"both readings are by {first.by}: the second must be somebody else's")
    if first.reader == second.reader == Reader.MACHINE:
        raise HaqError("both readings are by machines: a person must make one of them")

    keys = [*first.lines, *(key for key in second.lines if key not in first.lines)]
    differ = [key for key in keys if first.lines.get(key) != second.lines.get(key)]
    lines = {key: first.lines[key] for key in keys if key not in differ}
    if decision is not None:
        if decision.reader != Reader.PERSON or decision.by in (first.by, second.by):
            raise HaqError("a third person decides, not a machine and not one of the two readers")
        beyond = [key for key in decision.lines if key not in differ]
        if beyond:
            raise HaqError(f"the two readings agree on {', '.join(beyond)}: nothing to decide there")
        lines |= decision.lines
        differ = [key for key in differ if key not in decision.lines]
    ordered = {key: lines[key] for key in keys if key in lines}
    return Agreement(State.DIFFERENT if differ else State.AGREED, ordered, tuple(differ))


def one_per_unit(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Reduce several copies of one protocol to the figures on which they all agree.

    Copies are never put to a vote: a line on which two copies differ has no agreed
    figure. A copy that leaves a line empty does not contradict one that has it.

    Args:
        frame: (copies × columns) with ``unit`` and Int64 ``columns``.
        columns: keys of the lines and choices.

    Returns:
        (units × columns) ``unit`` and ``columns``, in order of first appearance; null
        where no copy has the figure or the copies differ.
    """
    if frame["unit"].n_unique() == frame.height:
        return frame.select("unit", *columns)
    return frame.group_by("unit", maintain_order=True).agg(agreed(column) for column in columns)


def agreed(column: str) -> pl.Expr:
    """Build the expression for the figure that all rows of a group share, or null."""
    return pl.when(pl.col(column).min() == pl.col(column).max()).then(pl.col(column).min()).alias(column)
