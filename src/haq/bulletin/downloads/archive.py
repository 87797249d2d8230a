"""A ZIP archive that is a function of what is in it: no clock, no machine, no compression library."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import IO, cast

from haq.bulletin.downloads.splicing import Held, Piece, bytes_of, sized

#: The earliest moment that ZIP can write.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
#: Lengths of the fixed parts of a file's header, of its entry in the directory, and of the directory's end.
_HEADER, _ENTRY, _END = 30, 46, 22


def zip_of(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """Pack files.

    Args:
        files: path -> bytes.
        folder: that everything lies in; small Latin letters, digits and ``-``.

    Returns:
        The archive, the last path first: figures, which change, then stand behind the long list of stations,
        which does not. Files are stored as they are: how tightly one is packed depends on the compression
        library of the machine, and the bytes must not.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files, reverse=True):
            info = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            info.create_system = _UNIX
            info.external_attr = _READABLE
            archive.writestr(info, files[path])
    return stream.getvalue()


def files_in(held: Held) -> Mapping[str, range]:
    """Say where the files of an archive that ``zip_of`` made lie in it.

    Args:
        held: the archive.

    Returns:
        Name, folder included -> its bytes; nothing where it is no archive.
    """
    return {
        info.filename: range(start := _start_of(info), start + info.file_size) for info in _listed(held)[0]
    }


def zip_pieces(held: Held, changed: Mapping[str, Sequence[Piece]]) -> list[Piece] | None:
    """Pack the same files as in another archive, some of them changed.

    Args:
        held: what ``zip_of`` made.
        changed: name, folder included -> pieces of the file as it is now.

    Returns:
        Pieces of what ``zip_of`` would make now; None where it is no such archive, or one of gigabytes.
    """
    listed, place = _listed(held)
    pieces: list[Piece] = []
    directory: list[Piece] = []
    size = 0
    for info in listed:
        length = len(info.filename.encode())
        entry = bytearray(held[place : (place := place + _ENTRY + length)])
        start = _start_of(info)
        now = changed.get(info.filename)
        if now is None:
            _join(pieces, range(info.header_offset, start + info.file_size))
        else:
            checksum = 0
            for block in bytes_of(held, now):
                checksum = zlib.crc32(block, checksum)
            if sized(now) >= zipfile.ZIP64_LIMIT:
                return None
            header = bytearray(held[info.header_offset : start])
            struct.pack_into("<III", header, 14, checksum, sized(now), sized(now))
            struct.pack_into("<III", entry, 16, checksum, sized(now), sized(now))
            pieces += (bytes(header), *now)
        struct.pack_into("<I", entry, 42, size)
        directory.append(bytes(entry))
        size = sized(pieces)
        if size >= zipfile.ZIP64_LIMIT:
            return None
    end = bytearray(held[place:])
    if not listed or len(end) != _END:
        return None
    struct.pack_into("<I", end, 16, size)
    return [*pieces, *directory, bytes(end)]


def _join(pieces: list[Piece], more: range) -> None:
    """Add bytes of the other archive, as one piece with those before them."""
    last = pieces[-1] if pieces else None
    if isinstance(last, range) and last.stop == more.start:
        pieces[-1] = range(last.start, more.stop)
    else:
        pieces.append(more)


def _listed(held: Held) -> tuple[list[zipfile.ZipInfo], int]:
    """List the files of an archive in their order, and say where its directory begins."""
    stream = io.BytesIO(held) if isinstance(held, bytes) else cast("IO[bytes]", held)
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, ValueError):
        return [], 0


def _start_of(info: zipfile.ZipInfo) -> int:
    return info.header_offset + _HEADER + len(info.filename.encode())
