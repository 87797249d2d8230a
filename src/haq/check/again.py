"""``election.toml`` of what was published, so that anybody can run the same check again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from haq import tables
from haq.check.config import Name
from haq.check.hashes import Hashes
from haq.check.report import Report
from haq.check.sources import Source
from haq.law.toml import Value, table

_HEAD = "# Written by haq: `haq check` with the folder of this file gives the same figures.\n"


def election_toml(report: Report, hashes: Hashes) -> str:
    """Write an election over the files that are published.

    Args:
        report: what the check found.
        hashes: knows the published files.

    Returns:
        The text of ``election.toml``, for the folder with ``law.toml`` and ``files``.

    Raises:
        InputError: a file cannot be read.
    """
    return _HEAD + "\n".join(_tables(report, hashes))


def _tables(report: Report, hashes: Hashes) -> Iterator[str]:
    config = report.election.config
    yield table(
        (),
        {
            "format": config.format,
            "key": config.key,
            "title": _name(config.title),
            "date": config.date,
            "law": "law.toml",
            "synthetic": config.synthetic,
        },
    )
    for key, contest in config.contests.items():
        covers = contest.covers if contest.covers != "whole" else None
        yield table(("contests", key), {"law": contest.law, "seats": contest.seats, "covers": covers})
        for choice, one in contest.choices.items():
            own: dict[str, Value] = {"name": _name(one.name), "kind": one.kind.value}
            yield table(("contests", key, "choices", choice), own)
    for key, organisation in config.organisations.items():
        ties: Mapping[str, Value] = {"name": _name(organisation.name), "ties": organisation.ties}
        yield table(("organisations", key), ties)
    for source in report.sources.values():
        yield from _source(source, hashes)


def _source(source: Source, hashes: Hashes) -> Iterator[str]:
    config, path = source.config, ("sources", source.key)
    shapes = None if source.shapes is None else hashes.public[hashes.of(source.shapes)].name
    yield table(
        path,
        {
            "kind": config.kind,
            "contest": config.contest,
            "level": config.level,
            "organisation": config.organisation,
            "version": config.version if config.version > 1 else None,
            "grade": config.grade,
            "file": hashes.public[hashes.extract_of(source)].name,
            "shapes": shapes,
            "layout": tables.extract_layout(source.table),
        },
    )
    yield table((*path, "columns"), config.columns)


def _name(name: Name) -> dict[str, Value]:
    return {code: text for code in ("kk", "ru", "en") if (text := getattr(name, code))}
