"""Findings of all units: how many lie in an area, on how many sheets, and which are the largest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import polars as pl

from haq.bulletin.assemble.cutting import page_ends
from haq.bulletin.assemble.districts import Districts
from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.spread import Bases, bases_of
from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.tallies import (
    SHEET,
    TALLIES,
    at_stations,
    is_difference,
    tally,
    tally_districts,
    with_codes,
)
from haq.bulletin.setting import Setting

#: Kinds of findings that are only warnings.
WARNINGS = ("arithmetic:warning", "not-declared")
#: Kinds of which a list has a row a sheet: one wrong figure breaks several rules at once.
FOLDED = ("arithmetic:copies", "arithmetic:declared")


class Findings:
    """The findings of all units with the areas that they lie in."""

    def __init__(
        self,
        frames: Frames,
        setting: Setting,
        parents: Mapping[Place, Mapping[str, str]],
        districts: Districts | None = None,
    ) -> None:
        """Take what findings are counted from.

        Args:
            frames: the tables.
            setting: the election.
            parents: area -> level -> key of the areas above it, itself included.
            districts: of these tables, where they are known.
        """
        self.setting, self._frames, self._parents, self._districts = setting, frames, parents, districts
        self._pages: dict[tuple[str, int], list[pl.DataFrame]] = {}

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All findings with ``area:<level>`` …, ``code``, ``size`` and ``is_careful``."""
        return self._placed(self._frames.findings)

    def where(self, condition: pl.Expr) -> pl.DataFrame:
        """Give some findings as ``frame`` has them, without placing all others."""
        return self._placed(self._frames.findings.filter(condition))

    def _placed(self, findings: pl.DataFrame) -> pl.DataFrame:
        here = replace(self._frames, findings=findings)
        return with_codes(pl.concat([at_stations(here, self.setting), self._above(findings)]), self.setting)

    def _above(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Give the findings above the stations, with the areas that they lie in."""
        upper = findings.filter(pl.col("level") != self.setting.base)
        places = upper.select("level", "unit").iter_rows()
        rows = [self._parents.get((level, unit), {}) for level, unit in places]
        return upper.with_columns(
            pl.Series(f"area:{level}", [row.get(level) for row in rows], dtype=pl.String)
            for level in self.setting.above
        )

    def same_in(self, old: Frames) -> bool:
        """Tell whether other tables are the very same in everything that findings are counted from."""
        new, base = self._frames, self.setting.base
        upper = [key for key, source in self.setting.sources.items() if source.level != base]
        return (
            old.findings is new.findings
            and old.stations is new.stations
            and old.summaries is new.summaries
            and all(old.sheets.get(key) is new.sheets.get(key) for key in upper)
        )

    @cached_property
    def _tallies(self) -> Mapping[tuple[str, Place], Mapping[str, Mapping[str, int]]]:
        """(contest, area) -> kind -> what is counted, see ``tally``."""
        known = self._districts.findings if self._districts else tally_districts(self._frames, self.setting)
        upper = tally(with_codes(self._above(self._frames.findings), self.setting), self.setting)
        small = pl.concat([known, upper.select(known.columns)])
        found: dict[tuple[str, Place], dict[str, Mapping[str, int]]] = {}
        added = [pl.col(name).sum() for name in TALLIES]
        for level, area in ((self.setting.top, ""), *((lv, f"area:{lv}") for lv in self.setting.above)):
            keyed = small.with_columns((pl.col(area) if area else pl.lit("")).alias("area"))
            groups = keyed.filter(pl.col("area").is_not_null()).group_by("contest", "area", "code").agg(added)
            for contest, key, code, *numbers in groups.sort("contest", "area", "code").iter_rows():
                counted = dict(zip(TALLIES, numbers, strict=True))
                found.setdefault((contest, (level, key)), {})[code] = counted
        return found

    def _counted(self, contest: str, place: Place, what: str) -> dict[str, int]:
        tallies = self._tallies.get((contest, place), {})
        return {code: counted[what] for code, counted in tallies.items() if counted[what]}

    def codes(self) -> list[str]:
        """List the kinds of findings that there are, sorted."""
        root = (self.setting.top, "")
        contests = {contest for contest, _ in self._tallies}
        return sorted({code for contest in contests for code in self._tallies.get((contest, root), {})})

    def counts(self, contest: str, place: Place) -> Mapping[str, int]:
        """Count the findings of an area and everything in it, by kind."""
        return self._counted(contest, place, "count")

    def errors(self, contest: str, place: Place) -> int:
        """Count the findings of an area that are no warnings."""
        return sum(n for code, n in self.counts(contest, place).items() if code not in WARNINGS)

    # On how many protocols or sheets, of how many

    @cached_property
    def _bases(self) -> Mapping[tuple[str, Place], Bases]:
        if not self._frames.findings.height:
            return {}
        known = (self._districts.stations, self._districts.bases) if self._districts else None
        return bases_of(self._frames, self.setting, self._parents, known)

    def spread(self, contest: str, place: Place) -> Mapping[str, tuple[int, int]]:
        """Say for each kind of findings on how many protocols or sheets of an area it is, of how many."""
        codes = self._counted(contest, place, "sheets")
        counts = {code: self.out_of(contest, place, code) for code in codes}
        # Stations that nothing else is known of are in no denominator.
        return {code: (on, of) for code, (on, of) in counts.items() if on <= of}

    def out_of(self, contest: str, place: Place, code: str) -> tuple[int, int]:
        """Count the protocols or sheets of an area with findings of a kind, and all that could have one."""
        bases = self._bases.get((contest, place))
        on = self._tallies.get((contest, place), {}).get(code, {}).get("sheets", 0)
        return on, bases.of(code) if bases else 0

    # Lists and cards

    def pages(self, code: str, length: int) -> list[pl.DataFrame]:
        """Cut the list of a kind into pages.

        Args:
            code: of the kind.
            length: rows on a page, see ``page_ends``; all findings on one sheet of a folded kind are one row.
        """
        if (code, length) not in self._pages:
            part = self.frame.filter(pl.col("code") == code)
            if code in FOLDED:
                part = part.sort("is_careful", "unit", "contest", "level", "sources", "rows", "entry")
                first = pl.struct("is_careful", *SHEET).rle_id().diff().fill_null(1) == 1
                starts = part.select(first.arg_true())[:, 0]
                bounds = [*starts.to_list(), part.height]
                ends = [bounds[end] for end in page_ends(part["entry"].gather(starts), length)]
            else:
                part = _ranked(part)
                ends = page_ends(part["entry"], length)
            self._pages[code, length] = [
                part.slice(start, end - start) for start, end in zip((0, *ends), ends, strict=False)
            ]
        return self._pages[code, length]

    @cached_property
    def _largest(self) -> Mapping[Place, list[str]]:
        """Firm differences, votes before ballots, each part the largest first."""
        # A voter asks for votes, and a summary's ballots are always more.
        choices = [c.key for contest in self.setting.context.election.contests for c in contest.choices]
        votes = pl.col("largest_line").is_in(choices)
        differences = _ranked(self.where(is_difference(self.setting) & (pl.col("care") == "")))
        ranked = pl.concat([differences.filter(votes), differences.filter(~votes)])
        found = {(self.setting.top, ""): ranked["entry"].head(10).to_list()}
        for level in self.setting.above:
            area = f"area:{level}"
            heads = ranked.filter(pl.col(area).is_not_null()).group_by(area, maintain_order=True).head(10)
            for key, entry in heads.select(area, "entry").iter_rows():
                found.setdefault((level, key), []).append(entry)
        return found

    def largest(self, place: Place) -> Sequence[str]:
        """Name the entries of the ten firm findings with the largest differences in an area."""
        return self._largest.get(place, [])

    def careful(self, contest: str, place: Place) -> Mapping[str, int]:
        """Count the differences of an area that are to be read with care, by kind."""
        return self._counted(contest, place, "careful")


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Sort findings: the firm ones first, and of these the largest."""
    keys = ("is_careful", "size", "unit", "entry")
    return frame.sort(*keys, descending=[False, True, False, False], nulls_last=True)


def spread_of(findings: Findings, setting: Setting, place: Place) -> dict[str, tuple[int, int]]:
    """Add up over all contests on how many protocols or sheets of an area each kind of findings is."""
    found: dict[str, tuple[int, int]] = {}
    for code in findings.codes():
        counts = [findings.out_of(contest, place, code) for contest in setting.contests]
        on, of = sum(on for on, _ in counts), sum(of for _, of in counts)
        if 0 < on <= of:
            found[code] = (on, of)
    return found
