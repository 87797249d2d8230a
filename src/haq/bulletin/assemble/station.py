"""The page of a station, and what it leaves behind for areas, lists, search and downloads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from operator import itemgetter

from haq.bulletin.assemble.caution import shaky
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.unit import Unit
from haq.bulletin.model import FindingView, GoneFinding, StationContest, StationRow, StationView
from haq.bulletin.setting import NO_NAMES, Setting, short_of
from haq.bulletin.slugs import slug_of


def assemble_station(unit: str, lines: Iterable[bytes], setting: Setting) -> tuple[StationView | None, Unit]:
    """Read the lines of one station and put them together.

    Args:
        unit: key of the station.
        lines: its lines, sorted.
        setting: the election.

    Returns:
        What its page shows, or nothing where none of its lines can be used; and the unit with its problems.
    """
    read = Unit(setting, setting.base, unit)
    read.read(lines)
    read.settle()
    if not read.entries:
        return None, read
    # Where two entries contradict each other, the first in the order of bytes speaks, and it is said.
    entry = read.stations[0][0] if read.stations else None
    for other, key in read.stations[1:]:
        fields = [f for f in type(other).model_fields if getattr(other, f) != getattr(entry, f)]
        read.problem("two-stations", key, fields=", ".join(fields))
    keys = dict(entry.areas) if entry else {}
    for level in sorted(keys.keys() - set(setting.above) - {setting.top}):
        read.problem("unknown-level", read.stations[0][1], level=level)
    areas = setting.areas(keys)
    view = StationView(
        unit=unit,
        slug=slug_of(unit),
        short=short_of(unit, areas[-1].key if areas else ""),
        names=(entry.names if entry else None) or NO_NAMES,
        addresses=(entry.addresses if entry else None) or NO_NAMES,
        name=(entry.name if entry else None) or "",
        address=(entry.address if entry else None) or "",
        registered=entry.registered if entry else None,
        areas=areas,
        listed=entry is not None and not read.unlisted,
        contests=read.contests,
        problems=tuple(read.problems),
        entries=tuple(read.entries),
        withdrawn=tuple(read.withdrawn),
    )
    return view, read


def harvest_station(view: StationView | None, unit: Unit, harvest: Harvest) -> None:
    """Leave the rows of a station behind."""
    harvest.add_unit(unit.level, unit.key, unit.problems, unit.files)
    if view is None:
        return
    setting = unit.setting
    keys = {area.level: area.key for area in view.areas}
    # Of a station whose entry was withdrawn nothing else tells in which area that is to be said.
    first = min(unit.stations_withdrawn, key=itemgetter(0), default=None)
    told = keys or (first[1].areas if first else keys)
    off = json.dumps(unit.taken_off, ensure_ascii=False) if unit.taken_off else None
    harvest.withdrawn.extend(
        (
            view.unit,
            w.kind,
            w.entry,
            w.by,
            w.reason,
            w.language or None,
            w.replaced_by or None,
            w.contest or None,
            w.source or None,
            off if w.kind == "station" else None,
            *(told.get(level) for level in setting.above),
        )
        for w in view.withdrawn
        if w.kind != "retraction"  # what is taken back with it stands again
    )
    harvest.stations.append(
        (
            view.unit,
            view.slug,
            view.short,
            json.dumps(unit.unlisted, ensure_ascii=False) if unit.unlisted else None,
            *(keys.get(level) for level in setting.above),
            view.name or None,
            view.address or None,
            *(getattr(view.names, language) for language in ("kk", "ru", "en")),
            *(getattr(view.addresses, language) for language in ("kk", "ru", "en")),
            view.registered,
        )
    )
    for contest in view.contests:
        harvest.add_contest(contest, setting.base, view.unit, setting.sources)
        harvest.summaries.append((view.unit, *summary_of(contest, setting)))


def summary_of(contest: StationContest, setting: Setting) -> tuple[object, ...]:
    """Sum a contest at a station up: what lists and areas say of it.

    Returns:
        contest, state, line and size of the largest difference, copies, best grade, findings, whether
        anything was declared, whether copies can be compared with it, whether a choice differs, whether the
        largest difference does not stand by itself, versions of the official result, the one that
        speaks, and the latest where it leaves the station out.
    """
    declared = contest.declared
    source = setting.declared.get((contest.key, setting.base))
    stand_in = source.key if source is not None and source.kind == "copies" else None
    copies = [s for s in contest.sheets if s.kind == "copy"]
    compared = [s for s in copies if declared is None or stand_in is None or s.source != stand_in]
    return (
        contest.key,
        contest.state,
        contest.largest[0] if contest.largest else None,
        contest.largest[1] if contest.largest else None,
        len(copies),
        min((s.grade for s in copies if s.grade), default=""),
        sum(f.severity == "error" for f in contest.findings),
        declared is not None,
        bool(compared),
        contest.largest is not None,
        shaky(contest, setting.base, setting),
        len(contest.sheets) - len(copies),
        *(_versions(contest) or (None, None)),
    )


def _versions(contest: StationContest) -> tuple[int, int] | None:
    """Give the version that speaks and the latest, where the latest leaves the station out."""
    if contest.declared is None or not contest.left_out_of:
        return None
    return contest.sheets[contest.declared].version, contest.left_out_of


def row_of(view: StationView) -> StationRow:
    """Say in one row of a list what a station's page says: of the contest with the largest difference."""
    main = max(view.contests, key=lambda c: abs(c.largest[1]) if c.largest else 0, default=None)
    copies = [s for s in main.sheets if s.kind == "copy"] if main else []
    return StationRow(
        unit=view.unit,
        slug=view.slug,
        short=view.short,
        names=view.names,
        addresses=view.addresses,
        name=view.name,
        address=view.address,
        state=main.state if main else "no-copy",
        contest=main.key if main else "",
        largest=main.largest if main else None,
        copies=len(copies),
        grade=min((s.grade for s in copies if s.grade), default=""),
        findings=sum(f.severity == "error" for c in view.contests for f in c.findings),
        versions=_versions(main) if main else None,
    )


def finding_views(view: StationView) -> Iterator[FindingView]:
    """Give the pages of the findings at a station; warnings have none."""
    place = None
    for contest in view.contests:
        for found in contest.findings:
            if found.id:
                place = place or row_of(view)
                yield FindingView(found, place, view.areas, contest)


def gone_findings(view: StationView) -> Iterator[GoneFinding]:
    """Give what is left of the pages of findings at a station that were withdrawn."""
    place = None
    for one in view.withdrawn:
        if one.page:
            place = place or row_of(view)
            yield GoneFinding(one, place, view.areas)
