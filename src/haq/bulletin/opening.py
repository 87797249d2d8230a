"""Finding out what a site is to be built from."""

from __future__ import annotations

from pathlib import Path

from haq.bulletin.entries_file import EntriesFile
from haq.bulletin.log_folder import LogFolder
from haq.bulletin.sources import Entries, look_beside
from haq.bulletin.write import CHECKPOINT
from haq.errors import InputError


def open_entries(source: Path) -> Entries:
    """Open what a site is to be built from.

    Args:
        source: folder of a log or of its mirror; folder with ``entries.jsonl``, or that file; or a site that
            was built before from either.

    Returns:
        The entries, and what lies beside them.

    Raises:
        InputError: there are no entries, or they cannot be read.
        LogError: the checkpoint of the log cannot be believed.
    """
    if source.is_dir() and (source / CHECKPOINT).is_file():
        return LogFolder(source, look_beside(source, source / "data"))
    path = source / "entries.jsonl" if source.is_dir() else source
    if source.is_dir() and not path.is_file() and (source / "data" / "entries.jsonl").is_file():
        path = source / "data" / "entries.jsonl"
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = (
            "; `haq check ELECTION --out FOLDER` writes one" if isinstance(error, FileNotFoundError) else ""
        )
        raise InputError(f"{path}: cannot be read: {error.strerror}{hint}") from error
    own = path.absolute().parent
    # A site has its files beside ``data``.
    return EntriesFile(data, look_beside(own, *([own.parent] if own.name == "data" else [])))
