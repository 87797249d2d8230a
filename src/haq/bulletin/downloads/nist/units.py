"""Stations and areas as reporting units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haq.bulletin.downloads.nist.declared import Declared
from haq.bulletin.downloads.nist.objects import array, escaped, identifier, listed, quoted, thing
from haq.bulletin.model import Context, Tables
from haq.bulletin.slugs import area_slug, slug_of

#: The part of stations that are in no area; no slug begins so.
REST = "_rest"
#: What ids of stations begin with; those of areas begin with the key of their level, which has small letters.
_STATION = "S"
_NAMES = ("name_kk", "name_ru", "name_en")
#: Words of the format for a kind of area, where the law profile's English name is one of them.
_TYPES = frozenset(
    ("borough", "city", "country", "county", "municipality", "state", "town", "township", "village", "ward")
)


@dataclass(frozen=True)
class Scope:
    """How the stations of the whole election are parted into reports.

    Attributes:
        split: level whose areas each have a report of their own; None where no station is in an area.
        whole: whether the only area of the highest level is the whole election.
    """

    split: str | None
    whole: bool


def scope_of(areas: Mapping[str, pl.DataFrame], stations: pl.DataFrame, levels: Sequence[str]) -> Scope:
    """Choose the highest level that parts the stations, so that reports stay small.

    Args:
        areas: level -> what is known of its areas.
        stations: the areas that stations are in, a column for each level that any is in.
        levels: keys of the levels from the stations up.
    """
    above = [level for level in reversed(levels[1:]) if level in stations.columns]
    counts = {level: stations[level].replace("", None).drop_nulls().n_unique() for level in above}
    several = [level for level, count in counts.items() if count > 1]
    single = [level for level, count in counts.items() if count]
    top = areas.get(levels[-1], pl.DataFrame())
    whole = top.height <= 1 and counts.get(levels[-1], 0) <= 1
    return Scope(next(iter([*several, *single]), None), whole)


class Units:
    """Every unit of an election with its names and the areas that it is in.

    Attributes:
        levels: keys of the levels from the stations up.
        stations: ``unit``, ``slug``, each level above (key of the area or null), names, and ``part``: the
            name of the report that a station is in. Stations that only an official result knows stand
            behind the others.
        parts: names of the reports of stations: slugs of the largest areas that part the stations.
        together: a row for each combination of areas that stations are in: the levels, ``id:<level>`` and
            ``known``, how many stations.
        areas: level -> ``unit``, ``id``, names, ``known`` (stations in it), each level above; from the
            highest level down, without the whole election.
    """

    def __init__(
        self, tables: Tables, context: Context, declared: Sequence[Declared], scope: Scope | None = None
    ) -> None:
        """Put the units together.

        Args:
            tables: everything that the entries hold, or of some parts everything but the other parts.
            context: the election.
            declared: what was declared in each contest, of the same tables.
            scope: of all tables, where these are of some parts only.
        """
        self.levels = [level.key for level in context.profile.levels]
        self._types = {
            level.key: kind_of(level.name.en, station=level.key == self.levels[0])
            for level in context.profile.levels
        }
        base, above = self.levels[0], self.levels[1:]
        stations = _with(tables.stations, ["unit", "slug", *above, "name", *_NAMES])
        beyond = [one for one in declared if one.level == base and one.beyond.height]
        if beyond:
            others = pl.concat([one.beyond.join(one.frame, on="unit", how="semi") for one in beyond])
            stations = pl.concat([stations, others.unique().sort("unit")], how="diagonal")
        self.together = self._with_ids(stations.group_by(above).len("known"))
        self.scope = scope or scope_of(tables.areas, self.together, self.levels)
        split = self.scope.split
        slugs: dict[str, str] = {}
        if split is not None:
            slugs = {key: area_slug(split, key) for key in self.together[split].drop_nulls().unique()}
        part = pl.col(split or "unit").replace_strict(slugs, default=REST, return_dtype=pl.String)
        self.stations = stations.with_columns((part if slugs else pl.lit(REST)).alias("part"))
        self.parts = tuple(self.stations["part"].unique().sort())
        self.areas = {level: self._areas(tables, level) for level in reversed(above)}
        self.areas = {level: frame for level, frame in self.areas.items() if frame.height}

    def _with_ids(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Name the areas of each level by their ids."""
        ids = [_area_ids(level, frame[level]).alias(f"id:{level}") for level in self.levels[1:]]
        return frame.with_columns(ids)

    def stations_in(self, part: str) -> pl.DataFrame:
        """Give the stations of one report as ``stations`` has them, with ``id`` and ``id:<level>``."""
        stations = self.stations.filter(pl.col("part") == part)
        unnamed = stations.filter(pl.col("slug").is_null())["unit"].to_list()
        if unnamed:
            slugs = {key: slug_of(key) for key in unnamed}
            named = pl.col("unit").replace_strict(slugs, default=pl.col("slug"), return_dtype=pl.String)
            stations = stations.with_columns(named.alias("slug"))
        return self._with_ids(stations).with_columns(_short(_STATION))

    def _areas(self, tables: Tables, level: str) -> pl.DataFrame:
        above = self.levels[self.levels.index(level) + 1 :]
        frame = _with(tables.areas.get(level, pl.DataFrame({"unit": []})), ["unit", *above, "name", *_NAMES])
        known = self.together.filter(pl.col(level).is_not_null()).group_by(level).agg(pl.col("known").sum())
        if level == self.levels[-1] and self.scope.whole:
            return frame.clear()
        inside = known.select(pl.col(level).alias("unit"))
        others = inside.join(frame, on="unit", how="anti").sort("unit")
        frame = pl.concat([frame, others], how="diagonal").unique("unit", keep="first", maintain_order=True)
        return frame.join(
            known.rename({level: "unit"}), on="unit", how="left", maintain_order="left"
        ).with_columns(
            _area_ids(level, frame["unit"]).alias("id"), pl.col("known").fill_null(0).cast(pl.Int64)
        )

    def type_of(self, level: str) -> dict[str, str]:
        """Give the words of the format for the units of a level."""
        return self._types[level]

    def placed(self, one: Declared) -> pl.DataFrame:
        """Give the figures of a contest with the areas that each unit is in, and the part of a station."""
        frame, above = one.frame, self.levels[1:]
        if one.level == self.levels[0]:
            where = self.stations.select("unit", "part", *above)
            return frame.join(where, on="unit", how="left", maintain_order="left")
        if one.level in self.areas:
            higher = self.levels[self.levels.index(one.level) + 1 :]
            where = self.areas[one.level].select("unit", *higher)
            frame = frame.join(where, on="unit", how="left", maintain_order="left")
        own = [pl.col("unit").alias(one.level)] if one.level else []
        frame = frame.with_columns(own)
        return frame.with_columns(
            pl.lit(None, dtype=pl.String).alias(name)
            for name in ("part", *above)
            if name not in frame.columns
        )

    def below(self, frame: pl.DataFrame, level: str, *, areas_only: bool = False) -> dict[str, list[str]]:
        """List the units directly below each area of a level.

        Args:
            frame: stations, or combinations of areas, with the ids of their areas.
            level: of the areas; empty for the whole election.
            areas_only: leave out stations.

        Returns:
            Key of the area -> ids, sorted; a unit below which nothing is known is absent.
        """
        at = self.levels.index(level) if level else len(self.levels)
        own = [] if areas_only else [pl.col("id")]
        ids = [pl.col(f"id:{lower}") for lower in reversed(self.levels[1:at]) if lower in self.areas]
        if not (ids or own):
            return {}
        child = pl.coalesce(*ids, *own)
        pairs = frame.select((pl.col(level) if level else pl.lit("")).alias("unit"), child.alias("child"))
        grouped = pairs.drop_nulls().unique().sort("child").group_by("unit").agg("child")
        return dict(grouped.rows())


def kind_of(name: str, *, station: bool) -> dict[str, str]:
    """Choose the type of the units of a level."""
    if station:
        return {"Type": quoted("precinct")}
    word = name.casefold()
    return {"Type": quoted(word)} if word in _TYPES else {"OtherType": quoted(name), "Type": quoted("other")}


def _with(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Take text columns; one that is not there is null."""
    return frame.select(
        pl.col(c).cast(pl.String).replace("", None)
        if c in frame.columns
        else pl.lit(None, dtype=pl.String).alias(c)
        for c in columns
    )


def _short(prefix: str) -> pl.Expr:
    """Make the column ``id`` of the column ``slug``.

    Where a slug ends in its digest only that is taken: ids stand in a report a million times.
    """
    digest = pl.col("slug").str.extract(r"^.{12,}-([0-9a-f]{12})$")
    hashed = pl.when(digest.is_not_null()).then(pl.format("{}.{}", pl.lit(prefix), digest))
    return hashed.otherwise(pl.format("{}-{}", pl.lit(prefix), "slug")).alias("id")


def _area_ids(level: str, keys: pl.Series) -> pl.Series:
    """Give the ids of areas; keys repeat, so each is looked at once."""
    known = keys.drop_nulls().unique().to_list()
    slugs = pl.DataFrame({"slug": pl.Series([slug_of(key) for key in known], dtype=pl.String)})
    ids = dict(zip(known, slugs.select(_short(level))["id"], strict=True))
    if not ids:
        return pl.Series([None] * keys.len(), dtype=pl.String)
    return keys.replace_strict(ids, default=None, return_dtype=pl.String)


def id_of(level: str, key: str) -> str:
    """Give the id of an area."""
    return str(_area_ids(level, pl.Series([key]))[0])


def voters_of(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put together what the contests say of the voters of each unit.

    Args:
        frames: one a contest: ``unit``, ``quantity:registered``, ``quantity:turnout``.

    Returns:
        ``unit``, ``registered``, ``turnout``: null where no contest has the figure, or where two
        contradict each other, because the format has room for one figure only.
    """
    columns = {"registered": "quantity:registered", "turnout": "quantity:turnout"}
    pieces = [frame.select("unit", **{name: pl.col(c) for name, c in columns.items()}) for frame in frames]
    if len(pieces) == 1:
        return pieces[0]
    return (
        pl.concat(pieces)
        .group_by("unit", maintain_order=True)
        .agg(pl.when(pl.col(n).min() == pl.col(n).max()).then(pl.col(n).min()).alias(n) for n in columns)
    )


def unit_objects(
    frame: pl.DataFrame, level: str, types: dict[str, str], voters: pl.DataFrame, below: dict[str, list[str]]
) -> list[str]:
    """Write the units of a level.

    Args:
        frame: ``unit``, ``id``, names, and for areas ``known``, the stations in them.
        level: of the units.
        types: words of the format for them.
        voters: ``unit``, ``registered``, ``turnout``, and for areas ``reported``; null where not known. A
            station that it does not have is one for which nothing was declared.
        below: unit -> ids of the units below.

    Returns:
        JSON texts, in the order of ``frame``.
    """
    composed = {unit: f',"ComposingGpUnitIds":{array(map(quoted, ids))}' for unit, ids in below.items()}
    frame = frame.join(
        voters.with_columns(declared=pl.lit(True)), on="unit", how="left", maintain_order="left"
    ).with_columns(
        below=pl.col("unit").replace_strict(composed, default="", return_dtype=pl.String)
        if composed
        else pl.lit("")
    )
    is_area = "known" in frame.columns
    unknown = thing("CountStatus", {"Status": quoted("unknown"), "Type": quoted("total")})
    status = (
        pl.when(pl.col("declared").is_null())
        .then(pl.lit(f',"CountStatus":[{unknown}]'))
        .otherwise(pl.lit(""))
    )
    own = identifier(level, "").removesuffix('""}')
    numbers = {"VotersParticipated": "turnout", "VotersRegistered": "registered"}
    if is_area:
        numbers = {"SubUnitsReported": "reported", "TotalSubUnits": "known"} | numbers
    text = pl.concat_str(
        pl.lit('{"@type":"ElectionResults.ReportingUnit","@id":'),
        escaped("id"),
        pl.col("below"),
        pl.lit("") if is_area else status,
        pl.lit(f',"ExternalIdentifier":[{own}'),
        escaped("unit"),
        pl.lit("}]"),
        _name(),
        pl.lit("".join(f',"{word}":{text}' for word, text in types.items())),
        *(
            pl.format(f',"{word}":{{}}', pl.col(c)).fill_null("")
            for word, c in numbers.items()
            if c in frame.columns
        ),
        pl.lit("}"),
    )
    return listed(frame, text)


def _name() -> pl.Expr:
    """Build the name in every language in which it is known, else as written, in no stated language."""
    columns = {"kk": "name_kk", "ru": "name_ru", "en": "name_en"}
    texts = [
        pl.concat_str(
            pl.lit('{"@type":"ElectionResults.LanguageString","Content":'),
            escaped(column),
            pl.lit(f',"Language":"{code}"}}'),
        )
        for code, column in (*columns.items(), ("und", "name"))
    ]
    *spoken, written = texts
    known = pl.any_horizontal(*(pl.col(column).is_not_null() for column in columns.values()))
    joined = pl.when(known).then(pl.concat_str(spoken, separator=",", ignore_nulls=True)).otherwise(written)
    head = ',"Name":{"@type":"ElectionResults.InternationalizedText","Text":['
    return pl.concat_str(pl.lit(head), joined, pl.lit("]}")).fill_null("")
