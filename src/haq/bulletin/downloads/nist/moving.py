"""Other figures: in a report that is there already, only the numbers that move are written again."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from mmap import mmap

import polars as pl

from haq.bulletin.downloads.last import Last, same
from haq.bulletin.downloads.nist.declared import Declared, declared_in
from haq.bulletin.downloads.nist.objects import quoted
from haq.bulletin.downloads.nist.units import REST, Scope, id_of, scope_of
from haq.bulletin.downloads.splicing import Held, Piece
from haq.bulletin.model import Context, Tables
from haq.bulletin.slugs import area_slug

#: What the report of the whole election calls it.
ROOT = "all"
#: Where sums stand in the report, but for votes: class -> attribute -> column.
_FIELDS = {
    b"BallotCounts": {b"BallotsCast": "quantity:found", b"BallotsRejected": "quantity:invalid"},
    b"OtherCounts": {b"Undervotes": "quantity:blank"},
    b"ReportingUnit": {b"VotersParticipated": "quantity:turnout", b"VotersRegistered": "quantity:registered"},
}
_CLASS = b'{"@type":"ElectionResults.'


@dataclass(frozen=True)
class Moved:
    """Stations of which other figures are declared now, and nothing else is.

    Attributes:
        scope: how the stations are parted into reports.
        parts: names of the reports that they are in -> key of the area.
        sums: id of an area, the whole election's too -> contest -> column -> what is added to its sum.
    """

    scope: Scope
    parts: Mapping[str, str]
    sums: Mapping[str, Mapping[str, Mapping[str, int]]]


def moved(last: Last, tables: Tables, context: Context) -> Moved | None:
    """Tell whether nothing but figures changed: then every sum that was there is there still.

    Args:
        last: the last build.
        tables: everything that the entries hold now.
        context: the election.

    Returns:
        By how much the sums changed; None where anything else changed too: a station has a figure that it
        had not, or has it no longer, or lies elsewhere.
    """
    old, levels = last.tables, [level.key for level in context.profile.levels]
    alike = same(old.stations, tables.stations) and old.areas.keys() == tables.areas.keys()
    if not alike or not all(same(frame, tables.areas[level]) for level, frame in old.areas.items()):
        return None
    columns = {key: frame.columns for key, frame in tables.sources.items()}
    if columns != {key: frame.columns for key, frame in old.sources.items()}:
        return None
    scope = scope_of(tables.areas, tables.stations, levels)
    stations = _only(tables.stations, last.units)
    if stations.height != len(last.units) or scope.split is None:
        return None
    parts = {area_slug(scope.split, key) if key else REST: key or "" for key in stations[scope.split]}
    if REST in parts:
        return None  # stations on no list are there too, which nobody looked at
    sums: dict[str, dict[str, dict[str, int]]] = {}
    for rules in context.election.contests:
        was, now = (declared_in(within(t, last.units), context, rules) for t in (old, tables))
        keys = [s.key for s in context.election.sources if s.level == now.level and s.key in columns]
        pairs = ((old.sources[key], tables.sources[key]) for key in keys)
        difference = _difference(was, now, pairs, levels[0])
        if difference is None:
            return None
        voters = _FIELDS[b"ReportingUnit"].values()
        if len(context.election.contests) > 1 and any((difference[c] != 0).any() for c in voters):
            return None  # two contests may say now, or no longer, the same of the voters
        placed = difference.join(stations.select("unit", *_there(stations, levels)), on="unit")
        for place, moves in _by_place(placed, levels, scope):
            if any(moves.values()):
                sums.setdefault(place, {})[rules.key] = moves
    return Moved(scope, parts, sums)


def within(tables: Tables, units: Set[str]) -> Tables:
    """Leave only the rows of some units in the tables of stations and of figures."""
    sources = {key: _only(frame, units) for key, frame in tables.sources.items()}
    return replace(tables, stations=_only(tables.stations, units), sources=sources)


def _only(frame: pl.DataFrame, units: Set[str]) -> pl.DataFrame:
    return frame.filter(pl.col("unit").is_in(pl.Series(sorted(units), dtype=pl.String).implode()))


def _there(stations: pl.DataFrame, levels: Sequence[str]) -> list[str]:
    return [level for level in levels[1:] if level in stations.columns]


def _difference(
    was: Declared, now: Declared, sheets: Iterable[tuple[pl.DataFrame, pl.DataFrame]], base: str
) -> pl.DataFrame | None:
    """Subtract the figures of stations as they were; None where another figure is known than was."""
    if now.level != base:
        # Stations are none of its units; the sheets of areas have to be the very same.
        return was.frame.clear() if all(same(*pair) for pair in sheets) else None
    one, other = was.frame.sort("unit"), now.frame.sort("unit")
    figures = [c for c in one.columns if c.startswith(("choice:", "quantity:"))]
    known = [frame.select("unit", pl.col(figures).is_null()) for frame in (one, other)]
    if one.columns != other.columns or not known[0].equals(known[1]):
        return None
    moves = [(other[c].cast(pl.Int128) - one[c].cast(pl.Int128)).fill_null(0) for c in figures]
    return one.select("unit").with_columns(moves)


def _by_place(
    placed: pl.DataFrame, levels: Sequence[str], scope: Scope
) -> Iterator[tuple[str, dict[str, int]]]:
    """Add differences up by area."""
    figures = [c for c in placed.columns if c.startswith(("choice:", "quantity:"))]
    if placed.height:
        yield ROOT, placed.select(pl.col(figures).sum()).row(0, named=True)
    for level in _there(placed, levels):
        if level == levels[-1] and scope.whole:
            continue
        groups = placed.filter(pl.col(level).is_not_null() & (pl.col(level) != "")).group_by(level)
        for key, *moves in groups.agg(pl.col(figures).sum()).iter_rows():
            yield id_of(level, key), dict(zip(figures, moves, strict=True))


def summary_pieces(held: Held, moves: Moved, context: Context) -> list[Piece] | None:
    """Write other sums into the report of the whole election.

    Args:
        held: the report as it was.
        moves: by how much its sums changed.
        context: the election.

    Returns:
        Pieces of the report as it is; None where it is no such report.
    """
    data = held[:] if isinstance(held, mmap) else held
    # Quotes in names of strangers are escaped, so that what is looked for is found only where haq wrote it.
    selections: list[tuple[int, str, str]] = []
    end = 0
    for rules in context.election.contests:
        for one in rules.choices:
            end = data.find(f'"@id":{quoted(f"choice-{rules.key}-{one.key}")}'.encode(), end)
            if end < 0:
                return None
            selections.append((end, rules.key, f"choice:{one.key}"))
    edits: dict[int, tuple[int, bytes]] = {}
    for place, contests in moves.sums.items():
        for start, stop in _objects_of(data, place):
            kind = data[start + len(_CLASS) : data.index(b'"', start + len(_CLASS))]
            _, contest, choice = selections[bisect(selections, (start,)) - 1]
            if kind == b"BallotCounts":
                contest = _named(data[start:stop], context)
            elif kind == b"ReportingUnit":
                contest = next(iter(contests))  # where there are several, no number of voters moves
            fields = {b"Count": choice} if kind == b"VoteCounts" else _FIELDS[kind]
            for field, column in fields.items():
                number = re.compile(b'"%b":(-?[0-9]+)' % field).search(data, start, stop)
                move = contests.get(contest, {}).get(column, 0)
                if number and move:
                    edits[number.start(1)] = number.end(1), b"%d" % (int(number[1]) + move)
    pieces: list[Piece] = []
    end = 0
    for start, (stop, text) in sorted(edits.items()):
        pieces += [range(end, start), text]
        end = stop
    return [*pieces, range(end, len(data))]


def _objects_of(data: bytes, place: str) -> Iterator[tuple[int, int]]:
    """Find the objects with numbers of an area: its counts, and the area itself."""
    quoted_place = quoted(place).encode()
    needle = b',"GpUnitId":' + quoted_place
    end = data.find(needle)
    while end >= 0:
        yield data.rindex(_CLASS, 0, end), data.index(b"}", end)
        end = data.find(needle, end + len(needle))
    start = data.find(_CLASS + b'ReportingUnit","@id":' + quoted_place + b",")
    if start >= 0:
        following = data.find(_CLASS + b'ReportingUnit"', start + 1)
        yield start, following if following >= 0 else len(data)


def _named(text: bytes, context: Context) -> str:
    """Name the contest whose ballots are counted."""
    keys = [rules.key for rules in context.election.contests]
    return next((k for k in keys if f'"OtherType":{quoted(k)},'.encode() in text), keys[0])
