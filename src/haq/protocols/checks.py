"""Checks on the figures of one protocol: each states the condition that *flags*.

A check never changes a figure. It answers yes (flagged), no, or *unknown* where a
number that it needs is empty or cannot be read: unknown is not a pass.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from haq.law import Form, Linear, Relation
from haq.protocols.expressions import (
    CHOICES,
    any_of,
    columns_of,
    is_known,
    polars_of,
    value_of,
)
from haq.protocols.slips import likely_slip

#: Blank or invalid ballots at or above this percentage of all ballots are flagged
#: (warnings W201 and W202 of Abacus, the Dutch electoral council's software).
SPOILED_PERCENT = 3
#: Issued and found differ by this percentage *and* this many ballots (W203 of Abacus).
GAP_PERCENT, GAP_BALLOTS = 2, 15
#: One choice has this percentage of all votes, or more.
ONE_CHOICE_PERCENT = 99

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Check:
    """A condition that flags a protocol.

    Attributes:
        code: the control relation's key in the law profile, or a code of this module.
        severity: ``error`` where the sheet contradicts itself, else ``warning``.
        lines: keys of the lines and choices involved, in the order of the sheet.
        relation: the control relation, for a check that comes from the law profile.
    """

    code: str
    severity: Severity
    lines: tuple[str, ...]
    relation: Relation | None = None


def checks_of(form: Form, columns: Collection[str], choices: Sequence[str]) -> tuple[Check, ...]:
    """List the checks that can be made on a source with these columns.

    Args:
        form: the protocol form of the law profile.
        columns: keys of the lines and choices that the source has.
        choices: keys of the choices, in ballot order.

    Returns:
        The form's control relations in its order, then haq's own checks. A check whose
        lines the source lacks is left out: it does not apply, which is not a pass.
    """
    found: list[Check] = []
    for relation in form.relations:
        if is_known(relation.left, columns, choices) and is_known(relation.right, columns, choices):
            lines = dict.fromkeys(columns_of(relation.left, choices) + columns_of(relation.right, choices))
            found.append(Check(relation.key, relation.severity, tuple(lines), relation))
    known = {k: q for k, q in form.quantities.items() if is_known(q, columns, choices)}
    voted = tuple(c for c in choices if c in columns)
    every_choice = len(voted) == len(choices) > 0

    def add(code: str, severity: Severity, *lines: str) -> None:
        found.append(Check(code, severity, tuple(dict.fromkeys(lines))))

    def of(*names: str) -> tuple[str, ...]:
        return tuple(line for name in names for line in columns_of(known[name], choices))

    add("negative", "error", *[k for k in (*(line.key for line in form.lines), *choices) if k in columns])
    if "registered" in known:
        below = [name for name in ("issued", "found", "valid") if name in known]
        if below or voted:
            add("above_registered", "error", *of("registered", *below), *voted)
        if "turnout" in known:
            add("turnout_100", "warning", *of("registered", "turnout"))
    if "issued" in known and "found" in known:
        add("issued_found_gap", "warning", *of("issued", "found"))
    if every_choice:
        for name in ("blank", "invalid"):
            if name in known:
                add(f"{name}_high", "warning", *of(name), *voted)
        if len(voted) > 1:
            add("one_choice_99", "warning", *voted)
    exact = [line for c in found if c.relation and c.relation.op == "==" for line in c.lines]
    if exact:
        add("digits_swapped", "warning", *exact)
    return tuple(found)


def spoiled_and_cast(form: Form, columns: Collection[str], choices: Sequence[str]) -> Linear:
    """Give all ballots of a sheet: votes for choices, blank and invalid ones."""
    terms: list[tuple[str, int]] = [(CHOICES, 1)]
    constant = 0
    for name in ("blank", "invalid"):
        quantity = form.quantities.get(name)
        if quantity is not None and is_known(quantity, columns, choices):
            terms += quantity.terms
            constant += quantity.constant
    return Linear(terms=tuple(terms), constant=constant)


def flag_protocol(
    lines: Mapping[str, int | None], *, form: Form, choices: Sequence[str]
) -> dict[str, bool | None]:
    """Run every applicable check on one protocol.

    Args:
        lines: line or choice key -> number; ``None`` where empty or unreadable. A key
            that is absent means that the source does not have the line at all.
        form: the protocol form of the law profile.
        choices: keys of the choices, in ballot order.

    Returns:
        Check code -> flagged (``True``), not flagged, or ``None`` where unknown.
    """
    return {check.code: _flag_one(check, lines, form, choices) for check in checks_of(form, lines, choices)}


def _flag_one(
    check: Check, lines: Mapping[str, int | None], form: Form, choices: Sequence[str]
) -> bool | None:
    def quantity(name: str) -> int | None:
        return value_of(form.quantities[name], lines, choices)

    if check.relation is not None:
        broken = residual_is_broken(check.relation, lines, choices)
        return broken
    if check.code == "negative":
        return _any([None if lines[k] is None else lines[k] < 0 for k in check.lines])  # type: ignore[operator]
    if check.code == "above_registered":
        registered = quantity("registered")
        numbers = [
            quantity(name)
            for name in ("issued", "found", "valid")
            if name in form.quantities and is_known(form.quantities[name], lines, choices)
        ]
        numbers += [lines[c] for c in choices if c in lines]
        return _any([None if n is None or registered is None else n > registered for n in numbers])
    if check.code == "turnout_100":
        came, registered = quantity("turnout"), quantity("registered")
        return None if came is None or registered is None else came >= registered > 0
    if check.code == "issued_found_gap":
        issued, found = quantity("issued"), quantity("found")
        if issued is None or found is None:
            return None
        gap = abs(issued - found)
        return gap >= GAP_BALLOTS and gap * 100 >= GAP_PERCENT * issued
    if check.code in ("blank_high", "invalid_high"):
        spoiled = quantity(check.code.removesuffix("_high"))
        cast = value_of(spoiled_and_cast(form, lines, choices), lines, choices)
        if spoiled is None or cast is None:
            return None
        return cast > 0 and spoiled * 100 >= SPOILED_PERCENT * cast
    if check.code == "one_choice_99":
        votes = [lines[c] for c in choices]
        if any(v is None for v in votes):
            return None
        known = [v for v in votes if v is not None]
        return sum(known) > 0 and max(known) * 100 >= ONE_CHOICE_PERCENT * sum(known)
    return likely_slip(lines, form=form, choices=choices) is not None


def residual_is_broken(
    relation: Relation, lines: Mapping[str, int | None], choices: Sequence[str]
) -> bool | None:
    """Tell whether one control relation is broken on one protocol (``None``: unknown)."""
    left, right = value_of(relation.left, lines, choices), value_of(relation.right, lines, choices)
    if left is None or right is None:
        return None
    excess = left - right
    if relation.op == "==":
        return abs(excess) > relation.tolerance
    return excess > relation.tolerance if relation.op == "<=" else -excess > relation.tolerance


def _any(parts: Sequence[bool | None]) -> bool | None:
    if any(part is True for part in parts):
        return True
    return None if any(part is None for part in parts) else False


def flag_frame(frame: pl.DataFrame, *, form: Form, choices: Sequence[str]) -> pl.DataFrame:
    """Run every applicable check on every row of a frame.

    Args:
        frame: (protocols × lines and choices) Int64, null where empty or unreadable;
            other columns are ignored.
        form: the protocol form of the law profile.
        choices: keys of the choices, in ballot order.

    Returns:
        (protocols × checks) Boolean frame in row order, a column a check code, null
        where unknown. It says on each row what ``flag_protocol`` says.
    """
    checks = checks_of(form, frame.columns, choices)
    vectorised = [check for check in checks if check.code != "digits_swapped"]
    flags = frame.select(_flag_expr(c, frame.columns, form, choices).alias(c.code) for c in vectorised)
    if len(vectorised) == len(checks):
        return flags
    return flags.with_columns(_flag_slips(frame, flags, form, choices))


def _flag_expr(check: Check, columns: Collection[str], form: Form, choices: Sequence[str]) -> pl.Expr:
    def quantity(name: str) -> pl.Expr:
        return polars_of(form.quantities[name], choices)

    if check.relation is not None:
        excess = polars_of(check.relation.left, choices) - polars_of(check.relation.right, choices)
        if check.relation.op == "==":
            return excess.abs() > check.relation.tolerance
        return (excess if check.relation.op == "<=" else -excess) > check.relation.tolerance
    if check.code == "negative":
        return any_of([pl.col(k) < 0 for k in check.lines])
    if check.code == "above_registered":
        registered = quantity("registered")
        numbers = [
            quantity(name)
            for name in ("issued", "found", "valid")
            if name in form.quantities and is_known(form.quantities[name], columns, choices)
        ]
        numbers += [pl.col(c) for c in choices if c in columns]
        return any_of([n > registered for n in numbers])
    if check.code == "turnout_100":
        # Both sides of the `and` are unknown together: a known registered of zero with an
        # unknown turnout must stay unknown, as in the one-protocol path.
        came, registered = quantity("turnout"), quantity("registered")
        return (came >= registered) & (registered + 0 * came > 0)
    if check.code == "issued_found_gap":
        issued, found = quantity("issued"), quantity("found")
        gap = (issued - found).abs()
        return (gap >= GAP_BALLOTS) & (gap * 100 >= GAP_PERCENT * issued)
    if check.code in ("blank_high", "invalid_high"):
        spoiled = quantity(check.code.removesuffix("_high"))
        cast = polars_of(spoiled_and_cast(form, columns, choices), choices)
        return (cast > 0) & (spoiled * 100 >= SPOILED_PERCENT * cast)
    total = polars_of(Linear(terms=((CHOICES, 1),), constant=0), choices)
    return (total > 0) & (pl.max_horizontal(*choices) * 100 >= ONE_CHOICE_PERCENT * total)


def _flag_slips(
    frame: pl.DataFrame, flags: pl.DataFrame, form: Form, choices: Sequence[str]
) -> pl.Series:
    """Look for a likely slip on the rows that break a sum: there are few of them."""
    exact = [r.key for r in form.relations if r.op == "==" and r.key in flags.columns]
    broken = flags.select(any_of([pl.col(k).fill_null(False) for k in exact]).alias("b"))["b"]
    known = [c for c in frame.columns if c in {line.key for line in form.lines} or c in set(choices)]
    found = [False] * frame.height
    for index, lines in zip(
        broken.arg_true().to_list(), frame.filter(broken).select(known).iter_rows(named=True), strict=True
    ):
        found[index] = likely_slip(lines, form=form, choices=choices) is not None
    return pl.Series("digits_swapped", found, dtype=pl.Boolean)
