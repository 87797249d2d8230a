"""Photographs without what the camera wrote into them: place, device, owner, time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from haq.entries.photographs.jpeg import clean_jpeg
from haq.entries.photographs.metadata import Unreadable
from haq.entries.photographs.png import clean_png
from haq.entries.photographs.webp import clean_webp

__all__ = ["HEAD", "Cleaned", "Unreadable", "clean", "kind_of"]

#: First bytes of the kinds that can be shown; a picture that may carry script is not among them.
_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
_CLEAN: Mapping[str, Callable[[bytes], tuple[bytes, list[str]]]] = {
    "jpg": clean_jpeg,
    "png": clean_png,
    "webp": clean_webp,
}
#: How many first bytes tell the kind.
HEAD = 12


@dataclass(frozen=True)
class Cleaned:
    """A photograph that can be published.

    Attributes:
        data: its bytes; the very same picture, point by point.
        removed: what was taken out, each once, in the order of the file: ``Exif``, ``XMP``, ``comment``,
            ``beyond the end``, …; empty where there was nothing to take out, and the bytes are those given.
    """

    data: bytes
    removed: tuple[str, ...]


def kind_of(head: bytes) -> str:
    """Tell the kind of a file from its first bytes: jpg, png, webp or pdf; empty for any other."""
    for start, kind in _KINDS:
        if head.startswith(start):
            return kind
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def clean(data: bytes) -> Cleaned:
    """Take out of a photograph everything that is not the picture.

    What the picture needs stays: its points, its colours (ICC profile) and which side is up.

    Args:
        data: a JPEG, PNG or WebP file.

    Returns:
        The photograph without metadata. Cleaning it again removes nothing.

    Raises:
        Unreadable: another kind, cut off, or not built as its kind should be; nothing can be said then of
            what is in it.

    Source: ITU-T T.81, annex B (JPEG); Exif 2.32, section 4.5 and 4.6; W3C PNG, third edition, section 11;
        RFC 9649 (WebP).
    """
    kind = kind_of(data[:HEAD])
    if kind not in _CLEAN:
        raise Unreadable("it is neither JPEG, PNG nor WebP")
    cleaned, removed = _CLEAN[kind](data)
    return Cleaned(cleaned if removed else data, tuple(dict.fromkeys(removed)))
