"""Bytes of a file and what kind of file they are, whatever its name says."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from haq.errors import TableError

Kind = Literal["csv", "xlsx", "parquet"]

# A table of all stations of the largest country is far below this, a zip bomb far above.
UNPACKED_LIMIT = 512 * 1024**2
PLAIN_LIMIT = 2 * 1024**3
_BLOCK = 1 << 20

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "a PDF; export its table as CSV or XLSX first",
    b"\x89PNG": "a picture; type its figures into a table first",
    b"\xff\xd8\xff": "a picture; type its figures into a table first",
    b"Rar!": "an archive; unpack it first",
    b"7z\xbc\xaf": "an archive; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ": "packed with xz; unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with zstandard; unpack it first",
    b"SQLite format 3": "a database; export the table as CSV first",
    b"{\\rtf": "a text document; save its table as CSV or XLSX first",
    b"PK\x05\x06": "an empty archive; nothing can be read from it",
}


@dataclass(frozen=True)
class Content:
    """A file that has been opened.

    Attributes:
        path: where it is.
        kind: what its first bytes say that it is.
        data: its bytes, unpacked; empty for Parquet, which is read in place.
    """

    path: Path
    kind: Kind
    data: bytes

    @property
    def file(self) -> str:
        """Return the name for messages."""
        return self.path.name


@contextmanager
def within_memory(file: str) -> Iterator[None]:
    """Say in words that a file does not fit into the memory.

    Raises:
        TableError: the memory is used up.
    """
    try:
        yield
    except MemoryError:
        raise TableError(
            f"{file}: the file is too large for the memory of this computer; split it or save it as Parquet"
        ) from None


def _read_bytes(path: Path, size: int | None = None) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read() if size is None else stream.read(size)
    except FileNotFoundError:
        raise TableError(f"{path.name}: there is no such file; check the path {path}") from None
    except IsADirectoryError:
        raise TableError(f"{path.name}: this is a folder; name the file inside it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(f"{path.name}: cannot be opened ({reason}); check the file and its rights") from None


def _unpack(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            kept = io.BytesIO()
            # Block by block: asked for all at once, gzip holds everything twice.
            while block := stream.read(_BLOCK):
                if kept.tell() + len(block) > UNPACKED_LIMIT:
                    raise TableError(
                        f"{path.name}: unpacks to more than {UNPACKED_LIMIT >> 20} MiB; split it, "
                        "or unpack it if it really is that large"
                    )
                kept.write(block)
            return kept.getvalue()
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        raise TableError(
            f"{path.name}: the packed file is damaged or cut short ({error}); fetch it again"
        ) from None


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise TableError(f"{path.name}: this is no ordinary file; save what it gives as a file first")
    size = path.stat().st_size
    if size > PLAIN_LIMIT:
        raise TableError(
            f"{path.name}: {size >> 20} MiB, more than the {PLAIN_LIMIT >> 20} MiB that haq reads; split it"
        )


def _zip_kind(file: str, data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise TableError(
            f"{file}: a spreadsheet or archive that is damaged or cut short ({error}); fetch it again"
        ) from None
    if size > UNPACKED_LIMIT:
        raise TableError(f"{file}: unpacks to more than {UNPACKED_LIMIT >> 20} MiB; split it")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise TableError(f"{file}: a spreadsheet of another kind; save it as .xlsx or CSV")
    raise TableError(f"{file}: an archive and not a table; unpack it and name the table inside")


def open_table(path: Path) -> Content:
    """Open a file and tell its kind by its first bytes, not by its name.

    Args:
        path: CSV, XLSX or Parquet; CSV and XLSX also packed with gzip.

    Returns:
        the content, unpacked.

    Raises:
        TableError: there is no such file, or it is not a table that haq reads.
    """
    start = _read_bytes(path, 16)
    if start.startswith(b"PAR1"):
        return Content(path, "parquet", b"")
    _check_size(path)
    packed = start.startswith(_GZIP)
    data = _unpack(path) if packed else _read_bytes(path)
    if not data.strip():
        raise TableError(f"{path.name}: the file is empty; fetch it again")
    if data.startswith(_ZIP):
        return Content(path, _zip_kind(path.name, data), data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise TableError(f"{path.name}: the spreadsheet is locked by a password; save it without one")
        raise TableError(f"{path.name}: a spreadsheet of the old kind (.xls); save it as .xlsx or CSV")
    if packed and (data.startswith((b"PAR1", _GZIP))):
        raise TableError(f"{path.name}: packed twice; unpack it once and name the file inside")
    for magic, what in _FOREIGN.items():
        if data.startswith(magic):
            raise TableError(f"{path.name}: this is {what}")
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise TableError(f"{path.name}: a web page or XML, not a table; open it and save it as CSV or XLSX")
    return Content(path, "csv", data)
