"""Totals and seats of a contest, each figure with the number of stations that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaContest, AreaView, ChoiceSums
from haq.bulletin.pages import links
from haq.bulletin.pages.area import summary_values
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.home import contest_values, entries_of
from haq.bulletin.pages.mandates import seat_rule
from haq.bulletin.pages.words import difference_mark, missing_box


@dataclass(frozen=True)
class Cell:
    """A figure, and what share of the votes it is."""

    figure: Markup | str
    share: Markup | str = ""


@dataclass(frozen=True)
class TotalRow:
    """A choice or a line on both sides and everywhere."""

    name: Markup
    cells: tuple[Cell, ...]


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
    everywhere = not values["sides"].stands_in
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
        everywhere=everywhere,
        choices=choice_rows(desk, contest, everywhere),
        choices_note=_(
            "Percent are of the votes for all choices, and stand only where all choices "
            "come from the same number of stations."
        ),
        lines=[
            _row(desk, desk.label(contest_key, desk.base_level, key), sums, everywhere, None)
            for key, sums in lines
        ],
        lines_note=_("A station that has no figure for a line is not in that line's sum."),
        rule=seat_rule(desk, contest_key),
        summary=summary_values(desk, view, contest),
        entries=entries_of(desk, view),
    )


def choice_rows(desk: Desk, contest: AreaContest, everywhere: bool) -> list[TotalRow]:
    """Lay out every choice in ballot order.

    Percent are of the votes for all choices, and only where every choice comes from the same number of
    stations: otherwise there is no whole to be a share of.
    """
    wholes = _whole(contest.choices)
    return [
        _row(desk, desk.choice(contest.key, sums.key), sums, everywhere, wholes) for sums in contest.choices
    ]


def _whole(choices: Sequence[ChoiceSums]) -> tuple[int, int, int]:
    same = len({c.stations for c in choices}) == 1
    all_over = len({c.official_stations for c in choices}) == 1
    return (
        sum(c.copies for c in choices) if same else 0,
        sum(c.declared for c in choices) if same else 0,
        sum(c.official for c in choices) if all_over else 0,
    )


def _row(
    desk: Desk, name: Markup, sums: ChoiceSums, everywhere: bool, wholes: tuple[int, int, int] | None
) -> TotalRow:
    by_copies, declared, official = wholes or (0, 0, 0)
    known = sums.stations > 0
    cells = [
        Cell(difference_mark(desk, sums.declared - sums.copies if known else None)),
        _cell(desk, sums.copies, by_copies, known),
        _cell(desk, sums.declared, declared, known),
        Cell(desk.number(sums.stations)),
    ]
    if everywhere:
        cells += [
            _cell(desk, sums.official, official, sums.official_stations > 0),
            Cell(desk.number(sums.official_stations)),
        ]
    return TotalRow(name, tuple(cells))


def _cell(desk: Desk, figure: int, whole: int, known: bool) -> Cell:
    if not known:
        return Cell(missing_box(desk, "unknown"))
    return Cell(desk.number(figure), desk.percent(figure, whole) if whole > 0 else "")
