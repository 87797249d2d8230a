"""What is kept beside a log: evidence files that may be public, the law, and why others are held back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from haq.entries import ElectionEntry, decode
from haq.entries.photographs import HEAD, Unreadable, clean, kind_of
from haq.errors import HaqError, InputError, LogError
from haq.law import profile_digest
from haq.tlog.durable import make_durably, write_durably
from haq.tlog.files import Files
from haq.tlog.writer import SCRATCH

#: Beside a log: the law profile of the election, and why files are not there.
LAW: Final = "law.toml"
HELD_BACK: Final = "held-back.json"
#: Where a log, or a site that is one, may keep them.
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    LAW: (LAW, f"data/{LAW}"),
    HELD_BACK: (HELD_BACK, f"data/{HELD_BACK}"),
}
_ELECTION: Final = b'"kind":"election"'
_HASH: Final = re.compile("[0-9a-f]{64}")


def unfit(data: bytes, *, evidence: bool) -> str:
    """Say why a file must not lie beside a public log; empty where it may.

    Args:
        data: the whole file.
        evidence: whether a copy or a reply names it. Then only kinds that can be looked into are taken: any
            other may be a photograph that tells where it was made.

    Returns:
        ``photograph-tells-where``: it still carries what the camera noted (place, device, owner);
        ``photograph-damaged``: nobody can say what it carries; ``file-not-shown``: of another kind.
    """
    kind = kind_of(data[:HEAD])
    if kind == "pdf":  # nothing can be taken out of it; whoever published it chose so
        return ""
    if not kind:
        return "file-not-shown" if evidence else ""
    try:
        return "photograph-tells-where" if clean(data).removed else ""
    except Unreadable:
        return "photograph-damaged"


class Shelf:
    """What lies beside a log in a folder, for a command that writes to it.

    Attributes:
        files: SHA-256 -> file.
        held_back: SHA-256 -> why a file is not there.
    """

    def __init__(self, root: Path) -> None:
        """Look at the folder of a log."""
        self.root, self._scratch = root, root / SCRATCH
        make_durably(self._scratch)
        self.files = Files(root, self._scratch)
        self.held_back = _read_reasons(root / HELD_BACK)
        self._before = dict(self.held_back)

    def put(self, path: Path, sha256: str, *, evidence: bool) -> bool:
        """Keep a file, unless it must not be public; tell whether it is there now.

        Raises:
            InputError: it cannot be read.
            LogError: it is not what its name says.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        reason = unfit(data, evidence=evidence)
        if reason:
            self.held_back[sha256] = reason
            return False
        if self.files.put(data) != sha256:
            raise LogError(f"{path}: the file is not what its name says; it was changed")
        return True

    def erase(self, erased: Iterable[str]) -> int:
        """Remove files that were redacted; give how many were there."""
        gone = 0
        for sha256 in erased:
            gone += self.files.remove(sha256)
            self.held_back.pop(sha256, None)
        return gone

    def put_law(self, law: Path | None, lines: Iterable[bytes]) -> bool:
        """Keep the law profile that an election rests on: a later haq may have another one of that name.

        Args:
            law: a profile beside the entries.
            lines: entries.
        """
        if law is None or not any(_rests_on(entry, law) for entry in _elections(lines)):
            return False
        self._write(LAW, law.read_bytes())
        return True

    def note(self) -> None:
        """Write down why files are not there, if that is another than before."""
        held = {key: why for key, why in sorted(self.held_back.items()) if not self.files.there(key)}
        if held != self._before:
            self._write(HELD_BACK, json.dumps(held, indent=1).encode() + b"\n")

    def _write(self, name: str, data: bytes) -> None:
        write_durably(self.root, self._scratch, {name: data})


def _elections(lines: Iterable[bytes]) -> Iterator[ElectionEntry]:
    for line in lines:
        if _ELECTION in line:
            try:
                entry = decode(line)
            except InputError:
                continue
            if isinstance(entry, ElectionEntry):
                yield entry


def _rests_on(election: ElectionEntry, law: Path) -> bool:
    """Tell whether an election rests on a profile."""
    try:
        return profile_digest(law) == election.law_sha256
    except HaqError:
        return False


def _read_reasons(path: Path) -> dict[str, str]:
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    pairs = tree.items() if isinstance(tree, dict) else ()
    return {key: why for key, why in pairs if _HASH.fullmatch(key) and isinstance(why, str)}
