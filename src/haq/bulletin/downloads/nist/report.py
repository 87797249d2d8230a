"""Reports of results: one of the whole election by area, and one of the stations of each area."""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property

import polars as pl

from haq.bulletin.downloads.nist.contests import (
    Counts,
    ballots_of,
    candidates_of,
    contest_object,
    parties_of,
)
from haq.bulletin.downloads.nist.declared import added_up, declared_in, sums_of
from haq.bulletin.downloads.nist.moving import ROOT
from haq.bulletin.downloads.nist.objects import array, identifier, quoted, spoken, thing
from haq.bulletin.downloads.nist.units import REST, Scope, Units, unit_objects, voters_of
from haq.bulletin.model import Context, Tables

_NOTES = (
    "Figures declared by election commissions, as observers collected and published them: not a publication "
    "of a commission, and never certified. Latest published version of each sheet; copies of protocols are "
    "not in here. A sum is over the units that hold the figure, see SubUnitsReported; what is not known is "
    "left out. GeneratedDate is the polling day, because these files are the same whenever they are made."
)


class Reports:
    """All reports of an election; each is made when it is asked for."""

    def __init__(self, tables: Tables, context: Context, scope: Scope | None = None) -> None:
        """Look at what was declared, without writing anything yet.

        Args:
            tables: everything that the entries hold, or of some parts everything but the other parts.
            context: the election.
            scope: of all tables, where these are of some parts only.
        """
        self.context = context
        self.declared = [declared_in(tables, context, rules) for rules in context.election.contests]
        self.units = Units(tables, context, self.declared, scope)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Names of the reports of stations."""
        return self.units.parts

    @cached_property
    def _placed(self) -> list[pl.DataFrame]:
        """Figures of each contest with the areas and the part that each unit is in."""
        return [self.units.placed(one) for one in self.declared]

    def changed(self, last: Reports, units: Set[str]) -> Set[str]:
        """Name the reports of stations that may differ from those of other tables.

        Args:
            last: the reports of the other tables of the same election.
            units: stations of which any row may differ; all rows of the others are the same.
        """
        if self._common() != last._common():
            return set(self.parts)
        asked = pl.Series(sorted(units), dtype=pl.String).implode()
        here = pl.col("unit").is_in(asked)
        found = [one.units.stations.filter(here)["part"].to_list() for one in (self, last)]
        # Stations that a list has no longer, or not yet, are in the report of those in no area.
        return {part for parts in found for part in parts} | {REST}

    def _common(self) -> list[object]:
        """Give what every report of stations rests on, whatever stations it has."""
        areas = {level: frame.drop("known").rows() for level, frame in self.units.areas.items()}
        return [self.parts, areas, *((one.level, one.choices, one.law is None) for one in self.declared)]

    def part(self, name: str) -> bytes:
        """Write the report of the stations of one area."""
        stations = self.units.stations_in(name)
        where = stations.select("unit", _tail())
        frames = [
            where.join(frame.filter(pl.col("part") == name), on="unit", how="inner", maintain_order="left")
            for frame in self._placed
        ]
        base, *above = self.units.levels
        counts = []
        for one, frame in zip(self.declared, frames, strict=True):
            reported = int(frame["whole"].sum())
            if one.level == base:
                counts.append(Counts(one, [frame], reported, stations.height))
            else:
                counts.append(Counts(one, [], reported, None))
        units = [self._root(self.units.below(stations, "").get("", []))]
        for level in reversed(above):
            if level in self.units.areas:
                inside = stations[level].drop_nulls().unique()
                areas = self.units.areas[level].filter(pl.col("unit").is_in(inside.implode())).drop("known")
                below = self.units.below(stations, level)
                # No figure of an area is in this report, and none is unknown for that.
                silent = areas.select("unit")
                units += unit_objects(areas, level, self.units.type_of(level), silent, below)
        here = [f for one, f in zip(self.declared, frames, strict=True) if one.level == base]
        voters = voters_of(here) if here else stations.select("unit").clear()
        units += unit_objects(stations, base, self.units.type_of(base), voters, {})
        complete = bool(counts) and all(
            one.known is not None and one.reported == one.known > 0 and one.declared.rules.covers == "whole"
            for one in counts
        )
        return self._report("precinct-level", units, counts, complete=complete)

    def summary(self) -> bytes:
        """Write the report of the whole election by area."""
        together, above = self.units.together, self.units.levels[1:]
        units = [self._root(self.units.below(together, "", areas_only=True).get("", []))]
        sums = [sums_of(one, frame, above) for one, frame in zip(self.declared, self._placed, strict=True)]
        root = pl.DataFrame({"unit": [""], "id": [ROOT]})
        pieces = [_within(root, [added_up(frame) for frame in sums])]
        for level, areas in self.units.areas.items():
            inside = [added_up(frame, level) for frame in sums]
            below = self.units.below(together, level, areas_only=True)
            units += unit_objects(areas, level, self.units.type_of(level), self._voters(areas, inside), below)
            pieces.append(_within(areas, inside))
        counts = [
            Counts(one, [piece[number] for piece in pieces], int(one.frame["whole"].sum()), one.known)
            for number, one in enumerate(self.declared)
        ]
        complete = bool(self.declared) and all(one.complete for one in self.declared)
        return self._report("summary-contest", units, counts, complete=complete)

    def _voters(self, areas: pl.DataFrame, sums: list[pl.DataFrame]) -> pl.DataFrame:
        """Give the voters of areas, only where every station of the area has declared them."""
        base = self.units.levels[0]
        known = areas.select("unit", "known")
        whole = [
            frame.join(known, on="unit").filter(pl.col("declared") == pl.col("known"))
            for one, frame in zip(self.declared, sums, strict=True)
            if one.level == base
        ]
        voters = voters_of(whole) if whole else areas.select("unit").clear()
        if len(sums) == 1 and self.declared[0].level == base:
            # With several contests no single number says how many stations have reported.
            voters = areas.select("unit").join(voters, on="unit", how="left")
            voters = voters.join(sums[0].select("unit", "reported"), on="unit", how="left")
            voters = voters.with_columns(pl.col("reported").fill_null(0))
        return voters

    def _root(self, below: list[str]) -> str:
        level = self.context.profile.levels[-1]
        return thing(
            "ReportingUnit",
            {
                "@id": quoted(ROOT),
                "ComposingGpUnitIds": array(map(quoted, below)),
                "Name": spoken(level.name),
                **self.units.type_of(level.key),
            },
        )

    def _report(self, form: str, units: list[str], counts: list[Counts], *, complete: bool) -> bytes:
        election = self.context.election
        day = election.date.isoformat()
        synthetic = self.context.synthetic
        contests = (contest_object(one, ROOT) for one in counts)
        ballots = [text for one in counts for text in ballots_of(one, several=len(counts) > 1)]
        parts: dict[str, str | None] = {
            "Election": array(
                [
                    thing(
                        "Election",
                        {
                            "BallotCounts": array(ballots),
                            "Candidate": array(candidates_of(election.contests)),
                            "Contest": array(contests),
                            "ElectionScopeId": quoted(ROOT),
                            "EndDate": quoted(day),
                            "ExternalIdentifier": array([identifier("election", election.election)]),
                            "Name": spoken(election.title, election.election),
                            "OtherType": quoted(self.context.profile.key),
                            "StartDate": quoted(day),
                            "Type": quoted("other"),
                        },
                    )
                ]
            ),
            "Format": quoted(form),
            "GeneratedDate": quoted(f"{day}T00:00:00Z"),
            "GpUnit": array(units),
            "IsTest": "true" if synthetic else None,
            "Issuer": quoted(" ".join(f"Observers' bulletin of haq {self.context.base_url}".split())),
            "IssuerAbbreviation": quoted("haq"),
            "Notes": quoted(_NOTES),
            "Party": array(parties_of(election.contests)),
            "SequenceEnd": "1",
            "SequenceStart": "1",
            "Status": quoted("unofficial-complete" if complete else "unofficial-partial"),
            "TestType": quoted("synthetic data") if synthetic else None,
            "VendorApplicationId": quoted("haq"),
        }
        return thing("ElectionReport", parts).encode() + b"\n"


def _tail() -> pl.Expr:
    return pl.format(',"GpUnitId":"{}"', "id").alias("tail")


def _within(units: pl.DataFrame, sums: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Give the sums of each contest the ids of their units, in the order of the units."""
    where = units.select("unit", _tail())
    return [where.join(frame, on="unit", how="inner", maintain_order="left") for frame in sums]
