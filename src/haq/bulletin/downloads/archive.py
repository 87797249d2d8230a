"""A ZIP archive that is a function of what is in it: no clock, no machine, no compression library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The earliest moment that ZIP can write.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


def zip_of(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """Pack files.

    Args:
        files: path -> bytes.
        folder: that everything lies in; small Latin letters, digits and ``-``.

    Returns:
        The archive, files in the order of their paths. They are stored as they are: how tightly a file
        is packed depends on the compression library of the machine, and the bytes must not.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            info.create_system = _UNIX
            info.external_attr = _READABLE
            archive.writestr(info, files[path])
    return stream.getvalue()
