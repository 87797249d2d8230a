"""Findings of all units: how many lie in an area, on how many sheets, and which are the largest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.spread import Bases, bases_of
from haq.bulletin.assemble.sums import Place
from haq.bulletin.setting import Setting

#: Kinds of findings that are only warnings.
WARNINGS = ("arithmetic:warning", "not-declared")
#: Kinds of which a list has a row a sheet: one wrong figure breaks several rules at once.
FOLDED = ("arithmetic:copies", "arithmetic:declared")
#: What a sheet is named by.
SHEET = ("contest", "level", "unit", "sources", "rows")


class Findings:
    """The findings of all units with the areas that they lie in."""

    def __init__(self, frames: Frames, setting: Setting, parents: Mapping[Place, Mapping[str, str]]) -> None:
        """Place every finding.

        Args:
            frames: the tables.
            setting: the election.
            parents: area -> level -> key of the areas above it, itself included.
        """
        self.setting, self._frames, self._parents = setting, frames, parents
        self._pages: dict[tuple[str, int], list[pl.DataFrame]] = {}
        areas = [f"area:{level}" for level in setting.above]
        at_base = frames.findings.filter(pl.col("level") == setting.base).join(
            frames.stations.select("unit", *areas), on="unit", how="left", maintain_order="left"
        )
        upper = frames.findings.filter(pl.col("level") != setting.base)
        rows = [parents.get((level, unit), {}) for level, unit in upper.select("level", "unit").iter_rows()]
        upper = upper.with_columns(
            pl.Series(f"area:{level}", [row.get(level) for row in rows], dtype=pl.String)
            for level in setting.above
        )
        frame = pl.concat([at_base, upper], how="vertical")
        self.frame = frame.with_columns(
            self._codes(frame).alias("code"),
            pl.col("largest").abs().alias("size"),
            (pl.col("care") != "").alias("careful"),
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

    def _codes(self, frame: pl.DataFrame) -> pl.Expr:
        """Tell broken sums apart by the sheet that they are on, and warnings from both."""
        names = {"copies": "arithmetic:copies", "official": "arithmetic:declared"}
        known = {}
        for text in frame.filter(pl.col("kind") == "arithmetic")["sources"].unique():
            source = self.setting.sources.get(next(iter(json.loads(text)), ""))
            known[text] = names.get(source.kind if source else "", "arithmetic")
        split = pl.col("sources").replace_strict(known, default="arithmetic", return_dtype=pl.String)
        return (
            pl.when(pl.col("kind") != "arithmetic")
            .then(pl.col("kind"))
            .when(pl.col("severity") == "warning")
            .then(pl.lit("arithmetic:warning"))
            .otherwise(split)
        )

    @cached_property
    def ranked(self) -> pl.DataFrame:
        """All findings: the firm ones first, and of these the largest."""
        return self.frame.sort(
            "careful", "size", "unit", "entry", descending=[False, True, False, False], nulls_last=True
        )

    @cached_property
    def _counts(self) -> Mapping[tuple[str, Place], Mapping[str, int]]:
        return self._by_place(self.frame, pl.len())

    def _by_place(self, frame: pl.DataFrame, count: pl.Expr) -> dict[tuple[str, Place], dict[str, int]]:
        """Count (contest, area) -> kind -> how many."""
        found: dict[tuple[str, Place], dict[str, int]] = {}
        groups = frame.group_by("contest", "code").agg(count.alias("count"))
        for contest, code, number in groups.sort("contest", "code").iter_rows():
            found.setdefault((contest, (self.setting.top, "")), {})[code] = number
        for level in self.setting.above:
            area = f"area:{level}"
            held = frame.filter(pl.col(area).is_not_null())
            groups = held.group_by("contest", area, "code").agg(count.alias("count"))
            for contest, key, code, number in groups.sort("contest", area, "code").iter_rows():
                found.setdefault((contest, (level, key)), {})[code] = number
        return found

    def counts(self, contest: str, place: Place) -> Mapping[str, int]:
        """Count the findings of an area and everything in it, by kind."""
        return self._counts.get((contest, place), {})

    def errors(self, contest: str, place: Place) -> int:
        """Count the findings of an area that are no warnings."""
        return sum(n for code, n in self.counts(contest, place).items() if code not in WARNINGS)

    # On how many protocols or sheets, of how many

    @cached_property
    def _sheets(self) -> Mapping[tuple[str, Place], Mapping[str, int]]:
        # Broken rules are counted by sheet, differences by protocol; figures of no sheet are on neither.
        firm = self.frame.filter(pl.col("care") != "no-figures")
        broken = pl.col("kind") == "arithmetic"
        sheets = self._by_place(firm.filter(broken), pl.struct(SHEET).n_unique())
        for where, counts in self._by_place(firm.filter(~broken), pl.struct(SHEET[:3]).n_unique()).items():
            sheets.setdefault(where, {}).update(counts)
        return sheets

    @cached_property
    def _bases(self) -> Mapping[tuple[str, Place], Bases]:
        return bases_of(self._frames, self.setting, self._parents) if self.frame.height else {}

    def spread(self, contest: str, place: Place) -> Mapping[str, tuple[int, int]]:
        """Say for each kind of findings on how many protocols or sheets of an area it is, of how many."""
        codes = self._sheets.get((contest, place), {})
        counts = {code: self.out_of(contest, place, code) for code in codes}
        # Stations that nothing else is known of are in no denominator.
        return {code: (on, of) for code, (on, of) in counts.items() if on <= of}

    def out_of(self, contest: str, place: Place, code: str) -> tuple[int, int]:
        """Count the protocols or sheets of an area with findings of a kind, and all that could have one."""
        bases = self._bases.get((contest, place))
        return self._sheets.get((contest, place), {}).get(code, 0), bases.of(code) if bases else 0

    # Lists and cards

    def pages(self, code: str, length: int) -> list[pl.DataFrame]:
        """Cut the list of a kind into pages.

        Args:
            code: of the kind.
            length: rows on a page; all findings on one sheet of a folded kind are one row.
        """
        if (code, length) not in self._pages:
            part = self.ranked.filter(pl.col("code") == code)
            if code in FOLDED:
                part = part.sort("careful", "unit", "contest", "level", "sources", "rows", "entry")
                number = pl.struct("careful", *SHEET).rle_id() // length
                parts = part.with_columns(number.alias("page")).partition_by(
                    "page", maintain_order=True, include_key=False
                )
            else:
                parts = [part.slice(start, length) for start in range(0, part.height, length)]
            self._pages[code, length] = parts
        return self._pages[code, length]

    @cached_property
    def _differences(self) -> pl.DataFrame:
        """Findings that name a difference, votes before ballots, each part the largest first."""
        # A voter asks for votes, and a summary's ballots are always more.
        choices = [c.key for contest in self.setting.context.election.contests for c in contest.choices]
        votes = pl.col("largest_line").is_in(choices)
        # Where something was declared, two copies against each other are no difference from it.
        beside = pl.col("contest").is_in(list(self.setting.context.stands_in))
        ranked = self.ranked.filter(
            (pl.col("severity") == "error")
            & pl.col("largest").is_not_null()
            & ((pl.col("kind") != "copies-disagree") | beside)
        )
        return pl.concat([ranked.filter(votes), ranked.filter(~votes)])

    @cached_property
    def _largest(self) -> Mapping[Place, list[str]]:
        ranked = self._differences.filter(~pl.col("careful"))
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

    @cached_property
    def _careful(self) -> Mapping[tuple[str, Place], Mapping[str, int]]:
        return self._by_place(self._differences.filter("careful"), pl.len())

    def careful(self, contest: str, place: Place) -> Mapping[str, int]:
        """Count the differences of an area that are to be read with care, by kind."""
        return self._careful.get((contest, place), {})


def spread_of(findings: Findings, setting: Setting, place: Place) -> dict[str, tuple[int, int]]:
    """Add up over all contests on how many protocols or sheets of an area each kind of findings is."""
    found: dict[str, tuple[int, int]] = {}
    for code in findings.frame["code"].unique():
        counts = [findings.out_of(contest, place, code) for contest in setting.contests]
        on, of = sum(on for on, _ in counts), sum(of for _, of in counts)
        if 0 < on <= of:
            found[code] = (on, of)
    return found
