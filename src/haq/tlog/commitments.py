"""Commitments: a salted hash now, the data later, and anybody can see that it is the same data.

Salted files are for what is published beside a log and may have to be erased: names. Their hash stays in
the log for good, and without the salt, which goes with the file, nobody can find the names by trying.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from haq.errors import LogError

#: Bytes of a salt: enough that nobody finds short data by trying.
SALT_SIZE: Final = 32
_FIRST: Final = b"haq commitment v1\n"
_SALTED: Final = b"haq salted file v1\n"
_HEX: Final = re.compile("[0-9a-f]{64}")


def commit(salt: bytes, data: bytes) -> str:
    """Give the salted hash of data, in hexadecimal.

    Args:
        salt: 32 random bytes, used for nothing else and kept secret until the data are shown.
        data: what is promised.

    Raises:
        ValueError: a salt of another length.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt of {len(salt)} bytes instead of {SALT_SIZE}")
    return hashlib.sha256(_FIRST + salt + data).hexdigest()


def check_revealed(commitment: str, salt: str, data: bytes) -> None:
    """Check that data are what was promised.

    Args:
        commitment: the salted hash, in hexadecimal.
        salt: in hexadecimal.
        data: what was shown.

    Raises:
        LogError: they are not, or the salt is none.
    """
    if not _HEX.fullmatch(salt):
        raise LogError("the salt should be 64 small hexadecimal letters")
    if not hmac.compare_digest(commit(bytes.fromhex(salt), data), commitment):
        raise LogError("what was shown is not what was promised: the salted hash is another")


def salted(salt: bytes, data: bytes) -> bytes:
    """Write a salted file: its SHA-256 tells nothing of its data, however few they could be.

    Args:
        salt: 32 random bytes, used for nothing else; published with the file and erased with it.
        data: such as the names of a commission.

    Raises:
        ValueError: a salt of another length.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt of {len(salt)} bytes instead of {SALT_SIZE}")
    return _SALTED + salt.hex().encode() + b"\n" + data


def unsalted(data: bytes) -> bytes:
    """Give what a salted file holds.

    Raises:
        LogError: it is none.
    """
    salt, line, rest = data.removeprefix(_SALTED).partition(b"\n")
    if not data.startswith(_SALTED) or not line or not _HEX.fullmatch(salt.decode("ascii", "replace")):
        raise LogError(
            f"this is no salted file: it should begin with the line {_SALTED.decode().strip()!r} and one "
            "with the salt, 64 small hexadecimal letters"
        )
    return rest
