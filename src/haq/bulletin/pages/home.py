"""The first page: do the copies and the declared result agree?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from haq.bulletin.model import AreaContest, AreaView, FindingRow
from haq.bulletin.pages import links, pictures
from haq.bulletin.pages.bars import LEADING, bars_of, contests_of, coverage, leading, sides_of, verdict
from haq.bulletin.pages.declared import Whole, declared_words, has_sheet, whole_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.listing import (
    WARNING,
    area_line,
    finding_line,
    kinds_of,
    station_list,
    weak_words,
)
from haq.bulletin.pages.log import log_line
from haq.bulletin.pages.mandates import seat_table
from haq.bulletin.pages.maps import map_of
from haq.bulletin.pages.provenance import makers_in_words
from haq.bulletin.pages.withdrawn import gone_words
from haq.bulletin.pages.words import entry_lines, withdrawn_lines

#: Differences on the first page.
LARGEST = 3


def home_page(desk: Desk, view: AreaView) -> str:
    """Write the first page of a language.

    Args:
        desk: the desk.
        view: the whole election.

    Returns:
        The HTML text.
    """
    contests = contests_of(view)
    several = len(contests) > 1
    shown = [
        contest_values(desk, view, contest, root="") | {"whole": _whole(desk, contest)}
        for contest in contests
    ]
    return desk.page(
        "home.html",
        links.HOME,
        title=shown[0]["sides"].question,
        description=pictures.shared_words(
            desk, contests[0], Markup("{} {}").format(shown[0]["coverage"], shown[0]["verdict"])
        ),
        active="home",
        image=pictures.card_path(desk.language, view.ref.slug) if pictures.has_card(view) else "",
        contests=shown,
        several=several,
        stations=station_list(desk, () if view.children else view.stations, "", several=len(contests) > 1),
        stations_caption=list_caption(desk, view),
        pages=view.pages,
        path_of=lambda n: links.HOME if n == 1 else links.area_path(view.ref.slug, n),
        problems=len(view.problems),
        reply=reply_words(desk, view.replies),
        share=share_of(desk, view, site="../"),
        entries=entries_of(desk, view, links.HOME),
        withdrawn=withdrawn_lines(desk, view.withdrawn),
        gone=gone_words(desk, view.gone),
        log=log_line(desk),
    )


def contest_values(desk: Desk, view: AreaView, contest: AreaContest, root: str) -> dict[str, Any]:
    """Gather what the pages of areas show of a contest.

    Args:
        desk: the desk.
        view: the area.
        contest: the contest in it.
        root: the way up to the language's folder.

    Returns:
        Values for the templates of home and areas.
    """
    _ = desk.gettext
    sides = sides_of(desk, contest.key)
    bars = bars_of(desk, contest, LEADING)
    left_out = sum(1 for c in contest.choices if c.stations) - len(bars)
    largest = _largest(view, contest.key)
    children = [row for row in view.children if row.contest == contest.key]
    warnings = contest.findings.get(WARNING, 0)
    level = desk.level(children[0].ref.level) if children else Markup()
    return {
        "key": contest.key,
        "title": desk.contest(contest.key),
        "sides": sides,
        "verdict": verdict(desk, contest),
        "coverage": coverage(desk, contest),
        "makers": makers_in_words(desk, contest.key) if contest.copied else Markup(),
        "stands_in": stands_in_words(desk, sides.stands_in),
        "bars": bars,
        "left_out": desk.ngettext(
            "and %(num)s choice with fewer votes", "and %(num)s choices with fewer votes", left_out
        )
        if left_out > 0
        else Markup(),
        "totals_href": root + links.totals_path(contest.key),
        "whole_words": whole_words(desk, contest) if bars else Markup(),
        "official": [
            {"name": desk.choice(contest.key, c.key), "votes": desk.number(c.official)}
            for c in contest.choices
            if c.official_stations
        ],
        "official_caption": _(
            "Declared by %(n)s of %(of)s stations", n=contest.official, of=contest.stations
        ),
        "official_words": declared_words(desk, contest) if not sides.stands_in else Markup(),
        "seats": seat_table(desk, contest, contest.seats) if contest.seats else None,
        "largest": [finding_line(desk, row) for row in largest],
        "careful": careful_words(desk, sum(contest.careful.values())),
        "careful_href": root + _careful_href(contest),
        "turning": weights_of(desk, contest, turning=True),
        "weights": weights_of(desk, contest, turning=False),
        "kinds": kinds_of(desk, contest.findings, contest.spread),
        "warnings": weak_words(desk, warnings) if warnings else Markup(),
        "warnings_href": root + links.findings_path(WARNING),
        "areas": [area_line(desk, row) for row in children],
        "areas_title": _("Where they differ"),
        "areas_caption": _("The largest differences first. Copies: of all stations known there."),
        "level": level,
        "map": map_of(desk, view.shapes, children) if children else None,
    }


def _whole(desk: Desk, contest: AreaContest) -> Whole | None:
    """Lay out the leading choices in the whole election, where its commission declared a sheet of its own."""
    if not has_sheet(contest):
        return None
    sums = [(desk.choice(contest.key, c.key), c) for c in contest.choices]
    whole = whole_of(desk, contest, sums, shares=True, brief=True)
    kept = {c.key for c in leading(contest.choices, LEADING, everywhere=True)}
    rows = (row for row, c in zip(whole.rows, contest.choices, strict=True) if c.key in kept)
    return replace(whole, rows=tuple(rows))


def _largest(view: AreaView, contest: str) -> list[FindingRow]:
    """Keep the largest differences, each place once: several copies of it say much the same."""
    found: dict[tuple[str, str], FindingRow] = {}
    for row in view.largest:
        if row.found.contest == contest:
            found.setdefault((row.found.level, row.found.unit), row)
    return list(found.values())[:LARGEST]


def reply_words(desk: Desk, replies: int) -> Markup:
    """Say what became of the question that a difference is: whether anybody answered."""
    if replies:
        return desk.gettext("Where the commission replied, its reply stands beside the difference.")
    if any(source.kind == "replies" for source in desk.context.election.sources):
        return desk.gettext("No reply so far.")
    return desk.gettext("This site holds no replies of commissions.")


def careful_words(desk: Desk, count: int) -> Markup:
    """Say how many differences stand apart, and why; nothing where none does."""
    if not count:
        return Markup()
    return desk.ngettext(
        "%(num)s difference stands apart and is to be read with care: it waits for a second source or "
        "reading, another copy or its own sum contradicts it, or its figures stand on no sheet.",
        "%(num)s differences stand apart and are to be read with care: they wait for a second source or "
        "reading, another copy or their own sum contradicts them, or their figures stand on no sheet.",
        count,
    )


def _careful_href(contest: AreaContest) -> str:
    kinds = [kind for kind, count in contest.careful.items() if count]
    return links.findings_path(kinds[0]) if len(kinds) == 1 else links.FINDINGS


def weights_of(desk: Desk, contest: AreaContest, *, turning: bool) -> list[Markup]:
    """Say of which choices one station makes most of the difference, and what is left without it.

    Args:
        desk: of the page.
        contest: in an area or the whole election.
        turning: whether to list the choices of which that station turns the sign, or the others.
    """
    _ = desk.gettext
    shown = [choice.key for choice in leading(contest.choices, LEADING)]
    return [
        _(
            "%(choice)s: of the difference of %(total)s, one place alone makes %(alone)s (%(station)s); "
            "without it %(rest)s. Stations that differ on it: %(n)s.",
            choice=desk.choice(contest.key, one.choice),
            total=_signed(desk, one.total),
            station=desk.station(one.station.short, one.station.names),
            alone=_signed(desk, one.alone),
            rest=_signed(desk, one.total - one.alone),
            n=one.differ,
        )
        for one in contest.weights
        if one.choice in shown and turning == (one.total * (one.total - one.alone) <= 0)
    ]


def _signed(desk: Desk, difference: int) -> str:
    return desk.signed(difference) if difference else desk.number(0)


def stands_in_words(desk: Desk, organisation: Markup) -> Markup:
    """Say that nothing official is known, and what is compared instead."""
    if not organisation:
        return Markup()
    return desk.gettext(
        "Nothing official is known of single stations. What you see are copies of different organisations "
        "against each other: those of %(organisation)s stand where the declared result would be.",
        organisation=organisation,
    )


def whole_words(desk: Desk, contest: AreaContest) -> Markup:
    """Say over which stations the bars are added up, where that is not every station with a copy."""
    _ = desk.gettext
    counts = {c.stations for c in contest.choices if c.stations}
    if counts == {contest.copied + contest.unlisted_copied}:
        return Markup()
    if len(counts) == 1:
        return _(
            "Added up are only stations where all copies agree and both sides have a figure: %(n)s of them.",
            n=min(counts),
        )
    return _(
        "Added up are only stations where all copies agree and both sides have a figure: "
        "%(least)s to %(most)s of them, line by line.",
        least=min(counts),
        most=max(counts),
    )


def list_caption(desk: Desk, view: AreaView) -> Markup:
    """Say how many stations a list has and how it is sorted."""
    if view.pages > 1:
        return desk.gettext(
            "%(n)s stations, the largest differences first; page %(page)s of %(pages)s",
            n=view.all_stations,
            page=view.page,
            pages=view.pages,
        )
    return desk.ngettext(
        "%(num)s station, the largest differences first",
        "%(num)s stations, the largest differences first",
        view.all_stations,
    )


def share_of(desk: Desk, view: AreaView, site: str) -> Markup:
    """Offer the pictures of an area; nothing where it has none."""
    if not pictures.has_card(view):
        return Markup()
    return desk.part(
        "_share.html",
        site=site,
        card=pictures.card_path(desk.language, view.ref.slug),
        alt=pictures.card_of(view, desk).text,
        pictures=pictures.offered(view, desk),
    )


def entries_of(desk: Desk, view: AreaView, path: str) -> Markup:
    """List the entries of an area itself on its page, which lies at a path of the language's folder."""
    root = links.root_of(path)
    return desk.part("_entries.html", entries=entry_lines(desk, view.entries), root=root, site=f"../{root}")
