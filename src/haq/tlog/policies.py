"""Policies: which log, which witnesses, and how many of them are enough.

Source: c2sp.org/tlog-policy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Self

from haq.errors import LogError
from haq.tlog.checkpoints import number_at
from haq.tlog.keys import COSIGNATURE, ED25519, VerifierKey

_NONE: Final = "none"


@dataclass(frozen=True)
class Party:
    """A log or a witness that a policy names, and where it answers; the address may be empty."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True)
class Group:
    """How many of its members have to have signed."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """What a checkpoint has to carry to be believed.

    Attributes:
        logs: that are known; empty where the log is known from elsewhere.
        witnesses: name in the policy -> witness.
        groups: name -> group.
        quorum: name of a witness or group, or ``none``.
    """

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a policy.

        Raises:
            LogError: the line that is wrong, by number.
        """
        return cls(*_Reader(data).read())

    def __bytes__(self) -> bytes:
        """Write the policy."""
        lines = [f"log {log.key} {log.url}".rstrip() for log in self.logs]
        lines += [f"witness {name} {w.key} {w.url}".rstrip() for name, w in self.witnesses.items()]
        lines += [f"group {name} {g.needed} {' '.join(g.members)}" for name, g in self.groups.items()]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}")).encode(
            "utf-8", "surrogateescape"
        )

    def met(self, signed: Collection[VerifierKey]) -> bool:
        """Tell whether the witnesses that signed are enough."""
        if self.quorum == _NONE:
            return True
        has = {name: witness.key in signed for name, witness in self.witnesses.items()}
        # A group stands below its members.
        for name, group in self.groups.items():
            has[name] = sum(has[member] for member in group.members) >= group.needed
        return has[self.quorum]

    @property
    def needed(self) -> int:
        """The fewest witnesses that can meet the quorum."""
        if self.quorum == _NONE:
            return 0
        fewest = dict.fromkeys(self.witnesses, 1)
        for name, group in self.groups.items():
            fewest[name] = sum(sorted(fewest[member] for member in group.members)[: group.needed])
        return fewest[self.quorum]


class _Reader:
    """Reads a policy line by line."""

    def __init__(self, data: bytes) -> None:
        self.lines = data.split(b"\n")
        self.logs: list[Party] = []
        self.witnesses: dict[str, Party] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.keys: set[bytes] = set()
        self.members: set[str] = set()

    def read(self) -> tuple[tuple[Party, ...], Mapping[str, Party], Mapping[str, Group], str]:
        for number, line in enumerate(self.lines, start=1):
            if any((byte < 0x20 and byte != 0x09) or byte == 0x7F for byte in line):
                raise LogError(f"line {number} of the policy holds a control character")
            # Letters beyond ASCII are opaque, and may be no letters at all.
            words = line.decode("utf-8", "surrogateescape").replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                self._line(words)
            except LogError as error:
                raise LogError(f"line {number} of the policy: {error}") from None
        if self.quorum is None:
            raise LogError("the policy says nothing of a quorum; add a line like: quorum none")
        return tuple(self.logs), self.witnesses, self.groups, self.quorum

    def _line(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) < 2:
                self.logs.append(self._party(key, url, ED25519))
            case ["witness", name, key, *url] if len(url) < 2:
                self._new(name)
                self.witnesses[name] = self._party(key, url, COSIGNATURE)
            case ["group", name, needed, *members] if members:
                self._new(name)
                for member in members:
                    self._known(member)
                    if member in self.members:
                        raise LogError(f"{member[:80]!r} is already a member of a group")
                    self.members.add(member)
                count = {"any": "1", "all": str(len(members))}.get(needed, needed)
                if not 1 <= number_at(count) <= len(members):
                    raise LogError(f"{needed[:80]!r} of {len(members)} members cannot be")
                self.groups[name] = Group(number_at(count), tuple(members))
            case ["quorum", name]:
                if self.quorum is not None:
                    raise LogError("a second quorum")
                if name != _NONE:
                    self._known(name)
                self.quorum = name
            case _:
                raise LogError("this is neither log, witness, group nor quorum with what belongs to it")

    def _party(self, text: str, url: list[str], kind: int) -> Party:
        key = VerifierKey.read(text)
        if key.kind != kind:
            raise LogError(f"the key {key.name!r} is not of the kind that this line asks for")
        if key.public in self.keys:
            raise LogError(f"the key of {key.name!r} stands in the policy twice")
        self.keys.add(key.public)
        return Party(key, url[0] if url else "")

    def _new(self, name: str) -> None:
        if name == _NONE or name in self.witnesses or name in self.groups:
            raise LogError(f"the name {name[:80]!r} is taken")

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise LogError(f"{name[:80]!r} is not defined above")
