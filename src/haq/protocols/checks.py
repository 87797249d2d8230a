"""Checks on the figures of one protocol: each states the condition that *flags*.

A check never changes a figure. It answers yes (flagged), no, or *unknown* where a
number that it needs is empty or cannot be read: unknown is not a pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from haq.errors import LawError
from haq.law import CHOICES, Form, Linear, Quantity, Relation
from haq.protocols.expressions import any_of, breaks, columns_of, is_broken, is_known, polars_of, value_of
from haq.protocols.slips import SlipFinder, likely_slip

#: Blank or invalid ballots at or above this percentage of all ballots are flagged
#: (warnings W201 and W202 of Abacus, the Dutch electoral council's software).
SPOILED_PERCENT = 3
#: Issued and found differ by this percentage of those found *and* by this many ballots (W203 of Abacus).
GAP_PERCENT, GAP_BALLOTS = 2, 15
#: One choice has this percentage of all votes, or more.
ONE_CHOICE_PERCENT = 99

#: Checks that need no law profile to name them.
OWN_CODES = (
    "negative",
    "above_registered",
    "turnout_100",
    "issued_found_gap",
    "blank_high",
    "invalid_high",
    "one_choice_99",
    "digits_swapped",
)

ALL_VOTES = Linear(terms=((CHOICES, 1),))

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

    Raises:
        LawError: a control relation has the name of one of haq's own checks.
    """
    found: list[Check] = []

    def add(code: str, severity: Severity, lines: Iterable[str], relation: Relation | None = None) -> None:
        found.append(Check(code, severity, tuple(dict.fromkeys(lines)), relation))

    for relation in form.relations:
        if relation.key in OWN_CODES:
            raise LawError(f"relation {relation.key!r}: haq has a check of that name; rename the relation")
        if is_known(relation.left, columns, choices) and is_known(relation.right, columns, choices):
            lines = columns_of(relation.left, choices) + columns_of(relation.right, choices)
            add(relation.key, relation.severity, lines, relation)
    exact = [line for c in found if c.relation and c.relation.op == "==" for line in c.lines]

    of = {k: columns_of(q, choices) for k, q in form.quantities.items() if is_known(q, columns, choices)}
    figures = [key for key in (*(line.key for line in form.lines), *choices) if key in columns]
    if figures:
        add("negative", "error", figures)
    if "registered" in of:
        limited = [line for n in _limited(form, columns, choices) for line in columns_of(n, choices)]
        if limited:
            add("above_registered", "error", (*of["registered"], *limited))
        if "turnout" in of:
            add("turnout_100", "warning", of["registered"] + of["turnout"])
    if "issued" in of and "found" in of:
        add("issued_found_gap", "warning", of["issued"] + of["found"])
    if is_known(ALL_VOTES, columns, choices):
        for name in ("blank", "invalid"):
            if name in of:
                cast = columns_of(_cast(form, columns, choices), choices)
                add(f"{name}_high", "warning", of[name] + cast)
        if len(choices) > 1:
            add("one_choice_99", "warning", choices)
    if exact:
        add("digits_swapped", "warning", exact)
    return tuple(found)


def _limited(form: Form, columns: Collection[str], choices: Sequence[str]) -> list[Linear]:
    """List what cannot exceed the registered voters, as far as the source has it."""
    quantities = [form.quantities[n] for n in ("issued", "found", "valid", "turnout") if n in form.quantities]
    votes = [Linear(terms=((choice, 1),)) for choice in choices]
    return [n for n in dict.fromkeys((*quantities, *votes)) if is_known(n, columns, choices)]


def _cast(form: Form, columns: Collection[str], choices: Sequence[str]) -> Linear:
    """Give all ballots of a sheet: votes for choices, blank and invalid ones."""
    spoiled = [form.quantities[name] for name in ("blank", "invalid") if name in form.quantities]
    parts = [ALL_VOTES, *(quantity for quantity in spoiled if is_known(quantity, columns, choices))]
    return Linear(
        terms=tuple(term for part in parts for term in part.terms),
        constant=sum(part.constant for part in parts),
    )


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
    def quantity(name: Quantity) -> int | None:
        return value_of(form.quantities[name], lines, choices)

    if check.relation is not None:
        return is_broken(check.relation, lines, choices)
    if check.code == "negative":
        return _any(_exceeds(0, lines[key]) for key in check.lines)
    if check.code == "above_registered":
        registered = quantity("registered")
        numbers = (value_of(number, lines, choices) for number in _limited(form, lines, choices))
        return _any(_exceeds(number, registered) for number in numbers)
    if check.code == "turnout_100":
        came, registered = quantity("turnout"), quantity("registered")
        return None if came is None or registered is None else came >= registered > 0
    if check.code == "issued_found_gap":
        issued, found = quantity("issued"), quantity("found")
        if issued is None or found is None:
            return None
        gap = abs(issued - found)
        return gap >= GAP_BALLOTS and gap * 100 >= GAP_PERCENT * found
    if check.code in ("blank_high", "invalid_high"):
        spoiled = quantity("blank" if check.code == "blank_high" else "invalid")
        cast = value_of(_cast(form, lines, choices), lines, choices)
        return None if spoiled is None or cast is None else spoiled * 100 >= SPOILED_PERCENT * cast > 0
    if check.code == "one_choice_99":
        votes = [number for choice in choices if (number := lines[choice]) is not None]
        total = sum(votes)
        if len(votes) < len(choices):
            return None
        return max(votes) * 100 >= ONE_CHOICE_PERCENT * total > 0
    if likely_slip(lines, form=form, choices=choices) is not None:
        return True
    return None if any(lines[key] is None for key in check.lines) else False


def _exceeds(number: int | None, limit: int | None) -> bool | None:
    return None if number is None or limit is None else number > limit


def _any(parts: Iterable[bool | None]) -> bool | None:
    """Join conditions by three-valued *or*: one that holds decides, else an unknown does."""
    parts = list(parts)
    return True if True in parts else None if None in parts else False


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
    codes = [check.code for check in checks]
    # Columns are added and picked, because a selection of literals alone would have one row.
    flags = frame.with_columns(
        _flag_expr(check, frame.columns, form, choices).alias(check.code) for check in checks
    ).select(codes)
    sums = [check.code for check in checks if check.relation is not None and check.relation.op == "=="]
    if not sums:
        return flags
    broken = flags.select(any_of([pl.col(code) for code in sums]).fill_null(False)).to_series()
    return flags.with_columns(_with_slips(flags["digits_swapped"], broken, frame, form, choices))


def _flag_expr(check: Check, columns: Collection[str], form: Form, choices: Sequence[str]) -> pl.Expr:
    def quantity(name: Quantity) -> pl.Expr:
        return polars_of(form.quantities[name], choices)

    if check.relation is not None:
        return breaks(check.relation, choices)
    if check.code == "negative":
        return any_of([pl.col(key) < 0 for key in check.lines])
    if check.code == "above_registered":
        registered = quantity("registered")
        return any_of([polars_of(n, choices) > registered for n in _limited(form, columns, choices)])
    if check.code == "turnout_100":
        came, registered = quantity("turnout"), quantity("registered")
        # `and` alone would call it a pass where nobody is registered and turnout is unknown.
        return pl.when(came.is_not_null()).then((came >= registered) & (registered > 0))
    if check.code == "issued_found_gap":
        issued, found = quantity("issued"), quantity("found")
        gap = (issued - found).abs()
        return (gap >= GAP_BALLOTS) & (gap * 100 >= GAP_PERCENT * found)
    if check.code in ("blank_high", "invalid_high"):
        spoiled = quantity("blank" if check.code == "blank_high" else "invalid")
        cast = polars_of(_cast(form, columns, choices), choices)
        return (cast > 0) & (spoiled * 100 >= SPOILED_PERCENT * cast)
    if check.code == "one_choice_99":
        total = polars_of(ALL_VOTES, choices)
        return (total > 0) & (pl.max_horizontal(*choices) * 100 >= ONE_CHOICE_PERCENT * total)
    # No slip, until one is found on the few protocols that break a sum.
    return pl.when(pl.all_horizontal(pl.col(key).is_not_null() for key in check.lines)).then(False)


def _with_slips(
    slips: pl.Series, broken: pl.Series, frame: pl.DataFrame, form: Form, choices: Sequence[str]
) -> pl.Series:
    lines = {*(line.key for line in form.lines), *choices}
    known = [column for column in frame.columns if column in lines]
    finder = SlipFinder(form, known, choices)
    rows = frame.filter(broken).select(known).iter_rows(named=True)
    pairs = zip(broken.arg_true().to_list(), rows, strict=True)
    return slips.scatter([index for index, row in pairs if finder.find(row) is not None], True)
