"""The sheets of one unit side by side: rows, signed differences, control relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from haq.bulletin.model import Check, Figure, Found, Reply, Row, Sheet, StationContest
from haq.bulletin.model.sheets import State
from haq.bulletin.setting import Layout


def agreed_figures(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Reduce sheets of one unit to the figures on which all that have a number agree.

    Args:
        sheets: copies of one protocol.

    Returns:
        Line -> number; a line on which two sheets differ, or that none has, is absent.
    """
    if len(sheets) == 1:
        return {k: n for k, n in sheets[0].figures.items() if type(n) is int}
    found, torn = _agreed_and_torn(sheets)
    return {k: n for k, n in found.items() if k not in torn}


def _agreed_and_torn(sheets: Sequence[Sheet]) -> tuple[dict[str, int], set[str]]:
    """Give the first number of each line, and the lines of which another sheet has another number."""
    found: dict[str, int] = {}
    torn: set[str] = set()
    for sheet in sheets:
        for key, number in sheet.figures.items():
            if type(number) is int and found.setdefault(key, number) != number:
                torn.add(key)
    return found, torn


def lay_out(
    key: str,
    layout: Layout,
    copies: Sequence[Sheet],
    official: Sequence[Sheet],
    *,
    declared: Sequence[Sheet],
    awaited: bool,
    findings: Sequence[Found] = (),
    replies: Sequence[Reply] = (),
    left_out_of: int = 0,
) -> StationContest:
    """Put the sheets of one unit beside each other.

    Args:
        key: key of the contest.
        layout: its lines.
        copies: copies, in the order in which they are shown.
        official: versions of the official result, the latest last.
        declared: those of the sheets that the others are compared with; more than one where several
            copies stand in for an official result, or one version of it stands there twice: they count
            where they agree.
        awaited: whether anything is declared in this contest at this level at all.
        findings: at this unit.
        replies: of the commission.
        left_out_of: the latest version of the official result, where it leaves the unit out.

    Returns:
        Rows with differences, checks, and how the copies stand to what was declared.
    """
    sheets = (*copies, *official)
    place = next((i for i, sheet in enumerate(sheets) if sheet is declared[-1]), None) if declared else None
    against = agreed_figures(declared)
    figures = [sheet.figures for sheet in sheets]
    ours = [any(sheet is d for d in declared) for sheet in sheets]
    rows: list[Row] = []
    largest: tuple[str, int] | None = None
    differs = False
    others = len(sheets) > len(declared)
    compared = [i for i, sheet in enumerate(copies) if not ours[i]]
    for line, choice in _keys(layout, sheets):
        number = against.get(line)
        shown = tuple([f.get(line) for f in figures])
        if number is None or not others:
            differences: tuple[int | None, ...] = (None,) * len(sheets)
        else:
            differences = tuple(
                [
                    number - figure if type(figure) is int and not mine else None
                    for figure, mine in zip(shown, ours, strict=True)
                ]
            )
            for i in compared:
                difference = differences[i]
                if difference:
                    differs = True
                    if choice and (largest is None or abs(difference) > abs(largest[1])):
                        largest = (line, difference)
        rows.append(Row(line, choice, shown, differences))
    state: State
    if len(declared) > 1 and declared[-1].kind == "official" and _agreed_and_torn(declared)[1]:
        state = "declared-twice"
    elif declared and compared:
        state = "differs" if differs else "same"
    elif declared or not awaited:
        state = "not-declared" if copies and not declared else "no-copy"
    else:
        state = "not-declared"
    checks = tuple(c for i, f in enumerate(figures) for c in checks_on(i, f, layout))
    return StationContest(
        key,
        sheets,
        place,
        tuple(rows),
        checks,
        tuple(findings),
        tuple(replies),
        largest,
        state,
        left_out_of,
        against,
    )


def _keys(layout: Layout, sheets: Sequence[Sheet]) -> Iterator[tuple[str, bool]]:
    """List the lines that any sheet has, in the order of the form, unknown ones last."""
    if not sheets:
        return
    first = sheets[0].figures
    held = first.keys()
    if any(sheet.figures.keys() != held for sheet in sheets[1:]):
        held = {key: None for sheet in sheets for key in sheet.figures}.keys()
    for key in layout.lines:
        if key in held:
            yield key, False
    for key in layout.choices:
        if key in held:
            yield key, True
    if not held <= layout.known:
        for key in sorted(held - layout.known):
            yield key, False


def checks_on(sheet: int, figures: Mapping[str, Figure], layout: Layout) -> Iterator[Check]:
    """Evaluate the control relations that apply to a sheet: those of which it has every line.

    Args:
        sheet: index of the sheet.
        figures: its figures.
        layout: the lines and relations of its form.

    Yields:
        Each relation with both sides, in the order of the form.
    """
    if not figures:
        return
    for key, op, tolerance, both in layout.relations:
        sides: list[int | None] = []
        for terms, constant in both:
            total: int | None = constant
            for name, factor in terms:
                figure = figures.get(name)
                if figure is None:
                    break
                if type(figure) is not int:
                    total = None
                elif total is not None:
                    total += factor * figure
            else:
                sides.append(total)
                continue
            break
        else:
            left, right = sides
            broken = None
            if left is not None and right is not None:
                excess = abs(left - right) if op == "==" else left - right
                broken = (-excess if op == ">=" else excess) > tolerance
            yield Check(sheet, key, left, right, broken)
