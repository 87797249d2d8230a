"""Names of pages: a function of the key alone, safe in a URL and on every file system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

#: Letters of the digest behind a key that cannot stand as it is: 128 bits, so that no two are found to meet.
DIGEST = 32
#: The longest readable part of a name [characters]; file systems allow 255 bytes with ending and digest.
LONGEST = 60

# Keys without small letters stand as they are, in small letters, with "_" for "/"; so no two of them meet.
_PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9/-]|\.(?!\.)){0,59}")
_DIGESTED = re.compile(r"-[0-9a-f]{32}$")
#: Windows opens a device instead of a file of such a name, whatever its ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$")
_NUMBERS = re.compile(r"([0-9]{1,18})")
_REST = re.compile(r"[^a-z0-9]+")
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэё", "abvgdeziyklmnoprstufhyee", strict=True)),
        **dict(zip("әғқңөұүһі", "agqnouuhi", strict=True)),
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
    }
)


@lru_cache(maxsize=1 << 16)
def slug_of(key: str) -> str:
    """Name the page of a station.

    Args:
        key: any text.

    Returns:
        Small Latin letters, digits, ``-``, ``_`` and ``.``, at most 93 characters; no two keys share a
        name, on file systems that ignore case neither. A key that cannot stand as it is keeps what can be
        read of it, and gets the first 32 letters of its SHA-256.
    """
    if _PLAIN.fullmatch(key) and not key.endswith("."):
        name = key.lower().replace("/", "_")
        if not _DIGESTED.search(name) and not _DEVICES.match(name):
            return name
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]
    letters = unicodedata.normalize("NFKD", key[:200].lower().translate(_LATIN))
    stem = _REST.sub("-", "".join(c for c in letters if not unicodedata.combining(c)))[:LONGEST].strip("-")
    return f"{stem}-{digest}" if stem else f"x-{digest}"


def area_slug(level: str, key: str) -> str:
    """Name the page of an area.

    Args:
        level: key of its level, which starts with a letter and has no ``-``.
        key: key of the area; empty for the whole election.

    Returns:
        The name: it ends in the level, so that ``<name>-2``, the second page of a list, is no area's name.
    """
    return f"{slug_of(key)}-{level}" if key else "all"


def finding_id(digest: str) -> str:
    """Name the page of a finding by its entry: 96 bits of the digest."""
    return digest[:24]


def natural(key: str) -> tuple[tuple[int, str], ...]:
    """Give what keys are sorted by, so that station 9 stands before station 10."""
    if key.isascii() and key.isdigit():
        return ((int(key), ""),)
    # Texts and numbers take turns.
    parts = _NUMBERS.split(key)
    return tuple([(int(part), "") if place % 2 else (-1, part) for place, part in enumerate(parts) if part])
