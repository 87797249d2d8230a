"""Files that are named beside figures: photographs of copies, replies, outlines of areas."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import polars as pl

from haq.errors import InputError

#: Stands between the names of several files in one cell.
BETWEEN = ";"
#: Files that cannot be used are named one by one up to this number.
NAMED = 20
#: Keys shown as examples.
EXAMPLES = 3


def attached_files(frame: pl.DataFrame, data: Path) -> tuple[Mapping[int, tuple[Path, ...]], tuple[str, ...]]:
    """Find the files that rows name in their column ``photo``.

    Args:
        frame: rows with ``row`` and ``photo``: names relative to the data folder, parted by ``;``.
        data: the data folder; no file outside of it is taken.

    Returns:
        Row -> its files, and a note for each that is not there. Nothing else of the row is touched.
    """
    files: dict[int, tuple[Path, ...]] = {}
    missing: list[str] = []
    inside = data.resolve()
    for row, cell in frame.select("row", "photo").drop_nulls("photo").rows():
        found: list[Path] = []
        for name in dict.fromkeys(filter(None, map(str.strip, cell.split(BETWEEN)))):
            path, wrong = _look(inside, name)
            if wrong:
                missing.append(f"row {row}: the photo {name!r} {wrong}")
            else:
                found.append(path)
        if found:
            files[row] = tuple(found)
    notes = missing[:NAMED]
    if len(missing) > NAMED:
        notes.append(f"{len(missing) - NAMED} more photos cannot be used")
    return files, tuple(notes)


def _look(inside: Path, name: str) -> tuple[Path, str]:
    """Find a file inside a folder, or say why it cannot be used."""
    # Tables made on Windows part folders by a backslash.
    path = inside / PurePosixPath(name.replace("\\", "/"))
    try:
        there = path.is_file()
        outside = not path.resolve().is_relative_to(inside)
    except (OSError, ValueError):
        return path, "has a name that no file can have; correct the name"
    if outside:
        return path, "leads out of the data folder; put the file inside it"
    return path, "" if there else "is not in the data folder; add the file or correct the name"


def read_shapes(path: Path, areas: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Read which areas a GeoJSON file has an outline of.

    Args:
        path: a FeatureCollection whose features carry the keys of areas as ``id``.
        areas: keys of the areas.

    Returns:
        Keys of the areas that have an outline, and notes on features and areas that do not meet.

    Raises:
        InputError: the file cannot be read, or is no FeatureCollection.

    Source: RFC 7946, The GeoJSON Format, sections 3.2 and 3.3.
    """
    try:
        tree = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check the path in shapes") from error
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: is no GeoJSON: {reason}; save the outlines as GeoJSON in UTF-8") from error
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list) or tree.get("type") != "FeatureCollection":
        raise InputError(f"{path}: is no FeatureCollection; save the outlines as one")
    known, ids = dict.fromkeys(areas), list[str]()
    notes: list[str] = []
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
            notes.append(f"{path.name}: feature {number} has no geometry: it is not used")
        elif isinstance(key := feature.get("id"), str) and key:
            ids.append(key)
        else:
            notes.append(
                f"{path.name}: feature {number} has no text as its id: it is not used; add the area's key"
            )
    notes = [*notes[:NAMED], *([f"{path.name}: {len(notes) - NAMED} more"] if len(notes) > NAMED else [])]
    notes += _unmatched(path.name, known, ids)
    return frozenset(known.keys() & set(ids)), tuple(notes)


def _unmatched(name: str, known: Mapping[str, object], ids: list[str]) -> Iterator[str]:
    beyond = sorted(set(ids) - known.keys())
    if beyond:
        yield f"{name}: {len(beyond)} features belong to no listed area ({_shown(beyond)}): they are not used"
    twice = sorted(key for key, times in Counter(ids).items() if times > 1)
    if twice:
        yield f"{name}: {len(twice)} areas have several features ({_shown(twice)})"
    drawn = set(ids)
    without = [key for key in known if key not in drawn]
    if without:
        yield f"{name}: {len(without)} of {len(known)} areas have no outline ({_shown(without)})"


def _shown(keys: list[str]) -> str:
    return ", ".join(map(repr, keys[:EXAMPLES])) + (" …" if len(keys) > EXAMPLES else "")
