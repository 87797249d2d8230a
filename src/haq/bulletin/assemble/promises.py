"""Data that were promised by a salted hash, and whether what was shown later is what was promised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from haq.bulletin.model import Promise
from haq.entries import CommitmentEntry, RevealEntry
from haq.errors import LogError
from haq.tlog.commitments import check_revealed

_State = Literal["kept", "broken", "file-missing"]


@dataclass
class Promised:
    """Commitments and reveals, each with its digest."""

    commitments: list[tuple[CommitmentEntry, str]] = field(default_factory=list)
    reveals: list[tuple[RevealEntry, str]] = field(default_factory=list)


def promises_of(promised: Promised, files: Mapping[str, Path]) -> tuple[Promise, ...]:
    """Hold every promise against what was shown.

    Args:
        promised: of an election.
        files: SHA-256 by its name -> file.

    Returns:
        Promises by what they are about. Where something was shown twice, what is not as promised comes first:
        a right answer does not take back a wrong one.
    """
    shown: dict[str, list[RevealEntry]] = {}
    for entry, _ in promised.reveals:
        shown.setdefault(entry.commitment_entry, []).append(entry)
    found = [_promise(entry, key, shown.get(key, ()), files) for entry, key in promised.commitments]
    return tuple(sorted(found, key=lambda promise: (promise.about, promise.entry)))


def _promise(
    entry: CommitmentEntry, key: str, reveals: Iterable[RevealEntry], files: Mapping[str, Path]
) -> Promise:
    promise = Promise(
        entry=key,
        commitment=entry.commitment,
        about=entry.about,
        organisation=entry.organisation or "",
        opens=entry.opens.isoformat() if entry.opens else "",
        state="waiting",
    )
    answers = [replace(promise, state=_state(entry, reveal, files), file=reveal.file) for reveal in reveals]
    worst = ("broken", "file-missing", "kept")
    return min(answers, key=lambda p: (worst.index(p.state), p.file), default=promise)


def _state(entry: CommitmentEntry, reveal: RevealEntry, files: Mapping[str, Path]) -> _State:
    data = _read(files.get(reveal.file), reveal.file)
    if data is None:
        return "file-missing"
    try:
        check_revealed(entry.commitment, reveal.salt, data)
    except LogError:
        return "broken"
    return "kept"


def _read(path: Path | None, sha256: str) -> bytes | None:
    """Read a file; None where it is not there, or is another than its name says."""
    try:
        data = path.read_bytes() if path else None
    except OSError:
        return None
    return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None
