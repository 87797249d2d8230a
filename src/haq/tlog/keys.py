"""Keys: who signed a note, as what, and when.

Source: c2sp.org/signed-note, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from haq.errors import LogError

#: A signature over a note with Ed25519, as the log itself signs.
ED25519: Final = 0x01
#: A witness's signature over the time and a checkpoint, with Ed25519.
COSIGNATURE: Final = 0x04
_KINDS: Final = (ED25519, COSIGNATURE)
#: Letters of the name of a key at most, so that a message with it stays one that can be read.
LONGEST_NAME: Final = 255
_SECRET: Final = "PRIVATE+KEY+"  # noqa: S105 (the prefix that c2sp.org/signed-note gives a secret key)
_LATEST: Final = 2**63 - 1


def to_base64(data: bytes) -> str:
    """Write bytes as standard base64."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read standard base64, with its padding and nothing else.

    Raises:
        LogError: it is not.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if to_base64(data) != text or not text:
        raise LogError(f"{text[:80]!r} is not base64")
    return data


def check_name(name: str) -> str:
    """Give back the name of a key.

    Raises:
        LogError: it is empty or very long, or holds a space, a plus or a control character.
    """
    unfit = any(c.isspace() or c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in name)
    if not 0 < len(name) <= LONGEST_NAME or "+" in name or unfit:
        raise LogError(
            f"{name[:80]!r} is no name of a key: give one without spaces and plus signs, of at most "
            f"{LONGEST_NAME} letters"
        )
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Compute the four bytes that stand before every signature of a key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes((kind,)) + public).digest()[:4]


def cosigned(text: bytes, time: int) -> bytes:
    """Give the bytes that a witness signs: when it saw a checkpoint, in seconds since 1970, and its text."""
    return b"cosignature/v1\ntime %d\n" % time + text


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key.

    Attributes:
        name: whose it is; of a log, its origin.
        kind: ``ED25519`` or ``COSIGNATURE``.
        public: 32 bytes.
    """

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a key as it is published: ``name+hex+base64``.

        Raises:
            LogError: it is none, or of a kind that haq does not know.
        """
        name, plus, rest = text.strip().partition("+")
        digits, second, body = rest.partition("+")
        if not plus or not second or not re.fullmatch("[0-9a-f]{8}", digits):
            raise LogError(f"{text[:120]!r} is no public key; it should read name+hex+base64")
        data = from_base64(body)
        check_name(name)
        if data[0] not in _KINDS or len(data) != 33:
            raise LogError(f"the key {name!r} is of a kind that haq does not know ({data[0]:#04x})")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != digits:
            raise LogError(f"the key {name!r} and its number {digits} do not fit: a letter was changed")
        return key

    @property
    def id(self) -> bytes:
        """Its number, four bytes."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        """Write the key as it is published."""
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes((self.kind,)) + self.public)}"

    def verify(self, text: bytes, signature: bytes) -> int | None:
        """Check a signature over the text of a note.

        Args:
            text: with its last line break.
            signature: what follows the number of the key.

        Returns:
            When a witness signed, in seconds since 1970; None for a signature without a time.

        Raises:
            Forged: it is not this key's signature over this text.
            LogError: it bears an impossible time.
        """
        time = None
        if self.kind == COSIGNATURE:
            time = int.from_bytes(signature[:8], "big")
            text, signature = cosigned(text, time), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            raise Forged(self) from None
        if time is not None and time > _LATEST:
            raise LogError(f"the signature of {self.name} bears an impossible time")
        return time


class Forged(LogError):
    """A signature of a known key is not one: it was forged, or what it stands under was changed.

    Attributes:
        key: whose signature it should be.
    """

    def __init__(self, key: VerifierKey) -> None:
        super().__init__(f"the signature of {key.name} is forged or damaged")
        self.key = key


class SigningKey:
    """The secret half of a key. It never shows itself: neither in messages nor when printed."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        """Take a key.

        Args:
            name: whose it is.
            kind: ``ED25519`` or ``COSIGNATURE``.
            seed: 32 secret bytes.
        """
        if kind not in _KINDS or len(seed) != 32:
            raise LogError("this is no secret key of a kind that haq knows")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = VerifierKey(check_name(name), kind, self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        """Name the key without its secret."""
        return f"<secret key of {self.public.name}>"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``PRIVATE+KEY+name+hex+base64``.

        Raises:
            LogError: it is none; the message does not repeat it.
        """
        name, plus, rest = text.strip().removeprefix(_SECRET).partition("+")
        digits, second, body = rest.partition("+")
        if not text.strip().startswith(_SECRET) or not plus or not second:
            raise LogError("this is no secret key; it should begin with PRIVATE+KEY+")
        try:
            data = from_base64(body)
        except LogError:
            raise LogError("this is no secret key: its last part is not base64") from None
        key = cls(name, data[0], data[1:])
        if key.public.id.hex() != digits:
            raise LogError("the secret key and its number do not fit: a letter was changed")
        return key

    def secret(self) -> str:
        """Write the key with its secret, for a file that nobody else can read."""
        body = to_base64(bytes((self.public.kind,)) + self._key.private_bytes_raw())
        return f"{_SECRET}{self.public.name}+{self.public.id.hex()}+{body}"

    def sign(self, text: bytes, time: int | None = None) -> bytes:
        """Sign the text of a note.

        Args:
            text: with its last line break.
            time: seconds since 1970; a witness needs it, a log has none.

        Returns:
            What follows the number of the key in the line of the signature.
        """
        if self.public.kind == COSIGNATURE:
            if time is None or not 0 <= time <= _LATEST:
                raise ValueError("a witness signs with a time")
            return time.to_bytes(8, "big") + self._key.sign(cosigned(text, time))
        return self._key.sign(text)
