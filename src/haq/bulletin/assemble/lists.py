"""The lists of findings: a list a kind, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from haq.bulletin.assemble.findings import FOLDED, Findings, spread_of
from haq.bulletin.assemble.rows import found_in
from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.tallies import SHEET
from haq.bulletin.assemble.tree import Tree
from haq.bulletin.model import AreaRef, FindingRow, FindingsView, StationRow
from haq.bulletin.setting import Setting

#: Stations, or findings, on one page of a list.
PAGE = 100


class FindingLists:
    """Gives findings as rows, with the places that they are about."""

    def __init__(
        self,
        findings: Findings,
        setting: Setting,
        tree: Tree,
        stations: Callable[[Sequence[str]], Iterator[StationRow]],
    ) -> None:
        """Take what the lists are made of; ``stations`` gives the rows of stations by their keys."""
        self.findings, self.setting, self.tree, self._stations = findings, setting, tree, stations
        self._known: dict[str, Mapping[str, Any]] = {}
        self._pages: Mapping[str, int] | None = None

    def rows(self, entries: Sequence[str]) -> Iterator[FindingRow]:
        """Give findings as rows of a list, in the order in which they are asked for."""
        self.look_up(entries)
        yield from self._rows([self._known[entry] for entry in entries])

    def look_up(self, entries: Iterable[str]) -> None:
        """Find many findings at once, which is quicker than one list after the other."""
        wanted = [entry for entry in dict.fromkeys(entries) if entry not in self._known]
        if wanted:
            asked = pl.Series(wanted, dtype=pl.String).implode()
            frame = self.findings.where(pl.col("entry").is_in(asked))
            self._known |= {row["entry"]: row for row in frame.iter_rows(named=True)}

    def _rows(self, rows: Sequence[Mapping[str, Any]], *, fold: bool = False) -> Iterator[FindingRow]:
        base = self.setting.base
        units = [row["unit"] for row in rows if row["level"] == base]
        stations = dict(zip(units, self._stations(units), strict=True))
        groups = (
            groupby(rows, key=itemgetter("is_careful", *SHEET)) if fold else ((None, [row]) for row in rows)
        )
        for _, same in groups:
            row, *others = same
            place: StationRow | AreaRef
            if row["level"] == base:
                keys = {level: row[f"area:{level}"] for level in self.setting.above}
                place = stations[row["unit"]]
                areas = self.setting.areas({k: v for k, v in keys.items() if v})
            else:
                where = self._place(row["level"], row["unit"])
                place, areas = self.tree.ref(where), self.tree.refs(where)
            yield FindingRow(found_in(row), place, areas, tuple(found_in(other) for other in others))

    def _place(self, level: str, unit: str) -> Place:
        return self.tree.root if level == self.setting.top else (level, unit)

    def counts(self) -> tuple[tuple[tuple[str, str], int], ...]:
        """Count all findings by contest and kind."""
        root = self.tree.root
        return tuple(
            ((contest, kind), count)
            for contest in self.setting.contests
            for kind, count in self.findings.counts(contest, root).items()
        )

    def spread(self) -> Mapping[str, tuple[int, int]]:
        """Say for each kind of findings, over all contests, on how many protocols or sheets it is."""
        return spread_of(self.findings, self.setting, self.tree.root)

    def pages(self) -> Mapping[str, int]:
        """List the kinds of findings, each with how many pages its list has."""
        if self._pages is None:
            self._pages = {kind: len(self.findings.pages(kind, PAGE)) for kind in self.findings.codes()}
        return self._pages

    def recall(self, pages: Mapping[str, int]) -> None:
        """Take how many pages the lists have, where that is known: no list has to be sorted to count them."""
        self._pages = pages

    def views(
        self, before: Findings | None = None, touched: Set[str] = frozenset()
    ) -> Iterator[FindingsView]:
        """Give the pages of the lists of findings, a list a kind.

        Args:
            before: findings of the last build; a page on which the same stood is left out.
            touched: stations and areas whose findings are shown again in any case.
        """
        contests, spread = self.setting.contests, self.spread()
        was = spread_of(before, self.setting, self.tree.root) if before else {}
        asked = pl.Series(sorted(touched), dtype=pl.String).implode()
        # Where nothing else changed, only lists that show a touched unit are looked at.
        shown = set(self.findings.where(pl.col("unit").is_in(asked))["code"])
        for kind, count in self.pages().items():
            if before is self.findings and kind not in shown:
                continue
            parts = self.findings.pages(kind, PAGE)
            old = before.pages(kind, PAGE) if before else []
            height = sum(part.height for part in parts)
            totals = (height, spread.get(kind)) == (sum(part.height for part in old), was.get(kind))
            for page, part in enumerate(parts, start=1):
                # Only the first page says how many there are, and out of how many: what comes in changes few.
                alike = len(old) == count and (page > 1 or totals)
                same = alike and (part is old[page - 1] or part.equals(old[page - 1]))
                if same and touched.isdisjoint(part["unit"].to_list()):
                    continue
                yield FindingsView(
                    kind=kind,
                    contest=contests[0] if len(contests) == 1 else "",
                    count=height,
                    rows=tuple(self._rows(part.to_dicts(), fold=kind in FOLDED)),
                    page=page,
                    pages=count,
                    spread=spread.get(kind) if page == 1 else None,
                )
