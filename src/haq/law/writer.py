"""A law profile as one TOML file that needs no other, so that whoever has the entries has the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from haq.law.loader import merged_tables
from haq.law.toml import table


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
        yield table(path, plain).rstrip("\n")
    elif plain:
        yield table((), plain).rstrip("\n")
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _table(value, (*path, key))
