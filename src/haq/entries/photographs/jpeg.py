"""JPEG files, segment by segment: what the picture needs stays, everything else goes."""

from __future__ import annotations

import re
import struct

from haq.entries.photographs.metadata import EXIF, Unreadable, only_orientation

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
#: Frames, tables of codes and of quantisation, restart interval, number of lines, hierarchy.
_PICTURE = frozenset({*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Ends the coded points: a marker that is neither a stuffed byte, nor a restart, nor filling.
_AFTER_POINTS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF, _ICC, _XMP = b"JFIF\0", b"ICC_PROFILE\0", b"http://ns.adobe.com/"
#: JFIF up to the size of its thumbnail: name, version, unit, density.
_JFIF_HEAD = 12


def clean_jpeg(data: bytes) -> tuple[bytes, list[str]]:
    """Take out of a JPEG file everything that is not the picture.

    Args:
        data: the file.

    Returns:
        The file without metadata, thumbnails and what follows its end, and what was removed.

    Raises:
        Unreadable: it is cut off, or not built as a JPEG file should be.

    Source: ITU-T T.81, annex B; ITU-T T.871 (JFIF), section 10.
    """
    front: list[bytes] = []
    kept: list[bytes] = []
    removed: list[str] = []
    up = b""
    frames = scans = 0
    position = 2
    while True:
        marker, position = _marker(data, position)
        if marker == _EOI:
            break
        body, after = _segment(data, position)
        whole = bytes([0xFF, marker]) + data[position:after]
        position = after
        if marker == _APP1 and body.startswith(EXIF) and not up:
            tiff = body[len(EXIF) :]
            up = only_orientation(tiff)
            if tiff != up:
                removed.append("Exif")
        elif marker == _APP0 and body.startswith(_JFIF) and len(body) >= _JFIF_HEAD + 2 and not front:
            bare = body[:_JFIF_HEAD] + b"\0\0"
            front.append(_written(_APP0, bare))
            if bare != body:
                removed.append("thumbnail")
        elif marker in _PICTURE or marker == _APP14 or (marker == _APP2 and body.startswith(_ICC)):
            kept.append(whole)
            frames += marker in _FRAMES
        elif marker == _SOS:
            end = _AFTER_POINTS.search(data, after)
            if end is None:
                raise Unreadable("it is cut off")
            kept += [whole, data[after : end.start()]]
            position = end.start()
            scans += 1
        elif marker == _COM or _APP0 <= marker <= _APP15:
            removed.append(_name(marker, body))
        else:
            raise Unreadable(f"it holds a part of an unknown kind ({marker:#x})")
    if not frames or not scans:
        raise Unreadable("there is no picture in it")
    if position < len(data):
        removed.append("beyond the end")
    exif = [_written(_APP1, EXIF + up)] if up else []
    return b"".join([b"\xff\xd8", *front, *exif, *kept, b"\xff\xd9"]), removed


def _marker(data: bytes, position: int) -> tuple[int, int]:
    """Read a marker with the filling before it; give it and where it ends."""
    start = position
    while data[position : position + 1] == b"\xff":
        position += 1
    if position >= len(data):
        raise Unreadable("it is cut off")
    if position == start:
        raise Unreadable("its parts do not follow each other")
    return data[position], position + 1


def _segment(data: bytes, position: int) -> tuple[bytes, int]:
    """Read what stands in a segment, from its length on, and where it ends."""
    if position + 2 > len(data):
        raise Unreadable("it is cut off")
    length = struct.unpack_from(">H", data, position)[0]
    if length < 2:
        raise Unreadable("one of its parts has no length")
    if position + length > len(data):
        raise Unreadable("it is cut off")
    return data[position + 2 : position + length], position + length


def _written(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _name(marker: int, body: bytes) -> str:
    if marker == _COM:
        return "comment"
    if marker == _APP1:
        return "Exif" if body.startswith(EXIF) else "XMP" if body.startswith(_XMP) else "APP1"
    return "IPTC" if marker == _APP13 else f"APP{marker - _APP0}"
