"""PNG files, chunk by chunk: what the picture needs stays, everything else goes."""

from __future__ import annotations

import struct
import zlib

from haq.entries.photographs.metadata import Unreadable, only_orientation

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
#: Transparency, colours and the shape of a point.
_COLOURS = frozenset({b"tRNS", b"gAMA", b"sRGB", b"iCCP", b"pHYs"})
_NAMES = {b"eXIf": "Exif", b"tEXt": "text", b"iTXt": "text", b"zTXt": "text"}


def clean_png(data: bytes) -> tuple[bytes, list[str]]:
    """Take out of a PNG file everything that is not the picture.

    Args:
        data: the file.

    Returns:
        The file without texts, times and what follows its end, and what was removed.

    Raises:
        Unreadable: it is cut off or damaged, or not built as a PNG file should be.

    Source: W3C Portable Network Graphics, third edition, sections 5 and 11.
    """
    kept, removed, seen = [_SIGNATURE], list[str](), list[bytes]()
    position = len(_SIGNATURE)
    while not seen or seen[-1] != b"IEND":
        if position + 12 > len(data):
            raise Unreadable("it is cut off")
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise Unreadable("it is cut off")
        if zlib.crc32(data[position + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise Unreadable("it is damaged: a check sum is not right")
        body = data[position + 8 : end - 4]
        if name in _CRITICAL or name in _COLOURS:
            kept.append(data[position:end])
        elif not name[0] & 0x20 or not name.isalpha():
            raise Unreadable("it holds a part of an unknown kind")
        else:
            up = only_orientation(body) if name == b"eXIf" else b""
            if up and b"eXIf" not in seen:
                kept.append(_png_chunk(name, up))
            if not up or up != body or b"eXIf" in seen:
                removed.append(_NAMES.get(name, name.decode()))
        seen.append(name)
        position = end
    if seen[0] != b"IHDR" or b"IDAT" not in seen:
        raise Unreadable("there is no picture in it")
    if position < len(data):
        removed.append("beyond the end")
    return b"".join(kept), removed


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
