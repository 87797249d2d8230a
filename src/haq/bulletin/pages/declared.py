"""What was declared in the whole election: the sum of the station protocols, and the commission's sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaContest, ChoiceSums
from haq.bulletin.pages.bars import sides_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import difference_mark, missing_box


@dataclass(frozen=True)
class Cell:
    """A figure, and what share of the votes it is."""

    figure: Markup | str
    share: Markup | str = ""


@dataclass(frozen=True)
class Whole:
    """The whole result, on as many bases as are known.

    Attributes:
        heads: names of the columns.
        rows: name of a choice or line, and its cells.
        words: whether the two bases are the same; empty where only one is known.
    """

    heads: tuple[Markup, ...]
    rows: tuple[tuple[Markup, tuple[Cell, ...]], ...]
    words: Markup


def has_sheet(contest: AreaContest) -> bool:
    """Tell whether the commission of the whole election declared a sheet of its own."""
    return contest.summary is not None and contest.summary.declared is not None


def whole_of(
    desk: Desk,
    contest: AreaContest,
    sums: Sequence[tuple[Markup, ChoiceSums]],
    *,
    shares: bool,
    brief: bool = False,
) -> Whole:
    """Lay out what was declared everywhere.

    Args:
        desk: of the page.
        contest: in the whole election.
        sums: names and sums of choices or lines, in order.
        shares: whether each figure is a share of all of them on the same basis.
        brief: whether the number of stations is left out where it is the same in every row.

    Returns:
        The sum of the station protocols with its stations, beside the commission's own sheet and the
        signed difference; one figure where both are the same on every line; only one of them where nothing
        is known of the other.
    """
    _ = desk.gettext
    sheet = contest.summary.against if has_sheet(contest) and contest.summary is not None else None
    added = not sides_of(desk, contest.key).stands_in
    figures = [sheet.get(s.key) if sheet is not None else None for _name, s in sums]
    pairs = list(zip(figures, sums, strict=True))
    same = sheet is not None and added and all(figure == s.official for figure, (_name, s) in pairs)
    organ = desk.organ(desk.profile.levels[-1].key)
    ours, theirs = _wholes([s for _n, s in sums], figures) if shares else (0, 0)
    heads: list[Markup] = []
    beside = sheet is not None and not same
    counted = not brief or len({s.official_stations for _name, s in sums}) > 1
    if added:
        heads += [_("Difference")] if beside else []
        heads.append(_("declared everywhere") if same else _("sum of the station protocols"))
        heads += [_("stations")] if counted else []
    if beside:
        heads.append(_("sheet: %(organ)s", organ=organ))
    rows = []
    for figure, (name, s) in pairs:
        cells: list[Cell] = []
        known = s.official_stations > 0
        if added:
            difference = figure - s.official if figure is not None and known else None
            cells += [Cell(difference_mark(desk, difference))] if beside else []
            cells.append(_cell(desk, s.official if known else None, ours))
            cells += [Cell(desk.number(s.official_stations))] if counted else []
        if beside:
            cells.append(_cell(desk, figure, theirs))
        rows.append((name, tuple(cells)))
    words = _words(desk, contest, organ, same) if sheet is not None and added else Markup()
    return Whole(tuple(heads), tuple(rows), words)


def _wholes(sums: Sequence[ChoiceSums], figures: Sequence[int | None]) -> tuple[int, int]:
    """Give what each basis adds up to; 0 where a figure is missing or of other stations than the next."""
    alike = len({s.official_stations for s in sums}) == 1
    known = [figure for figure in figures if figure is not None]
    return (
        sum(s.official for s in sums) if alike else 0,
        sum(known) if len(known) == len(figures) else 0,
    )


def _words(desk: Desk, contest: AreaContest, organ: Markup, same: bool) -> Markup:
    _ = desk.gettext
    if same:
        return _(
            "The sum of the station protocols and the sheet are the same on both (%(organ)s).", organ=organ
        )
    said = _(
        "Difference: the sheet minus the sum of the station protocols. ▲\u00a0the sheet is above the sum, "
        "▼\u00a0below."
    )
    missing = contest.stations - contest.official
    if missing <= 0:
        return said
    lacks = desk.ngettext(
        "The sum lacks %(num)s station, for which nothing was declared.",
        "The sum lacks %(num)s stations, for which nothing was declared.",
        missing,
    )
    return Markup("{} {}").format(said, lacks)


def _cell(desk: Desk, figure: int | None, whole: int) -> Cell:
    if figure is None:
        return Cell(missing_box(desk, "unknown"))
    return Cell(desk.number(figure), desk.percent(figure, whole) if whole > 0 else "")


def declared_words(desk: Desk, contest: AreaContest) -> Markup:
    """Say of how many stations a result was declared, and which of them need a word of their own."""
    _ = desk.gettext
    said = [_("Declared: %(n)s of %(of)s stations.", n=contest.official, of=contest.stations)]
    if contest.unlisted_official:
        said.append(
            desk.ngettext(
                "Besides, the declared protocol of %(num)s station that is not on the list.",
                "Besides, the declared protocols of %(num)s stations that are not on the list.",
                contest.unlisted_official,
            )
        )
    if contest.earlier:
        said.append(
            desk.ngettext(
                "%(num)s of them from an earlier version: the latest version leaves this station out.",
                "%(num)s of them from an earlier version: the latest version leaves these stations out.",
                contest.earlier,
            )
        )
    if contest.twice:
        said.append(
            desk.ngettext(
                "%(num)s of them was declared twice, differently: the lines that differ are in no sum.",
                "%(num)s of them were declared twice, differently: the lines that differ are in no sum.",
                contest.twice,
            )
        )
    return Markup(" ").join(said)
