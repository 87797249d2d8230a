"""Secrets in files that only their owner can read, or in the environment: keys, and salts of commitments."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from haq.errors import LogError
from haq.tlog.keys import SigningKey

_SALT: Final = re.compile("haq salt v1\n([0-9a-f]{64})\n")


def make_key(path: Path, name: str, kind: int) -> SigningKey:
    """Make a secret key and write it to a new file of mode 600.

    Raises:
        LogError: the file is there already; a key is never overwritten.
    """
    key = SigningKey(name, kind, secrets.token_bytes(32))
    _write(path, f"{key.secret()}\n", "a key")
    return key


def load_key(path: Path | None, variable: str, environment: Mapping[str, str]) -> SigningKey:
    """Read a secret key from a file, or from a variable of the environment if no file is named.

    Args:
        path: of mode 600; None for the environment.
        variable: name of the variable.
        environment: of the process.

    Raises:
        LogError: there is none, or others can read the file. No message holds the key.
    """
    if path is None:
        text = environment.get(variable, "")
        if not text:
            raise LogError(f"no secret key: name its file with --key, or put it into {variable}")
        return SigningKey.read(text)
    text = _read(path, "the secret key", "this secret key")
    try:
        return SigningKey.read(text)
    except LogError as error:
        raise LogError(f"{path}: {error}") from None


def write_salt(path: Path, salt: bytes) -> None:
    """Write the salt of a commitment to a new file of mode 600; it is on the disk at return.

    Raises:
        LogError: the file is there already; a salt is never overwritten.
    """
    _write(path, f"haq salt v1\n{salt.hex()}\n", "a salt")


def load_salt(path: Path) -> bytes:
    """Read the salt of a commitment.

    Raises:
        LogError: there is none, or others can read the file. No message holds the salt.
    """
    found = _SALT.fullmatch(_read(path, "the salt", "this salt, which is secret until the data are shown"))
    if found is None:
        raise LogError(f"{path}: holds no salt; name the file that `haq log commit` wrote")
    return bytes.fromhex(found[1])


def _write(path: Path, text: str, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise LogError(
            f"{path}: there is a file already, and {what} is never overwritten; name another"
        ) from None
    except OSError as error:
        raise LogError(f"{path}: cannot be written ({error.strerror}); name another") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        path.unlink(missing_ok=True)  # half a secret is none, and would stand in the way of the next try
        raise


def _read(path: Path, what: str, this: str) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            text = stream.read(10_000)
    except OSError as error:
        raise LogError(f"{path}: {what} cannot be read ({error.strerror})") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise LogError(f"{path}: others can read {this}; first: chmod 600 {path}")
    return text
