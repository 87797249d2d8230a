"""The main job: the sources of an election in, checks, comparisons, totals and seats out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from haq.check.contest import check_contest
from haq.check.election import Election
from haq.check.report import ContestReport, Report
from haq.check.sources import Source, read_source

#: Called with what is being done, steps done and steps in all.
Progress = Callable[[str, int, int], None]


def check_election(election: Election, data: Path, progress: Progress | None = None) -> Report:
    """Check an election: read its sources, compare, check, add up and share out the seats.

    Args:
        election: the election.
        data: folder that the files of its sources are relative to.
        progress: told before each step.

    Returns:
        The report. It is the same for the same files, whatever machine or hour.

    Raises:
        HaqError: a file is missing, cannot be read, or lacks a mapped column.
    """
    keys = list(election.config.sources)
    steps = len(keys) + len(election.config.contests)
    tell = progress or (lambda *_: None)
    sources: dict[str, Source] = {}
    for done, key in enumerate(keys):
        tell(f"reading {election.config.sources[key].file}", done, steps)
        sources[key] = read_source(election, key, data)
    contests: dict[str, ContestReport] = {}
    for done, contest in enumerate(election.config.contests, start=len(keys)):
        tell(f"checking {contest}", done, steps)
        contests[contest] = check_contest(election, contest, sources)
    tell("done", steps, steps)
    return Report(election, sources, contests, tuple(_notes(election, sources, contests)))


def _notes(
    election: Election, sources: dict[str, Source], contests: dict[str, ContestReport]
) -> Iterator[str]:
    """Say what the reader must know before believing the figures; the gravest first."""
    notes = [note for contest in contests.values() for note in contest.notes]
    yield from sorted(notes, key=lambda note: not note.startswith("NOTHING"))
    profile, day = election.profile, election.config.date
    if day < profile.valid_from or (profile.valid_to is not None and day > profile.valid_to):
        until = f" to {profile.valid_to}" if profile.valid_to else ""
        yield (
            f"the polling day {day} lies outside of law profile {profile.key} ({profile.valid_from}{until}): "
            "check date and law in election.toml"
        )
    for source in sources.values():
        for note in source.notes:
            yield f"{source.name}: {note}"
        if source.config.kind == "replies":
            yield from _strays(source, sources.values())
    if not profile.confirmed:
        yield f"law profile {profile.key} as a whole is not confirmed against the law's text"


def _strays(replies: Source, everything: Iterable[Source]) -> Iterator[str]:
    """Note replies about stations or areas that no other file knows."""
    known = {
        unit
        for source in everything
        if source.level == replies.level and source.config.kind != "replies"
        for units in (source.frame["unit"], source.refused_units)
        for unit in units
    }
    for row, unit in replies.frame.select("row", "unit").rows():
        if unit not in known:
            yield f"{replies.name}: row {row}: no other file knows {replies.level} {unit!r}: correct the key"
