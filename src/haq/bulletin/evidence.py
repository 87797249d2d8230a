"""Evidence files: which of them the site shows, decided by their own bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from haq.bulletin.model import EvidenceFile, Problem
from haq.entries.photographs import HEAD, Unreadable, clean, kind_of

#: The largest outline that is read [bytes].
LARGEST_SHAPE = 64 * 2**20


def look_at(files: Mapping[str, Path], held_back: Mapping[str, str]) -> dict[str, EvidenceFile | str]:
    """Decide which files can be shown.

    Args:
        files: SHA-256 by its name -> file.
        held_back: SHA-256 -> why another build did not publish a file that is not among these.

    Returns:
        SHA-256 -> where the file lies in the site; or ``file-not-shown`` for a kind that is not shown,
        ``file-hash`` where the bytes are others than the name says, ``photograph-damaged`` for a picture
        of which nobody can say what is in it, ``photograph-tells-where`` for one that still carries what
        the camera noted: place, device, owner.
    """
    found: dict[str, EvidenceFile | str] = dict(held_back)
    for sha256, path in files.items():
        try:
            with path.open("rb") as stream:
                head = stream.read(HEAD)
                kind = kind_of(head)
                data = head + stream.read() if kind else b""
        except OSError:
            continue  # as if it had not been given
        wrong = _wrong(data, kind, sha256)
        found[sha256] = wrong or EvidenceFile(
            sha256, f"files/{sha256}.{kind}", "pdf" if kind == "pdf" else "picture"
        )
    return found


def _wrong(data: bytes, kind: str, sha256: str) -> str:
    """Say why a file cannot be shown; empty where it can."""
    if not kind:
        return "file-not-shown"
    if hashlib.sha256(data).hexdigest() != sha256:
        return "file-hash"
    if kind == "pdf":  # nothing can be taken out of it; whoever published it chose so
        return ""
    try:
        return "photograph-tells-where" if clean(data).removed else ""
    except Unreadable:
        return "photograph-damaged"


def outlines(
    wanted: Iterable[tuple[tuple[str, str], str, str]],
    files: Mapping[str, Path],
    held_back: Mapping[str, str],
) -> tuple[dict[tuple[str, str], Mapping[str, Any]], list[Problem], set[str]]:
    """Read the outlines of areas.

    Args:
        wanted: (level and key of an area, SHA-256 of a GeoJSON file, digest of the area's entry).
        files: SHA-256 by its name -> file.
        held_back: SHA-256 -> why another build did not publish a file that is not among these.

    Returns:
        Area -> GeoJSON geometry, what could not be used, and SHA-256 of the files that could.
    """
    read: dict[str, dict[str, Mapping[str, Any]] | str] = {}
    shapes: dict[tuple[str, str], Mapping[str, Any]] = {}
    problems = []
    for place, sha256, entry in wanted:
        if sha256 not in read:
            path = files.get(sha256)
            missing = held_back.get(sha256, "file-missing")
            read[sha256] = missing if path is None else _features(path, sha256)
        features = read[sha256]
        if isinstance(features, str):
            problems.append(Problem(features, entry, place[1], {"sha256": sha256}))
        elif place[1] in features:
            shapes[place] = features[place[1]]
    return shapes, problems, {sha256 for sha256, found in read.items() if not isinstance(found, str)}


def _features(path: Path, sha256: str) -> dict[str, Mapping[str, Any]] | str:
    try:
        if path.stat().st_size > LARGEST_SHAPE:
            return "file-not-shown"
        data = path.read_bytes()
    except OSError:
        return "file-missing"
    if hashlib.sha256(data).hexdigest() != sha256:
        return "file-hash"
    try:
        tree = json.loads(data)
        found = {str(f["id"]): f["geometry"] for f in tree["features"] if "id" in f}
    except (ValueError, RecursionError, TypeError, KeyError):
        return "file-not-shown"
    return {key: shape for key, shape in found.items() if isinstance(shape, dict)}
