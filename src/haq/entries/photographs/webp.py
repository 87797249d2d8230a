"""WebP files, chunk by chunk: what the picture needs stays, everything else goes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from haq.entries.photographs.metadata import EXIF, Unreadable, only_orientation

#: Chunks of a still picture: one of the first two, transparency and colours.
_POINTS = (b"VP8 ", b"VP8L")
_STILL = frozenset({*_POINTS, b"ALPH", b"ICCP"})
_MOVING = frozenset({b"ANIM", b"ANMF"})
#: Bits of VP8X that say that there is an Exif or an XMP.
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def clean_webp(data: bytes) -> tuple[bytes, list[str]]:
    """Take out of a WebP file everything that is not the picture.

    Args:
        data: the file.

    Returns:
        The file without metadata and what follows its end, and what was removed.

    Raises:
        Unreadable: it is cut off, moves, or is not built as a WebP file should be.

    Source: RFC 9649, section 2.
    """
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    if end > len(data):
        raise Unreadable("it is cut off")
    kept, removed, up = list[tuple[bytes, bytes]](), list[str](), b""
    for name, body in _riff(data, 12, end):
        if name in _MOVING:
            raise Unreadable("it is a moving picture")
        if name == b"EXIF":
            tiff = body.removeprefix(EXIF)
            found = only_orientation(tiff)
            if up or not found or found != body:
                removed.append("Exif")
            up = up or found
        elif name in _STILL or (name == b"VP8X" and not kept):
            kept.append((name, body))
        else:
            removed.append("XMP" if name == b"XMP " else "unknown part")
    if sum(name in _POINTS for name, _ in kept) != 1:
        raise Unreadable("there is no picture in it")
    if kept[0][0] == b"VP8X":
        flags = kept[0][1][:1]
        if len(kept[0][1]) != 10:
            raise Unreadable("its parts do not follow each other")
        right = flags[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if up else 0)
        cleared = flags[0] & ~right
        removed += [name for bit, name in ((_HAS_EXIF, "Exif"), (_HAS_XMP, "XMP")) if cleared & bit]
        kept[0] = (b"VP8X", bytes([right]) + kept[0][1][1:])
        if up:
            kept.append((b"EXIF", up))
    elif up:
        removed.append("Exif")
    if end < len(data):
        removed.append("beyond the end")
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2) for name, b in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body, removed


def _riff(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while position < end:
        if position + 8 > end:
            raise Unreadable("it is cut off")
        name, length = struct.unpack_from("<4sI", data, position)
        # A chunk of odd length is followed by a byte that is not counted.
        if position + 8 + length > end:
            raise Unreadable("it is cut off")
        yield name, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
