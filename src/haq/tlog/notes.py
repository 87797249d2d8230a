"""Signed notes: a text, and lines of those who stand for it.

Source: c2sp.org/signed-note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from haq.errors import LogError
from haq.tlog.keys import SigningKey, VerifierKey, check_name, from_base64, to_base64

#: Signatures of one note at most. The specification asks for 16 or more.
MOST_SIGNATURES: Final = 100
#: Bytes of one note at most.
LARGEST_NOTE: Final = 1_000_000
_DASH: Final = "\u2014 "


@dataclass(frozen=True)
class Signature:
    """A line under a note: whose key, its number in four bytes, and the signature."""

    name: str
    id: bytes
    value: bytes

    def __str__(self) -> str:
        """Write the line, without its line break."""
        return f"{_DASH}{self.name} {to_base64(self.id + self.value)}"

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a line without its line break.

        Raises:
            LogError: it is no line of a signature.
        """
        name, space, body = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise LogError(f"{line[:80]!r} is no line of a signature")
        data = from_base64(body)
        if len(data) < 5:
            raise LogError(f"the signature of {name[:80]!r} is too short")
        return cls(check_name(name), data[:4], data[4:])


def sign_text(text: bytes, key: SigningKey, time: int | None = None) -> Signature:
    """Sign the text of a note; a witness also gives the time."""
    return Signature(key.public.name, key.public.id, key.sign(text, time))


@dataclass(frozen=True)
class Note:
    """A signed note that nobody has checked yet.

    Attributes:
        text: with its last line break.
        signatures: lines under it, in their order.
    """

    text: bytes
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Take a note apart.

        Raises:
            LogError: it is none.
        """
        if len(data) > LARGEST_NOTE:
            raise LogError(f"a note of {len(data)} bytes; {LARGEST_NOTE} is the most")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise LogError("a signed note must be UTF-8") from None
        if any(c < " " and c != "\n" for c in whole):
            raise LogError("a signed note holds a control character")
        text, empty, foot = whole.rpartition("\n\n")
        if not empty or not foot.endswith("\n"):
            raise LogError("a signed note should end with an empty line and signatures; the file is cut")
        lines = foot[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise LogError(f"a note with {len(lines)} signatures; {MOST_SIGNATURES} is the most")
        return cls(f"{text}\n".encode(), tuple(Signature.read(line) for line in lines))

    def __bytes__(self) -> bytes:
        """Write the note."""
        return self.text + "".join(f"\n{s}" for s in ("", *self.signatures)).encode()[1:] + b"\n"

    def signed(self, *more: Signature) -> Self:
        """Add signatures; one of the same key takes the place of the old one."""
        keys = {(s.name, s.id): s for s in (*self.signatures, *more)}
        return replace(self, signatures=tuple(keys.values()))


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> Mapping[VerifierKey, int | None]:
    """Check the signatures of known keys; lines of unknown keys are ignored.

    Args:
        note: to check.
        keys: that are trusted.

    Returns:
        Key -> when it signed, in seconds since 1970, or None where it says no time. It may be empty.

    Raises:
        LogError: a known key's signature does not verify, or a known key signed twice.
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[VerifierKey, int | None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.id))
        if key is None:
            continue
        if key in found:
            raise LogError(f"{key.name} signed twice under one note")
        found[key] = key.verify(note.text, signature.value)
    return found
