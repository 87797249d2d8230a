"""Files that are whole or not there, also after the power went."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from haq.tlog.tiles import ENTRIES, WIDTH, Tile

#: Files written at the same time: the disk, not the processor, is waited for.
_WRITERS: Final = 8


def write_durably(root: Path, scratch: Path, files: Mapping[str, bytes]) -> None:
    """Write files so that each is whole under its name and all are on the disk at return.

    Args:
        root: folder that the names are relative to.
        scratch: an existing folder of the same file system, for what is not whole yet.
        files: name with ``/`` -> bytes. A file of that name is replaced.

    Raises:
        OSError: the disk is full, or something else hindered it. Some files may then be there.
    """
    folders = {(root / name).parent for name in files}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    if len(files) == 1:
        for name, data in files.items():
            _write(root / name, scratch, (data,))
    else:
        with ThreadPoolExecutor(_WRITERS) as pool:
            for done in [pool.submit(_write, root / name, scratch, (data,)) for name, data in files.items()]:
                done.result()
    _sync_up_to(root, folders)


def write_blocks(root: Path, scratch: Path, name: str, blocks: Iterable[bytes]) -> None:
    """Write one file as its bytes come; where they end with an error, nothing is changed.

    Args:
        root, scratch: see ``write_durably``.
        name: with ``/``. A file of that name is replaced.
        blocks: what the file holds; what they raise is raised.

    Raises:
        OSError: the disk is full, or something else hindered it.
    """
    folder = (root / name).parent
    folder.mkdir(parents=True, exist_ok=True)
    _write(root / name, scratch, blocks)
    _sync_up_to(root, {folder})


def _sync_up_to(root: Path, folders: set[Path]) -> None:
    # Every folder up to the root: an attempt that failed may have made one and not synced it.
    above = {f for folder in folders for f in folder.parents if f == root or root in f.parents}
    sync_folders(folders | above)


def make_durably(folder: Path) -> None:
    """Make a folder and those above it; it is there after the power went."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    sync_folders({f.parent for f in missing})


def sync_folders(folders: Iterable[Path]) -> None:
    """Bring to the disk which names stand in folders."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def clear_scratch(scratch: Path) -> None:
    """Remove what dead writers left; nobody else may be writing there."""
    for left in scratch.iterdir():
        left.unlink(missing_ok=True)


def drop_partial(root: Path, old: int, new: int) -> None:
    """Remove partial tiles whose full tile is there; who held an older checkpoint reads that.

    Args:
        root: folder of the log.
        old, new: entries before and now.
    """
    level = 0
    while old // WIDTH < new // WIDTH:
        for kind in (level, ENTRIES) if level == 0 else (level,):
            folder = root / f"{Tile(kind, old // WIDTH).path}.p"
            shutil.rmtree(folder, ignore_errors=True)
        old, new, level = old // WIDTH, new // WIDTH, level + 1


def _write(path: Path, scratch: Path, blocks: Iterable[bytes]) -> None:
    handle, name = mkstemp(dir=scratch)
    try:
        try:
            for block in blocks:
                rest = memoryview(block)
                while rest:
                    rest = rest[os.write(handle, rest) :]
            os.fchmod(handle, 0o644)
            os.fsync(handle)
        finally:
            os.close(handle)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
