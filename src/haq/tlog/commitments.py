"""Commitments: a salted hash now, the data later, and anybody can see that it is the same data."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from haq.errors import LogError

#: Bytes of a salt: enough that nobody finds short data by trying.
SALT_SIZE: Final = 32
_FIRST: Final = b"haq commitment v1\n"
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
