"""Which files an entry names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_HASH = re.compile("[0-9a-f]{64}")


def files_named(data: bytes) -> list[str]:
    """List the files that lie beside an entry: photographs, scans, outlines, extracts of tables.

    Args:
        data: the bytes of an entry; of anything else nothing is named.

    Returns:
        SHA-256 in hexadecimal, each once, in the order in which they stand there.
    """
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return []
    return list(dict.fromkeys(_named(tree))) if isinstance(tree, dict) else []


def _named(tree: dict[str, object]) -> Iterator[str]:
    files = tree.get("files")
    candidates = [*(files if isinstance(files, list) else ()), tree.get("shape")]
    sources = tree.get("sources")
    if tree.get("kind") == "election" and isinstance(sources, list):
        candidates += [
            source.get("extract") or source.get("sha256") for source in sources if isinstance(source, dict)
        ]
    yield from (c for c in candidates if isinstance(c, str) and _HASH.fullmatch(c))
