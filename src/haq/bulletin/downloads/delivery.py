"""Writes every download and says what was written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import polars as pl

from haq.bulletin.downloads.archive import zip_of
from haq.bulletin.downloads.fingerprints import fingerprint, of_frames
from haq.bulletin.downloads.flat import Flat, csv_of, flats_of, parquet_of, stem_of, with_gaps
from haq.bulletin.downloads.folder import check_folder
from haq.bulletin.downloads.nist import Reports
from haq.bulletin.downloads.package import Described, package_of
from haq.bulletin.model import Context, Download, Tables

#: Keys as ``election.toml`` has them; they name the folder in the archive as they are.
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
#: Tables that hold what the check finds, and nothing that it reads.
_FOUND = frozenset({"findings", "differences", "totals"})
#: Writes a file of the site: path, bytes, their SHA-256 [32 bytes], whether the last build's were others.
Write = Callable[[str, bytes, bytes, bool], None]


def write_downloads(
    tables: Tables,
    context: Context,
    *,
    write: Write,
    law: bytes | None,
    entries: tuple[int, str] | None,
    before: Sequence[Download] = (),
    keep: Callable[[Download], bool] | None = None,
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

    def all(self, law: bytes | None, entries: tuple[int, str] | None) -> Iterator[Download]:
        described = list(self._described(law, entries))
        package = package_of(self.context, described)
        yield self._put("data/datapackage.json", "package", package)
        yield from (file.download for file in described)

    def _described(self, law: bytes | None, entries: tuple[int, str] | None) -> Iterator[Described]:
        if entries is not None:
            yield Described(Download("data/entries.jsonl", "entries", *entries, None))
        if law is not None:
            yield Described(self._put("data/law.toml", "law", law))
        with ThreadPoolExecutor(1) as thread:
            reported = thread.submit(self._reported)
            flats = list(flats_of(self.tables))
            made_of = {flat.name: of_frames(flat.frame, self._gaps(flat)) for flat in flats}
            yield Described(self._check(law, made_of))
            for flat in flats:
                yield from self._table(flat, made_of[flat.name])
            yield from self._reports(reported)

    def _check(self, law: bytes | None, made_of: Mapping[str, str]) -> Download:
        """Write the folder to check again, which is made of everything but what the check itself finds."""
        key = self.context.election.election

        def make() -> bytes:
            folder = check_folder(self.tables, self.context, law)
            return zip_of(folder, folder=key if _FOLDER.fullmatch(key) else stem_of(key))

        held = [hashed for name, hashed in made_of.items() if name not in _FOUND]
        own = hashlib.sha256(law or b"").hexdigest()
        return self._made("data/check.zip", "check", make, fingerprint(self.context.digest, own, *held))

    def _gaps(self, flat: Flat) -> pl.DataFrame:
        """Give the gaps that stand in a table as words."""
        if flat.what == "source" and flat.key:
            return self.tables.gaps.filter(pl.col("source") == flat.key)
        return self.tables.gaps.clear()

    def _table(self, flat: Flat, made_of: str) -> Iterator[Described]:
        makers: dict[str, Callable[[], bytes]] = {
            "csv": lambda: csv_of(with_gaps(flat.frame, self._gaps(flat))),
            "parquet": lambda: parquet_of(flat.frame),
        }
        for ending, make in makers.items():
            path = f"data/{flat.name}.{ending}"
            title = "gaps" if flat.name == "gaps" else ""
            download = self._made(path, flat.what, make, made_of, flat.frame.height)
            yield Described(download, flat.frame, flat.key if flat.what == "source" else "", title)

    def _reported(self) -> tuple[Reports, bytes]:
        reports = Reports(self.tables, self.context)
        return reports, reports.summary()

    def _reports(self, reported: Future[tuple[Reports, bytes]]) -> Iterator[Described]:
        reports, summary = reported.result()
        yield Described(self._put("data/nist/all.json", "nist", summary))
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
        digest, known = hashlib.sha256(data), self.before.get(path)
        self.write(path, data, digest.digest(), known is not None and known.sha256 != digest.hexdigest())
        return Download(path, what, len(data), digest.hexdigest(), rows)
