"""Which column of a file is which field: references, templates and sums.

A reference is resolved against the headers of one file before a single row is read, so
a misspelt header stops the work at once and says which headers come near.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from haq.errors import TableError

FieldType = Literal["text", "count", "key", "area"]

_PLACE = re.compile(r"\{([^{}]*)\}")
_PAD = re.compile(r":0(\d{1,2})\Z")
_BY_NUMBER = re.compile(r"#(\d{1,5})\Z")


@dataclass(frozen=True)
class Field:
    """Something that haq wants from a table.

    Attributes:
        key: name of the field, and of its column in the frame of the table.
        type: ``count`` an integer; ``key`` names the station and must not be empty;
            ``area`` and ``text`` are text.
        required: whether a mapping must say where the field stands.
    """

    key: str
    type: FieldType
    required: bool = True


@dataclass(frozen=True)
class Mapping:
    """Where each field stands in a file.

    Attributes:
        columns: field -> an exact header; a column number from 1; ``#3`` for the third
            column inside a text; a template such as ``{CENTRO:09}.{MESA:02}`` or
            ``{region} / {uik?}`` (a part with ``?`` may be empty); or for a count a sum
            ``early + inside``.
    """

    columns: dict[str, str | int]


@dataclass(frozen=True)
class Part:
    """A column inside a template.

    Attributes:
        column: position of the column [from 0].
        pad: digits to which a number is filled with zeros, 0 for none.
        optional: whether the cell may be empty.
        fixed: whether the cell must not have more digits than ``pad``, because nothing
            parts it from its neighbour.
    """

    column: int
    pad: int = 0
    optional: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Source:
    """Where one field comes from, resolved against the headers of a file.

    Attributes:
        field: the field.
        parts: literal texts and columns of a text, in order; only columns for a count,
            which is their sum.
    """

    field: Field
    parts: tuple[str | Part, ...]

    @property
    def columns(self) -> tuple[Part, ...]:
        """Return the columns among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Part))


def same_header(text: str) -> str:
    """Return a header as it is compared: NFC, with every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class Headers:
    """The headers of one file, and the search for one of them."""

    def __init__(self, file: str, headers: Sequence[str], named: bool) -> None:
        """Prepare the search.

        Args:
            file: name of the file, for messages.
            headers: header of each column, from left to right.
            named: whether the file has a header; without one columns have numbers only.
        """
        self.file = file
        self.headers = tuple(headers)
        self.named = named
        self._exact: dict[str, list[int]] = {}
        self._alike: dict[str, list[int]] = {}
        if named:
            for position, header in enumerate(self.headers):
                self._exact.setdefault(header, []).append(position)
                self._alike.setdefault(same_header(header), []).append(position)

    def has(self, text: str) -> bool:
        """Return whether some column has this header."""
        return self.named and same_header(text) in self._alike

    def number(self, number: int, field: str) -> int:
        """Return the position of a column by its number.

        Args:
            number: column number [from 1].
            field: the field that asks, for the message.

        Raises:
            TableError: there is no such column.
        """
        if not 1 <= number <= len(self.headers):
            raise TableError(
                f"{self.file}: field {field!r} asks for column {number}, but the columns are numbered "
                f"1 to {len(self.headers)}; correct the mapping"
            )
        return number - 1

    def find(self, text: str, field: str) -> int:
        """Return the position of the one column with this header.

        Args:
            text: a header, ``#3`` for the third column, or in a file without a header
                the number alone.
            field: the field that asks, for the message.

        Raises:
            TableError: no column or several columns answer to it.
        """
        found = self._exact.get(text) or self._alike.get(same_header(text)) or []
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(str(position + 1) for position in found)
            raise TableError(
                f"{self.file}: header {text!r} (field {field!r}) stands over columns {numbers}; "
                f"name one by its number, such as #{found[0] + 1}"
            )
        by_number = _BY_NUMBER.match(text.strip())
        if by_number:
            return self.number(int(by_number[1]), field)
        if not self.named:
            if text.strip().isdecimal():
                return self.number(int(text), field)
            raise TableError(
                f"{self.file}: field {field!r} asks for the header {text!r}, but the file has no header; "
                f"use a column number from 1 to {len(self.headers)}, or say header = true"
            )
        raise TableError(f"{self.file}: no column {text!r} (field {field!r}); {self._nearest(text)}")

    def _nearest(self, text: str) -> str:
        wanted = same_header(text).casefold()
        folded = {same_header(header).casefold(): header for header in self.headers if header.strip()}
        near = difflib.get_close_matches(wanted, list(folded), n=3, cutoff=0.6)
        near += [header for header in folded if wanted and wanted in header and header not in near][:3]
        if near:
            return "perhaps " + " or ".join(repr(folded[header]) for header in near[:3])
        shown = ", ".join(repr(header) for header in self.headers[:12])
        return f"the columns are {shown}" + (" …" if len(self.headers) > 12 else "")


def _part(inside: str, headers: Headers, field: str) -> Part:
    if headers.has(inside):
        return Part(headers.find(inside, field))
    optional = inside.endswith("?")
    name = inside.removesuffix("?")
    pad = _PAD.search(name)
    if pad and not headers.has(name):
        return Part(headers.find(name[: pad.start()], field), int(pad[1]), optional)
    return Part(headers.find(name, field), 0, optional)


def _literal(text: str) -> str:
    """Return the text between columns as the cells are read: plain spaces, nothing invisible."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return re.sub(r"\s+", " ", seen)


def _template(text: str, headers: Headers, field: str) -> tuple[str | Part, ...]:
    parts: list[str | Part] = []
    end = 0
    for place in _PLACE.finditer(text):
        parts.append(_literal(text[end : place.start()]))
        parts.append(_part(place[1], headers, field))
        end = place.end()
    parts.append(_literal(text[end:]))
    parts = [part for part in parts if part]
    if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
        raise TableError(
            f"{headers.file}: the template {text!r} of field {field!r} has a brace without its pair; "
            "write each column as {header}"
        )
    return _told_apart(text, parts, headers, field)


def _told_apart(
    text: str, parts: Sequence[str | Part], headers: Headers, field: str
) -> tuple[str | Part, ...]:
    """Refuse a template that would make one key of two stations, as 1 and 12 or 11 and 2 give 112."""
    kept: list[str | Part] = []
    run: list[Part] = []  # columns since the last separator
    glued: set[Part] = set()
    for part in parts:
        kept.append(part)
        if isinstance(part, Part):
            run.append(part)
            if len(run) > 1:
                glued.update(run)
            if sum(not one.pad or one.optional for one in run) > 1:
                raise TableError(
                    f"{headers.file}: the template {text!r} of field {field!r} has columns with nothing "
                    "between them, so different stations could get the same key; put a separator between "
                    "them, such as {a}.{b}, or pad all but the first, such as {a}{b:03}"
                )
        elif not part.isdecimal():
            run = []
    return tuple(
        replace(part, fixed=True) if part in glued and isinstance(part, Part) and part.pad else part
        for part in kept
    )


def _source(field: Field, reference: str | int, headers: Headers) -> Source:
    if isinstance(reference, bool) or not isinstance(reference, str | int):
        raise TableError(
            f"{headers.file}: field {field.key!r} is mapped to {reference!r}; "
            "write a header, a column number or a template"
        )
    if isinstance(reference, int):
        return Source(field, (Part(headers.number(reference, field.key)),))
    if headers.has(reference):
        return Source(field, (Part(headers.find(reference, field.key)),))
    if field.type == "count":
        if "+" in reference:
            terms = [term.strip() for term in re.split(r"\s\+\s", reference)]
            return Source(field, tuple(Part(headers.find(term, field.key)) for term in terms))
        if "{" in reference:
            raise TableError(
                f"{headers.file}: field {field.key!r} is a count and cannot be composed by the template "
                f"{reference!r}; name a column, or a sum 'a + b'"
            )
    elif "{" in reference or "}" in reference:
        return Source(field, _template(reference, headers, field.key))
    return Source(field, (Part(headers.find(reference, field.key)),))


def resolve(mapping: Mapping, fields: Sequence[Field], headers: Headers) -> tuple[Source, ...]:
    """Find the columns of every mapped field.

    Args:
        mapping: where each field stands.
        fields: the fields that may be mapped.
        headers: the headers of the file.

    Returns:
        one source for each mapped field, in the order of ``fields``.

    Raises:
        TableError: a required field is not mapped, a mapped field is unknown, a field is
            listed twice, or a column cannot be found.
    """
    known = [field.key for field in fields]
    for key in known:
        if key == "row" or known.count(key) > 1:
            raise TableError(f"{headers.file}: the field {key!r} is reserved or listed twice; rename it")
    for key in mapping.columns:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"perhaps {near[0]!r}" if near else f"the fields are {', '.join(known)}"
            raise TableError(f"{headers.file}: the mapping names an unknown field {key!r}; {hint}")
    for field in fields:
        if field.required and field.key not in mapping.columns:
            raise TableError(f"{headers.file}: the mapping lacks the required field {field.key!r}; add it")
    return tuple(
        _source(field, mapping.columns[field.key], headers)
        for field in fields
        if field.key in mapping.columns
    )
