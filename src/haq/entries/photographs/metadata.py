"""What a camera writes into a photograph; of it only stays which side is up."""

from __future__ import annotations

import struct
from typing import Final

from haq.errors import HaqError

#: Begins the Exif of a JPEG file, and of some WebP files.
EXIF: Final = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
#: The picture stands as its points do.
_UPRIGHT = 1
#: A directory with more than this is none that a camera wrote.
_MOST_FIELDS = 1_000


class Unreadable(HaqError):
    """A file that haq cannot take for a photograph."""


def orientation_of(tiff: bytes) -> int:
    """Read which side of a picture is up.

    Args:
        tiff: the Exif, from its byte order on.

    Returns:
        1 to 8, as Exif numbers them; 1 where it is not said, or in no readable way.

    Source: TIFF 6.0, section 2; Exif 2.32, section 4.6.4.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return _UPRIGHT
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return _UPRIGHT
    fields = struct.unpack_from(f"{order}H", tiff, start)[0]
    for number in range(min(fields, _MOST_FIELDS)):
        place = start + 2 + 12 * number
        if place + 12 > len(tiff):
            break
        tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if (tag, kind, count) == (_ORIENTATION, _SHORT, 1):
            return int(value) if _UPRIGHT <= value <= 8 else _UPRIGHT
    return _UPRIGHT


def only_orientation(tiff: bytes) -> bytes:
    """Write an Exif that says which side is up and nothing else; empty where the picture stands upright."""
    up = orientation_of(tiff)
    if up == _UPRIGHT:
        return b""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, _SHORT, 1, up, 0, 0)
