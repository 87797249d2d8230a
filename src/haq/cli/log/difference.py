"""What a source of entries has and a log has not, the other way round, and what would make the log follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from haq.cli.log.contents import Contents, entries_at, speaks_of_others, tree_of
from haq.cli.log.matching import Matching, Tree
from haq.cli.log.withdrawals import Withdrawals
from haq.entries import digest, withdrawn
from haq.tlog.merkle import leaf_hash
from haq.tlog.reader import Reader
from haq.tlog.tiles import tiles_of

_COPY = b'"kind":"copy"'


@dataclass(frozen=True)
class Withdrawing:
    """How a log is made to follow a source that no longer has some of its entries.

    Attributes:
        reason: why, for everybody to read.
        language: of the reason; None where it is not stated.
        restore: whether what was withdrawn and is in the source stands again.
    """

    reason: str
    language: str | None = None
    restore: bool = False


@dataclass
class Plan:
    """Retractions to be appended, and what they come to; see ``haq.cli.log.appending.Appended``."""

    lines: list[bytes] = field(default_factory=list)
    retracted: int = 0
    withdrawn: int = 0
    restored: int = 0


class Difference:
    """A source compared with a log.

    Attributes:
        lines: of the source.
        new: lines that the log does not hold; equal ones count as often as they stand there.
        new_at: which of the lines they are, from 0.
        gone: (place, bytes) of entries that stand in the log and the source does not have. Where the source
            has an entry of an election, only those of its elections.
        contents: what log and source say of other entries.
        elections: keys of the elections of the source.
    """

    def __init__(self, reader: Reader, lines: Sequence[bytes]) -> None:
        """Compare the leaves, and read of the log only what the source does not have."""
        self.lines = lines
        leaves = list(_leaves(reader))
        held = Counter(leaves)
        self.new: list[bytes] = []
        self.new_at: list[int] = []
        source = Contents()
        for index, line in enumerate(lines):
            leaf = leaf_hash(line)
            if held[leaf] > 0:
                held[leaf] -= 1
            else:
                self.new.append(line)
                self.new_at.append(index)
            source.take(line)
        self.elections = tuple(source.elections)
        left: list[int] = []
        for place, leaf in enumerate(leaves):
            if held[leaf] > 0:
                held[leaf] -= 1
                left.append(place)
        # No source holds retractions of its own: they are among what only the log has.
        self.contents = Contents()
        others: list[int] = []
        for place, data in entries_at(reader, left):
            self.contents.take(data, place)
            if not speaks_of_others(data):
                others.append(place)
        for line in lines:
            self.contents.take(line)
        self.contents.look_for_named(chain(lines, (data for _, data in entries_at(reader, left))))
        known = self.elections or {entry.election for entry in self.contents.own.values()}
        self._withdrawn = {key: withdrawn(self.contents.retractions(key)) for key in known}
        asked = others or any(self._withdrawn.values())
        self._sources = {digest(line): line for line in lines} if asked else {}
        self.gone = [(place, data) for place, data in entries_at(reader, others) if self._is_gone(data)]

    def _is_gone(self, data: bytes) -> bool:
        """Tell whether an entry of the log stands, and is of an election of the source."""
        key = digest(data)
        if not self.elections:
            return not any(key in found for found in self._withdrawn.values())
        election = tree_of(data).get("election")
        # Of two equal entries one cannot be withdrawn without the other.
        return (
            election in self.elections and key not in self._sources and key not in self._withdrawn[election]
        )

    def plan(self, withdrawing: Withdrawing | None) -> Plan:
        """Work out which retractions make the log follow the source; none where ``withdrawing`` is not given.

        Raises:
            InputError: the reason may not stand in a log.
        """
        plan = Plan()
        for election, taken_back in self._withdrawn.items():
            back = [key for key in taken_back if key in self._sources]
            if withdrawing is None:
                plan.withdrawn += len(back)
                continue
            retractions = self.contents.retractions(election)
            work = Withdrawals(election, retractions, withdrawing.reason, withdrawing.language)
            restored = [key for key in back if withdrawing.restore or self._replacer_is_gone(taken_back[key])]
            for key in restored:
                work.restore(key)
            gone = [
                (digest(data), tree)
                for _, data in self.gone
                if (tree := tree_of(data))["election"] == election
            ]
            matching = self._matching(dict(gone), restored)
            for key, entry in matching.gone.items():
                work.withdraw(key, matching.replacement(entry))
            plan.lines += work.lines
            plan.retracted += len(gone)
            plan.restored += len(restored)
            plan.withdrawn += len(back) - len(restored)
        return plan

    def _matching(self, gone: dict[str, dict[str, Any]], restored: Sequence[str]) -> Matching:
        came: dict[str, Tree] = {digest(line): tree_of(line) for line in self.new}
        came.update((key, tree_of(self._sources[key])) for key in restored)
        copies: dict[str, Tree] = {key: tree for key, tree in gone.items() if tree.get("kind") == "copy"}
        if any(tree.get("kind") == "reading" for tree in gone.values()):
            copies.update((key, tree_of(line)) for key, line in self._sources.items() if _COPY in line)
        return Matching(gone, came, copies)

    def _replacer_is_gone(self, retraction: str) -> bool:
        """Tell whether an entry was withdrawn for another one's sake that the source no longer has."""
        replaced_by = getattr(self.contents.own[retraction], "replaced_by", None)
        return replaced_by is not None and replaced_by not in self._sources


def _leaves(reader: Reader) -> Iterator[bytes]:
    """Give the hash of every leaf of a log."""
    for tile in tiles_of(reader.checkpoint.size):
        if tile.level:
            return
        yield from reader.hashes.tile(0, tile.index)
