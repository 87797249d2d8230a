"""Canonical JSON of entries (RFC 8785): the same entry is always the same bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import rfc8785
from pydantic import TypeAdapter, ValidationError

from haq.entries.kinds import AnyEntry, Entry, explain
from haq.errors import InputError


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(AnyEntry)


def encode(entry: Entry) -> bytes:
    """Write an entry as canonical JSON.

    Args:
        entry: a validated entry.

    Returns:
        UTF-8 bytes without a line break; absent optional parts are left out.

    Raises:
        InputError: what JSON cannot carry, in an entry that went round its schema.

    Source: RFC 8785, JSON Canonicalization Scheme.
    """
    try:
        return rfc8785.dumps(entry.model_dump(mode="json", exclude_none=True))
    except ValueError as error:
        raise InputError(f"a {type(entry).__name__} cannot be written as JSON: {error}") from error


def decode(data: bytes) -> Entry:
    """Read one entry and check it against its schema.

    Args:
        data: canonical JSON of one entry.

    Returns:
        The entry.

    Raises:
        InputError: not JSON, not an entry, or not in canonical form.
    """
    try:
        entry: Entry = _adapter().validate_json(data)
    except ValidationError as error:
        raise InputError(f"not an entry: {explain(error)}") from error
    if encode(entry) != data:
        raise InputError("an entry is not in canonical form (RFC 8785): it was changed on the way")
    return entry


def digest(data: bytes) -> str:
    """Give the SHA-256 of an entry's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
