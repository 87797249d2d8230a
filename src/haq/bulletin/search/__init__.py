"""Find a station by number, address or area: an index for the browser, and a concordance without one."""

from __future__ import annotations

from importlib.resources import files

from haq.bulletin.search.concordance import Book, concordance
from haq.bulletin.search.fold import fold
from haq.bulletin.search.index import search_files

__all__ = ["Book", "concordance", "fold", "script", "search_files"]


def script() -> bytes | None:
    """Give ``search.js``, or None where haq was built without it."""
    built = files("haq.bulletin") / "assets" / "search.js"
    return built.read_bytes() if built.is_file() else None
