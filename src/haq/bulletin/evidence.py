"""Evidence files: which of them the site shows, decided by their own bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from haq.bulletin.model import EvidenceFile, Problem

#: First bytes of the kinds that are shown; a picture that may carry script is not among them.
_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
#: The largest outline that is read [bytes].
LARGEST_SHAPE = 64 * 2**20


def ending_of(head: bytes) -> str:
    """Tell the kind of a file from its first bytes: jpg, png, webp or pdf; empty for any other."""
    for start, ending in _KINDS:
        if head.startswith(start):
            return ending
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def look_at(files: Mapping[str, Path]) -> dict[str, EvidenceFile | str]:
    """Decide which files can be shown.

    Args:
        files: SHA-256 by its name -> file.

    Returns:
        SHA-256 -> where the file lies in the site; or ``file-not-shown`` for a kind that is not shown,
        ``file-hash`` where the bytes are others than the name says.
    """
    found: dict[str, EvidenceFile | str] = {}
    for sha256, path in files.items():
        try:
            with path.open("rb") as stream:
                ending = ending_of(stream.read(12))
                if not ending:
                    found[sha256] = "file-not-shown"
                    continue
                stream.seek(0)
                same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
        except OSError:
            continue  # as if it had not been given
        found[sha256] = (
            EvidenceFile(sha256, f"files/{sha256}.{ending}", "pdf" if ending == "pdf" else "picture")
            if same
            else "file-hash"
        )
    return found


def outlines(
    wanted: Iterable[tuple[tuple[str, str], str, str]], files: Mapping[str, Path]
) -> tuple[dict[tuple[str, str], Mapping[str, Any]], list[Problem]]:
    """Read the outlines of areas.

    Args:
        wanted: (level and key of an area, SHA-256 of a GeoJSON file, digest of the area's entry).
        files: SHA-256 by its name -> file.

    Returns:
        Area -> GeoJSON geometry, and what could not be used.
    """
    read: dict[str, dict[str, Mapping[str, Any]] | str] = {}
    shapes: dict[tuple[str, str], Mapping[str, Any]] = {}
    problems = []
    for place, sha256, entry in wanted:
        if sha256 not in read:
            read[sha256] = _features(files.get(sha256), sha256)
        features = read[sha256]
        if isinstance(features, str):
            problems.append(Problem(features, entry, place[1], {"sha256": sha256}))
        elif place[1] in features:
            shapes[place] = features[place[1]]
    return shapes, problems


def _features(path: Path | None, sha256: str) -> dict[str, Mapping[str, Any]] | str:
    if path is None:
        return "file-missing"
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
