"""A look into a spreadsheet before the engine reads it, which a bad one would abort or deceive."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from typing import IO

from haq.errors import TableError
from haq.tables import files

_BLOCK = 1 << 20
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError),
)
# The engine keeps a full rectangle: one stray value in the last corner would fill the memory.
_LARGEST_RECTANGLE = 40_000_000
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]*)(\d+)")
_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)[\s/>]")
_ERROR = re.compile(rb"(<(?:[\w.-]+:)?c\s[^<>]*?\bt\s*=\s*)(?:\"e\"|'e')")
# Only below this element does the engine look for cells.
_CELLS = re.compile(rb"<(?:[\w.-]+:)?sheetData\b")
# No reference to a cell is longer, once its white space is folded.
_OVERLAP = 256


def checked(file: str, data: bytes) -> bytes:
    """Refuse a spreadsheet that would fill the memory, and keep the errors of its formulas.

    Every part is looked at, whatever its name, because the workbook may call any of them a
    sheet. The engine shows a cell with an error as empty, and stops at errors that it does not
    know, so such cells are marked as text.

    Args:
        file: name for messages.
        data: the spreadsheet.

    Returns:
        the spreadsheet, changed only where cells hold errors.

    Raises:
        TableError: it unpacks to too much, or its cells reach too far.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = 0
            errors = set[str]()
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    part = _Part(file, unpacked)
                    part.scan(stream)
                unpacked = part.unpacked
                if part.errors:
                    errors.add(entry.filename)
            return _errors_as_text(archive, errors) if errors else data
    except _DAMAGED as error:
        raise TableError(f"{file}: the spreadsheet is damaged ({error}); open it and save it again") from None


class _Part:
    """How far the cells of one part reach, and whether some hold errors."""

    def __init__(self, file: str, unpacked: int) -> None:
        self.file = file
        self.unpacked = unpacked
        self.rows = 0
        self.columns = 0
        self.errors = False
        self._sheet = False
        self._run = 0  # cells of the current row so far
        self._row_tags = 0

    def scan(self, stream: IO[bytes]) -> None:
        """Look at a part block by block, so that a bomb is refused before it goes off."""
        tail = b""
        while block := stream.read(_BLOCK):
            self.unpacked += len(block)
            if self.unpacked > files.UNPACKED_LIMIT:
                raise TableError(
                    f"{self.file}: unpacks to more than {files.UNPACKED_LIMIT >> 20} MiB; split it"
                )
            text = tail + block
            if any(blank in text for blank in (b"  ", b"\n", b"\r", b"\t")):  # far quicker than re
                text = re.sub(rb"\s{2,}", b" ", text)
            cut = text.rfind(b"<")
            if cut < len(text) - _BLOCK // 2:
                self._look(text)
                tail = text[-_OVERLAP:]
            else:
                self._look(text[:cut])
                tail = text[cut:]
        self._look(tail)
        width, rows = max(self.columns, 1), max(self.rows, self._row_tags)
        if self._sheet and rows * width > _LARGEST_RECTANGLE:
            raise TableError(
                f"{self.file}: the sheet reaches to row {rows} and column {width}, far beyond a table; "
                "delete the stray cells at its end, or save it as CSV"
            )

    def _look(self, text: bytes) -> None:
        self._sheet = self._sheet or _CELLS.search(text) is not None
        if not self._sheet:
            return
        found = _REFERENCE.findall(text)
        if found:
            letters, numbers = zip(*found, strict=True)
            self.columns = max(self.columns, *map(_column_number, set(letters)))
            self.rows = max(self.rows, *map(_row_number, set(numbers)))
        if b'"e"' in text or b"'e'" in text:
            self.errors = self.errors or _ERROR.search(text) is not None
        # Cells may also stand one after the other without saying where.
        tags = b"".join(tag[:1] for tag in _TAG.findall(text))
        first, *others = tags.split(b"r")
        runs = [self._run + len(first), *map(len, others)]
        self._run = runs[-1]
        self._row_tags += len(others)
        self.columns = max(self.columns, *runs)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


def _row_number(digits: bytes) -> int:
    return int(digits[:12])


def _errors_as_text(archive: zipfile.ZipFile, errors: set[str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as changed:
        for name in dict.fromkeys(archive.namelist()):
            data = archive.read(name)
            changed.writestr(name, _ERROR.sub(rb'\1"str"', data) if name in errors else data)
    return stream.getvalue()
