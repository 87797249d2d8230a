"""Opening what a command was given: a log by its folder or address, its policy, its writer."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from haq.cli.cosigned import LARGEST_POLICY, POLICY
from haq.cli.log.options import VARIABLE

if TYPE_CHECKING:
    from haq.tlog.policies import Policy
    from haq.tlog.sources import Source
    from haq.tlog.writer import Writer

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def source_of(log: str) -> Source:
    """Open a log by its folder or address.

    Raises:
        LogError: it is an address of a kind that nobody can read from.
    """
    from haq.errors import LogError
    from haq.tlog.http import Address
    from haq.tlog.sources import Folder

    if _SCHEME.match(log) and not log.startswith(("http://", "https://")):
        raise LogError(
            f"{log}: only addresses that begin with https:// or http:// are known, and folders; give one of "
            "these"
        )
    return Address(log) if log.startswith(("http://", "https://")) else Folder(Path(log))


def writer_of(folder: Path, key: Path | None) -> Writer:
    """Open a log to write to, and publish its newest checkpoint."""
    from haq.cli.log.outcome import saying_outcome
    from haq.tlog.keyfiles import load_key
    from haq.tlog.writer import Writer

    writer = Writer(folder, load_key(key, VARIABLE, os.environ))
    with saying_outcome(folder, again=True):
        writer.open()
    return writer


def read_file(path: Path) -> bytes:
    """Read a file that the user named."""
    from haq.errors import LogError

    try:
        return path.read_bytes()
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({error.strerror})") from error


def policy_of(source: Source, path: Path | None) -> Policy:
    """Read the policy that the user trusts, or the one that the log shows of itself."""
    from haq.errors import LogError
    from haq.tlog.policies import Policy
    from haq.tlog.sources import Missing

    if path is not None:
        return Policy.read(read_file(path))
    try:
        return Policy.read(source.get(POLICY, LARGEST_POLICY))
    except Missing as error:
        raise LogError(
            f"{error}: this log does not say who signs it; name a policy that you trust with --policy"
        ) from None
