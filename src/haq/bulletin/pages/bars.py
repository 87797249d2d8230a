"""Copies against the declared result as bars and rows: what home, areas and totals share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaContest, AreaView, ChoiceSums, StationContest
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import difference_mark, figure_of, missing_box

#: Colours in ballot order, then again from the first; the name is always beside them.
COLOURS = 6
#: Choices on the first screenful; all of them stand on the page of totals.
LEADING = 8


@dataclass(frozen=True)
class Bar:
    """A choice with two bars.

    Attributes:
        name: in words.
        colour: class of its colour.
        copies, declared: votes, on the same stations.
        copies_width, declared_width: of the bars, in percent of the longest.
        mark: the signed difference.
        words: what the difference means.
    """

    name: Markup
    colour: str
    copies: int
    declared: int
    copies_width: str
    declared_width: str
    mark: Markup
    words: Markup


@dataclass(frozen=True)
class Sides:
    """What the two sides of a comparison are called.

    Attributes:
        question: what the page asks.
        copies, declared: names of the two bars.
        stands_in: the organisation whose copies stand where nothing was declared, or empty.
    """

    question: Markup
    copies: Markup
    declared: Markup
    stands_in: Markup


def sides_of(desk: Desk, contest: str) -> Sides:
    """Name the sides of a contest; where nothing official is known, two organisations stand side by side."""
    _ = desk.gettext
    organisation = desk.context.stands_in.get(contest)
    if organisation is None:
        return Sides(_("Do the copies and the declared result agree?"), _("copies"), _("declared"), Markup())
    name = desk.organisation(organisation)
    return Sides(_("Do the copies of different organisations agree?"), _("the other copies"), name, name)


def difference_words(desk: Desk, difference: int, sides: Sides) -> Markup:
    """Say what a signed difference means, without its number."""
    _ = desk.gettext
    if not difference:
        return _("the same on both")
    if sides.stands_in:
        return _("above the other copies") if difference > 0 else _("below the other copies")
    return _("declared above the copies") if difference > 0 else _("declared below the copies")


def bars_of(desk: Desk, contest: AreaContest, most: int | None = None) -> list[Bar]:
    """Lay out the bars of a contest in ballot order.

    Args:
        desk: the desk.
        contest: the contest in an area.
        most: how many choices to show; those with most votes are kept.

    Returns:
        One for each choice; nothing where no station has both a copy and a declared figure.
    """
    choices = [choice for choice in contest.choices if choice.stations]
    largest = max((abs(v) for c in choices for v in (c.copies, c.declared)), default=0) or 1
    kept = leading(choices, most)
    sides, order = sides_of(desk, contest.key), [c.key for c in contest.choices]
    return [
        Bar(
            desk.choice(contest.key, c.key),
            f"choice-{order.index(c.key) % COLOURS}",
            c.copies,
            c.declared,
            _percent(c.copies, largest),
            _percent(c.declared, largest),
            difference_mark(desk, c.declared - c.copies),
            difference_words(desk, c.declared - c.copies, sides),
        )
        for c in kept
    ]


def leading(choices: Sequence[ChoiceSums], most: int | None, *, everywhere: bool = False) -> list[ChoiceSums]:
    """Keep the choices with most votes on stations with copies, or everywhere, in ballot order."""
    if most is None or len(choices) <= most:
        return list(choices)

    def votes(choice: ChoiceSums) -> int:
        return choice.official if everywhere else max(choice.copies, choice.declared)

    ranked = sorted(range(len(choices)), key=lambda i: (-votes(choices[i]), i))
    return [choices[i] for i in sorted(ranked[:most])]


def _percent(part: int, whole: int) -> str:
    return f"{max(part, 0) * 10000 // whole / 100:g}%"


def coverage(desk: Desk, contest: AreaContest, *, brief: bool = False) -> Markup:
    """Say n of N, how many stations N lost, and how many copies are of stations that N does not count.

    Args:
        desk: the desk.
        contest: in an area.
        brief: for a picture, on which there is room for a line.
    """
    said = [desk.gettext("Copies of %(n)s of %(of)s protocols.", n=contest.copied, of=contest.stations)]
    if contest.taken_off:
        # Without it N becomes smaller and nobody sees why.
        said.append(
            Markup("({})").format(taken_off_words(desk, contest.taken_off))
            if brief
            else desk.ngettext(
                "%(num)s more station was withdrawn from the list and is not counted.",
                "%(num)s more stations were withdrawn from the list and are not counted.",
                contest.taken_off,
            )
        )
    if contest.unlisted_copied:
        said.append(
            desk.ngettext(
                "Besides, copies of %(num)s station that is not on the list.",
                "Besides, copies of %(num)s stations that are not on the list.",
                contest.unlisted_copied,
            )
        )
    return Markup(" ").join(said)


def taken_off_words(desk: Desk, count: int) -> Markup:
    """Say how many stations N lost, where there is little room; nothing where it lost none."""
    if not count:
        return Markup()
    return desk.ngettext(
        "%(num)s station withdrawn from the list", "%(num)s stations withdrawn from the list", count
    )


def verdict(desk: Desk, contest: AreaContest) -> Markup:
    """Answer the question of the page in one sentence, and say where the summary sheet contradicts it."""
    said, differ = _verdict(desk, contest), summary_words(desk, contest)
    return Markup("{} {}").format(said, differ) if differ else said


def summary_words(desk: Desk, contest: AreaContest) -> Markup:
    """Say on how many lines the commission's sheet is not the sum of the sheets below; nothing on none."""
    sheet = contest.summary.against if contest.summary is not None else {}
    differ = sum(total != sheet[key] for key, total in contest.sums.items() if key in sheet)
    if not differ:
        return Markup()
    return desk.ngettext(
        "On %(num)s line the sheet of the commission is not the sum of the sheets below it.",
        "On %(num)s lines the sheet of the commission is not the sum of the sheets below it.",
        differ,
    )


def _verdict(desk: Desk, contest: AreaContest) -> Markup:
    _ = desk.gettext
    if not contest.copied and not contest.unlisted_copied:
        return _("No copy has reached us yet, so there is nothing to compare.")
    if not contest.compared:
        return _("Nothing was declared for these stations yet, so there is nothing to compare.")
    if not contest.differ_lines:
        return _("They agree on every line of all %(of)s stations compared.", of=contest.compared)
    if not contest.differ_choices:
        return desk.ngettext(
            "The votes agree on all %(of)s stations compared. "
            "Another line of the protocol differs on %(num)s of them.",
            "The votes agree on all %(of)s stations compared. "
            "Another line of the protocol differs on %(num)s of them.",
            contest.differ_lines,
            of=contest.compared,
        )
    return desk.ngettext(
        "Not everywhere: the votes differ on %(num)s of %(of)s stations compared.",
        "Not everywhere: the votes differ on %(num)s of %(of)s stations compared.",
        contest.differ_choices,
        of=contest.compared,
    )


@dataclass(frozen=True)
class SummaryRow:
    """A line of an area's own sheet beside the sum of the sheets below it."""

    name: Markup
    choice: bool
    below: Markup | str
    sheet: Markup | str
    mark: Markup
    differs: bool


def summary_rows(desk: Desk, level: str, contest: AreaContest) -> list[SummaryRow]:
    """Compare an area's own sheet with the sum of the level below, choices first.

    A line that the sheet or the sum does not have is boxed and has no difference.
    """
    summary = contest.summary
    if summary is None or summary.declared is None:
        return []
    rows = [*_rows(desk, level, contest.key, summary, contest.sums)]
    return [row for row in rows if row.choice] + [row for row in rows if not row.choice]


def _rows(
    desk: Desk, level: str, key: str, summary: StationContest, sums: Mapping[str, int]
) -> Iterator[SummaryRow]:
    for row in summary.rows:
        figure = row.figures[summary.declared or 0]
        one = summary.against.get(row.key)
        total = sums.get(row.key)
        difference = one - total if one is not None and total is not None else None
        yield SummaryRow(
            desk.label(key, level, row.key),
            row.choice,
            missing_box(desk, "unknown") if total is None else desk.number(total),
            missing_box(desk, "twice")
            if isinstance(figure, int) and one is None
            else figure_of(desk, figure),
            difference_mark(desk, difference),
            bool(difference),
        )


def contests_of(view: AreaView) -> list[AreaContest]:
    """List the contests of which anything is known in an area."""
    return [
        c for c in view.contests if c.stations or c.official or c.copied or c.summary or c.taken_off
    ] or list(view.contests[:1])
