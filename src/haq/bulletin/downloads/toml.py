"""Writes the little TOML that ``election.toml`` needs; Python reads TOML and does not write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | date | list[str] | Mapping[str, Value]"

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def table(path: tuple[str, ...], values: Mapping[str, Value | None]) -> str:
    """Write a table.

    Args:
        path: its keys from the outermost; empty for the top of the file.
        values: key -> value; what is None is left out.

    Returns:
        Lines with a line break at the end.
    """
    head = [f"[{'.'.join(map(_key, path))}]"] if path else []
    lines = [f"{_key(name)} = {_value(value)}" for name, value in values.items() if value is not None]
    return "\n".join([*head, *lines]) + "\n"


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _text(text)


def _text(text: str) -> str:
    # A basic string of TOML escapes what one of JSON does, and DEL; it knows no half of a surrogate pair.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    pairs = ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items())
    return f"{{ {pairs} }}" if pairs else "{}"
