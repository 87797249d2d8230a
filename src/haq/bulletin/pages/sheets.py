"""Protocols side by side: a line of the form on every copy and on every version of the official result.

The table is written as text, not by a template: it is most of a station's page, and every station has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from haq.bulletin.model import Figure, Row, StationContest
from haq.bulletin.pages import links, writing
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import STATES, missing_box
from haq.entries import SourceFile

_DIFFERS = '<tr class="differs">'


class Compared(NamedTuple):
    """How the sheets of a contest stand to what was declared.

    Attributes:
        copies: indices of the copies that are compared.
        unread: indices of copies that nobody has given a figure of.
        earlier: indices of earlier versions of the official result.
        ours: indices of the sheets that are what the others are compared with.
        differ: lines on which a copy differs.
        unknown: lines on which a copy cannot be compared, because a figure is missing.
        changed: lines on which an earlier version differs.
        disagree: lines on which two copies show different numbers.
    """

    copies: tuple[int, ...]
    unread: tuple[int, ...]
    earlier: tuple[int, ...]
    ours: tuple[int, ...]
    differ: int
    unknown: int
    changed: int
    disagree: int


def compare(contest: StationContest) -> Compared:
    """Count what the sheets of a contest have in common, and what not."""
    sheets = contest.sheets
    declared = sheets[contest.declared] if contest.declared is not None else None
    copies: list[int] = []
    unread: list[int] = []
    earlier: list[int] = []
    ours: list[int] = []
    for index, sheet in enumerate(sheets):
        # Several copies of one file may stand in for the declared result together.
        if declared is not None and (
            sheet is declared
            or (sheet.kind == "copy" == declared.kind and sheet.source == declared.source)
            # One version may stand there twice; neither of the two is chosen.
            or (sheet.counts and sheet.kind == "official" and sheet.version == declared.version)
        ):
            ours.append(index)
        elif sheet.kind == "copy":
            (copies if sheet.figures else unread).append(index)
        else:
            earlier.append(index)
    differ = unknown = changed = disagree = 0
    for row in contest.rows:
        if declared is not None:
            differences = [row.differences[i] for i in copies]
            differ += any(differences)
            unknown += None in differences
            changed += any(row.differences[i] for i in earlier)
        if len(copies) > 1:
            disagree += len({f for i in copies if type(f := row.figures[i]) is int}) > 1
    return Compared(
        tuple(copies), tuple(unread), tuple(earlier), tuple(ours), differ, unknown, changed, disagree
    )


def copies_of(contest: StationContest) -> tuple[int, ...]:
    """List the indices of all copies, in the order of their numbers on the page."""
    return tuple(i for i, sheet in enumerate(contest.sheets) if sheet.kind == "copy")


def sheet_name(desk: Desk, contest: StationContest, index: int) -> Markup:
    """Name a sheet as its column does: ``Copy 2``, ``Declared``, ``Declared first``."""
    sheet = contest.sheets[index]
    if sheet.kind == "copy":
        copies = copies_of(contest)
        if len(copies) == 1:
            return desk.gettext("Copy")
        return desk.gettext("Copy %(n)s", n=copies.index(index) + 1)
    versions = [s for s in contest.sheets if s.kind == "official"]
    if sum(s.version == sheet.version for s in versions) > 1:
        return desk.gettext("Declared, version %(n)s, row %(row)s", n=sheet.version, row=sheet.row)
    if index == contest.declared and contest.left_out_of:
        return desk.gettext("Declared, version %(n)s", n=sheet.version)
    if len(versions) == 1:
        return desk.gettext("Declared")
    if index == contest.declared:
        return desk.gettext("Declared last, version %(n)s", n=sheet.version)
    if sheet is versions[0]:
        return desk.gettext("Declared first, version %(n)s", n=sheet.version)
    return desk.gettext("Declared, version %(n)s", n=sheet.version)


def declared_name(desk: Desk, source: SourceFile) -> Markup:
    """Name an official source: ``Declared``, with its version where the election has several."""
    if not has_versions(desk, source):
        return desk.gettext("Declared")
    return desk.gettext("Declared, version %(n)s", n=source.version)


def has_versions(desk: Desk, source: SourceFile) -> bool:
    """Tell whether the same result was declared more than once at the level of a source."""
    of = source.kind, source.level, source.contest
    alike = (s.version for s in desk.context.election.sources if (s.kind, s.level, s.contest) == of)
    return len(set(alike)) > 1


def sheet_table(
    desk: Desk, contest: StationContest, level: str, prefix: str = "", seen: Compared | None = None
) -> Markup:
    """Write the table of all sheets of a contest: votes first, then the other lines of the form.

    Args:
        desk: of the page.
        contest: its sheets and rows.
        level: whose form names the lines.
        prefix: what the ids of this table begin with.

    Returns:
        A region that scrolls inside itself, with its caption above it. With one copy and one official result
        the difference has a column of its own; otherwise it stands under the figure, and what the sheets are
        compared with comes first, so that a telephone shows it without scrolling.
    """
    if not contest.rows:
        return Markup("")
    seen = seen or compare(contest)
    pair = len(contest.sheets) == 2 and len(seen.ours) == 1
    order = (
        (*seen.copies, *seen.unread, *seen.earlier, *seen.ours)
        if pair
        else (*seen.ours, *(i for i in range(len(contest.sheets)) if i not in seen.ours))
    )
    heads = [_head(desk, contest, i, prefix, pair) for i in order]
    if pair:
        difference = writing.hyphenated(desk.gettext("Difference"))
        heads.append(f'<th scope="col" class="number">{difference}</th>')
    known = desk.form(level)
    lines = {line.key for line in known.lines} if known else set()
    groups: tuple[tuple[Markup, list[Row]], ...] = (
        (desk.gettext("Votes"), [row for row in contest.rows if row.choice]),
        (
            desk.gettext("Other lines of the protocol"),
            [r for r in contest.rows if r.key in lines and not r.choice],
        ),
        (
            desk.gettext("Lines that the form of the law does not have"),
            [r for r in contest.rows if r.key not in lines and not r.choice],
        ),
    )
    write = _pair_cells if pair else _cells
    whose = Markup("")
    if pair:
        whose = Markup("").join(
            Markup(" {}: {}.").format(sheet_name(desk, contest, i), desk.organisation(sheet.organisation))
            for i, sheet in enumerate(contest.sheets)
            if sheet.kind == "copy"
        )
    line, columns = desk.gettext("Line"), len(heads) + 1
    # Three sheets fit a telephone; with more the reader has to know that there are more.
    kind = "pair" if pair else "many trio" if len(order) == 3 else "many"
    hint = Markup("")
    if len(order) > 3:
        hint = Markup('<p class="scroll-hint" aria-hidden="true">{} →</p>').format(
            desk.gettext("The table goes on to the side")
        )
    marks = Markup("")
    if seen.ours and len(contest.sheets) > 1:
        marks = desk.gettext("▲\u00a0declared above the copy, ▼\u00a0declared below, =\u00a0the same")
        if contest.key in desk.context.stands_in:
            marks = desk.gettext("▲\u00a0above the other copies, ▼\u00a0below, =\u00a0the same")
    parts = [
        f'<p class="caption" id="{prefix}lines">{desk.contest(contest.key)}.{whose} {marks}</p>{hint}'
        f'<section class="scroll sheets" tabindex="0" aria-labelledby="{prefix}lines">'
        f'<table class="{kind}" aria-labelledby="{prefix}lines">'
        f'<thead><tr><th scope="col">{line}</th>',
        *heads,
        "</tr></thead>",
    ]
    for title, rows in groups:
        if rows:
            parts.append(
                f'<tbody><tr class="group"><th colspan="{columns}" scope="rowgroup">{title}</th></tr>'
            )
            write(desk, contest.key, level, rows, order, seen, parts)
            parts.append("</tbody>")
    parts.append("</table></section>")
    # Every part is markup of ours or was escaped where it was made.
    return Markup("".join(parts))  # noqa: S704


def _head(desk: Desk, contest: StationContest, index: int, prefix: str, pair: bool) -> str:
    sheet = contest.sheets[index]
    name = writing.hyphenated(sheet_name(desk, contest, index))
    if sheet.kind == "official":
        return f'<th scope="col" class="number">{name}</th>'
    anchor = links.copy_anchor(prefix, copies_of(contest).index(index) + 1)
    # On a phone two columns leave no room for names: the caption has them.
    who = "" if pair else f'<span class="who">{desk.organisation(sheet.organisation)}</span>'
    stands_in = ""
    if index == contest.declared:
        said = desk.gettext("stands in for the declared result")
        stands_in = f'<span class="who">{said}</span>'
    return f'<th scope="col" class="number"><a href="#{anchor}">{name}</a>{who}{stands_in}</th>'


def _row_head(desk: Desk, contest: str, level: str, key: str) -> str:
    """Write the beginning of a row, up to the first figure; the same at every station."""
    number = desk.line_number(level, key)
    label = writing.hyphenated(desk.label(contest, level, key))
    head = f'<th scope="row">{label}</th>'
    if number:
        head = f'<th scope="row" class="numbered"><span class="no">{escape(number)} </span>{label}</th>'
    desk.memory["row", contest, level, key] = head
    return head


def _shown(desk: Desk, figure: Figure | None) -> str:
    if type(figure) is int:
        return desk.number(figure)
    return _boxed(desk, "absent" if figure is None else str(figure))


def _boxed(desk: Desk, why: str) -> str:
    found: str | None = desk.memory.get(("box", why))
    if found is None:
        found = desk.memory["box", why] = str(missing_box(desk, why))
    return found


def _marked(desk: Desk, contest: str, difference: int | None) -> str:
    if difference is None:
        return _boxed(desk, "unknown")
    sign = "=" if not difference else "+" if difference > 0 else "-"
    frame = desk.memory.get(("mark", contest, sign)) or _mark_frame(desk, contest, sign)
    return f"{frame[0]}{desk.signed(difference) if difference else '='}{frame[1]}"


def _mark_frame(desk: Desk, contest: str, sign: str) -> tuple[str, str]:
    """Give what stands around a signed difference: its look, and the word for who cannot see the shape."""
    _ = desk.gettext
    if sign == "=":
        said = _(STATES["same"])
    elif contest in desk.context.stands_in:
        said = _("above the other copies") if sign == "+" else _("below the other copies")
    else:
        said = _("declared above") if sign == "+" else _("declared below")
    look = "diff same" if sign == "=" else "diff"
    frame = f'<span class="{look}">', f' <span class="visually-hidden">{said}</span></span>'
    desk.memory["mark", contest, sign] = frame
    return frame


def _pair_cells(
    desk: Desk,
    contest: str,
    level: str,
    rows: Sequence[Row],
    order: Sequence[int],
    seen: Compared,
    parts: list[str],
) -> None:
    copy, declared = order
    for row in rows:
        head = desk.memory.get(("row", contest, level, row.key)) or _row_head(desk, contest, level, row.key)
        difference = row.differences[copy]
        figure = _boxed(desk, "unknown") if copy in seen.unread else _shown(desk, row.figures[copy])
        parts.append(
            f"{_DIFFERS if difference else '<tr>'}{head}"
            f'<td class="number">{figure}</td>'
            f'<td class="number">{_shown(desk, row.figures[declared])}</td>'
            f'<td class="number">{_marked(desk, contest, difference)}</td></tr>'
        )


def _cells(
    desk: Desk,
    contest: str,
    level: str,
    rows: Sequence[Row],
    order: Sequence[int],
    seen: Compared,
    parts: list[str],
) -> None:
    # Without a declared result there is nothing that a sheet could differ from.
    plain = seen.ours or tuple(order)
    for row in rows:
        head = desk.memory.get(("row", contest, level, row.key)) or _row_head(desk, contest, level, row.key)
        parts.append(f"{_DIFFERS if any(row.differences) else '<tr>'}{head}")
        for index in order:
            if index in seen.unread:
                parts.append(f'<td class="number">{_boxed(desk, "unknown")}</td>')
                continue
            figure = row.figures[index]
            # The box in place of a figure already says why there is no difference.
            marked = (
                ""
                if index in plain or type(figure) is not int
                else _marked(desk, contest, row.differences[index])
            )
            parts.append(f'<td class="number">{_shown(desk, figure)}{" " if marked else ""}{marked}</td>')
        parts.append("</tr>")


def sheet_of(contest: StationContest, source: str, row: int | None) -> int | None:
    """Find a sheet by its file and row; None where the contest has no such sheet."""
    return next((i for i, s in enumerate(contest.sheets) if s.source == source and s.row == row), None)
