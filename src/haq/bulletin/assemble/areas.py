"""Areas, up to the whole election: what their pages and the lists show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Any

import polars as pl

from haq.bulletin.assemble.districts import Districts, districts_of
from haq.bulletin.assemble.findings import Findings
from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.gone import Gone
from haq.bulletin.assemble.lists import PAGE, FindingLists
from haq.bulletin.assemble.order import Rank, largest_first, ranks
from haq.bulletin.assemble.seating import seats_of
from haq.bulletin.assemble.stations import StationRows
from haq.bulletin.assemble.sums import ContestSums, Place, sum_contest
from haq.bulletin.assemble.tree import Tree
from haq.bulletin.assemble.unit import Unit
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import (
    AreaContest,
    AreaRow,
    AreaView,
    FindingView,
    GoneFinding,
    Problem,
    StationContest,
    Weight,
    Withdrawn,
    WithdrawnView,
)
from haq.bulletin.setting import Setting
from haq.bulletin.slugs import natural

Shapes = Mapping[Place, Mapping[str, object]]
#: From so many areas on all of them are added up at once.
_TOGETHER = 16


class Atlas:
    """All areas of an election, computed once, looked at page by page."""

    def __init__(
        self,
        frames: Frames,
        setting: Setting,
        upper: Upper,
        shapes: Shapes,
        digest: str,
        districts: Districts | None = None,
    ) -> None:
        """Add everything up.

        Args:
            frames: the tables of all units.
            setting: the election.
            upper: areas with their sheets, and totals.
            shapes: area -> outline.
            digest: of the election's entry.
            districts: of these tables, where they are known.
        """
        self.districts = districts or districts_of(frames, setting)
        self.frames, self.setting, self.upper, self.shapes = frames, setting, upper, shapes
        self.digest = digest
        self.tree = Tree(self.districts.stations, setting, upper)
        # No other part of the atlas leads back to it: it goes at once when nobody looks at it any more.
        self.rows = StationRows(frames, setting)
        self._lists: dict[Place, list[str]] = {}
        self._before: dict[Place, list[str]] = {}

    @cached_property
    def findings(self) -> Findings:
        """All findings with their areas."""
        return Findings(self.frames, self.setting, self.tree.above, self.districts)

    @cached_property
    def lists(self) -> FindingLists:
        """The lists of findings."""
        return FindingLists(self.findings, self.setting, self.tree, self.rows)

    @cached_property
    def sums(self) -> Mapping[str, ContestSums]:
        """Contest -> its sums over every area."""
        sums, differences = self.districts.sums, self.districts.differences
        return {
            key: sum_contest(self.frames, self.setting, key, (sums[key], differences[key]))
            for key in self.setting.contests
        }

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All areas, the whole election first."""
        return (self.tree.root, *sorted(self.tree.above))

    # Areas

    def views(
        self, place: Place, before: Frames | None = None, touched: Set[str] = frozenset()
    ) -> Iterator[AreaView]:
        """Give the pages of an area; for the whole election the first is home.

        Home lists stations only where there are no areas; they stand on further pages, named ``all``.

        Args:
            place: the area.
            before: tables of the last build; a further page that shows the same stations is left out.
            touched: stations and areas that are shown again in any case.
        """
        listed = self.stations_of(place)
        pages = max(1, -(-len(listed) // PAGE))
        tree, setting = self.tree, self.setting
        contests = tuple(self._contest(place, contest) for contest in setting.contests)
        children = tree.children.get(place, [])
        rows = [self.area_row(child, contest) for contest in setting.contests for child in children]
        rows.sort(key=_largest_first)
        problems = tuple(self._problems(place))
        entries = self._entries(place)
        largest = tuple(self.lists.rows(self.findings.largest(place)))
        ref, parents = tree.ref(place), tree.refs(place)
        shapes = tuple((tree.ref(c), self.shapes[c]) for c in children if c in self.shapes)
        old = self._stations_before(place, before, touched)
        for page in range(1, pages + 1):
            here = slice((page - 1) * PAGE, page * PAGE)
            units = listed[here]
            same = len(old) == len(listed) and units == old[here] and touched.isdisjoint(units)
            if page > 1 and same:
                continue
            yield AreaView(
                ref=ref,
                parents=parents,
                contests=contests,
                children=tuple(rows),
                stations=tuple(self.rows(units)),
                page=page,
                pages=pages,
                all_stations=len(listed),
                largest=largest,
                shapes=shapes,
                problems=problems,
                entries=entries,
                replies=self.frames.replies.height,
                withdrawn=self._withdrawn(place),
                gone=self.gone.count(place),
            )

    def prepare(self) -> None:
        """Sort and add up all stations at once, which is quicker where every area is looked at."""
        ranked = self._sorted(self.frames, self.places, pl.lit(True))
        self._lists = {place: [rank[-1] for rank in listed] for place, listed in ranked.items()}
        self.rows.prepare(self._lists[self.tree.root])
        for sums in self.sums.values():
            sums.prepare(self.setting.above)
        self.lists.look_up(entry for place in self.places for entry in self.findings.largest(place))

    def prepare_some(self, places: Sequence[Place], before: Frames, touched: Set[str]) -> None:
        """Sort the stations of some areas at once, and make the rows of the pages that show them again.

        Args:
            places: the areas.
            before: tables of the last build.
            touched: stations whose rows may differ since; those of all others are the same.
        """
        self.lists.look_up(entry for place in places for entry in self.findings.largest(place))
        if len(places) > _TOGETHER:
            for sums in self.sums.values():
                sums.prepare(self.setting.above)
        below = [place for place in places if place != self.tree.root]
        if not below:
            return
        where = pl.any_horizontal(*(self.tree.stations(place) for place in below))
        ranked = self._sorted(self.frames, below, where)
        self._lists = {place: [rank[-1] for rank in listed] for place, listed in ranked.items()}
        asked = pl.col("unit").is_in(pl.Series(list(touched), dtype=pl.String).implode())
        were = self._sorted(before, below, where & asked)
        units: dict[str, None] = {}
        for place, listed in self._lists.items():
            if len(listed) > PAGE:
                stayed = [rank for rank in ranked[place] if rank[-1] not in touched]
                self._before[place] = [rank[-1] for rank in sorted(stayed + were[place])]
            old = self._before.get(place, [])
            for start in range(0, len(listed), PAGE):
                shown = listed[start : start + PAGE]
                if not start or shown != old[start : start + PAGE] or not touched.isdisjoint(shown):
                    units.update(dict.fromkeys(shown))
        self.rows.prepare(list(units))

    def _sorted(self, frames: Frames, places: Iterable[Place], where: pl.Expr) -> dict[Place, list[Rank]]:
        """Put the stations of several areas in order: area -> ranks of those that are asked for."""
        lists: dict[Place, list[Rank]] = {place: [] for place in places}
        whole = lists.get(self.tree.root)
        levels = self.setting.above
        for rank, keys in ranks(frames, where, [f"area:{level}" for level in levels]):
            for place in zip(levels, keys, strict=True):
                if place in lists:
                    lists[place].append(rank)
            if whole is not None:
                whole.append(rank)
        for listed in lists.values():
            listed.sort()
        return lists

    def stations_of(self, place: Place) -> list[str]:
        """List the stations of an area, those with the largest differences first."""
        if place == self.tree.root and self.tree.children.get(place):
            return []
        if place not in self._lists:
            self._lists[place] = self._order(self.frames, place)
        return self._lists[place]

    def _order(self, frames: Frames, place: Place) -> list[str]:
        return largest_first(frames, self.tree.stations(place))

    def _stations_before(self, place: Place, before: Frames | None, touched: Set[str]) -> list[str]:
        """List the stations of an area as they stood on pages of which all else is the same; else none."""
        # Further pages show the entries of the area, and with several contests which of them it has.
        other = place == self.tree.root or place[1] in touched or len(self.setting.contests) > 1
        if before is None or other or len(self.stations_of(place)) <= PAGE:
            return []
        if before.stations is self.frames.stations and before.summaries is self.frames.summaries:
            return self.stations_of(place)
        return self._before.get(place) or self._order(before, place)

    def _problems(self, place: Place) -> Iterator[Problem]:
        for unit in self._units(place):
            yield from unit.problems
        if place == self.tree.root:
            yield from (p for p in self.upper.problems if not p.unit)
        else:
            yield from (p for p in (*self.upper.problems, *self.tree.problems) if p.unit == place[1])

    def _entries(self, place: Place) -> tuple[tuple[str, str], ...]:
        own = tuple(entry for unit in self._units(place) for entry in unit.entries)
        if place != self.tree.root:
            return own
        upper = self.upper
        return (
            ("election", self.digest),
            *own,
            *(("total", key) for _, key in upper.totals),
            *(shown for e in upper.withdrawn for shown in ((e.kind, e.entry), ("retraction", e.by))),
        )

    def _withdrawn(self, place: Place) -> tuple[Withdrawn, ...]:
        own = [entry for unit in self._units(place) for entry in unit.withdrawn]
        return tuple(own + self.upper.withdrawn if place == self.tree.root else own)

    @cached_property
    def gone(self) -> Gone:
        """What was withdrawn, area by area."""
        return Gone(self.frames, self.setting, self.tree, self.upper)

    def withdrawn_view(self) -> WithdrawnView:
        """List everything that was withdrawn or removed."""
        return self.gone.view(self.rows)

    def _contest(self, place: Place, contest: str) -> AreaContest:
        sums, setting = self.sums[contest], self.setting
        rules = next(c for c in setting.context.election.contests if c.key == contest)
        summary = self.summary(place, contest)
        below, added = self._sum_below(place, contest, summary)
        root = place == self.tree.root
        totals = self.upper.totals if root else []
        resting = [t for t, key in totals if t.contest == contest and key in self.gone.resting]
        return AreaContest(
            key=contest,
            **sums.counts(place),
            choices=tuple(sums.sums(place, c.key) for c in rules.choices),
            lines={key: sums.sums(place, key) for key in sums.lines},
            summary=summary,
            sums=added,
            below=below,
            findings=self.findings.counts(contest, place),
            spread=self.findings.spread(contest, place),
            careful=self.findings.careful(contest, place),
            weights=self._weights(place, contest),
            taken_off=self.gone.taken_off(place, contest),
            resting=len(resting),
            seats=seats_of(setting, contest, sums, (t for t, _ in totals), summary, resting)
            if root
            else None,
        )

    def _weights(self, place: Place, contest: str) -> tuple[Weight, ...]:
        heavy = self.sums[contest].weights.get(place, ())
        rows = self.rows([one.unit for one in heavy])
        return tuple(
            Weight(one.choice, one.total, row, one.alone, one.differ)
            for one, row in zip(heavy, rows, strict=True)
        )

    def summary(self, place: Place, contest: str) -> StationContest | None:
        """Give an area's own sheets in a contest; where the whole election has several keys, the first's."""
        own = [c for unit in self._units(place) for c in unit.contests if c.key == contest]
        return next((c for c in own if c.sheets), own[0] if own else None)

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
            added = {key: sums.sums(place, key) for key in keys}
            return below, {key: s.official for key, s in added.items() if s.complete}
        sheets = []
        for child in self.tree.below(place, below):
            own = self.summary(child, contest)
            if own is None or own.declared is None:
                return below, {}
            sheets.append(own.against)
        totals: dict[str, int] = {}
        for key in keys:
            if sheets and all(key in figures for figures in sheets):
                totals[key] = sum(figures[key] for figures in sheets)
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
            care=place in sums.careful,
            findings=self.findings.errors(contest, place),
            taken_off=self.gone.taken_off(place, contest),
        )

    # Findings

    def area_findings(self, place: Place) -> Iterator[FindingView]:
        """Give the pages of the findings about an area itself."""
        ref, above = self.tree.ref(place), self.tree.refs(place)
        for unit in self._units(place):
            for contest in unit.contests:
                for found in contest.findings:
                    if found.id:
                        yield FindingView(found, ref, above, contest)

    def area_gone_findings(self, place: Place) -> Iterator[GoneFinding]:
        """Give what is left of the pages of findings about an area itself that were withdrawn."""
        ref, above = self.tree.ref(place), self.tree.refs(place)
        for unit in self._units(place):
            yield from (GoneFinding(one, ref, above) for one in unit.withdrawn if one.page)

    def _units(self, place: Place) -> list[Unit]:
        if place == self.tree.root:
            return [unit for (level, _), unit in self.upper.units.items() if level == self.setting.top]
        return [self.upper.units[place]] if place in self.upper.units else []


def _largest_first(row: AreaRow) -> tuple[Any, ...]:
    return (row.contest, -abs(row.largest[1]) if row.largest else 0, natural(row.ref.key))
