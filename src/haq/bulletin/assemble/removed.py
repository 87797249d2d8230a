"""Entries that were retracted and files that were redacted, as pages name them."""

from __future__ import annotations

from haq.bulletin.model import EvidenceFile, Redacted, Withdrawn
from haq.entries import Entry, RetractionEntry


def withdrawn_of(entry: Entry, key: str, retraction: RetractionEntry, by: str) -> Withdrawn:
    """Say of an entry that it was retracted.

    Args:
        entry: the entry.
        key: its digest.
        retraction: that has effect.
        by: its digest.
    """
    kind: str = entry.model_dump(include={"kind"})["kind"]
    return Withdrawn(
        kind,
        key,
        by,
        retraction.reason,
        retraction.language or "",
        retraction.replaced_by or "",
        getattr(entry, "contest", ""),
        getattr(entry, "source", ""),
    )


def absent_file(sha256: str, code: str, redacted: Redacted | None) -> EvidenceFile:
    """Say of a file that is not on the site whether a redaction removed it, and why."""
    if code != "file-redacted":
        return EvidenceFile(sha256, "", "absent")
    if redacted is None:
        return EvidenceFile(sha256, "", "redacted")
    return EvidenceFile(sha256, "", "redacted", redacted.reason, redacted.language)
