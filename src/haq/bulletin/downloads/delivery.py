"""Writes every download and says what was written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import polars as pl

from haq.bulletin.downloads.archive import files_in, zip_of, zip_pieces
from haq.bulletin.downloads.flat import Flat, csv_of, flats_of, parquet_of, stem_of, with_gaps
from haq.bulletin.downloads.folder import changed_files, check_folder
from haq.bulletin.downloads.last import Last, same
from haq.bulletin.downloads.nist import results_of
from haq.bulletin.downloads.package import Described, package_of
from haq.bulletin.downloads.splicing import Hashed, Held, Piece, csv_pieces, hashed, window_of
from haq.bulletin.model import Context, Download, Tables

#: Keys as ``election.toml`` has them; they name the folder in the archive as they are.
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
#: Kinds of tables that hold what the check finds, and nothing that it reads.
_FOUND = frozenset({"findings", "differences", "totals"})
#: Writes a file of the site: path, bytes, their SHA-256 [32 bytes], whether the last build's were others.
Write = Callable[[str, bytes, bytes, bool], None]
#: Makes a file.
Make: TypeAlias = Callable[[], Hashed]


def write_downloads(
    tables: Tables,
    context: Context,
    *,
    write: Write,
    law: bytes | None,
    entries: tuple[int, str] | None,
    last: Last | None = None,
) -> tuple[Download, ...]:
    """Write everything that can be downloaded.

    Args:
        tables: everything that the entries hold.
        context: the election.
        write: writes a file of the site: path, bytes, their SHA-256, and whether they are known to differ
            from those of the last build; it may leave alone what does not differ. Called by one thread.
        law: the law profile, where it is none of those that come with haq.
        entries: size [bytes] and SHA-256 of ``data/entries.jsonl``, which the caller writes; None where the
            site holds a log instead.
        last: what the last build left; without it everything is made.

    Returns:
        The files under ``data/``, in the order in which a page lists them, the described package first.
        The same tables give the same bytes, whatever the last build left.
    """
    return tuple(_Delivery(tables, context, write, last).all(law, entries))


class _Delivery:
    """One round of writing."""

    def __init__(self, tables: Tables, context: Context, write: Write, last: Last | None) -> None:
        self.tables = tables
        self.context = context
        self.write = write
        self.last = last
        self.flats = list(flats_of(tables))
        self.was = {flat.name: flat for flat in flats_of(last.tables)} if last is not None else {}
        self.fresh = {flat.name for flat in self.flats if not self._is_same(flat)}

    def all(self, law: bytes | None, entries: tuple[int, str] | None) -> Iterator[Download]:
        described = list(self._described(law, entries))
        package = package_of(self.context, described)
        yield self._put("data/datapackage.json", "package", hashed(package))
        yield from (file.download for file in described)

    def _described(self, law: bytes | None, entries: tuple[int, str] | None) -> Iterator[Described]:
        if entries is not None:
            yield Described(Download("data/entries.jsonl", "entries", *entries, None))
        if law is not None:
            yield Described(self._put("data/law.toml", "law", hashed(law)))
        with ThreadPoolExecutor(1) as thread:
            results = thread.submit(results_of, self.tables, self.context, self.last)
            yield Described(self._check(law))
            for flat in self.flats:
                yield from self._table(flat)
            for path, report in results.result().items():
                yield Described(self._made(path, "nist", report.make, fresh=report.fresh))

    # Tables

    def _is_same(self, flat: Flat) -> bool:
        """Tell whether a table is as it was."""
        was = self.was.get(flat.name)
        return was is not None and same(flat.frame, was.frame) and self._has_gaps_of_last(flat)

    def _has_gaps_of_last(self, flat: Flat) -> bool:
        return self.last is not None and same(_gaps(self.tables, flat), _gaps(self.last.tables, flat))

    def _table(self, flat: Flat) -> Iterator[Described]:
        def to_csv(frame: pl.DataFrame) -> bytes:
            return csv_of(with_gaps(frame, _gaps(self.tables, flat)))

        makers: dict[str, Make] = {
            "csv": lambda: self._spliced_csv(flat, to_csv) or hashed(to_csv(flat.frame)),
            "parquet": lambda: hashed(parquet_of(flat.frame)),
        }
        for ending, make in makers.items():
            path = f"data/{flat.name}.{ending}"
            title = "gaps" if flat.name == "gaps" else ""
            fresh = flat.name in self.fresh
            download = self._made(path, flat.what, make, fresh=fresh, rows=flat.frame.height)
            yield Described(download, flat.frame, flat.key if flat.what == "source" else "", title)

    def _spliced_csv(self, flat: Flat, to_csv: Callable[[pl.DataFrame], bytes]) -> Hashed | None:
        """Write only the lines of rows that are not as they were."""
        was = self.was.get(flat.name)
        window = window_of(was.frame, flat.frame) if was and self._has_gaps_of_last(flat) else None
        if self.last is None or was is None or window is None:
            return None

        def pieces(held: Held) -> Sequence[Piece] | None:
            return csv_pieces(held, range(len(held)), window, was.frame.height, flat.frame, to_csv)

        return self.last.spliced(f"data/{flat.name}.csv", pieces)

    # The folder to check again

    def _check(self, law: bytes | None) -> Download:
        """Write the folder to check again, which is made of everything but what the check itself finds."""
        key = self.context.election.election
        folder = key if _FOLDER.fullmatch(key) else stem_of(key)

        def make() -> Hashed:
            return self._spliced_check(law, folder) or hashed(
                zip_of(check_folder(self.tables, self.context, law), folder=folder)
            )

        read = {flat.name for flat in self.flats if flat.what not in _FOUND}
        gone = self.was.keys() - {flat.name for flat in self.flats}
        fresh = gone or not read.isdisjoint(self.fresh) or not self._has_law(law)
        return self._made("data/check.zip", "check", make, fresh=bool(fresh))

    def _has_law(self, law: bytes | None) -> bool:
        """Tell whether the last build had the same law profile beside the entries."""
        known = self.last.by_path.get("data/law.toml") if self.last is not None else None
        return (known and known.sha256) == (law and hashlib.sha256(law).hexdigest())

    def _spliced_check(self, law: bytes | None, folder: str) -> Hashed | None:
        """Write only the lines of sheets that are not as they were, where nothing else changed."""
        last, what = self.last, {flat.name: flat.what for flat in self.flats}
        others = {name for name in self.fresh if what[name] not in ("source", *_FOUND)}
        if last is None or others or self.was.keys() != what.keys():
            return None

        def pieces(held: Held) -> Sequence[Piece] | None:
            places = {name.removeprefix(f"{folder}/"): place for name, place in files_in(held).items()}
            files = changed_files(self.tables, last.tables, self.context, law, held, places)
            if files is None:
                return None
            return zip_pieces(held, {f"{folder}/{path}": parts for path, parts in files.items()})

        return last.spliced("data/check.zip", pieces)

    # Files

    def _made(self, path: str, what: str, make: Make, *, fresh: bool, rows: int | None = None) -> Download:
        """Make a file; one that would be as it was stays, if it is still there."""
        known = self.last.kept(path) if self.last is not None and not fresh else None
        return known or self._put(path, what, make(), rows)

    def _put(self, path: str, what: str, made: Hashed, rows: int | None = None) -> Download:
        data, digest = made
        known = self.last.by_path.get(path) if self.last is not None else None
        self.write(path, data, digest.digest(), known is not None and known.sha256 != digest.hexdigest())
        return Download(path, what, len(data), digest.hexdigest(), rows)


def _gaps(tables: Tables, flat: Flat) -> pl.DataFrame:
    """Give the gaps that stand in a table as words."""
    if flat.what == "source" and flat.key:
        return tables.gaps.filter(pl.col("source") == flat.key)
    return tables.gaps.clear()
