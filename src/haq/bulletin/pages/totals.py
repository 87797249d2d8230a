"""Totals and seats of a contest, each figure with the number of stations that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaContest, AreaView, ChoiceSums
from haq.bulletin.pages import links
from haq.bulletin.pages.area import summary_values
from haq.bulletin.pages.declared import Cell, whole_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.home import contest_values, entries_of
from haq.bulletin.pages.mandates import seat_rule
from haq.bulletin.pages.withdrawn import gone_words
from haq.bulletin.pages.words import difference_mark, missing_box


@dataclass(frozen=True)
class TotalRow:
    """A choice or a line on both sides and everywhere."""

    name: Markup
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TotalTable:
    """Choices or lines, with the names of the columns on everything declared, and what is said of these."""

    rows: tuple[TotalRow, ...]
    heads: tuple[Markup, ...]
    words: Markup


def totals_page(desk: Desk, view: AreaView, contest_key: str) -> str:
    """Write the totals of a contest in the whole election.

    Args:
        desk: the desk.
        view: the whole election.
        contest_key: which contest.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    contest = next(c for c in view.contests if c.key == contest_key)
    path = links.totals_path(contest_key)
    root = links.root_of(path)
    values = contest_values(desk, view, contest, root)
    order = {line.key: n for n, line in enumerate(getattr(desk.form(desk.base_level), "lines", ()))}
    lines = sorted(contest.lines.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return desk.page(
        "totals.html",
        path,
        title=Markup("{}: {}").format(_("Totals and seats"), desk.contest(contest_key)),
        description=Markup("{} {}").format(values["coverage"], values["verdict"]),
        active="totals",
        c=values,
        others=[
            {"href": links.totals_path(c.key), "name": desk.contest(c.key), "here": c.key == contest_key}
            for c in view.contests
        ]
        if len(view.contests) > 1
        else [],
        choices=choice_table(desk, contest),
        choices_note=_(
            "Percentages are shares of the votes for all choices. They stand only where every "
            "choice comes from the same number of stations."
        ),
        lines=_table(
            desk,
            contest,
            [(desk.label(contest_key, desk.base_level, key), sums) for key, sums in lines],
            shares=False,
        ),
        lines_note=_("A station that has no figure for a line is not in that line's sum."),
        rule=seat_rule(desk, contest_key),
        summary=summary_values(desk, view, contest),
        entries=entries_of(desk, view, path),
        gone=gone_words(desk, view.gone),
        resting=resting_words(desk, contest.resting),
    )


def resting_words(desk: Desk, count: int) -> Markup:
    """Say how many published totals rest on withdrawn figures; nothing where none does."""
    if not count:
        return Markup()
    return desk.ngettext(
        "%(num)s published total rests on figures that were withdrawn; the sums in these tables do not.",
        "%(num)s published totals rest on figures that were withdrawn; the sums in these tables do not.",
        count,
    )


def choice_table(desk: Desk, contest: AreaContest) -> TotalTable:
    """Lay out every choice in ballot order.

    Percent are of the votes for all choices, and only where every choice comes from the same number of
    stations: otherwise there is no whole to be a share of.
    """
    return _table(desk, contest, [(desk.choice(contest.key, c.key), c) for c in contest.choices], shares=True)


def _table(
    desk: Desk, contest: AreaContest, sums: Sequence[tuple[Markup, ChoiceSums]], *, shares: bool
) -> TotalTable:
    whole = whole_of(desk, contest, sums, shares=shares)
    alike = shares and len({s.stations for _name, s in sums}) == 1
    by_copies, declared = (
        (sum(s.copies for _name, s in sums), sum(s.declared for _name, s in sums)) if alike else (0, 0)
    )
    rows = []
    for (name, s), (_name, everywhere) in zip(sums, whole.rows, strict=True):
        known = s.stations > 0
        same = (
            Cell(difference_mark(desk, s.declared - s.copies if known else None)),
            _cell(desk, s.copies, by_copies, known),
            _cell(desk, s.declared, declared, known),
            Cell(desk.number(s.stations)),
        )
        rows.append(TotalRow(name, (*same, *everywhere)))
    return TotalTable(tuple(rows), whole.heads, whole.words)


def _cell(desk: Desk, figure: int, whole: int, known: bool) -> Cell:
    if not known:
        return Cell(missing_box(desk, "unknown"))
    return Cell(desk.number(figure), desk.percent(figure, whole) if whole > 0 else "")
