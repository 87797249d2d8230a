"""What was withdrawn, area by area and by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.held import resting_totals
from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.tree import Tree
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import StationRow, Withdrawals, Withdrawn, WithdrawnView
from haq.bulletin.setting import Setting
from haq.bulletin.slugs import natural


class Gone:
    """Entries that were retracted, counted once."""

    def __init__(self, frames: Frames, setting: Setting, tree: Tree, upper: Upper) -> None:
        """Keep what is counted when it is first asked for.

        Args:
            frames: the tables of all units.
            setting: the election.
            tree: of the areas.
            upper: areas with their entries.
        """
        self.frames, self.setting, self.tree, self.upper = frames, setting, tree, upper

    @cached_property
    def _counted(self) -> tuple[Counter[Place], dict[Place, set[str]], Counter[Place]]:
        """Count what was withdrawn: area -> entries of stations, their stations, and other entries."""
        entries: Counter[Place] = Counter()
        stations: dict[Place, set[str]] = {}
        others: Counter[Place] = Counter()
        columns = [f"area:{level}" for level in self.setting.above]
        for unit, *keys in self.frames.withdrawn.select("unit", *columns).iter_rows():
            areas = [(level, key) for level, key in zip(self.setting.above, keys, strict=True) if key]
            for place in (self.tree.root, *areas):
                entries[place] += 1
                stations.setdefault(place, set()).add(unit)
        for place, taken_back in self.above():
            chain = self.tree.chain(place) if place in self.tree.above else ()
            for above in {self.tree.root, *chain}:
                others[above] += len(taken_back)
        return entries, stations, others

    @cached_property
    def _taken_off(self) -> Counter[tuple[Place, str]]:
        """Count the stations that were withdrawn from lists: (area, contest) -> how many."""
        areas = [f"area:{level}" for level in self.setting.above]
        off = self.frames.withdrawn.filter(pl.col("off").is_not_null()).select("unit", "off", *areas)
        found: Counter[tuple[Place, str]] = Counter()
        # Several entries of a station may be gone; the station is one.
        for _, contests, *keys in off.unique("unit", maintain_order=True).iter_rows():
            places = [(level, key) for level, key in zip(self.setting.above, keys, strict=True) if key]
            found.update((place, c) for place in (self.tree.root, *places) for c in json.loads(contests))
        return found

    def taken_off(self, place: Place, contest: str) -> int:
        """Count the stations of an area that N lacks because their entry in the list was withdrawn."""
        return self._taken_off[place, contest]

    @cached_property
    def resting(self) -> frozenset[str]:
        """Digests of the totals that rest on withdrawn figures."""
        resting = resting_totals(self.frames, self.setting, self.upper)
        return frozenset(key for key, known in resting.items() if known)

    def above(self) -> Iterator[tuple[Place, tuple[Withdrawn, ...]]]:
        """Give what was withdrawn of each area, and of none (the whole election)."""
        for place in sorted({self.tree.root, *self.upper.units}):
            found = tuple(w for w in self._withdrawn_at(place) if w.kind != "retraction")
            if found:
                yield place, found

    def _withdrawn_at(self, place: Place) -> list[Withdrawn]:
        own = self.upper.units[place].withdrawn if place in self.upper.units else []
        return own + self.upper.withdrawn if place == self.tree.root else own

    def count(self, place: Place) -> Withdrawals:
        """Count the entries that were withdrawn in an area and below."""
        entries, stations, others = self._counted
        return Withdrawals(entries[place], len(stations.get(place, ())), others[place])

    def view(self, rows_of: Callable[[Sequence[str]], Iterable[StationRow]]) -> WithdrawnView:
        """List everything that was withdrawn or removed.

        Args:
            rows_of: gives the rows of stations.
        """
        found: dict[str, list[Withdrawn]] = {}
        for unit, *values in self.frames.withdrawn.iter_rows():
            kind, entry, by, reason, language, instead = values[:6]
            taken_back = Withdrawn(kind, entry, by, reason, language or "", instead or "")
            found.setdefault(unit, []).append(taken_back)
        units = sorted(found, key=natural)
        rows = rows_of(units)
        above = dict(self.above())
        others = above.pop(self.tree.root, ())
        return WithdrawnView(
            self.count(self.tree.root),
            tuple((row, tuple(found[row.unit])) for row in rows),
            tuple((self.tree.ref(place), gone) for place, gone in above.items() if place in self.tree.above),
            others + tuple(w for place, gone in above.items() if place not in self.tree.above for w in gone),
            tuple(self.upper.redacted),
        )
