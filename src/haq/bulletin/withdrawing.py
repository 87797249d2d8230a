"""Retractions among lines of entries."""

from __future__ import annotations

from collections.abc import Iterable

from haq.bulletin.decoding import LineError, read_entry
from haq.entries import RetractionEntry, digest

#: What the line of a retraction holds; canonical JSON has no spaces.
RETRACTION = b'"kind":"retraction"'


def retractions_in(lines: Iterable[bytes], election: str) -> dict[str, RetractionEntry]:
    """Read the retractions among some lines.

    Args:
        lines: of entries; those that cannot be read are left out.
        election: whose they have to be.

    Returns:
        Digest -> entry.
    """
    found = {}
    for line in lines:
        if RETRACTION not in line:
            continue
        try:
            entry = read_entry(line)
        except LineError:
            continue
        if isinstance(entry, RetractionEntry) and entry.election == election:
            found[digest(line)] = entry
    return found
