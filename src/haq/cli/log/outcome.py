"""What became of entries where the disk, or somebody else, hindered a command that adds them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from haq.errors import LogError
from haq.tlog.writer import NotShown


@contextmanager
def saying_outcome(root: Path, *, again: bool) -> Iterator[list[range]]:
    """Make an error say what is in the log and what is to be done: nothing is worse than to guess it.

    Args:
        root: folder of the log.
        again: whether the same command, said once more, adds nothing twice.

    Yields:
        A list for the places of entries, to be filled as soon as they stand: a batch is in the log from
        the moment in which its checkpoint is committed, and not at all before.

    Raises:
        NotShown: entries are in the log, and their checkpoint could not be published.
        LogError: the disk is full, or something else hindered it.
    """
    places: list[range] = []
    try:
        yield places
    except NotShown as error:
        if not again:
            raise
        held = [*places, error.places]
        raise NotShown(
            f"{root}: {_named(held)} in the log, but the newest checkpoint could not be published: "
            f"{error.__cause__}. Run the same command again once there is room: it publishes it, and adds "
            "only what is not there",
            error.places,
        ) from error
    except (OSError, LogError) as error:
        hindered = isinstance(error, OSError) or isinstance(error.__cause__, sqlite3.Error)
        # A refusal says itself that nothing was added.
        if isinstance(error, BrokenPipeError) or not (places or hindered):
            raise
        said = str(error)
        if isinstance(error, OSError):
            said = f"{error.filename or root}: {error.strerror or error}"
        raise LogError(f"{said}. {_outcome(places, again=again)}") from error


def _outcome(places: Sequence[range], *, again: bool) -> str:
    if not places:
        return "Nothing was added to the log; once there is room, it is safe to run the same command again"
    if again:
        return f"{_named(places)} in the log; run the same command again: it adds only what is not there"
    return f"{_named(places)} in the log; do not run the same command again"


def _named(places: Sequence[range]) -> str:
    """Name entries by their places, those of neighbouring batches together."""
    joined: list[range] = []
    for one in places:
        if joined and joined[-1].stop == one.start:
            joined[-1] = range(joined[-1].start, one.stop)
        else:
            joined.append(one)
    if len(joined) == 1 and len(joined[0]) == 1:
        return f"entry {joined[0].start} is"
    return "entries " + ", ".join(f"{one.start} to {one.stop - 1}" for one in joined) + " are"
