"""The one sentence that answers a station's question, and what belongs beside it."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import StationContest
from haq.bulletin.pages.checking import relation_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import Compared, copies_of, sheet_name
from haq.bulletin.pages.words import N_

#: What is said where sheets would stand, had nobody taken them back.
RESULT_WITHDRAWN = N_("The declared result was withdrawn by those who published it (see below).")
COPY_WITHDRAWN = N_("The copy of this protocol was withdrawn by those who published it (see below).")
NO_COPY = N_("No copy of this protocol has reached us.")
NOT_EITHER = N_("No declared result has reached us either.")
NOTHING_DECLARED = N_("Nothing has been declared here.")


class Verdict(NamedTuple):
    """What a voter reads first.

    Attributes:
        state: ``same``, ``differs``, ``no-copy``, ``not-declared``, ``declared-twice``, ``unknown``.
        mark: the largest difference with its sign; empty where there is none.
        says: the sentence.
        more: further sentences.
        compared: n of N lines compared, in words; empty where nothing is compared.
    """

    state: str
    mark: str
    says: Markup
    more: tuple[Markup, ...]
    compared: Markup | str


def verdict_of(desk: Desk, contest: StationContest, level: str, seen: Compared) -> Verdict:
    """Put into words how the copies of a unit stand to what was declared.

    Args:
        desk: of the page.
        contest: its sheets.
        level: of the unit.
        seen: what ``compare`` counted.

    Returns:
        The verdict; a line that cannot be compared is never called the same.
    """
    rows = len(contest.rows)
    more: list[Markup] = []
    mark, compared = "", Markup("")
    state: str = contest.state
    gone = {entry.kind for entry in contest.withdrawn}
    no_copy = COPY_WITHDRAWN if "copy" in gone else NO_COPY
    not_either, nothing = NOT_EITHER, NOTHING_DECLARED
    if "official" in gone:
        not_either = nothing = RESULT_WITHDRAWN
    if contest.declared is not None and seen.copies:
        known = rows - seen.unknown
        compared = desk.gettext("Lines compared: %(n)s of %(of)s.", n=known, of=rows)
    if contest.state == "declared-twice":
        mark, says = "≠", _twice(desk, contest, seen)
        if seen.differ:
            more.append(
                desk.gettext("Lines on which they are the same and a copy differs: %(n)s.", n=seen.differ)
            )
    elif contest.state == "differs" and contest.largest:
        mark = desk.signed(contest.largest[1])
        says = _largest(desk, contest, level, *contest.largest)
        more.append(
            desk.ngettext(
                "In all, %(num)s line of %(of)s differs.",
                "In all, %(num)s lines of %(of)s differ.",
                seen.differ,
                of=rows,
            )
        )
    elif contest.state == "differs":
        mark = "≠"  # a large number without its line would read as votes
        says = desk.ngettext(
            "The votes for the choices do not differ. %(num)s other line of %(of)s does.",
            "The votes for the choices do not differ. %(num)s other lines of %(of)s do.",
            seen.differ,
            of=rows,
        )
    elif contest.state == "same":
        state, says = _same(desk, seen, rows)
    elif contest.state == "no-copy":
        says = desk.gettext(no_copy)
        if contest.declared is None:
            more.append(desk.gettext(not_either))
        elif len(seen.ours) + len(seen.earlier) and contest.rows:
            more.append(desk.gettext("The table shows what was declared."))
    else:
        says = desk.gettext(nothing)
        copies = len(copies_of(contest))
        if "copy" in gone and not copies:
            more.append(desk.gettext(COPY_WITHDRAWN))
        if copies:
            more.append(
                desk.ngettext(
                    "%(num)s copy of the protocol has reached us; the table shows it.",
                    "%(num)s copies of the protocol have reached us; the table shows them.",
                    copies,
                )
            )
    if seen.unknown and contest.state == "differs":
        more.append(
            desk.ngettext(
                "%(num)s line cannot be compared: a figure is missing.",
                "%(num)s lines cannot be compared: figures are missing.",
                seen.unknown,
            )
        )
    if seen.disagree:
        more.append(
            desk.ngettext(
                "The copies disagree with each other on %(num)s line.",
                "The copies disagree with each other on %(num)s lines.",
                seen.disagree,
            )
        )
    if seen.unread:
        more.append(
            desk.ngettext(
                "The figures of %(num)s copy have not been read yet.",
                "The figures of %(num)s copies have not been read yet.",
                len(seen.unread),
            )
        )
    if contest.declared is not None and contest.left_out_of:
        more.append(
            desk.gettext(
                "The declared figures are of version %(n)s: version %(latest)s leaves this station out.",
                n=contest.sheets[contest.declared].version,
                latest=contest.left_out_of,
            )
        )
    if contest.withdrawn:
        more.append(
            desk.ngettext(
                "%(num)s sheet of this protocol was withdrawn, see below.",
                "%(num)s sheets of this protocol were withdrawn, see below.",
                len(contest.withdrawn),
            )
        )
    more += _broken(desk, contest, level)
    if seen.earlier and seen.changed:
        more.append(
            desk.ngettext(
                "The official result itself was changed after it was first published: on %(num)s line.",
                "The official result itself was changed after it was first published: on %(num)s lines.",
                seen.changed,
            )
        )
    return Verdict(state, mark, says, tuple(more), compared)


def _twice(desk: Desk, contest: StationContest, seen: Compared) -> Markup:
    """Say on how many lines one version of the official result gives two different figures."""
    torn = sum(
        row.key not in contest.against and any(type(row.figures[i]) is int for i in seen.ours)
        for row in contest.rows
    )
    return desk.ngettext(
        "One version of the official result stands here twice, with different figures on %(num)s line. "
        "haq chooses neither.",
        "One version of the official result stands here twice, with different figures on %(num)s lines. "
        "haq chooses neither.",
        torn,
    )


def _broken(desk: Desk, contest: StationContest, level: str) -> list[Markup]:
    """Say on which sheets a sum does not add up: a reader has to know it before trusting either side."""
    found: dict[int, int] = {}
    for check in contest.checks:
        if check.broken:
            relation = relation_of(desk, level, check.relation)
            if relation is None or relation.severity == "error":
                found[check.sheet] = found.get(check.sheet, 0) + 1
    return [
        desk.ngettext(
            "%(sheet)s: %(num)s sum does not add up, see below.",
            "%(sheet)s: %(num)s sums do not add up, see below.",
            count,
            sheet=sheet_name(desk, contest, sheet),
        )
        for sheet, count in found.items()
    ]


def _same(desk: Desk, seen: Compared, rows: int) -> tuple[str, Markup]:
    known = rows - seen.unknown if seen.copies else 0
    if known == 0:
        return "unknown", desk.gettext("No line can be compared: figures are missing.")
    if seen.unknown:
        return "same", desk.gettext(
            "On every line that can be compared, the copies and the declared result are the same: "
            "%(n)s of %(of)s lines.",
            n=known,
            of=rows,
        )
    if len(seen.copies) == 1:
        return "same", desk.gettext("On every line, the copy and the declared result are the same.")
    return "same", desk.gettext("On every line, the copies and the declared result are the same.")


def _largest(desk: Desk, contest: StationContest, level: str, key: str, difference: int) -> Markup:
    """Say who is given more or fewer votes than on the copy, with both figures."""
    copied = 0
    for row in contest.rows:
        if row.key == key:
            place = row.differences.index(difference)
            figure = row.figures[place]
            copied = figure if isinstance(figure, int) else 0
    return difference_sentence(
        desk,
        desk.label(contest.key, level, key),
        copied,
        copied + difference,
        stands_in=_stands_in(desk, contest),
    )


def difference_sentence(
    desk: Desk, choice: Markup, copied: int, declared: int, stands_in: Markup | None = None
) -> Markup:
    """Say in a sentence how the declared votes of a choice differ from those on a copy.

    Args:
        desk: of the page.
        choice: its name.
        copied, declared: both figures [votes]; they differ.
        stands_in: the organisation whose copy stands in for the declared result.
    """
    size = abs(declared - copied)
    values: dict[str, object] = {"choice": choice, "copy": copied, "declared": declared}
    if stands_in is not None:
        values["organisation"] = stands_in
        if declared > copied:
            return desk.ngettext(
                "%(choice)s: the copy of %(organisation)s shows %(num)s vote more than the other copy. "
                "%(copy)s there, %(declared)s here.",
                "%(choice)s: the copy of %(organisation)s shows %(num)s votes more than the other copy. "
                "%(copy)s there, %(declared)s here.",
                size,
                **values,
            )
        return desk.ngettext(
            "%(choice)s: the copy of %(organisation)s shows %(num)s vote fewer than the other copy. "
            "%(copy)s there, %(declared)s here.",
            "%(choice)s: the copy of %(organisation)s shows %(num)s votes fewer than the other copy. "
            "%(copy)s there, %(declared)s here.",
            size,
            **values,
        )
    if declared > copied:
        return desk.ngettext(
            "The declared result gives %(choice)s %(num)s vote more than the copy: "
            "%(copy)s on the copy, %(declared)s declared.",
            "The declared result gives %(choice)s %(num)s votes more than the copy: "
            "%(copy)s on the copy, %(declared)s declared.",
            size,
            **values,
        )
    return desk.ngettext(
        "The declared result gives %(choice)s %(num)s vote fewer than the copy: "
        "%(copy)s on the copy, %(declared)s declared.",
        "The declared result gives %(choice)s %(num)s votes fewer than the copy: "
        "%(copy)s on the copy, %(declared)s declared.",
        size,
        **values,
    )


def _stands_in(desk: Desk, contest: StationContest) -> Markup | None:
    declared = contest.sheets[contest.declared] if contest.declared is not None else None
    if declared is None or declared.kind == "official":
        return None
    return desk.organisation(declared.organisation)
