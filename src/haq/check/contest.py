"""The check of one contest: what was declared against every copy, version, sum and total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import polars as pl

from haq.check.election import Election
from haq.check.mandates import seats_of, seats_on_both
from haq.check.report import ContestReport, Pair, Roll, SourceChecks, Version
from haq.check.sources import Source
from haq.check.summing import rolls_of
from haq.protocols import (
    SOURCE,
    add_up,
    changes,
    checks_of,
    columns_of,
    compare,
    contradictions,
    flag_frame,
    last_of_each,
    one_per_unit,
    same_units,
)

#: Name of all copies together, in place of a source's id.
TOGETHER = "all copies"
#: Keys shown as examples where keys of two files do not meet.
EXAMPLES = 3


def check_contest(election: Election, contest: str, everything: Mapping[str, Source]) -> ContestReport:
    """Check one contest.

    Args:
        election: the election.
        contest: key of the contest.
        everything: every source of the election, by id.

    Returns:
        What was found, with notes on all that could not be looked at.
    """
    return _Contest(election, contest, everything).report()


class _Contest:
    """One contest with its sources, while it is checked."""

    def __init__(self, election: Election, contest: str, everything: Mapping[str, Source]) -> None:
        self.election = election
        self.key = contest
        self.base = election.base_level
        self.sources = {k: s for k, s in everything.items() if s.contest == contest and s.holds_figures}
        self.lists = [
            s
            for s in everything.values()
            if s.config.kind == "stations" and s.config.contest in (None, contest)
        ]
        self.areas = [s for s in everything.values() if s.config.kind == "areas"]
        self.notes: list[str] = []
        levels = dict.fromkeys(s.level for s in self.sources.values())
        self.declared = {level: self._declared(level) for level in levels}
        self.frames = {s.key: self._one_each(s) for s in self.declared.values()}
        self.units = {level: self._known_units(level) for level in levels}
        self.listed = self._listed()

    def report(self) -> ContestReport:
        """Do everything, in the order in which it is read."""
        copies = {s.key: p for s in self._of_kind("copies") if (p := self._against_declared(s)) is not None}
        at_base = [self.sources[key] for key in copies if self.sources[key].level == self.base]
        together = self._together(at_base, copies)
        totals = {
            s.key: add_up(
                self.frames[s.key],
                lines=s.lines,
                choices=s.choices,
                of=self._counting(s.level).len(),
                among=self.listed if s.level == self.base else None,
            )
            for s in self.declared.values()
            if s.choices
        }
        main = self.declared.get(self.base)
        rolls: list[Roll] = []
        lists = [*self.lists, *self.areas]
        for roll, note in rolls_of(self.election, self.sources, self.declared, lists, self.units):
            rolls += [roll] if roll is not None else []
            self.notes += [note] if note else []
        unlisted = dict(self._compare_with_lists())
        seats, seats_note = seats_of(self.election, self.key, totals.get(main.key) if main else None, main)
        official = main is not None and main.config.kind == "official"
        return ContestReport(
            key=self.key,
            stations=self._counting(self.base).len() if main else 0,
            declared=main.key if main else "",
            stands_in=bool(at_base) and not official,
            official=self._among_listed(main.frame["unit"]).len() if main and official else 0,
            left_out=self._left_out(main) if main and official else 0,
            unlisted=unlisted,
            not_declared=self._not_declared(main) if main and official else (),
            copies=copies,
            together=together,
            together_seats=seats_on_both(self.election, self.key, together),
            versions={s.key: v for s in self._of_kind("official") if (v := self._version(s)) is not None},
            between=tuple(self._between(copies)),
            contradictions={
                s.key: found
                for s in self._of_kind("copies")
                if (found := contradictions(s.frame, lines=s.keys)).height
            },
            checks={s.key: self._checks(s) for s in self.sources.values()},
            rolls=tuple(rolls),
            totals=totals,
            seats=seats,
            seats_note=seats_note,
            notes=tuple(self.notes),
        )

    def _of_kind(self, kind: str) -> list[Source]:
        return [s for s in self.sources.values() if s.config.kind == kind]

    @staticmethod
    def _one_each(source: Source) -> pl.DataFrame:
        return source.frame if source.config.kind == "official" else one_per_unit(source.frame, source.keys)

    def _known_units(self, level: str) -> pl.Series:
        """Name the units of a level that any protocol or list knows, refused rows included."""
        here = [s for s in [*self.sources.values(), *self.lists] if s.level == level]
        parts = [s.frame["unit"] for s in here] + [u for s in here if (u := s.refused_units).len()]
        known = parts[0] if len(parts) == 1 else pl.concat(parts)
        return known.unique(maintain_order=True)

    def _declared(self, level: str, after: int = 0) -> Source:
        """Put together what stands for the official result of a level.

        Every unit from the last version of the official result that has it; without an official result,
        the second source of copies stands in; a single source of copies stands alone.

        Args:
            level: key of the level.
            after: only versions after this one.

        Returns:
            The latest version with the units that it leaves out from the versions before it, each row
            naming its source; or copies as they are.
        """
        here = [s for s in self.sources.values() if s.level == level]
        official = [s for s in here if s.config.kind == "official" and s.config.version > after]
        if not official:
            return here[min(1, len(here) - 1)]
        official.sort(key=lambda s: s.config.version)
        latest = official[-1]
        if len(official) == 1:
            return latest
        form = self.election.profile.form(level)
        ballot = self.election.config.contests[self.key].choices
        return replace(
            latest,
            frame=last_of_each([s.frame.with_columns(pl.lit(s.key).alias(SOURCE)) for s in official]),
            lines=tuple(line.key for line in form.lines if any(line.key in s.lines for s in official)),
            choices=tuple(c for c in ballot if any(c in s.choices for s in official)),
        )

    def _left_out(self, main: Source) -> int:
        """Count the stations that the latest version of the official result leaves out."""
        return main.frame.filter(pl.col(SOURCE) != main.key).height if SOURCE in main.frame.columns else 0

    def _listed(self) -> pl.Series | None:
        """Name the stations of the lists, refused rows included; nothing where there is no list."""
        if not self.lists:
            return None
        parts = [s.frame["unit"] for s in self.lists] + [s.refused_units for s in self.lists]
        return pl.concat(parts).unique(maintain_order=True)

    def _counting(self, level: str) -> pl.Series:
        """Name the units that N counts: the listed stations, else every unit that is known."""
        return self.listed if self.listed is not None and level == self.base else self.units[level]

    def _among_listed(self, units: pl.Series) -> pl.Series:
        return units if self.listed is None else units.filter(units.is_in(self.listed.implode()))

    def _against_declared(self, source: Source) -> Pair | None:
        against = self.declared[source.level]
        if against.key == source.key:
            return None
        pair = self._pair(source, against, self.frames[against.key])
        if pair is None:
            self.notes.append(f"{source.key} and {against.key} share no line: nothing was compared")
        elif not pair.comparison.matched and source.frame.height:
            theirs, ours = against.frame["unit"].head(EXAMPLES), source.frame["unit"].head(EXAMPLES)
            self.notes.append(
                f"NOTHING WAS COMPARED: no key of {source.name} ({_shown(ours)}) is in {against.name} "
                f"({_shown(theirs)}); mend columns.{source.level} so that both are written alike"
            )
        else:
            self.notes += _eaten_zeros(source, against)
        return pair

    def _pair(self, source: Source, against: Source, declared: pl.DataFrame) -> Pair | None:
        """Compare a source with another of its level on the lines that both hold."""
        lines = tuple(k for k in source.lines if k in against.lines)
        choices = tuple(k for k in source.choices if k in against.choices)
        if not lines and not choices:
            return None
        quantities = self.election.profile.form(source.level).quantities
        spoiled = {
            line
            for name in ("blank", "invalid")
            if name in quantities
            for line in columns_of(quantities[name], ())
        }
        comparison = compare(
            declared,
            source.frame,
            lines=lines,
            choices=choices,
            spoiled=[k for k in lines if k in spoiled],
        )
        of = self._counting(source.level).len()
        return Pair(source.key, against.key, comparison, same_units(comparison, choices=choices, of=of))

    def _together(self, copies: Sequence[Source], pairs: Mapping[str, Pair]) -> Pair | None:
        """Put the copies of all sources together: a line counts where no two copies differ on it."""
        if not copies:
            return None
        first = copies[0]
        if len(copies) == 1 and first.frame["unit"].n_unique() == first.frame.height:
            return pairs[first.key]
        against = self.declared[first.level]
        lines = tuple(dict.fromkeys(k for s in copies for k in s.lines))
        ballot = self.election.config.contests[self.key].choices
        choices = tuple(k for k in ballot if any(k in s.choices for s in copies))
        stacked = pl.concat([s.frame.select("unit", *s.keys) for s in copies], how="diagonal")
        frame = one_per_unit(stacked, (*lines, *choices))
        frame = frame.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias("row"))
        merged = replace(first, key=TOGETHER, frame=frame, lines=lines, choices=choices)
        return self._pair(merged, against, self.frames[against.key])

    def _version(self, earlier: Source) -> Version | None:
        latest = self.declared[earlier.level]
        if latest.key == earlier.key:
            return None
        latest = self._declared(earlier.level, after=earlier.config.version)
        lines = tuple(k for k in earlier.keys if k in latest.keys)
        pair = self._pair(earlier, latest, latest.frame)
        if pair is None:
            self.notes.append(f"{earlier.key} and {latest.key} share no line: nothing was compared")
            return None
        return Version(pair, changes(earlier.frame, latest.frame, lines=lines))

    def _between(self, copies: Iterable[str]) -> Iterator[Pair]:
        """Compare the copies of every two sources of one level."""
        for first, second in combinations([self.sources[key] for key in copies], 2):
            if first.level == second.level:
                pair = self._pair(first, second, self._one_each(second))
                if pair is not None:
                    yield pair

    def _not_declared(self, main: Source) -> tuple[str, ...]:
        """Name the stations that are known, but for which nothing was declared."""
        versions = [s for s in self._of_kind("official") if s.level == main.level]
        here = pl.concat([main.frame["unit"], *(s.refused_units for s in versions)])
        known = self.units[self.base]
        return () if known.len() == here.n_unique() else tuple(known.filter(~known.is_in(here.implode())))

    def _compare_with_lists(self) -> Iterator[tuple[str, int]]:
        """Count the stations of each source that no list has, and note them."""
        if self.listed is None:
            return
        for source in self.sources.values():
            if source.level == self.base:
                units = source.frame["unit"].unique(maintain_order=True)
                beyond = units.filter(~units.is_in(self.listed.implode()))
                if beyond.len():
                    yield source.key, beyond.len()
                    self.notes.append(
                        f"{source.name}: {beyond.len()} of {units.len()} stations are not in the list "
                        f"of stations ({_shown(beyond.head(EXAMPLES))}): they are added up, and are none of "
                        f"the {self.listed.len()} stations of the list"
                    )

    def _checks(self, source: Source) -> SourceChecks:
        form = self.election.profile.form(source.level)
        choices = tuple(self.election.config.contests[self.key].choices)
        flags = flag_frame(source.frame.select(source.keys), form=form, choices=choices)
        codes = flags.columns
        counted = flags.select(
            *(pl.col(c).sum().alias(f"{c}:n") for c in codes),
            *(pl.col(c).null_count().alias(f"{c}:unknown") for c in codes),
        )
        row = counted.row(0, named=True) if codes else {}
        return SourceChecks(
            source=source.key,
            checks=checks_of(form, source.keys, choices),
            flags=flags,
            flagged={c: int(row[f"{c}:n"]) for c in codes},
            unknown={c: int(row[f"{c}:unknown"]) for c in codes},
        )


def _shown(keys: pl.Series) -> str:
    return ", ".join(repr(key) for key in keys.to_list())


def _eaten_zeros(source: Source, against: Source) -> Iterator[str]:
    """Note keys that may have lost a last zero: 1.1 here, while the other file has 1.10 as well."""
    ours, theirs = source.frame["unit"], against.frame["unit"]
    short = ours.filter(ours.str.contains(r"^\d+\.\d*[1-9]$")).unique(maintain_order=True)
    if not short.len():
        return
    suspects = short.filter((short + "0").is_in(theirs.implode()))
    if suspects.len() and not ours.str.contains(r"\.\d*0$").any():
        yield (
            f"{source.name}: {suspects.len()} keys such as {_shown(suspects.head(EXAMPLES))} may stand for "
            f"keys with a zero at the end, which {against.name} has too: a spreadsheet drops such zeros. "
            "Differences on these stations may be false; save the column as text and check again"
        )
