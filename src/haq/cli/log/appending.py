"""Entries and their files into a log: only what it does not hold yet; and what the source no longer has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from haq.bulletin.opening import open_entries
from haq.bulletin.sources import Entries
from haq.cli.log.admission import check_asked, check_described, check_new, check_redactions
from haq.cli.log.contents import tree_of
from haq.cli.log.difference import Difference, Withdrawing
from haq.cli.log.keeping import Shelf
from haq.cli.log.outcome import saying_outcome
from haq.cli.log.withdrawals import check_reason
from haq.entries import RetractionEntry, decode, digest, files_named
from haq.errors import InputError
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.state import hold_database
from haq.tlog.writer import PRIVATE, Writer

_TURN: Final = "CREATE TABLE IF NOT EXISTS turn (one INTEGER)"
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Appended:
    """What came into a log.

    Attributes:
        appended: new entries of the source.
        held: entries of the source that the log held already.
        gone: entries that stand in the log and the source does not have, of the elections of the source.
        retracted: how many of these were withdrawn now.
        withdrawn: entries of the source that stand withdrawn in the log.
        restored: entries of the source that stand again now.
        files: files kept beside the log.
        missing: SHA-256 of files that new entries name and the source does not have.
        held_back: SHA-256 of files that must not be public -> why.
        erased: files removed because they were redacted.
        size: entries of the log now.
    """

    appended: int
    held: int
    gone: int
    retracted: int
    withdrawn: int
    restored: int
    files: int
    missing: tuple[str, ...]
    held_back: Mapping[str, str]
    erased: int
    size: int

    def document(self) -> dict[str, object]:
        """Write it as plain values that JSON can carry."""
        tree = dict(vars(self))
        return tree | {"missing": list(self.missing), "held_back": dict(self.held_back)}


@contextmanager
def alone(writer: Writer) -> Iterator[None]:
    """Keep other commands out while one looks at a log and then appends what follows from it."""
    with hold_database(writer.root / PRIVATE / "turn.sqlite3", _TURN):
        yield


def append_entries(
    writer: Writer,
    source: Path,
    tell: Tell | None = None,
    withdrawing: Withdrawing | None = None,
    *,
    with_withdrawals: bool = False,
) -> Appended:
    """Append to a log what a folder of entries has and the log has not.

    Equal entries count as often as they stand there. Every new one is looked at before anything is
    written, and all are refused where one may not come in. Files come first, so that no entry names a file
    that could have been kept and was not; what was redacted goes last, and is never put back.

    Args:
        writer: of the log.
        source: folder with ``entries.jsonl`` and ``files/``, or that file.
        tell: told of what has been done.
        withdrawing: how to withdraw what the source no longer has; None to leave it as it is.
        with_withdrawals: whether retractions, redactions, commitments and reveals of the source come too.

    Raises:
        InputError: there are no entries, one of them may not stand in a log, or the reason may not.
        LogError: the log cannot be written; the message says what is in it.
    """
    tell = tell or (lambda *_: None)
    if withdrawing is not None:
        check_reason(withdrawing.reason)
    entries = open_entries(source)
    with saying_outcome(writer.root, again=True) as places, _opened(writer):
        difference = Difference(Reader(Folder(writer.root)), entries.lines)
        if withdrawing is not None and not difference.elections:
            raise InputError(
                f"{source}: holds no entry of an election, so nobody can tell what is gone of which; append "
                "it without --retract, or give the whole entries of the election"
            )
        own = check_new(source, entries, difference.new_at)
        check_asked(source, own, asked=with_withdrawals)
        check_redactions(source, own, difference.contents)
        plan = difference.plan(withdrawing)
        came = own | {digest(line): decode(line) for line in plan.lines}
        check_described(
            difference.contents, {k: e for k, e in came.items() if isinstance(e, RetractionEntry)}
        )
        shelf = Shelf(writer.root)
        files, missing, held_back = _keep(shelf, entries, difference, tell)
        tell("entries", 0, len(difference.new))
        writer.append([*difference.new, *plan.lines], places.append)
        erased = shelf.erase(difference.contents.erased)
        shelf.note()
        return Appended(
            appended=len(difference.new),
            held=len(entries.lines) - len(difference.new),
            gone=len(difference.gone) - plan.retracted,
            retracted=plan.retracted,
            withdrawn=plan.withdrawn,
            restored=plan.restored,
            files=files,
            missing=tuple(missing),
            held_back=held_back,
            erased=erased,
            size=writer.open().size,
        )


@contextmanager
def _opened(writer: Writer) -> Iterator[None]:
    """Publish what a dead writer left, then keep other commands out."""
    writer.open()
    with alone(writer):
        yield


def _keep(
    shelf: Shelf, entries: Entries, difference: Difference, tell: Tell
) -> tuple[int, list[str], Mapping[str, str]]:
    """Keep the files that entries name, and the law that they rest on.

    Returns:
        How many came, SHA-256 of those that new entries name and nobody has, and of those that are held
        back, with the reason.
    """
    shelf.put_law(entries.law, difference.lines)
    erased = difference.contents.erased
    new = set(difference.new)
    # A file may come later than the entry that names it.
    waiting = {key for key in entries.files if not shelf.files.there(key) and key not in erased}
    wanted: dict[str, bool] = {}
    missing: dict[str, None] = {}
    for line in difference.lines if waiting else difference.new:
        named = files_named(line)
        evidence = bool(named) and tree_of(line).get("kind") in ("copy", "reply")
        for sha256 in named:
            if sha256 in waiting:
                wanted[sha256] = wanted.get(sha256, False) or evidence
            elif line in new and sha256 not in erased and not shelf.files.there(sha256):
                missing.setdefault(sha256)
    came, held_back = 0, dict[str, str]()
    for done, (sha256, evidence) in enumerate(wanted.items(), start=1):
        if shelf.put(entries.files[sha256], sha256, evidence=evidence):
            came += 1
        else:
            held_back[sha256] = shelf.held_back[sha256]
        tell("files", done, len(wanted))
    for sha256 in missing:
        if sha256 in entries.held_back:
            shelf.held_back.setdefault(sha256, entries.held_back[sha256])
    return came, list(missing), held_back
