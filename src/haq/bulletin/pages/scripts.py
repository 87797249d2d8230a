"""The script that checks a page against the public log."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def check_script() -> bytes | None:
    """Give ``check.js``, or None where haq was built without it."""
    built = files("haq.bulletin") / "assets" / "check.js"
    return built.read_bytes() if built.is_file() else None
