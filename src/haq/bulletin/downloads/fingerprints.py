"""Names of what a file is made of: a file whose name is the same need not be made again."""

from __future__ import annotations

import hashlib

import polars as pl

import haq


def fingerprint(*parts: str) -> str:
    """Name some texts, for this version of haq and of Polars, whose hashes of rows are not for ever.

    Returns:
        32 small hexadecimal letters.
    """
    state = hashlib.sha256(f"{haq.__version__} {pl.__version__}".encode())
    for part in parts:
        state.update(f"|{len(part)}|".encode())
        state.update(part.encode("utf-8", "surrogatepass"))
    return state.hexdigest()[:32]


def of_frames(*frames: pl.DataFrame) -> str:
    """Name what tables hold: columns with their types, and rows in their order."""
    parts: list[str] = []
    for frame in frames:
        parts.append(repr(list(frame.schema.items())))
        if frame.width:
            parts.append(hashlib.sha256(frame.hash_rows().to_numpy().tobytes()).hexdigest())
    return fingerprint(*parts)
