"""What the last build left in the folder, read while this one still reads its entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haq.bulletin.assemble.frames import Doubt
from haq.bulletin.state import State, load
from haq.bulletin.write import ENTRIES, LIST, MARKER


@dataclass(frozen=True)
class Memory:
    """What the last build left, every byte of it as it was written.

    Attributes:
        notes: its marker.
        state: what it knew.
        listed: the list of all files.
    """

    notes: Mapping[str, Any]
    state: State
    listed: bytes


def remember(out: Path) -> Memory:
    """Read what the last build left; nothing is claimed or written.

    Args:
        out: folder of the site.

    Returns:
        What was found. Another build may have come in between by the time that the folder is claimed, so
        its marker has to be compared then.

    Raises:
        Doubt: there is nothing, or not all of it is as it was left.
    """
    try:
        notes = json.loads((out / MARKER).read_bytes())
        state, listed, entries = notes["state"], notes["list"], notes["entries"]
        if not state:
            raise Doubt
        with ThreadPoolExecutor(1) as thread:
            loaded = thread.submit(load, out, state)
            data = (out / LIST).read_bytes()
            if hashlib.sha256(data).hexdigest() != listed:
                raise Doubt
            # A log proves by itself that the site holds what it grew from.
            if "log" not in notes and _sha256(out / ENTRIES) != entries:
                raise Doubt
            return Memory(notes, loaded.result(), data)
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise Doubt from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
