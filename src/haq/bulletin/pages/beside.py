"""What stands beside the figures of a finding: the other copies, and the rules that each sheet keeps."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import AreaRef, FindingView
from haq.bulletin.pages import links
from haq.bulletin.pages.checking import broken_in_words, relation_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import copies_of, sheet_name, sheet_of
from haq.bulletin.pages.words import check_name, figure_of, grade_words, missing_box


class Beside(NamedTuple):
    """A copy of the same protocol beside those of the finding: what it shows on the line in question."""

    name: Markup
    path: str
    who: Markup
    grade: Markup
    figure: Markup | str
    used: bool


def index_of(view: FindingView, place: int) -> int | None:
    """Find the sheet that a finding names in a place of its sources; None where its unit has none."""
    rows = view.found.rows
    if view.contest is None or place >= len(rows):
        return None
    return sheet_of(view.contest, view.found.sources[place], rows[place])


def rules_held(desk: Desk, view: FindingView, index: int | None) -> Markup:
    """Count the rules that hold on a sheet, of those that can be checked."""
    checks = [c for c in view.contest.checks if c.sheet == index] if view.contest else []
    known = [check for check in checks if check.broken is not None]
    if not known:
        return Markup()
    holds = sum(not check.broken for check in known)
    return desk.gettext("Rules of the form that hold on this sheet: %(n)s of %(of)s.", n=holds, of=len(known))


def rules_broken(desk: Desk, view: FindingView, index: int | None) -> tuple[Markup, ...]:
    """Write the rules that a sheet breaks, with its figures on both sides."""
    contest, level = view.contest, view.found.level
    if contest is None or index is None:
        return ()
    found = []
    for check in contest.checks:
        relation = relation_of(desk, level, check.relation) if check.sheet == index and check.broken else None
        if relation is not None:
            figures = contest.sheets[index].figures
            words = broken_in_words(desk, contest.key, level, relation, figures, check)
            found.append(Markup("{}: {}").format(check_name(desk, level, check.relation), words))
    return tuple(found)


def beside_of(desk: Desk, view: FindingView, home: str) -> list[Beside]:
    """List every copy of the protocol with its figure on the line that differs most.

    Returns:
        A row a copy; nothing where the finding is no difference, or rests on the only copies that there are.
    """
    found, contest = view.found, view.contest
    if contest is None or found.largest is None or found.kind not in ("official-differs", "copies-disagree"):
        return []
    used = {index_of(view, place) for place in range(len(found.sources))}
    copies = copies_of(contest)
    if used.issuperset(copies):
        return []
    prefix = links.anchor_prefix(found.contest, len(desk.context.election.contests))
    rows = []
    for number, index in enumerate(copies, start=1):
        sheet = contest.sheets[index]
        path = home
        if not isinstance(view.place, AreaRef):
            path = f"{home}#{links.copy_anchor(prefix, number)}"
        figure = sheet.figures.get(found.largest[0])
        rows.append(
            Beside(
                sheet_name(desk, contest, index),
                path,
                desk.organisation(sheet.organisation),
                grade_words(desk, sheet.grade),
                figure_of(desk, figure) if sheet.figures else missing_box(desk, "unknown"),
                index in used,
            )
        )
    return rows
