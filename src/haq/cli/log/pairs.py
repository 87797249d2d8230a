"""What was promised, held against what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from haq.cli.log.contents import Contents
from haq.entries import CommitmentEntry, RevealEntry, withdrawn
from haq.errors import LogError
from haq.tlog.commitments import check_revealed
from haq.tlog.files import Served

State = Literal["waiting", "kept", "broken", "file-missing"]


@dataclass(frozen=True)
class Pair:
    """Promised data, and what became of the promise.

    Attributes:
        place, entry: of the commitment, and its digest.
        about: what the data are.
        organisation: whose; empty where it is not stated.
        opens: ISO date from which they may be shown; empty where none is stated.
        state: ``waiting``; ``kept``: what was shown is what was promised; ``broken``: it is not;
            ``file-missing``: shown, but nobody can tell, because the file is not there as it was.
        why: in words, where the state is none of the first two.
        reveals: places of what was shown.
        withdrawn: whether the promise itself was withdrawn; it can be kept or broken all the same.
    """

    place: int
    entry: str
    about: str
    organisation: str
    opens: str
    state: State
    why: str
    reveals: tuple[int, ...]
    withdrawn: bool

    def document(self) -> dict[str, object]:
        """Write it as plain values that JSON can carry."""
        return {**vars(self), "reveals": list(self.reveals)}


def pairs_of(contents: Contents, files: Served) -> list[Pair]:
    """Hold every promise of a log against what was shown; what was shown and withdrawn does not count.

    Where something was shown twice, what is not as promised speaks: a right answer does not take back a
    wrong one.

    Args:
        contents: of the log.
        files: beside it.
    """
    elections = {entry.election for entry in contents.own.values()}
    taken_back = {key for election in elections for key in withdrawn(contents.retractions(election))}
    shown: dict[str, list[str]] = {}
    for key, entry in contents.of(RevealEntry).items():
        if key not in taken_back:
            shown.setdefault(entry.commitment_entry, []).append(key)
    found = []
    for key, promise in contents.of(CommitmentEntry).items():
        reveals = shown.get(key, [])
        answers = [_held(promise, contents.of(RevealEntry)[reveal], contents, files) for reveal in reveals]
        worst: tuple[State, ...] = ("broken", "file-missing", "kept")
        state, why = min(answers, key=lambda answer: worst.index(answer[0]), default=("waiting", ""))
        found.append(
            Pair(
                contents.places[key],
                key,
                promise.about,
                promise.organisation or "",
                promise.opens.isoformat() if promise.opens else "",
                state,
                why,
                tuple(contents.places[reveal] for reveal in reveals),
                key in taken_back,
            )
        )
    return found


def _held(
    promise: CommitmentEntry, reveal: RevealEntry, contents: Contents, files: Served
) -> tuple[State, str]:
    if reveal.file in contents.erased:
        return "file-missing", "the file was redacted"
    try:
        data = files.get(reveal.file)
    except LogError as error:
        return "file-missing", str(error)
    try:
        check_revealed(promise.commitment, reveal.salt, data)
    except LogError as error:
        return "broken", str(error)
    return "kept", ""
