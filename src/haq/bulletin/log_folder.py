"""Entries in a public log: they only ever grow, and the site holds the log that it was built from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pydantic_core

from haq.bulletin.assemble.frames import Doubt
from haq.bulletin.incremental import Touched
from haq.bulletin.memory import Memory
from haq.bulletin.reader import ELECTION, Piles, choose_election, sort_lines
from haq.bulletin.roll import EMPTY, Roll
from haq.bulletin.sources import Beside, Entries, Found, erased_in
from haq.bulletin.withdrawing import RETRACTION
from haq.bulletin.write import CHECKPOINT, MARKER, POLICY, Writer
from haq.entries import digest
from haq.errors import InputError, LogError
from haq.tlog.keys import from_base64, to_base64
from haq.tlog.merkle import root_at
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder, Missing
from haq.tlog.tiles import WIDTH, Tile, bundles_of, tiles_of
from haq.tlog.verify import check_checkpoint
from haq.tlog.writer import grow

#: Bytes that a policy may have.
_LARGEST_POLICY = 100_000


class LogFolder(Entries):
    """The entries of a log in a folder, at its signed checkpoint."""

    def __init__(self, root: Path, beside: Beside) -> None:
        """Open a log.

        Args:
            root: folder of the log, of a mirror of it, or of a site that was built from it.
            beside: what lies beside the entries.

        Raises:
            LogError: its checkpoint or policy cannot be read, or a signature is forged.
        """
        self.root, self._beside = root, beside
        folder = Folder(root)
        self.reader = Reader(folder)
        try:
            self.policy = folder.get(POLICY, _LARGEST_POLICY)
        except Missing as error:
            raise LogError(
                f"{root / POLICY}: not there; it says whose signatures count. Put the policy of the log there"
            ) from error
        self.signed = check_checkpoint(self.reader.note, Policy.read(self.policy))
        self._notes: Mapping[str, Any] = {}
        self._roll: Roll = EMPTY
        self._placed: dict[bytes, int] = {}
        self._bundles: dict[int, list[bytes]] = {}
        self._grown: Mapping[str, bytes] | None = None
        self._several, self._sure = False, True
        self._election: str | None = None

    @property
    def size(self) -> int:
        """Entries at the checkpoint."""
        return self.reader.checkpoint.size

    @property
    def count(self) -> int:
        """Entries at the checkpoint."""
        return self.size

    @property
    def name(self) -> str:
        """The name of the log with its checkpoint."""
        checkpoint = self.reader.checkpoint
        return f"{checkpoint.origin} {checkpoint.size} {to_base64(checkpoint.root)}"

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """All entries; they lead to the signed root.

        Raises:
            InputError: they do not.
        """
        lines = tuple(line for _, line in self.reader.entries())
        self._grown, root = grow(None, lines)
        if root != self.reader.checkpoint.root:
            raise InputError(
                f"{self.root}: the entries do not lead to the root of the signed checkpoint: the log was "
                f"changed after it was signed. `haq log verify {self.root}` names what was changed"
            )
        self._roll = EMPTY
        self._notes = {}
        self._placed = {}  # what came may have stood in the log before
        for place, line in enumerate(lines):
            self._placed.setdefault(line, place)
        return lines

    @cached_property
    def _came(self) -> list[bytes]:
        """Entries that came since the last build."""
        return [line for _, line in self.reader.entries(self._notes["size"])]

    @cached_property
    def beside(self) -> Beside:  # type: ignore[override]
        """What lies beside the log, without what was redacted."""
        known: set[str] = set(self._notes.get("redacted", ()))
        lines = self._came if self._notes else self.lines
        return self._beside.without(known | erased_in(lines, self._election))

    def recall(self, notes: Mapping[str, Any], out: Path, *, full: bool) -> None:
        """Go on from the checkpoint that the site shows.

        Raises:
            InputError: the site shows another log, or more of this one, or what contradicts it.
        """
        held, checkpoint = notes.get("log"), self.reader.checkpoint
        if held is None:
            return
        if not _is_whole(held):
            raise InputError(
                f"{out / MARKER}: does not say which log this site shows; build into a new folder, or empty "
                "this one"
            )
        if held["origin"] != checkpoint.origin:
            raise InputError(
                f"{out}: this site shows the log {held['origin']}, not {checkpoint.origin}; build into a new "
                "folder"
            )
        if held["size"] > checkpoint.size:
            raise InputError(
                f"{out}: this site shows {held['size']} entries, and the log in {self.root} has only "
                f"{checkpoint.size}: it is an older copy, or was cut. Nothing was changed. Compare the log "
                "with a mirror; to build what it holds all the same, give a new folder"
            )
        if root_at(held["size"], self.reader.hashes) != from_base64(held["root"]):
            raise InputError(
                f"{out}: this site shows a log of {held['size']} entries that the log in {self.root} does "
                f"not continue: one of the two was changed. Nothing was written; keep {out / CHECKPOINT} and "
                "compare both with a mirror"
            )
        known = held.get("election") and "several" in held  # an older haq did not note it
        if known and not full and not any(ELECTION in line for line in self._since(held["size"])):
            self._notes = held

    def _since(self, size: int) -> Iterable[bytes]:
        return (line for _, line in self.reader.entries(size))

    def find_election(self) -> Found:
        """Find the election's own entry: what the last build found, where no other came."""
        if self._notes:
            # Where there are several, any retraction may bring another one back.
            line, several = self._notes["election"].encode(), self._notes["several"]
            doubted = (RETRACTION in came and (several or _digest(line) in came) for came in self._came)
            if not any(doubted):
                self._several = several
                alone = Found(*choose_election([line], lambda: [], lambda _: 1))
                self._election = alone.entry.election
                return alone
            self._notes = {}
        candidates = [line for line in self.lines if ELECTION in line]
        found = Found(
            *choose_election(
                candidates, lambda: [line for line in self.lines if RETRACTION in line], self._weigh
            )
        )
        self._election, self._several = found.entry.election, len(candidates) > 1
        # Another election may outweigh this one with any entry, and what is wrong is named at every build.
        own = b'"election":' + pydantic_core.to_json(found.entry.election)
        self._sure = not found.problems and all(own in line for line in candidates)
        return found

    def _weigh(self, key: str) -> int:
        carried = b'"election":' + pydantic_core.to_json(key)
        return sum(carried in line for line in self.lines)

    def changes(self, memory: Memory, out: Path) -> tuple[list[bytes], list[bytes]]:
        """Give the entries that came since the checkpoint that the site shows.

        The site's own tiles, grown by these entries, have to lead to the root of the new checkpoint: that
        proves that it was built from the beginning of this very log.
        """
        held, roll = memory.notes.get("log"), memory.state.roll
        if not self._notes or held != self._notes or roll is None or len(roll) != held["size"]:
            raise Doubt
        try:
            before = Reader(Folder(out))
            same = (before.checkpoint.size, to_base64(before.checkpoint.root)) == (held["size"], held["root"])
            if not same or root_at(held["size"], before.hashes) != before.checkpoint.root:
                raise Doubt
            if self._came:
                self._grown, root = grow(before, self._came)
                if root != self.reader.checkpoint.root:
                    raise Doubt
        except LogError as error:
            raise Doubt from error
        self._roll = roll
        for place, line in enumerate(self._came, start=held["size"]):
            self._placed.setdefault(line, place)
        return [], self._came

    def line_of(self, key: str) -> bytes:
        """Find an entry by its digest: among the new ones, or on the roll."""
        for line in self._came:
            if digest(line) == key:
                return line
        place = self._roll.find(key)
        if place is None:
            raise Doubt
        return self._line_at(place)

    def _line_at(self, place: int) -> bytes:
        """Read an entry of the roll; a bundle is read once.

        Raises:
            InputError: it is no longer what the site was built from.
        """
        bundle = self._bundles.get(place // WIDTH)
        if bundle is None:
            bundle = self._bundles[place // WIDTH] = self.reader.bundle(place // WIDTH)
        line = bundle[place % WIDTH]
        if digest(line) != self._roll.digest(place):
            raise InputError(
                f"{self.root}: entry {place} is not the one that was signed: it was changed. "
                f"`haq log verify {self.root}` names what else was"
            )
        # An entry that stands twice is shown at its first place.
        self._placed[line] = min(place, self._placed.get(line, place))
        return line

    def piles_of(
        self,
        touched: Touched,
        upper: Iterable[bytes],
        gone: Iterable[bytes],
        came: Sequence[bytes],
        base: str,
    ) -> Piles:
        """Read the entries of the touched stations, and all of no station, by the roll."""
        old = [self._line_at(place) for unit in sorted(touched.units) for place in self._roll.places(unit)]
        above = [self._line_at(place) for place in self._roll.places(None)]
        return sort_lines([*old, *above, *came], base)

    def roll_of(self, piles: Piles) -> Roll | None:
        """Put the new entries on the roll, and move those that found their station."""
        homes: dict[bytes, str | None] = dict.fromkeys(piles.upper)
        for unit, pile in piles.stations.items():
            homes.update(dict.fromkeys(pile, unit))
        new = self._came if self._notes else self.lines
        start = len(self._roll)
        moved = {start + number: homes[line] for number, line in enumerate(new)}
        if start:
            moved |= {place: homes[self._line_at(place)] for place in self._roll.places(None)}
        return self._roll.grown([bytes.fromhex(digest(line)) for line in new], moved)

    def places_of(self, lines: Iterable[bytes]) -> tuple[int, ...]:
        """Give the place of each line, the first where it stands twice."""
        return tuple(self._placed[line] for line in lines)

    def numbers(self, keys: Collection[str], near: Iterable[bytes]) -> Mapping[str, int]:
        """Give the places of entries, from 0."""
        found: dict[str, int] = {}
        for key in keys:
            place = self._roll.find(key)
            if place is not None:
                found[key] = place
        missing = set(keys) - found.keys()
        for line in (self._came if self._notes else self.lines) if missing else ():
            if (key := digest(line)) in missing:
                found.setdefault(key, self._placed[line])
        return found

    def lay(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Nothing: bundles that a site holds already are not written again."""

    def publish(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Write checkpoint, policy, tiles and bundles that came; remove partial ones that are full."""
        for path, data in (self._grown or {}).items():
            writer(path, data)
        if notes:
            now = {tile.path for tile in _partial(self.size)}
            for tile in _partial(notes["log"]["size"]):
                if tile.path not in now:
                    writer.remove(tile.path)
        writer(POLICY, self.policy)
        writer(CHECKPOINT, self.reader.note)

    def noted(self, found: bytes) -> Mapping[str, Any]:
        """Name the checkpoint, the election, and what was redacted."""
        checkpoint = self.reader.checkpoint
        redacted = sorted(sha256 for sha256, code in self.held_back.items() if code == "file-redacted")
        log = {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": to_base64(checkpoint.root),
            "election": found.decode() if self._sure else "",
            "several": self._several,
            "redacted": redacted,
        }
        return {"entries": self.name, "log": log}


def _digest(line: bytes) -> bytes:
    return digest(line).encode()


def _is_whole(held: object) -> bool:
    """Tell whether a marker says which log a site shows."""
    if not isinstance(held, dict):
        return False
    kinds = {"origin": str, "size": int, "root": str}
    return all(type(held.get(key)) is kind for key, kind in kinds.items())


def _partial(size: int) -> list[Tile]:
    """List the tiles and bundles of a log that are not full."""
    return [tile for tile in (*tiles_of(size), *bundles_of(size)) if tile.width < WIDTH]
