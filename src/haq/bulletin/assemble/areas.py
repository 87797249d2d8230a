"""Areas, up to the whole election: what their pages and the lists show."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.rows import found_in, names_in
from haq.bulletin.assemble.seating import seats_of
from haq.bulletin.assemble.sums import ContestSums, Findings, Place, sum_contest
from haq.bulletin.assemble.tree import Tree
from haq.bulletin.assemble.unit import Unit
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import (
    AreaContest,
    AreaRef,
    AreaRow,
    AreaView,
    FindingRow,
    FindingsView,
    FindingView,
    Problem,
    StationContest,
    StationRow,
)
from haq.bulletin.model import Place as SearchPlace
from haq.bulletin.setting import Setting
from haq.bulletin.slugs import natural

#: Stations, or findings, on one page of a list.
PAGE = 200
Shapes = Mapping[Place, Mapping[str, object]]


class Atlas:
    """All areas of an election, computed once, looked at page by page."""

    def __init__(self, frames: Frames, setting: Setting, upper: Upper, shapes: Shapes, digest: str) -> None:
        """Add everything up.

        Args:
            frames: the tables of all units.
            setting: the election.
            upper: areas with their sheets, and totals.
            shapes: area -> outline.
            digest: of the election's entry.
        """
        self.frames, self.setting, self.upper, self.shapes = frames, setting, upper, shapes
        self.digest = digest
        self.tree = Tree(frames, setting, upper)
        self._rows: dict[str, StationRow] = {}
        self._lists: dict[Place, list[str]] = {}

    @cached_property
    def findings(self) -> Findings:
        """All findings with their areas."""
        return Findings(self.frames, self.setting, self.tree.above)

    @cached_property
    def sums(self) -> Mapping[str, ContestSums]:
        """Contest -> its sums over every area."""
        return {key: sum_contest(self.frames, self.setting, key) for key in self.setting.contests}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All areas, the whole election first."""
        return (self.tree.root, *sorted(self.tree.above))

    # Areas

    def views(self, place: Place) -> Iterator[AreaView]:
        """Give the pages of an area; for the whole election the first is home.

        Home lists stations only where there are no areas; they stand on further pages, named ``all``.
        """
        listed = self.stations_of(place)
        pages = max(1, -(-len(listed) // PAGE))
        tree, setting = self.tree, self.setting
        contests = tuple(self._contest(place, contest) for contest in setting.contests)
        children = tree.children.get(place, [])
        rows = [self.area_row(child, contest) for contest in setting.contests for child in children]
        rows.sort(key=_largest_first)
        unit = self._unit(place)
        problems = tuple(self._problems(place, unit))
        entries = self._entries(place, unit)
        largest = tuple(self.finding_rows(self.findings.largest(place)))
        ref, parents = tree.ref(place), tree.refs(place)
        shapes = tuple((tree.ref(c), self.shapes[c]) for c in children if c in self.shapes)
        for page in range(1, pages + 1):
            units = listed[(page - 1) * PAGE : page * PAGE]
            yield AreaView(
                ref=ref,
                parents=parents,
                contests=contests,
                children=tuple(rows),
                stations=tuple(self.station_rows(units)),
                page=page,
                pages=pages,
                all_stations=len(listed),
                largest=largest,
                shapes=shapes,
                problems=problems,
                entries=entries,
            )

    def prepare(self) -> None:
        """Sort all stations at once, which is quicker where every area is looked at."""
        lists: dict[Place, list[str]] = {place: [] for place in self.places}
        areas = [f"area:{level}" for level in self.setting.above]
        for unit, keys in self._sorted(self._ranking, areas):
            for level, key in zip(self.setting.above, keys, strict=True):
                if key:
                    lists[level, key].append(unit)
            lists[self.tree.root].append(unit)
        self._lists = lists
        self._rows = dict(self._make_rows(lists[self.tree.root]))

    def stations_of(self, place: Place) -> list[str]:
        """List the stations of an area, those with the largest differences first."""
        if place == self.tree.root and self.tree.children.get(place):
            return []
        if place not in self._lists:
            frame = self._ranking.filter(self.tree.stations(place))
            self._lists[place] = [unit for unit, _ in self._sorted(frame, [])]
        return self._lists[place]

    @staticmethod
    def _sorted(frame: pl.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, tuple[str | None, ...]]]:
        rows = [
            (-size, -findings, natural(unit), unit, keys)
            for unit, size, findings, *keys in frame.select("unit", "size", "findings", *columns).iter_rows()
        ]
        rows.sort(key=lambda row: row[:4])
        return ((row[3], tuple(row[4])) for row in rows)

    @cached_property
    def _ranking(self) -> pl.DataFrame:
        ranks = self.frames.summaries.group_by("unit").agg(
            pl.col("largest").abs().max().alias("size"), pl.col("findings").sum()
        )
        return self.frames.stations.join(ranks, on="unit", how="left", maintain_order="left").with_columns(
            pl.col("size", "findings").fill_null(0)
        )

    def _unit(self, place: Place) -> Unit | None:
        return next(iter(self._units(place)), None)

    def _problems(self, place: Place, unit: Unit | None) -> Iterator[Problem]:
        yield from unit.problems if unit else ()
        if place == self.tree.root:
            yield from (p for p in self.upper.problems if not p.unit)
        else:
            yield from (p for p in (*self.upper.problems, *self.tree.problems) if p.unit == place[1])

    def _entries(self, place: Place, unit: Unit | None) -> tuple[tuple[str, str], ...]:
        own = tuple(unit.entries) if unit else ()
        if place != self.tree.root:
            return own
        return (("election", self.digest), *own, *(("total", key) for _, key in self.upper.totals))

    def _contest(self, place: Place, contest: str) -> AreaContest:
        sums, setting = self.sums[contest], self.setting
        rules = next(c for c in setting.context.election.contests if c.key == contest)
        summary = self.summary(place, contest)
        below, added = self._sum_below(place, contest, summary)
        root = place == self.tree.root
        return AreaContest(
            key=contest,
            **sums.counts(place),
            choices=tuple(sums.sums(place, c.key) for c in rules.choices),
            lines={key: sums.sums(place, key) for key in sums.lines},
            summary=summary,
            sums=added,
            below=below,
            findings=self.findings.counts(contest, place),
            seats=seats_of(setting, contest, sums, (t for t, _ in self.upper.totals)) if root else None,
        )

    def summary(self, place: Place, contest: str) -> StationContest | None:
        """Give an area's own sheets in a contest."""
        unit = self._unit(place)
        return next((c for c in unit.contests if c.key == contest), None) if unit else None

    def _sum_below(
        self, place: Place, contest: str, summary: StationContest | None
    ) -> tuple[str, Mapping[str, int]]:
        """Add the level below up, for the lines of which nothing is missing there."""
        if summary is None or summary.declared is None:
            return "", {}
        setting = self.setting
        levels = [level.key for level in setting.context.profile.levels]
        lower = [
            level
            for level in levels[: levels.index(place[0])]
            if (s := setting.declared.get((contest, level))) and s.kind == "official"
        ]
        if not lower:
            return "", {}
        below, keys = lower[-1], [row.key for row in summary.rows]
        if below == setting.base:
            sums = self.sums[contest]
            of = sums.counts(place)["stations"]
            added = {key: sums.sums(place, key) for key in keys}
            return below, {k: s.official for k, s in added.items() if s.official_stations == of and of}
        sheets = []
        for child in self.tree.below(place, below):
            own = self.summary(child, contest)
            if own is None or own.declared is None:
                return below, {}
            sheets.append(own.sheets[own.declared].figures)
        totals: dict[str, int] = {}
        for key in keys:
            figures = [f[key] for f in sheets if type(f.get(key)) is int]
            if sheets and len(figures) == len(sheets):
                totals[key] = sum(n for n in figures if isinstance(n, int))
        return below, totals

    def area_row(self, place: Place, contest: str) -> AreaRow:
        """Say in one row of a list what an area's page says."""
        sums = self.sums[contest]
        counts = sums.counts(place)
        return AreaRow(
            ref=self.tree.ref(place),
            contest=contest,
            stations=counts["stations"],
            official=counts["official"],
            copied=counts["copied"],
            compared=counts["compared"],
            differ_choices=counts["differ_choices"],
            largest=sums.largest.get(place),
            findings=self.findings.errors(contest, place),
        )

    # Stations in lists

    def station_rows(self, units: Sequence[str]) -> Iterator[StationRow]:
        """Give the rows of stations, in the order in which they are asked for."""
        wanted = [unit for unit in dict.fromkeys(units) if unit not in self._rows]
        if wanted:
            self._rows.update(self._make_rows(wanted))
        yield from (self._rows[unit] for unit in units)

    def _make_rows(self, units: Sequence[str]) -> Iterator[tuple[str, StationRow]]:
        stations, summaries = self.frames.stations, self.frames.summaries
        if len(units) < stations.height:
            asked = pl.Series(units, dtype=pl.String).implode()
            stations = stations.filter(pl.col("unit").is_in(asked))
            summaries = summaries.filter(pl.col("unit").is_in(asked))
        order = {contest: place for place, contest in enumerate(self.setting.contests)}
        best: dict[str, tuple[Any, ...]] = {}
        findings: dict[str, int] = {}
        for row in summaries.select(
            "unit", "contest", "state", "largest_line", "largest", "copies", "grade", "findings"
        ).iter_rows():
            unit, other = row[0], best.get(row[0])
            findings[unit] = findings.get(unit, 0) + row[7]
            rank = (-abs(row[4] or 0), order[row[1]])
            if other is None or rank < (-abs(other[4] or 0), order[other[1]]):
                best[unit] = row
        for station in stations.iter_rows(named=True):
            unit = station["unit"]
            main = best.get(unit, (unit, "", "no-copy", None, None, 0, "", 0))
            yield (
                unit,
                StationRow(
                    unit=unit,
                    slug=station["slug"],
                    short=station["short"],
                    names=names_in(station, "name"),
                    addresses=names_in(station, "address"),
                    name=station["name"] or "",
                    address=station["address"] or "",
                    state=main[2],
                    contest=main[1],
                    largest=(main[3], main[4]) if main[3] is not None else None,
                    copies=main[5],
                    grade=main[6],
                    findings=findings.get(unit, 0),
                ),
            )

    def search_places(self) -> Iterator[SearchPlace]:
        """Give every station as the search knows it, in the order of keys."""
        levels = self.setting.above
        for row in self.frames.stations.iter_rows(named=True):
            keys = {level: row[f"area:{level}"] for level in levels if row[f"area:{level}"]}
            yield SearchPlace(
                unit=row["unit"],
                slug=row["slug"],
                short=row["short"],
                names=names_in(row, "name"),
                addresses=names_in(row, "address"),
                name=row["name"] or "",
                address=row["address"] or "",
                areas=self.setting.areas(keys),
            )

    # Findings

    def finding_rows(self, entries: Sequence[str]) -> Iterator[FindingRow]:
        """Give findings as rows of a list, in the order in which they are asked for."""
        frame = self.findings.frame.filter(
            pl.col("entry").is_in(pl.Series(list(entries), dtype=pl.String).implode())
        )
        rows = {row["entry"]: row for row in frame.iter_rows(named=True)}
        yield from self._finding_rows([rows[entry] for entry in entries])

    def _finding_rows(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[FindingRow]:
        base = self.setting.base
        units = [row["unit"] for row in rows if row["level"] == base]
        stations = dict(zip(units, self.station_rows(units), strict=True))
        for row in rows:
            place: StationRow | AreaRef
            if row["level"] == base:
                keys = {level: row[f"area:{level}"] for level in self.setting.above}
                place = stations[row["unit"]]
                areas = self.setting.areas({k: v for k, v in keys.items() if v})
            else:
                where = self._place(row["level"], row["unit"])
                place, areas = self.tree.ref(where), self.tree.refs(where)
            yield FindingRow(found_in(row), place, areas)

    def _place(self, level: str, unit: str) -> Place:
        return self.tree.root if level == self.setting.top else (level, unit)

    def area_findings(self, place: Place) -> Iterator[FindingView]:
        """Give the pages of the findings about an area itself."""
        ref, above = self.tree.ref(place), self.tree.refs(place)
        for unit in self._units(place):
            for contest in unit.contests:
                for found in contest.findings:
                    if found.id:
                        yield FindingView(found, ref, above, contest)

    def _units(self, place: Place) -> list[Unit]:
        if place == self.tree.root:
            return [unit for (level, _), unit in self.upper.units.items() if level == self.setting.top]
        return [self.upper.units[place]] if place in self.upper.units else []

    def finding_counts(self) -> tuple[tuple[tuple[str, str], int], ...]:
        """Count all findings by contest and kind."""
        root = self.tree.root
        return tuple(
            ((contest, kind), count)
            for contest in self.setting.contests
            for kind, count in self.findings.counts(contest, root).items()
        )

    def findings_pages(self) -> list[tuple[str, int]]:
        """List the kinds of findings, each with how many pages its list has."""
        counts = self.findings.frame.group_by("code").len().sort("code")
        return [(kind, -(-count // PAGE)) for kind, count in counts.iter_rows()]

    def findings_views(
        self, before: pl.DataFrame | None = None, touched: Collection[str] = ()
    ) -> Iterator[FindingsView]:
        """Give the pages of the lists of findings, a list a kind.

        Args:
            before: findings of the last build, ranked; a page on which the same findings stood is left out.
            touched: stations and areas whose findings are shown again in any case.
        """
        contests = self.setting.contests
        for kind, pages in self.findings_pages():
            frame = self.findings.ranked.filter(pl.col("code") == kind)
            old = frame.clear() if before is None else before.filter(pl.col("code") == kind)
            for page in range(1, pages + 1):
                part = frame.slice((page - 1) * PAGE, PAGE)
                same = old.height == frame.height and part.equals(old.slice((page - 1) * PAGE, PAGE))
                if same and not any(unit in touched for unit in part["unit"]):
                    continue
                yield FindingsView(
                    kind=kind,
                    contest=contests[0] if len(contests) == 1 else "",
                    count=frame.height,
                    rows=tuple(self._finding_rows(part.to_dicts())),
                    page=page,
                    pages=pages,
                )


def _largest_first(row: AreaRow) -> tuple[Any, ...]:
    return (row.contest, -abs(row.largest[1]) if row.largest else 0, natural(row.ref.key))
