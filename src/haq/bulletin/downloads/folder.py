"""The folder that ``haq check`` reads: the published figures as an election of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haq.bulletin.downloads.flat import exact_csv_of, stem_of, with_gaps
from haq.bulletin.downloads.readme import README
from haq.bulletin.downloads.splicing import Held, Piece, csv_pieces, window_of
from haq.bulletin.model import Context, Tables
from haq.entries import ContestRules, ElectionEntry, Names, SourceFile
from haq.law.toml import Value, table
from haq.tables.harmless import harmless_headers

#: How a figure that is not a number is written; haq reads any word as unreadable.
_WORDS = {"unreadable": "нрзб", "different": "different"}
_LAYOUT: dict[str, Value] = {"encoding": "utf-8", "separator": ",", "header": True, "skip_rows": 0}
#: Kinds of sources that hold sheets.
_SHEETS = ("official", "copies")
_NAMES = ("name_kk", "name_ru", "name_en")
_ADDRESSES = ("address_kk", "address_ru", "address_en")


@dataclass(frozen=True)
class _File:
    """A source of the folder: what ``election.toml`` says of it, and its table."""

    key: str
    options: Mapping[str, Value | None]
    columns: tuple[str, ...]
    frame: pl.DataFrame


def check_folder(tables: Tables, context: Context, law: bytes | None) -> dict[str, bytes]:
    """Write everything that has been published as a folder that ``haq check`` reads as it is.

    Args:
        tables: everything that the entries hold.
        context: the election.
        law: the law profile, where it is none of those that come with haq.

    Returns:
        Path in the folder -> bytes: ``election.toml``, a CSV file for each source, ``README.txt``, and
        ``law.toml`` where it was given.
    """
    files = list(_files(tables, context))
    written = {f"{file.options['file']}": _csv_of(file.frame) for file in files}
    return written | _texts(context, files, law)


def changed_files(
    tables: Tables, last: Tables, context: Context, law: bytes | None, held: Held, places: Mapping[str, range]
) -> dict[str, Sequence[Piece]] | None:
    """Write what is not the same in a folder that was written of other tables.

    Args:
        tables, context, law: see ``check_folder``.
        last: what the other folder was written of; nothing but ``sources`` may differ.
        held: a file in which all files of the other folder lie.
        places: path in the folder -> where in that file.

    Returns:
        Path -> pieces of the file; None where the folder has other files now.
    """
    files = list(_files(tables, context))
    texts = _texts(context, files, law)
    if places.keys() != {*texts, *(f"{file.options['file']}" for file in files)}:
        return None
    found: dict[str, Sequence[Piece]] = {
        path: [data] for path, data in texts.items() if held[places[path].start : places[path].stop] != data
    }
    levels = [level.key for level in context.profile.levels]
    sources = {source.key: source for source in context.election.sources}
    for file in files:
        if file.options["kind"] in _SHEETS and tables.sources.get(file.key) is not last.sources.get(file.key):
            path = f"{file.options['file']}"
            before = _figures(last, context, sources[file.key], levels).frame
            window = window_of(before, file.frame)
            pieces = window and csv_pieces(held, places[path], window, before.height, file.frame, _csv_of)
            found[path] = pieces or [_csv_of(file.frame)]
    return found


def _texts(context: Context, files: Sequence[_File], law: bytes | None) -> dict[str, bytes]:
    """Write what is no table."""
    texts = {
        "election.toml": _election_toml(context, files, law is not None).encode(),
        "README.txt": README.encode(),
    }
    return texts if law is None else texts | {"law.toml": law}


def _files(tables: Tables, context: Context) -> Iterator[_File]:
    levels = [level.key for level in context.profile.levels]
    sources, keys = context.election.sources, _Keys(context.election.sources)
    yield _stations(tables, context, levels, keys.of("stations", "stations"))
    for level in levels[1:]:
        frame = tables.areas.get(level)
        if frame is not None and (keys.own("areas", level) or _known(frame, _NAMES)):
            yield _areas(frame, level, levels, keys.of(f"areas_{level}", "areas", level))
    for source in sources:
        if source.kind in _SHEETS and source.level in levels:
            yield _figures(tables, context, source, levels)
    for (contest, level), frame in tables.replies.group_by("contest", "level", maintain_order=True):
        if level in levels:
            key = keys.of("replies", "replies", str(level), str(contest))
            yield _replies(frame, str(contest), str(level), key)


def _csv_of(frame: pl.DataFrame) -> bytes:
    # Cells stay exact; a header may change, because the mapping says how it is called.
    return exact_csv_of(frame.rename(harmless_headers(frame.columns)))


class _Keys:
    """Names the sources of the folder as the election named its own, else as no other source is called."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = sources
        self._taken = {s.key for s in sources}
        self._given: set[str] = set()

    def own(self, kind: str, level: str = "", contest: str | None = None) -> str:
        """Find the first source that the election has of such a kind and that is still free."""
        found = (
            s.key
            for s in self._sources
            if s.kind == kind and level in ("", s.level) and contest in (None, s.contest)
        )
        return next((key for key in found if key not in self._given), "")

    def of(self, name: str, kind: str, level: str = "", contest: str | None = None) -> str:
        """Give the key of a source."""
        key = self.own(kind, level, contest)
        number = 1
        while not key:
            free = name if number == 1 else f"{name}_{number}"
            key = "" if free in self._taken else free
            number += 1
        self._taken.add(key)
        self._given.add(key)
        return key


def _known(frame: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """Choose the columns that are there and hold anything."""
    return [c for c in columns if c in frame.columns and frame[c].null_count() < frame.height]


def _stations(tables: Tables, context: Context, levels: Sequence[str], key: str) -> _File:
    frame = tables.stations
    if "unlisted" in frame.columns:
        beside = pl.col("unlisted").str.json_decode(pl.List(pl.String)).list.len().fill_null(0)
        frame = frame.filter(beside < len(context.election.contests))
    details = ("name", "address", *_NAMES, *_ADDRESSES, "registered")
    columns = _known(frame, (*levels[1:], *details))
    frame = frame.select(pl.col("unit").alias(levels[0]), *columns)
    return _File(
        key, {"kind": "stations", "file": "stations.csv"}, (levels[0], *columns), _one_each(frame, levels[0])
    )


def _areas(frame: pl.DataFrame, level: str, levels: Sequence[str], key: str) -> _File:
    columns = _known(frame, (*levels[levels.index(level) + 1 :], *_NAMES))
    frame = frame.select(pl.col("unit").alias(level), *columns)
    options: dict[str, Value | None] = {
        "kind": "areas",
        "level": level,
        "file": f"areas-{stem_of(level)}.csv",
    }
    return _File(key, options, (level, *columns), _one_each(frame, level))


def _one_each(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    # haq refuses both rows of a key that stands twice; a list only says what there is.
    once = frame[key].n_unique() == frame.height
    return frame if once else frame.unique(key, keep="first", maintain_order=True)


def _figures(tables: Tables, context: Context, source: SourceFile, levels: Sequence[str]) -> _File:
    level = source.level
    frame = tables.sources.get(source.key)
    if frame is None:
        frame = pl.DataFrame(schema={"unit": pl.String, "row": pl.Int64})
    ballot = [
        c.key for rules in context.election.contests if rules.key == source.contest for c in rules.choices
    ]
    form = [line.key for line in context.profile.form(level).lines]
    lines = [c for c in frame.columns if c in form or c in ballot]
    if not lines:
        # Every figure of it may be withdrawn; the source is still one that the election has.
        lines = [c for c in source.columns if c in form or c in ballot] or [*form, *ballot][:1]
        frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(line) for line in lines)
    above = []
    # The list of stations says where each lies, but for those that are not on it.
    beside = tables.stations if "unlisted" in tables.stations.columns else None
    if (areas := tables.areas.get(level) if level != levels[0] else beside) is not None:
        mapped = [a for a in levels[levels.index(level) + 1 :] if not source.columns or a in source.columns]
        above = _known(areas, mapped)
        parents = areas.select("unit", *above).unique("unit", keep="first")
        frame = frame.join(parents, on="unit", how="left", maintain_order="left")
    grade = _known(frame, ("grade",)) if source.kind == "copies" else []
    gaps = tables.gaps.filter(pl.col("source") == source.key)
    frame = _at_their_rows(with_gaps(frame, gaps, _WORDS).sort("row", maintain_order=True))
    options: dict[str, Value | None] = {
        "kind": source.kind,
        "contest": source.contest,
        "level": level,
        "organisation": source.organisation,
        "version": source.version if source.kind == "official" and source.version > 1 else None,
        "file": f"source-{stem_of(source.key)}.csv",
    }
    columns = (level, *above, *grade, *lines)
    return _File(source.key, options, columns, frame.select(pl.col("unit").alias(level), *columns[1:]))


def _at_their_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave a blank line for each row that was not published, so that rows keep their numbers."""
    rows = frame["row"]
    last = rows.max()
    if not isinstance(last, int) or rows.n_unique() < frame.height or rows.null_count():
        return frame
    first = rows.min()
    if not isinstance(first, int) or first < 2 or last > 2 * frame.height + 1_000 or last == frame.height + 1:
        return frame
    every = pl.DataFrame({"row": pl.int_range(2, last + 1, dtype=pl.Int64, eager=True)})
    return every.join(frame, on="row", how="left", maintain_order="left")


def _replies(frame: pl.DataFrame, contest: str, level: str, key: str) -> _File:
    stem = f"replies-{stem_of(contest)}-{stem_of(level)}"
    columns = _known(frame, ("date", "language"))
    options: dict[str, Value | None] = {
        "kind": "replies",
        "contest": contest,
        "level": level,
        "file": f"{stem}.csv",
    }
    named = {"language": "reply_language"}
    chosen = frame.select(
        pl.col("unit").alias(level),
        pl.col("text").alias("reply"),
        *(pl.col(c).alias(named.get(c, c)) for c in columns),
    )
    return _File(key, options, tuple(chosen.columns), chosen)


def _named(names: Names, otherwise: str) -> dict[str, Value]:
    """Give a name in the languages in which it is known; ``election.toml`` wants at least one."""
    known: dict[str, Value] = {code: text for code in ("kk", "ru", "en") if (text := getattr(names, code))}
    return known or {"en": otherwise}


def _election_toml(context: Context, files: Sequence[_File], has_law: bool) -> str:
    election = context.election
    parts = [
        "# Written by haq from the published entries; read README.txt first.\n"
        + table(
            (),
            {
                "format": 1,
                "key": election.election,
                "title": _named(election.title, election.election),
                "date": election.date,
                "law": "law.toml" if has_law else election.law,
            },
        )
    ]
    parts += [part for rules in election.contests for part in _contest(rules)]
    parts += [_organisation(election, o.key) for o in election.organisations]
    for file in files:
        parts.append(table(("sources", file.key), {**file.options, "layout": _LAYOUT}))
        headers = harmless_headers(file.frame.columns)
        columns = {column: headers[column] for column in file.columns}
        parts.append(table(("sources", file.key, "columns"), columns))
    return "\n".join(parts)


def _contest(rules: ContestRules) -> Iterator[str]:
    covers = rules.covers if rules.covers != "whole" else None
    yield table(("contests", rules.key), {"law": rules.law, "seats": rules.seats, "covers": covers})
    yield table(
        ("contests", rules.key, "choices"),
        {c.key: {"name": _named(c.name, c.key), "kind": c.kind} for c in rules.choices},
    )


def _organisation(election: ElectionEntry, key: str) -> str:
    organisation = next(o for o in election.organisations if o.key == key)
    return table(
        ("organisations", key), {"name": _named(organisation.name, key), "ties": list(organisation.ties)}
    )
