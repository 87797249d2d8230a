"""Rows of lists: stations, areas and findings, in words and with their links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import AreaRef, AreaRow, FindingRow, Found, StationRow
from haq.bulletin.pages import links
from haq.bulletin.pages.bars import taken_off_words
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.folding import folded_words
from haq.bulletin.pages.words import (
    FINDINGS,
    N_,
    SPREAD,
    STATES,
    care_words,
    check_name,
    difference_mark,
    finding_name,
    kept,
    kind_of,
    missing_box,
    state_mark,
)

WARNING = "arithmetic:warning"
#: Kinds whose lists have a row a sheet, with every rule that it breaks.
FOLDED = ("arithmetic:copies", "arithmetic:declared")
#: Kinds of findings in the order of the lists: what most people look for first.
KINDS = tuple(kind for kind in FINDINGS if kind != WARNING)


#: Why a station has no difference on a choice, by its state.
_NO_DIFFERENCE = {"same": N_("none"), "differs": N_("no choice differs")}


class StationList(NamedTuple):
    """Stations in a list.

    Attributes:
        rows: of the table, ready.
        signed: whether any of them has a signed difference.
    """

    rows: Markup
    signed: bool


@dataclass(frozen=True)
class AreaLine:
    """An area in a list, in one contest."""

    href: str
    name: Markup
    stations: int
    copied: int
    compared: int
    differ: int
    mark: Markup
    line: Markup
    care: bool
    taken_off: Markup | str = ""


@dataclass(frozen=True)
class FindingLine:
    """A finding in a list or on a card.

    Attributes:
        mark: the signed difference; empty where it names none.
        base: of what the difference is: one station, or the summary sheet of an area.
        care: why it does not stand by itself.
        rules: (way to its page, name) of every rule that the sheet breaks, where it breaks several.
    """

    href: str
    place: Markup
    where: Markup
    contest: Markup
    kind: Markup
    mark: Markup
    line: Markup
    figures: Markup
    reply: Markup
    base: Markup | str = ""
    care: tuple[Markup, ...] = ()
    rules: tuple[tuple[str, Markup], ...] = ()


@dataclass(frozen=True)
class KindLine:
    """A kind of findings: how many, on how many protocols or sheets, and what it means."""

    href: str
    name: Markup
    words: Markup
    count: int
    spread: Markup | str = ""


def station_list(desk: Desk, rows: Iterable[StationRow], root: str, *, several: bool) -> StationList:
    """Write the stations of a list.

    Args:
        desk: of the page.
        rows: the stations.
        root: way up to the folder of the language.
        several: whether the election has several contests, so that each row names its own.
    """
    lines, signed = [], False
    for row in rows:
        # The same row stands in the lists of every area above; a template for each cell would be slow.
        held: tuple[StationRow, str] | None = desk.memory.get(("station", row.unit, root))
        if held is None or held[0] is not row:
            held = row, _station_line(desk, row, root, several=several)
            desk.memory["station", row.unit, root] = held
        lines.append(held[1])
        signed = signed or row.largest is not None
    # Every part is markup of ours or was escaped where it was made.
    return StationList(Markup("\n".join(lines)), signed)  # noqa: S704


def _station_line(desk: Desk, row: StationRow, root: str, *, several: bool) -> str:
    name = desk.station(row.short, row.names) if row.short or not row.name else desk.text(row.name)
    address = desk.name(row.addresses, row.address) or desk.name(row.names, row.name if row.short else "")
    under = _under(address) if address else ""
    findings = _findings(desk, row.findings) if row.findings else ""
    largest = _largest(desk, row, several=several) if row.largest else _why(desk, row.state)
    return (
        f'<tr><th scope="row"><a href="{root}{links.station_path(row.slug)}">{name}</a>{under}</th>'
        f'<td>{_state(desk, row)}{findings}</td><td class="number">{largest}</td></tr>'
    )


def _under(text: str) -> str:
    return f'<span class="under">{text}</span>'


def _state(desk: Desk, row: StationRow) -> str:
    if row.lost:
        state = state_mark(desk, f"{row.lost}-withdrawn")
    else:
        state = state_mark(desk, row.state) if row.state in STATES else desk.text(row.state)
    said = [f"{state}", *_withdrawn(desk, row)]  # plain text: markup would escape what is added to it
    if row.versions:
        speaks, latest = row.versions
        said.append(
            _under(desk.gettext("version %(n)s; version %(latest)s leaves it out", n=speaks, latest=latest))
        )
    return "".join(said)


def _withdrawn(desk: Desk, row: StationRow) -> Iterator[str]:
    """Say which sheets were withdrawn, besides the one that the state names."""
    results, copies = row.withdrawn
    if results > (row.lost == "official"):
        yield _under(desk.ngettext("%(num)s result was withdrawn", "%(num)s results were withdrawn", results))
    if copies > (row.lost == "copy"):
        yield _under(desk.ngettext("%(num)s copy was withdrawn", "%(num)s copies were withdrawn", copies))


def _findings(desk: Desk, count: int) -> Markup:
    return kept(
        desk,
        ("findings", str(count)),
        lambda: Markup('<span class="under">{}</span>').format(
            desk.ngettext("%(num)s finding", "%(num)s findings", count)
        ),
    )


def _largest(desk: Desk, row: StationRow, *, several: bool) -> str:
    line, mark = "", Markup()
    if row.largest:
        line, mark = desk.choice(row.contest, row.largest[0]), difference_mark(desk, row.largest[1])
    contest = f" · {desk.contest(row.contest)}" if several and row.contest else ""
    care = _under(desk.gettext("to be read with care")) if row.care else ""
    return f"{mark}{_under(f'{line}{contest}')}{care}"


def _why(desk: Desk, state: str) -> Markup:
    """Say why a row has no difference."""
    return kept(
        desk,
        ("why", state),
        lambda: Markup('<span class="quiet">{}</span>').format(
            desk.gettext(_NO_DIFFERENCE[state]) if state in _NO_DIFFERENCE else missing_box(desk, "unknown")
        ),
    )


def area_line(desk: Desk, row: AreaRow) -> AreaLine:
    """Write an area of a list."""
    return AreaLine(
        links.area_path(row.ref.slug),
        desk.area(row.ref),
        row.stations,
        row.copied,
        row.compared,
        row.differ_choices,
        difference_mark(desk, row.largest[1]) if row.largest else Markup(),
        desk.choice(row.contest, row.largest[0]) if row.largest else Markup(),
        row.care,
        taken_off_words(desk, row.taken_off),
    )


def place_of(desk: Desk, place: StationRow | AreaRef) -> tuple[Markup, str]:
    """Name what a finding is about, with the way to its page: home for the whole election."""
    if isinstance(place, AreaRef):
        return desk.area(place), links.area_path(place.slug) if place.key else links.HOME
    return desk.station(place.short, place.names), links.station_path(place.slug)


def finding_line(desk: Desk, row: FindingRow) -> FindingLine:
    """Write a finding of a list; one without a page of its own links to the page of its place."""
    found = row.found
    place, home = place_of(desk, row.place)
    line, mark, figures = _difference(desk, found)
    kind = finding_name(desk, kind_of(desk, found))
    rules: tuple[tuple[str, Markup], ...] = ()
    if found.check:
        kind = check_name(desk, found.level, found.check)
    if row.others:
        broken = (found, *row.others)
        kind = folded_words(desk, broken)
        rules = tuple((links.finding_path(f.id), check_name(desk, f.level, f.check)) for f in broken if f.id)
    return FindingLine(
        links.finding_path(found.id) if found.id else home,
        place,
        Markup(" · ").join(desk.area(area) for area in row.areas),
        desk.contest(found.contest),
        kind,
        mark,
        line,
        figures,
        _reply(desk, found),
        _base(desk, row) if mark else Markup(),
        tuple(care_words(desk, found)),
        rules,
    )


def _base(desk: Desk, row: FindingRow) -> Markup:
    """Say of what a difference is, so that one of a station is not taken for one of an area."""
    if row.found.kind == "sum-differs":
        return desk.gettext("on the summary sheet")
    if isinstance(row.place, AreaRef):
        return desk.gettext("on the sheet of this area")
    return desk.gettext("at this one station")


def _difference(desk: Desk, found: Found) -> tuple[Markup, Markup, Markup]:
    if found.largest is None:
        return Markup(), Markup(), Markup()
    key, difference = found.largest
    name = desk.label(found.contest, found.level, key)
    figures = Markup()
    given = found.lines.get(key, ())
    if len(given) >= 2 and given[0] is not None and given[-1] is not None:
        figures = _figures(desk, found, given[0], given[-1])
    return name, difference_mark(desk, difference), figures


def _figures(desk: Desk, found: Found, first: int, last: int) -> Markup:
    _ = desk.gettext
    if found.kind == "official-differs" and found.contest not in desk.context.stands_in:
        return _("%(copy)s on the copy, %(declared)s declared", copy=first, declared=last)
    if found.kind == "official-changed":
        return _("%(first)s at first, %(last)s later", first=first, last=last)
    if found.kind == "sum-differs":
        return _("%(sum)s by the sheets below, %(sheet)s on the summary", sum=first, sheet=last)
    return _("%(first)s on one, %(last)s on the other", first=first, last=last)


def _reply(desk: Desk, found: Found) -> Markup:
    return desk.gettext("The commission replied.") if found.replies else Markup()


def kinds_of(
    desk: Desk, counts: Mapping[str, int], spread: Mapping[str, tuple[int, int]] | None = None
) -> list[KindLine]:
    """List the kinds of findings that there are, without warnings; kinds that haq does not know last.

    Args:
        desk: of the page.
        counts: kind -> how many findings.
        spread: kind -> on how many protocols or sheets, of how many.
    """
    given = spread or {}
    order = [*KINDS, *sorted(set(counts) - set(KINDS) - {WARNING})]
    return [
        KindLine(
            links.findings_path(kind),
            finding_name(desk, kind),
            desk.gettext(FINDINGS[kind][1]) if kind in FINDINGS else Markup(),
            counts[kind],
            spread_words(desk, kind, given.get(kind)),
        )
        for kind in order
        if counts.get(kind)
    ]


def spread_words(desk: Desk, kind: str, spread: tuple[int, int] | None) -> Markup:
    """Say on how many protocols, sheets or stations a kind of findings is, of how many."""
    if spread is None or kind not in SPREAD:
        return Markup()
    return desk.gettext(SPREAD[kind], n=spread[0], of=spread[1])


def weak_words(desk: Desk, count: int) -> Markup:
    """Say how many warnings there are, and how weak they are."""
    return desk.ngettext(
        "%(num)s warning besides: an unusual number, which most often has an ordinary reason.",
        "%(num)s warnings besides: unusual numbers, which most often have an ordinary reason.",
        count,
    )


def added_up(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Add up counts by kind over contests."""
    found: dict[str, int] = {}
    for one in counts:
        for kind, count in one.items():
            found[kind] = found.get(kind, 0) + count
    return found
