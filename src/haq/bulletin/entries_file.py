"""Entries in a file: ``entries.jsonl``, one a line, that anybody may have changed anywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pydantic_core

from haq.bulletin.assemble.frames import Doubt
from haq.bulletin.incremental import FEW, Touched, changed_lines
from haq.bulletin.memory import Memory
from haq.bulletin.reader import Piles, find_election, lines_of, lines_with, needle_of, sort_lines
from haq.bulletin.roll import Roll
from haq.bulletin.sources import REDACTION, Beside, Entries, Found, erased_in
from haq.bulletin.withdrawing import RETRACTION
from haq.bulletin.write import ENTRIES, Writer
from haq.entries import digest
from haq.errors import InputError

#: Beyond so many entries all lines are looked at once instead of searching for each.
_SEARCHED = 32


class EntriesFile(Entries):
    """The entries of a file."""

    def __init__(self, data: bytes, beside: Beside) -> None:
        """Take entries.

        Args:
            data: the whole of ``entries.jsonl``.
            beside: what lies beside it.
        """
        self.data, self._beside = data, beside
        self._election: str | None = None
        thread = ThreadPoolExecutor(1)
        self._hashed = thread.submit(lambda: hashlib.sha256(data).hexdigest())
        thread.shutdown(wait=False)

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """Lines without their ends, empty ones left out."""
        return lines_of(self.data)

    @cached_property
    def count(self) -> int:
        """How many lines there are, empty ones left out."""
        return len(self.lines)

    @property
    def name(self) -> str:
        """SHA-256 of the file."""
        return self._hashed.result()

    @property
    def published(self) -> tuple[int, str]:
        """Size and SHA-256 of the file."""
        return len(self.data), self.name

    def recall(self, notes: Mapping[str, Any], out: Path, *, full: bool) -> None:
        """Make sure that the site does not show a log, which a file cannot continue."""
        if "log" in notes:
            raise InputError(
                f"{out}: this site shows a log; build it from that log, or build these entries into a new "
                "folder"
            )

    def find_election(self) -> Found:
        """Find the election's own entry, see ``haq.bulletin.reader.find_election``."""
        found = Found(*find_election(self.data))
        self._election = found.entry.election
        return found

    @cached_property
    def beside(self) -> Beside:  # type: ignore[override]
        """What lies beside the file, without what was redacted."""
        if not self._asks["redacts"]:
            return self._beside
        return self._beside.without(erased_in(lines_with(self.data, REDACTION), self._election))

    @property
    def law(self) -> Path | None:
        """A law profile beside the file; no redaction takes it away."""
        return self._beside.law

    @cached_property
    def _asks(self) -> dict[str, bool]:
        """Whether any line asks to withdraw an entry or to remove a file."""
        return {"retracts": RETRACTION in self.data, "redacts": REDACTION in self.data}

    def changes(self, memory: Memory, out: Path) -> tuple[list[bytes], list[bytes]]:
        """Compare with the entries that the site publishes.

        To be called before ``files`` and ``held_back``, which are quicker then.
        """
        try:
            # The entries as they were are compared where they lie, without a copy of all of them.
            with (out / ENTRIES).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                gone, came = changed_lines(data, self.data)
        except (OSError, ValueError) as error:
            raise Doubt from error
        before, asks = memory.notes.get("lines"), memory.notes.get("asks")
        if type(before) is not int or not isinstance(asks, dict):
            raise Doubt
        needles = {"retracts": RETRACTION, "redacts": REDACTION}
        # What no line asked for then, only a line that came can ask for now.
        if not any(asks.get(key, True) or any(n in line for line in came) for key, n in needles.items()):
            self._asks = dict.fromkeys(needles, False)
        if self._asks["retracts"]:
            raise Doubt  # only a log says quickly whom a retraction is about
        self.count = before + len(came) - len(gone)
        return gone, came

    def line_of(self, key: str) -> bytes:
        """Doubt: to find an entry by its digest all of them would have to be hashed."""
        raise Doubt

    def piles_of(
        self,
        touched: Touched,
        upper: Iterable[bytes],
        gone: Iterable[bytes],
        came: Sequence[bytes],
        base: str,
    ) -> Piles:
        """Search for the lines of the touched stations; beyond a few all lines are sorted."""
        if len(touched.units) > FEW:
            return sort_lines(lines_of(self.data), base)
        found: Counter[bytes] = Counter(upper)
        found.subtract(gone)
        found.update(came)
        copies = {copy.encode() for copy in touched.copies}
        for unit in touched.units:
            lines = Counter(lines_with(self.data, needle_of(unit)))
            for line in list(lines):
                kind = _kind_of(line)
                if kind == "copy":
                    copies.add(digest(line).encode())
                if kind == "reading":  # found by what it says, not by its copy
                    del lines[line]
            found |= lines
        for copy in copies:
            found |= Counter(lines_with(self.data, copy))
        return sort_lines((+found).elements(), base)

    def roll_of(self, piles: Piles) -> Roll | None:
        """Nothing: a file may change anywhere."""
        return None

    def places_of(self, lines: Iterable[bytes]) -> tuple[int, ...]:
        """Nothing: there is no log."""
        return ()

    def numbers(self, keys: Collection[str], near: Iterable[bytes]) -> Mapping[str, int]:
        """Say in which lines entries stand, from 1."""
        wanted = set(keys)
        if not wanted:
            return {}
        found: dict[str, int] = {}
        known = {key: line for line in near if (key := digest(line)) in wanted}
        if len(wanted) <= _SEARCHED and known.keys() == wanted and self._ends == self.count:
            for key, line in known.items():
                found[key] = self._number_at(self._place_of(line))
            return found
        for number, line in enumerate(self.lines, start=1):
            if (key := digest(line)) in wanted:
                found.setdefault(key, number)
        return found

    @cached_property
    def _ends(self) -> int:
        """How many lines there are, empty ones counted."""
        return self.data.count(b"\n") + (self.data[-1:] not in (b"", b"\n"))

    def _number_at(self, place: int) -> int:
        """Count the lines up to where one begins, from the nearer end."""
        if place < len(self.data) // 2:
            return self.data.count(b"\n", 0, place) + 1
        return self._ends - self.data.count(b"\n", place, len(self.data) - 1)

    def _place_of(self, line: bytes) -> int:
        """Find where a line begins; it may also stand inside of a longer one."""
        place = self.data.find(line)
        while place > 0 and (
            self.data[place - 1 : place] != b"\n"
            or self.data[place + len(line) : place + len(line) + 1] not in (b"\n", b"")
        ):
            place = self.data.find(line, place + 1)
        return max(place, 0)

    def lay(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Write the file."""
        if notes["entries"] != self.name:
            writer.lay(ENTRIES, self.data)

    def publish(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Write the file into the site."""
        changed = bool(notes) and notes["entries"] != self.name
        writer(ENTRIES, self.data, changed=changed, sha256=bytes.fromhex(self.name))

    def noted(self, found: bytes) -> Mapping[str, Any]:
        """Name the entries."""
        return {"entries": self.name, "lines": self.count, "asks": self._asks}


def _kind_of(line: bytes) -> object:
    try:
        tree = pydantic_core.from_json(line)
    except ValueError:
        return None
    return tree.get("kind") if type(tree) is dict else None
