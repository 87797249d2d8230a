"""Writes every download and says what was written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from haq.bulletin.downloads.archive import zip_of
from haq.bulletin.downloads.fingerprints import of_frames
from haq.bulletin.downloads.flat import Flat, csv_of, flats_of, parquet_of, stem_of, with_gaps
from haq.bulletin.downloads.folder import check_folder
from haq.bulletin.downloads.nist import Reports
from haq.bulletin.downloads.package import Described, package_of
from haq.bulletin.model import Context, Download, Tables

#: Keys as ``election.toml`` has them; they name the folder in the archive as they are.
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
#: Writes a file of the site: path, bytes.
Write = Callable[[str, bytes], None]


def write_downloads(
    tables: Tables,
    context: Context,
    *,
    write: Write,
    law: bytes | None,
    entries: tuple[int, str],
    before: Sequence[Download] = (),
    keep: Callable[[Download], bool] | None = None,
) -> tuple[Download, ...]:
    """Write everything that can be downloaded.

    Args:
        tables: everything that the entries hold.
        context: the election.
        write: writes a file of the site, path and bytes; it may leave alone what does not differ.
        law: the law profile, where it is none of those that come with haq.
        entries: size [bytes] and SHA-256 of ``data/entries.jsonl``, which the caller writes.
        before: what an earlier call returned, ``made_of`` included, for the same site.
        keep: asked before a file of ``before`` that would be made of the very same is not made again:
            whether it still lies in the site as it was left, and may stay. Without it everything is made.

    Returns:
        The files under ``data/``, in the order in which a page lists them, the described package first.
        The same tables give the same bytes.
    """
    return tuple(_Delivery(tables, context, write, before, keep).all(law, entries))


class _Delivery:
    """One round of writing."""

    def __init__(
        self,
        tables: Tables,
        context: Context,
        write: Write,
        before: Sequence[Download],
        keep: Callable[[Download], bool] | None,
    ) -> None:
        self.tables = tables
        self.context = context
        self.write = write
        self.keep = keep
        self.before = {download.path: download for download in before}

    def all(self, law: bytes | None, entries: tuple[int, str]) -> Iterator[Download]:
        described = list(self._described(law, entries))
        package = package_of(self.context, described)
        yield self._put("data/datapackage.json", "package", package)
        yield from (file.download for file in described)

    def _described(self, law: bytes | None, entries: tuple[int, str]) -> Iterator[Described]:
        size, digest = entries
        yield Described(Download("data/entries.jsonl", "entries", size, digest, None))
        if law is not None:
            yield Described(self._put("data/law.toml", "law", law))
        folder = check_folder(self.tables, self.context, law)
        key = self.context.election.election
        archive = zip_of(folder, folder=key if _FOLDER.fullmatch(key) else stem_of(key))
        yield Described(self._put("data/check.zip", "check", archive))
        for flat in flats_of(self.tables):
            yield from self._table(flat)
        yield from self._reports()

    def _table(self, flat: Flat) -> Iterator[Described]:
        gaps = self.tables.gaps.clear()
        if flat.what == "source" and flat.key:
            gaps = self.tables.gaps.filter(pl.col("source") == flat.key)
        makers: dict[str, Callable[[], bytes]] = {
            "csv": lambda: csv_of(with_gaps(flat.frame, gaps)),
            "parquet": lambda: parquet_of(flat.frame),
        }
        made_of = of_frames(flat.frame, gaps)
        for ending, make in makers.items():
            path = f"data/{flat.name}.{ending}"
            title = "gaps" if flat.name == "gaps" else ""
            download = self._made(path, flat.what, make, made_of, flat.frame.height)
            yield Described(download, flat.frame, flat.key if flat.what == "source" else "", title)

    def _reports(self) -> Iterator[Described]:
        reports = Reports(self.tables, self.context)
        yield Described(self._put("data/nist/all.json", "nist", reports.summary()))
        for part in reports.parts:
            path = f"data/nist/{part}.json"
            made_of = reports.fingerprints[part]
            yield Described(self._made(path, "nist", partial(reports.part, part), made_of))

    def _made(
        self, path: str, what: str, make: Callable[[], bytes], made_of: str, rows: int | None = None
    ) -> Download:
        """Make a file, unless the site has it already, made of the same."""
        known = self.before.get(path)
        if known is not None and known.made_of == made_of and self.keep is not None and self.keep(known):
            return known
        return replace(self._put(path, what, make(), rows), made_of=made_of)

    def _put(self, path: str, what: str, data: bytes, rows: int | None = None) -> Download:
        self.write(path, data)
        return Download(path, what, len(data), hashlib.sha256(data).hexdigest(), rows)
