"""What a build leaves for the next one, and whether it can still be trusted."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import polars as pl

import haq
from haq.bulletin.assemble.districts import Districts, districts_from
from haq.bulletin.assemble.frames import Doubt, Frames
from haq.bulletin.model import Download, EvidenceFile
from haq.bulletin.roll import Roll
from haq.bulletin.write import STATE, Writer

#: Beginning of the names of the files that hold the roll.
_ROLL = f"{STATE}/roll-"
#: Prefix of the files that hold the sheets of a source, by its place in the election's entry.
_SHEETS = "sheets-"
#: Prefix of the files that hold the tables of districts, by their order.
_DISTRICTS = "districts-"
#: Rooms of haq whose code and data shape the bytes of a site.
PACKAGES = (
    "haq.bulletin",
    "haq.charts",
    "haq.entries",
    "haq.law",
    "haq.protocols",
    "haq.seats",
    "haq.tables",
    "haq.tlog",
)
#: Libraries whose versions shape them too.
LIBRARIES = (
    "Babel",
    "cryptography",
    "fontpkg-noto-sans",
    "Jinja2",
    "MarkupSafe",
    "numba",
    "numpy",
    "polars",
    "pydantic",
    "pydantic_core",
    "rfc8785",
    "vl-convert-python",
)


@dataclass(frozen=True)
class State:
    """What the last build knew.

    Attributes:
        frames: the tables of all units.
        districts: what the stations of every district come to, of these tables.
        upper: lines of no station, sorted.
        files: SHA-256 -> where the evidence file lies in the site, or why it does not.
        tree: areas with the areas above them.
        odd: whether some line names its station otherwise than canonical JSON does.
        downloads: what was written under ``data``.
        cards: path of a share card -> SHA-256 of its drawing.
        lists: kind of findings -> how many pages its list has.
        roll: which entry of the log is about which station; None where there is no log.
    """

    frames: Frames
    districts: Districts
    upper: tuple[bytes, ...]
    files: Mapping[str, EvidenceFile | str]
    tree: list[Any]
    odd: bool
    downloads: tuple[Download, ...]
    cards: Mapping[str, str]
    lists: Mapping[str, int]
    roll: Roll | None


def tree_of(above: Mapping[tuple[str, str], Mapping[str, str]]) -> list[Any]:
    """Write the tree of areas down."""
    return [[*place, dict(sorted(keys.items()))] for place, keys in sorted(above.items())]


@cache
def code_digest() -> str:
    """Hash everything that decides the bytes of a site: code, templates, styles, words, libraries, Python."""
    summed = hashlib.sha256(f"haq {haq.__version__} {sys.version_info[:3]} {sys.byteorder}\n".encode())
    for library in LIBRARIES:
        summed.update(f"{library} {_version_of(library)}\n".encode())
    for package in PACKAGES:
        for name, part in sorted(_below(files(package), package)):
            summed.update(name.encode() + b"\0" + part.read_bytes() + b"\0")
    return summed.hexdigest()


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for part in folder.iterdir():
        if part.is_dir():
            if part.name != "__pycache__":
                yield from _below(part, f"{name}/{part.name}")
        elif not part.name.endswith(".pyc"):
            yield f"{name}/{part.name}", part


def save_tables(
    frames: Frames, districts: Districts, writer: Writer, old: Frames | None, known: Mapping[str, str]
) -> dict[str, str]:
    """Write the tables of the state.

    Args:
        frames, districts: what this build knows.
        writer: writes files of the site.
        old: what the last build knew; tables that are still the very same are not written again.
        known: file of the state -> its SHA-256, of the last build.

    Returns:
        File of the state -> its SHA-256.
    """
    before = _tables(old) if old else {}
    digests = {}
    added = {f"{_DISTRICTS}{place}": table for place, (_, table) in enumerate(districts.tables())}
    for name, frame in (_tables(frames) | added).items():
        path = f"{STATE}/{name}.parquet"
        if before.get(name) is frame and path in known:
            digests[path] = known[path]
            writer.kept.add(path)
            continue
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="lz4", statistics=False)
        digests[path] = _put(writer, path, buffer.getvalue())
    return digests


def save_facts(state: State, writer: Writer) -> dict[str, str]:
    """Write what the state holds beside its tables.

    Args:
        state: what this build knows.
        writer: writes files of the site.

    Returns:
        File of the state -> its SHA-256.
    """
    facts = {
        "files": {k: v if isinstance(v, str) else [v.path, v.kind] for k, v in sorted(state.files.items())},
        "tree": state.tree,
        "odd": state.odd,
        "downloads": [list(astuple(download)) for download in state.downloads],
        "sheets": list(state.frames.sheets),
        "districts": [name for name, _ in state.districts.tables()],
        "cards": state.cards,
        "lists": state.lists,
    }
    facts_path, upper_path = f"{STATE}/facts.json", f"{STATE}/upper.jsonl"
    data = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    lines = b"".join(line + b"\n" for line in state.upper)
    roll = state.roll.files() if state.roll else {}
    written = {facts_path: data, upper_path: lines} | {f"{_ROLL}{name}": part for name, part in roll.items()}
    return {path: _put(writer, path, part) for path, part in written.items()}


def _put(writer: Writer, path: str, data: bytes) -> str:
    writer(path, data)
    return writer.sums[path].hex()


def _tables(frames: Frames) -> dict[str, pl.DataFrame]:
    named = {f.name: getattr(frames, f.name) for f in fields(frames) if f.name != "sheets"}
    sheets = {f"{_SHEETS}{place}": sheet for place, sheet in enumerate(frames.sheets.values())}
    return named | sheets


def load(out: Path, digests: Mapping[str, str]) -> State:
    """Read the state, provided that every byte of it is as it was written.

    Args:
        out: folder of the site.
        digests: file of the state -> its SHA-256, from the marker.

    Returns:
        What the last build knew.

    Raises:
        Doubt: a file is missing or has changed.
    """
    try:
        data = {path: (out / path).read_bytes() for path in digests}
        if any(hashlib.sha256(data[path]).hexdigest() != digest for path, digest in digests.items()):
            raise Doubt
        facts = json.loads(data[f"{STATE}/facts.json"])
        tables = {
            Path(path).stem: pl.read_parquet(io.BytesIO(held))
            for path, held in data.items()
            if path.endswith(".parquet")
        }
        roll = {path.removeprefix(_ROLL): part for path, part in data.items() if path.startswith(_ROLL)}
        sheets = {key: tables.pop(f"{_SHEETS}{place}") for place, key in enumerate(facts["sheets"])}
        added = {name: tables.pop(f"{_DISTRICTS}{n}") for n, name in enumerate(facts["districts"])}
        return State(
            Frames(**tables, sheets=sheets),
            districts_from(added),
            tuple(line for line in data[f"{STATE}/upper.jsonl"].split(b"\n") if line),
            {k: v if isinstance(v, str) else EvidenceFile(k, *v) for k, v in facts["files"].items()},
            facts["tree"],
            facts["odd"],
            tuple(Download(*row) for row in facts["downloads"]),
            facts["cards"],
            facts["lists"],
            Roll.read(roll) if roll else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError) as error:
        raise Doubt from error
