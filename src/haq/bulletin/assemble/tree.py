"""The tree of areas, as stations and the entries of areas tell it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import polars as pl

from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import AreaRef, Problem
from haq.bulletin.setting import NO_NAMES, Setting
from haq.bulletin.slugs import area_slug


class Tree:
    """Every area with the areas above and directly below it.

    Attributes:
        root: the whole election.
        above: area -> level -> key of every area that it lies in, itself included.
        problems: areas that lie in two others.
    """

    def __init__(self, stations: pl.DataFrame, setting: Setting, upper: Upper) -> None:
        """Put the tree together.

        Args:
            stations: ``area:<level>`` … in which any stations lie.
            setting: the election.
            upper: areas with their entries.
        """
        self.setting = setting
        self.root: Place = (setting.top, "")
        self.problems: list[Problem] = []
        self.above: dict[Place, Mapping[str, str]] = {}
        levels = setting.above
        told: dict[Place, set[tuple[tuple[str, str], ...]]] = {}
        for depth, level in enumerate(levels):
            columns = [f"area:{one}" for one in levels[: depth + 1]]
            for *parents, key in stations.select(columns).unique().iter_rows():
                if key:
                    named = tuple([place for place in zip(levels, parents, strict=False) if place[1]])
                    told.setdefault((level, key), set()).add(named)
        own: dict[Place, tuple[tuple[str, str], ...]] = {}  # by its first entry
        for (level, key), unit in upper.units.items():
            if level not in levels:
                continue
            told.setdefault((level, key), set())
            for entry, _ in unit.areas:
                above = levels[: levels.index(level)]
                parents_of = tuple((a, entry.areas[a]) for a in above if entry.areas.get(a))
                own.setdefault((level, key), parents_of)
                told[level, key].add(parents_of)
        for place, versions in sorted(told.items()):
            longest = max(map(len, versions), default=0)
            full = sorted(v for v in versions if len(v) == longest)
            if len(full) > 1:
                names = " | ".join(", ".join(key for _, key in version) for version in full)
                self.problems.append(Problem("two-parents", place[1], place[1], {"areas": names}))
            chosen = own.get(place) or (full[0] if full else ())
            self.above[place] = dict((*chosen, place))
        for keys_above in list(self.above.values()):
            for place in keys_above.items():
                self.above.setdefault(place, dict([place]))

    @cached_property
    def children(self) -> Mapping[Place, list[Place]]:
        """Area -> the areas directly below it."""
        found: dict[Place, list[Place]] = {}
        for place in sorted(self.above):
            found.setdefault(self.parent(place), []).append(place)
        return found

    def parent(self, place: Place) -> Place:
        """Give the area directly above, up to the whole election."""
        chain = self.chain(place)
        return chain[-2] if len(chain) > 1 else self.root

    def chain(self, place: Place) -> list[Place]:
        """List the areas from the largest down to this one, without the whole election."""
        keys = self.above.get(place, {})
        return [(level, keys[level]) for level in self.setting.above if level in keys]

    def ref(self, place: Place) -> AreaRef:
        """Refer to an area as pages link to it."""
        if not place[1]:
            return AreaRef(place[0], "", area_slug(place[0], ""), NO_NAMES, "")
        return self.setting.area(*place, self.parent(place)[1])

    def refs(self, place: Place) -> tuple[AreaRef, ...]:
        """Refer to the areas above one, from the largest, without itself and the whole election."""
        return tuple(self.ref(above) for above in self.chain(place)[:-1])

    def below(self, place: Place, level: str) -> list[Place]:
        """List the areas of a level that lie in an area."""
        return [
            other
            for other, keys in sorted(self.above.items())
            if other[0] == level and (place == self.root or keys.get(place[0]) == place[1])
        ]

    def stations(self, place: Place) -> pl.Expr:
        """Give the condition under which a station lies in an area."""
        if place == self.root:
            return pl.lit(True)
        return (pl.col(f"area:{place[0]}") == place[1]).fill_null(False)
