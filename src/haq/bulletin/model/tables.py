"""What the downloads are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from haq.bulletin.model.base import Problem


@dataclass(frozen=True)
class Tables:
    """Everything that the entries hold, as tables: what the downloads are written from.

    Attributes:
        stations: ``unit``, ``slug``, a column for each level above (keys), ``name``, ``address``,
            ``name_kk`` … ``address_en`` (text or null), ``registered`` (Int64 or null); by unit. Where a
            list of stations lacks some of them, ``unlisted``: JSON list of the contests in which it does.
        areas: level -> ``unit``, a column for each level above, ``name_kk``, ``name_ru``, ``name_en``.
        sources: source key -> ``unit``, ``row``, ``grade`` (copies), ``entry`` (digest), and one Int64
            column a line and choice, null where there is no number; by row.
        gaps: ``source``, ``row``, ``line``, ``state`` (unreadable or different): nulls that are not empty.
        findings: ``entry``, ``contest``, ``kind``, ``check``, ``severity``, ``level``, ``unit``,
            ``sources``, ``rows``, ``lines`` (JSON texts), ``grade``, ``waits``, ``withdrawn`` (whether a
            figure that it gives was withdrawn).
        differences: ``contest``, ``level``, ``unit``, ``source``, ``row``, ``line``, ``copy``,
            ``declared``, ``difference``: every line of a copy or earlier version that differs.
        totals: ``contest``, ``level``, ``source``, ``line``, ``sum``, ``stations``, ``of``, ``missing``,
            ``withdrawn`` (whether the total rests on withdrawn figures).
        replies: ``contest``, ``level``, ``unit``, ``date``, ``language``, ``text``.
    """

    stations: pl.DataFrame
    areas: Mapping[str, pl.DataFrame]
    sources: Mapping[str, pl.DataFrame]
    gaps: pl.DataFrame
    findings: pl.DataFrame
    differences: pl.DataFrame
    totals: pl.DataFrame
    replies: pl.DataFrame


@dataclass(frozen=True)
class Download:
    """A file under ``data/``.

    Attributes:
        path: path in the site.
        what: code of what it is; pages have a sentence for each.
        bytes: its size.
        sha256: its hash.
        rows: rows of a table; None for other files.
    """

    path: str
    what: str
    bytes: int
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class DataView:
    """What the page of downloads shows.

    Attributes:
        downloads: files under ``data/``.
        problems: what could not be used.
        entries: how many there are.
        entries_sha256: of all of them.
        needed: paths of all files of the site that it can be built again from.
    """

    downloads: tuple[Download, ...]
    problems: tuple[Problem, ...]
    entries: int
    entries_sha256: str
    needed: tuple[str, ...] = ()
