"""Which files an entry names, and which it erases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_HASH = re.compile("[0-9a-f]{64}")
#: How the keys begin under which files are named. Most entries have none, and need not be taken apart.
_KEYS = (b'"file', b'"shape', b'"sources')


def files_named(data: bytes) -> list[str]:
    """List the files that lie beside an entry: photographs, outlines, extracts of tables, promised data.

    Args:
        data: the bytes of an entry; of anything else nothing is named.

    Returns:
        SHA-256 in hexadecimal, each once, in the order in which they stand there.
    """
    if not any(key in data for key in _KEYS):
        return []
    return list(dict.fromkeys(_hashes(_named(_tree(data)))))


def files_redacted(data: bytes) -> list[str]:
    """List the files that an entry erases: whoever holds one removes it and takes it from nobody again.

    Args:
        data: the bytes of an entry; of anything but a redaction nothing is erased.

    Returns:
        SHA-256 in hexadecimal.
    """
    tree = _tree(data) if b"redaction" in data else {}
    return list(_hashes([tree.get("file")] if tree.get("kind") == "redaction" else []))


def _tree(data: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _named(tree: dict[str, Any]) -> Iterator[object]:
    files, sources = tree.get("files"), tree.get("sources")
    yield from files if isinstance(files, list) else ()
    yield tree.get("shape")
    if tree.get("kind") == "election" and isinstance(sources, list):
        for source in sources:
            if isinstance(source, dict):
                yield source.get("extract") or source.get("sha256")
    if tree.get("kind") == "reveal":
        yield tree.get("file")


def _hashes(candidates: Iterator[object] | list[object]) -> Iterator[str]:
    yield from (c for c in candidates if isinstance(c, str) and _HASH.fullmatch(c))
