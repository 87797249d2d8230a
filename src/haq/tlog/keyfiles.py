"""Secret keys in files that only their owner can read, or in the environment."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from haq.errors import LogError
from haq.tlog.keys import SigningKey


def make_key(path: Path, name: str, kind: int) -> SigningKey:
    """Make a secret key and write it to a new file of mode 600.

    Raises:
        LogError: the file is there already; a key is never overwritten.
    """
    key = SigningKey(name, kind, secrets.token_bytes(32))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise LogError(
            f"{path}: there is a file already, and a key is never overwritten; name another"
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{key.secret()}\n")
        stream.flush()
        os.fsync(stream.fileno())
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
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise LogError(f"{path}: the secret key cannot be read ({error.strerror})") from error
    with os.fdopen(handle, encoding="utf-8", errors="replace") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise LogError(f"{path}: others can read this secret key; first: chmod 600 {path}")
        try:
            return SigningKey.read(stream.read(10_000))
        except LogError as error:
            raise LogError(f"{path}: {error}") from None
