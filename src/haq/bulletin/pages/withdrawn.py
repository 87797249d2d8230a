"""What was taken back, and which files were removed: in a sentence, and on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import GoneFinding, Redacted, Withdrawals, Withdrawn, WithdrawnView
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.listing import place_of
from haq.bulletin.pages.method import Section
from haq.bulletin.pages.station import crumbs_of
from haq.bulletin.pages.words import (
    WithdrawnLine,
    entry_lines,
    entry_mark,
    language_of,
    withdrawn_lines,
)

#: Nothing was withdrawn, and no file was removed.
NOTHING = WithdrawnView(Withdrawals())


class Part(NamedTuple):
    """A station or an area with what was withdrawn of it; the way is empty where it has no page."""

    name: Markup
    href: str
    lines: list[WithdrawnLine]


class RedactedLine(NamedTuple):
    """A file that was removed, in words; the language is empty where it is the page's or not known."""

    file: Markup
    reason: Markup
    language: str
    entry: Markup


def gone_words(desk: Desk, gone: Withdrawals) -> list[Markup]:
    """Say how many entries were withdrawn, and of how many stations; nothing where none was."""
    said = []
    if gone.entries == 1:
        said.append(desk.gettext("One entry of one station was withdrawn."))
    elif gone.entries:
        said.append(
            desk.ngettext(
                "%(entries)s entries of %(num)s station were withdrawn.",
                "%(entries)s entries of %(num)s stations were withdrawn.",
                gone.stations,
                entries=gone.entries,
            )
        )
    if gone.above:
        said.append(
            desk.ngettext(
                "%(num)s entry about areas or the whole election was withdrawn.",
                "%(num)s entries about areas or the whole election were withdrawn.",
                gone.above,
            )
        )
    return said


def all_words(desk: Desk, view: WithdrawnView) -> list[Markup]:
    """Say how much was withdrawn or removed in the whole election, or that nothing was."""
    said = gone_words(desk, view.count)
    files = len({one.file for one in view.redacted})
    if files:
        said.append(
            desk.ngettext(
                "%(num)s file was removed by a redaction.",
                "%(num)s files were removed by redactions.",
                files,
            )
        )
    return said or [desk.gettext("No entry was withdrawn, and no file was removed.")]


def gone_section(desk: Desk, view: WithdrawnView) -> Section:
    """Say on a page of text how much was withdrawn, with the way to the list."""
    said = Markup(" ").join(all_words(desk, view))
    return Section(
        desk.gettext("Withdrawn entries and removed files"),
        paragraphs=[Markup('<a href="{}">{}</a>').format(links.WITHDRAWN, said)],
    )


def withdrawn_page(desk: Desk, view: WithdrawnView) -> str:
    """Write the list of everything that was withdrawn or removed.

    Args:
        desk: the desk.
        view: what that is.

    Returns:
        The HTML text.
    """
    heading = desk.gettext("Withdrawn entries and removed files")
    lead = all_words(desk, view)
    return desk.page(
        "withdrawn.html",
        links.WITHDRAWN,
        title=heading,
        description=Markup(" ").join(lead),
        active="data",
        heading=heading,
        lead=lead,
        parts=list(_parts(desk, view)),
        redacted=[_redacted(desk, one) for one in view.redacted],
    )


def gone_finding_page(desk: Desk, view: GoneFinding) -> str:
    """Write what stands at the address of a finding that was withdrawn: that it was, by which entry, and why.

    Whoever follows an old link learns what became of it; the figures are not repeated as if they stood.

    Args:
        desk: the desk.
        view: the finding's entry and its place.

    Returns:
        The HTML text.
    """
    one = view.entry
    place, home = place_of(desk, view.place)
    heading = desk.gettext("This finding was withdrawn")
    return desk.page(
        "finding_withdrawn.html",
        links.finding_path(one.page),
        title=Markup("{}: {}").format(place, heading),
        description=desk.plain(heading),
        active="findings",
        crumbs=[*crumbs_of(desk, view.areas), (home, place)] if home != links.HOME else crumbs_of(desk, ()),
        heading=heading,
        place=place,
        home=home,
        contest=desk.contest(one.contest),
        withdrawn=withdrawn_lines(desk, (one,)),
        entries=entry_lines(desk, (("finding", one.entry), ("retraction", one.by))),
    )


def _parts(desk: Desk, view: WithdrawnView) -> Iterator[Part]:
    if view.others:
        yield _part(desk, desk.gettext("Whole election"), links.HOME, view.others)
    for ref, gone in view.areas:
        yield _part(desk, desk.area(ref), links.area_path(ref.slug), gone)
    for row, gone in view.stations:
        yield _part(desk, desk.station(row.short, row.names), links.station_path(row.slug), gone)


def _part(desk: Desk, name: Markup, href: str, gone: Sequence[Withdrawn]) -> Part:
    return Part(name, href, withdrawn_lines(desk, gone))


def _redacted(desk: Desk, one: Redacted) -> RedactedLine:
    return RedactedLine(
        desk.text(one.file),
        desk.text(one.reason),
        language_of(desk, one.language),
        entry_mark(desk, one.entry),
    )
