"""What every build of a site does, whole or in part."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final, get_args

import polars as pl

from haq.bulletin.address import site_address
from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.districts import Districts
from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.held import differing_totals
from haq.bulletin.assemble.promises import promises_of
from haq.bulletin.assemble.rows import problems_of
from haq.bulletin.assemble.tables import tables_before, tables_of
from haq.bulletin.assemble.unnamed import unnamed_differences
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.checksums import list_of
from haq.bulletin.claim import Claim, peek
from haq.bulletin.downloads import Last, write_downloads
from haq.bulletin.evidence import outlines
from haq.bulletin.model import Context, DataView, Download, EvidenceFile, Language, LogView, Problem
from haq.bulletin.opening import open_entries
from haq.bulletin.pages import links
from haq.bulletin.pages.rebuilding import NEEDED
from haq.bulletin.reader import find_profile
from haq.bulletin.setting import Setting, declared_source, hold_against_law
from haq.bulletin.slugs import finding_id
from haq.bulletin.sources import HELD_BACK
from haq.bulletin.state import code_digest
from haq.bulletin.write import ENTRIES, LIST, Writer
from haq.entries import ElectionEntry, digest
from haq.errors import HaqError, InputError
from haq.law import Profile, profile_digest, profile_keys
from haq.tlog.keys import to_base64
from haq.tlog.merkle import leaf_hash

#: Called with what is being done, steps done and steps in all.
Progress = Callable[[str, int, int], None]
_DIGEST: Final = re.compile("[0-9a-f]{64}")
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@dataclass(frozen=True)
class Built:
    """What a build came to.

    Attributes:
        out: folder of the site.
        languages: of the site.
        stations, findings: how many are shown; a finding that was withdrawn is not counted.
        written, unchanged, removed: files.
        problems: with the entries, by code.
        whole: whether everything was made again, and not only what changed.
        look_at: pages to look at first, relative to ``out``.
        sha256: of the list of all files, ``site.sha256``.
    """

    out: Path
    languages: tuple[Language, ...]
    stations: int
    findings: int
    written: int
    unchanged: int
    removed: int
    problems: tuple[Problem, ...]
    whole: bool
    look_at: tuple[str, ...]
    sha256: str


class Job:
    """One build: what it reads, where it writes, and the steps that a whole one and a part share.

    Attributes:
        out: folder of the site.
        languages: of the site.
        entries: what the site is built from.
        claim: the folder, until the job is closed.
        shapes: SHA-256 of the outlines that were used, once ``atlas`` was called.
    """

    def __init__(
        self,
        source: Path,
        out: Path,
        languages: Sequence[str],
        base_url: str = "",
        processes: int | None = None,
        progress: Progress | None = None,
        *,
        full: bool = False,
    ) -> None:
        """Read the entries and claim the folder; see ``haq.bulletin.build`` for the arguments."""
        self.out = out
        self.languages = _languages(languages)
        self.base_url = site_address(base_url)
        self.processes = processes or os.cpu_count() or 1
        self.tell = progress or (lambda *_: None)
        self.tell("reading the entries", 0, 1)
        self.entries = open_entries(source)
        self.entries.recall(peek(out), out, full=full)
        found = self.entries.find_election()
        self.election, self.line = found.entry, found.line
        self.profile = find_profile(self.election, self.entries.law)
        self.problems = found.problems + hold_against_law(self.election, self.profile, digest(self.line))
        self.shapes: set[str] = set()
        self.claim = Claim(out)

    def begin(self) -> None:
        """Note that the site is being changed; which log it showed is kept, whatever becomes of the build."""
        shown = {key: value for key, value in self.claim.notes.items() if key == "log"}
        self.claim.mark({"complete": False, **shown})

    def close(self) -> None:
        """Let other builds into the folder."""
        self.claim.release()

    @cached_property
    def base(self) -> str:
        """Key of the level of stations."""
        return self.profile.levels[0].key

    @cached_property
    def context(self) -> Context:
        """What every page needs."""
        return Context(
            election=self.election,
            profile=self.profile,
            digest=digest(self.line),
            stands_in=stand_ins(self.election, self.profile),
            languages=self.languages,
            base_url=self.base_url,
            synthetic=bool(self.election.synthetic),
            log=self.entries.signed.checkpoint.origin if self.entries.signed else "",
        )

    def stamp(self) -> dict[str, object]:
        """Say what has to be the same for a site to be brought up to date."""
        return {
            "complete": True,
            "format": 2,
            "code": code_digest(),
            "languages": list(self.languages),
            "base_url": self.base_url,
            "election": digest(self.line),
        }

    def finish(self, digests: dict[str, str], listed: bytes, writer: Writer) -> None:
        """Write the list of all files, and note that the site is whole and what the next build can trust."""
        sha256 = hashlib.sha256(listed)
        changed = sha256.hexdigest() != self.claim.notes.get("list")
        writer(LIST, listed, sha256=sha256.digest(), changed=changed)
        known = {"state": digests, "list": sha256.hexdigest(), **self.entries.noted(self.line)}
        self.claim.mark(self.stamp() | known)

    def atlas(
        self, frames: Frames, setting: Setting, upper: Upper, districts: Districts | None = None
    ) -> tuple[Atlas, list[Problem]]:
        """Add everything up; also name what is wrong with outlines and the tree of areas."""
        wanted = [
            (place, entry.shape, key)
            for place, unit in upper.units.items()
            for entry, key in unit.areas[:1]
            if entry.shape
        ]
        shapes, problems, self.shapes = outlines(wanted, self.entries.files, self.entries.held_back)
        upper.problems.extend(
            (
                *problems,
                *unnamed_differences(frames, setting),
                *differing_totals(frames, setting, upper.totals),
            )
        )
        atlas = Atlas(frames, setting, upper, shapes, digest(self.line), districts)
        return atlas, [*upper.problems, *atlas.tree.problems]

    def publish(self, setting: Setting, used: Iterable[str], writer: Writer) -> None:
        """Put evidence files that pages show, and the outlines of areas, into the site.

        Raises:
            InputError: a file is no longer what it was when the build began.
        """
        for target, sha256 in sorted(self._places_of(setting, used).items()):
            path = self.entries.files[sha256]
            data = path.read_bytes()
            digest = hashlib.sha256(data).digest()
            if digest.hex() != sha256:
                raise InputError(f"{path}: changed during the build; build again")
            writer(target, data, sha256=digest)

    def publish_revealed(self, upper: Upper, writer: Writer) -> None:
        """Put data that were promised and shown into the site, so that everybody can check the promise."""
        for promise in promises_of(upper.promised, self.entries.files):
            if promise.state in ("kept", "broken"):
                writer(f"files/{promise.file}.bin", self.entries.files[promise.file].read_bytes())

    def _places_of(self, setting: Setting, used: Iterable[str]) -> dict[str, str]:
        """Say where evidence files and outlines lie in the site: path -> SHA-256."""
        files = [file for sha256 in used if isinstance(file := setting.files[sha256], EvidenceFile)]
        shapes = {f"files/{sha256}.geojson": sha256 for sha256 in self.shapes}
        return {file.path: file.sha256 for file in files} | shapes

    def downloads(
        self,
        frames: Frames,
        atlas: Atlas,
        writer: Writer,
        old: tuple[Frames, Sequence[Download], Set[str]] | None = None,
    ) -> tuple[Download, ...]:
        """Write what lies under ``data`` but the entries; what is as it was in the last build stays.

        Args:
            frames: the tables of all units.
            atlas: all areas, of these tables.
            writer: writes files of the site.
            old: the tables of the last build of the same tree of areas, what it wrote, and the stations
                of which any row may differ.
        """
        law = self.entries.law
        own = law is not None or self.election.law not in profile_keys()
        last, like = None, None
        if old is not None:
            was, downloads, units = old
            like = was, tables_before(was, atlas.setting)
        tables = tables_of(frames, atlas.setting, atlas.upper, atlas.tree, like)
        if old is not None and like is not None:
            # The tree of areas and its names are the same; totals are made again, whatever they were.
            before = replace(like[1], areas=tables.areas)
            last = Last(downloads, before, units, self._lies_there, self._read)
        return write_downloads(
            tables,
            atlas.setting.context,
            write=lambda path, data, sha256, changed: writer(path, data, sha256=sha256, changed=changed),
            law=law.read_bytes() if own and law is not None and self._is_law(law) else None,
            entries=self.entries.published,
            last=last,
        )

    def _read(self, download: Download) -> mmap | None:
        """Give the bytes of a download of the last build as they lie there."""
        try:
            with (self.out / download.path).open("rb") as file:
                return mmap(file.fileno(), 0, access=ACCESS_READ)
        except (OSError, ValueError):
            return None

    def _is_law(self, path: Path) -> bool:
        """Tell whether a law profile beside the entries is the one that they name."""
        try:
            return profile_digest(path) == self.election.law_sha256
        except HaqError:
            return False

    def _lies_there(self, download: Download) -> bool:
        """Tell whether a download of the last build is still there, as long as it was."""
        path = self.out / download.path
        return path.is_file() and path.stat().st_size == download.bytes

    def data_view(
        self,
        downloads: tuple[Download, ...],
        atlas: Atlas,
        problems: tuple[Problem, ...],
        writer: Writer,
    ) -> DataView:
        """Say what the page of data shows, and list what the site was built from.

        Args:
            downloads: files under ``data``.
            atlas: all areas.
            problems: with the entries.
            writer: writes files of the site.
        """
        held = self._hold_back(problems, writer)
        count, published = self.entries.count, self.entries.published
        if published is None:  # a mirror of the log brings everything
            return DataView(downloads, problems, count, "")
        needed = {ENTRIES: published[1]} | {d.path: d.sha256 for d in downloads if d.what == "law"}
        needed |= self._places_of(atlas.setting, atlas.frames.files["sha256"].unique()) | held
        writer(NEEDED, list_of({path: bytes.fromhex(sha256) for path, sha256 in needed.items()}))
        return DataView(downloads, problems, count, published[1], tuple(sorted(needed)))

    def problems_of(
        self, atlas: Atlas, others: Sequence[Problem], near: Iterable[bytes]
    ) -> tuple[Problem, ...]:
        """List all problems, each with where among the entries it stands first.

        Args:
            atlas: all areas.
            others: problems that belong to no unit.
            near: lines among which those with problems may be.
        """
        problems = problems_of(atlas.frames, others)
        wanted = {p.where for p in problems if _DIGEST.fullmatch(p.where)}
        places = self.entries.numbers(wanted, near) if wanted else {}
        key = "place" if self.entries.signed else "line_number"
        return tuple(
            replace(p, values={**p.values, key: str(places[p.where])}) if p.where in places else p
            for p in problems
        )

    def log_view(self, upper: Upper) -> LogView | None:
        """Say what pages show of the log; None where the entries come from a file."""
        signed = self.entries.signed
        if signed is None:
            return None
        checkpoint = signed.checkpoint
        return LogView(
            origin=checkpoint.origin,
            key=str(signed.log),
            size=checkpoint.size,
            root=to_base64(checkpoint.root),
            witnesses=signed.witnesses,
            needed=signed.needed,
            enough=signed.enough,
            promises=promises_of(upper.promised, self.entries.files),
        )

    def placed(self, lines: Iterable[bytes]) -> dict[str, tuple[int, str]]:
        """Give the places in the log of some lines: digest -> place and hash of the leaf, in hexadecimal."""
        held = list(lines)
        places = self.entries.places_of(held)
        return {
            digest(line): (place, leaf_hash(line).hex()) for line, place in zip(held, places, strict=False)
        }

    def _hold_back(self, problems: Sequence[Problem], writer: Writer) -> dict[str, str]:
        """Say which files are not published and why, for whoever builds the site again without them."""
        codes = {p.values["sha256"]: p.code for p in problems if "sha256" in p.values}
        held = {sha256: code for sha256, code in sorted(codes.items()) if code != "file-missing"}
        if not held:
            return {}
        path = f"data/{HELD_BACK}"
        writer(path, json.dumps(held, indent=1).encode() + b"\n")
        return {path: writer.sums[path].hex()}

    def built(self, writer: Writer, atlas: Atlas, problems: tuple[Problem, ...], *, whole: bool) -> Built:
        findings = atlas.frames.findings
        language = self.languages[0]
        first = [f"{language}/{links.HOME}"]
        for entry in atlas.findings.largest(atlas.tree.root)[:1]:
            first.append(f"{language}/{links.finding_path(finding_id(entry))}")
        return Built(
            out=self.out,
            languages=self.languages,
            stations=atlas.frames.stations.height,
            findings=findings.filter(findings["severity"] == "error").height,
            written=writer.written,
            unchanged=writer.unchanged,
            removed=writer.removed,
            problems=problems,
            whole=whole,
            look_at=tuple(first),
            sha256=writer.sums[LIST].hex(),
        )


def _languages(asked: Sequence[str]) -> tuple[Language, ...]:
    found = [language for key in asked for language in LANGUAGES if language == key]
    if not asked or len(found) != len(asked) or len(set(found)) != len(found):
        raise InputError(f"languages {','.join(asked)!r}: give some of {', '.join(LANGUAGES)}, each once")
    return tuple(found)


def stand_ins(election: ElectionEntry, profile: Profile) -> dict[str, str]:
    """Name the organisations whose copies stand where nothing official was declared.

    Returns:
        Contest -> organisation.
    """
    found, base = {}, profile.levels[0].key
    for contest in election.contests:
        source = declared_source(election.sources, contest.key, base, election.contests[0].key)
        if source is not None and source.kind == "copies":
            found[contest.key] = source.organisation or source.key
    return found


def with_upper(harvest: Harvest, upper: Upper) -> Harvest:
    """Add what the areas leave behind."""
    for (level, key), unit in upper.units.items():
        harvest.add_unit(level, key, unit.problems, unit.files)
        for contest in unit.contests:
            harvest.add_contest(contest, level, key, unit.setting.sources)
    return harvest


def pages_of(slugs: pl.Series, entries: pl.Series, languages: Iterable[str]) -> Iterator[str]:
    """Name the pages of some stations and findings in every language."""
    for language in languages:
        yield from (f"{language}/{links.station_path(slug)}" for slug in slugs)
        yield from (f"{language}/{links.finding_path(finding_id(entry))}" for entry in entries)
