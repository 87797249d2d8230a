"""Writes TOML; Python reads TOML and does not write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from haq.errors import LawError

Value: TypeAlias = "str | int | float | bool | date | Sequence[Value] | Mapping[str, Value]"

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def table(path: tuple[str, ...], values: Mapping[str, Value | None]) -> str:
    """Write a table.

    Args:
        path: its keys from the outermost; empty for the top of the file.
        values: key -> value; what is None is left out.

    Returns:
        Lines with a line break at the end.

    Raises:
        LawError: a value is of another type.
    """
    head = [f"[{'.'.join(map(_key, path))}]"] if path else []
    lines = [f"{_key(name)} = {_value(value)}" for name, value in values.items() if value is not None]
    return "\n".join([*head, *lines]) + "\n"


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _text(text)


def _text(text: str) -> str:
    # A basic string of TOML escapes what one of JSON does, and DEL; it knows no half of a surrogate pair.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # times of day too
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    raise LawError(f"a {type(value).__name__} cannot be written as TOML; remove it")
