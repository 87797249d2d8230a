"""The bulletin: entries and their files to a static public site, the same bytes for the same entries."""

from __future__ import annotations

from haq.bulletin.build import Built, build

__all__ = ["Built", "build"]
