"""A law profile as one TOML file that needs no other, so that whoever has the entries has the rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from haq.errors import LawError
from haq.law.loader import merged_tables

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def profile_text(key_or_path: str | Path) -> str:
    """Write a profile as TOML with ``extends`` merged.

    Args:
        key_or_path: as for ``load_profile``.

    Returns:
        The text of a file that ``load_profile`` reads to the same profile and ``profile_digest``
        hashes to the same digest. Comments of the original are not in it.

    Raises:
        LawError: there is no such profile, or it cannot be read or written.
    """
    return "\n".join(_table(merged_tables(key_or_path), ())).lstrip("\n") + "\n"


def _table(tree: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Write plain values first, then each inner table under its own heading."""
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    if path and (plain or not tree):
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _table(value, (*path, key))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # A JSON string is a TOML string too, but for the one control character that JSON leaves bare.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # times of day too
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(k)} = {_value(v)}' for k, v in value.items())}}}"
    raise LawError(f"a profile holds a {type(value).__name__}, which no rule is; remove it")
