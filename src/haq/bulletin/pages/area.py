"""The page of an area: which stations differ here?"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from haq.bulletin.model import AreaContest, AreaView
from haq.bulletin.pages import links, pictures
from haq.bulletin.pages.bars import contests_of, summary_rows
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.home import contest_values, entries_of, list_caption, share_of
from haq.bulletin.pages.listing import station_list
from haq.bulletin.pages.withdrawn import gone_words
from haq.bulletin.pages.words import problem_sentence, withdrawn_lines


def area_page(desk: Desk, view: AreaView) -> str:
    """Write the page of an area, or a further page of its list of stations.

    Args:
        desk: the desk.
        view: the area.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    path = links.area_path(view.ref.slug, view.page)
    root = links.root_of(path)
    contests = contests_of(view)
    first = view.page == 1
    # Further pages show no sums, so that they stay as they are when only a sum changes.
    shown = [
        contest_values(desk, view, contest, root) | summary_values(desk, view, contest)
        for contest in contests
        if first
    ]
    name = desk.area(view.ref) if view.ref.key else _("All stations")
    crumbs = [{"href": links.area_path(ref.slug), "name": desk.area(ref)} for ref in view.parents]
    if not first and view.ref.key:
        crumbs.append({"href": links.area_path(view.ref.slug), "name": name})
    heading = name
    if not first:
        heading = _("%(area)s: stations, page %(page)s", area=name, page=view.page)
    return desk.page(
        "area.html",
        path,
        title=heading,
        description=pictures.shared_words(
            desk, contests[0], Markup("{} {}").format(shown[0]["coverage"], shown[0]["verdict"])
        )
        if shown
        else heading,
        image=pictures.card_path(desk.language, view.ref.slug) if pictures.has_card(view) else "",
        heading=heading,
        crumbs=crumbs,
        contests=shown,
        several=len(contests) > 1,
        page=view.page,
        pages=view.pages,
        path_of=lambda n: root + (links.area_path(view.ref.slug, n) if n > 1 or view.ref.key else links.HOME),
        stations=station_list(desk, view.stations, root, several=len(contests) > 1),
        stations_caption=list_caption(desk, view),
        problems=[problem_sentence(desk, problem) for problem in view.problems],
        share=share_of(desk, view, site=f"../{root}") if first else Markup(),
        entries=entries_of(desk, view, path),
        withdrawn=withdrawn_lines(desk, view.withdrawn) if first else [],
        gone=gone_words(desk, view.gone) if first else [],
    )


def summary_values(desk: Desk, view: AreaView, contest: AreaContest) -> dict[str, Any]:
    """Gather what a page shows of an area's own summary sheet."""
    _ = desk.gettext
    level = view.ref.level
    rows = summary_rows(desk, level, contest)
    differ = sum(row.differs for row in rows)
    known = (
        sum(bool(contest.sums.get(row.key) is not None) for row in contest.summary.rows)
        if rows and contest.summary
        else 0
    )
    below = desk.level(contest.below) if contest.below else Markup()
    if not known:
        words = _("No line of it can be compared, because the sheets below it are not complete.")
    elif differ:
        words = desk.ngettext(
            "On %(num)s line the sheet of the commission is not the sum of the sheets below it.",
            "On %(num)s lines the sheet of the commission is not the sum of the sheets below it.",
            differ,
        )
    else:
        words = _("The sheet of the commission is the sum of the sheets below it, on every line compared.")
    return {
        "summary": rows,
        "summary_differs": bool(differ),
        "summary_verdict": words,
        "summary_caption": _(
            "Summary of the %(organ)s, and the sum of the sheets below it (%(below)s)",
            organ=desk.organ(level),
            below=below,
        ),
        "organ": desk.organ(level),
        "below": below,
    }
