"""What may come into a log: valid entries, nothing personal in their reasons, no withdrawals unasked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from haq.bulletin.decoding import LARGEST, LineError, read_entry
from haq.bulletin.entries_file import EntriesFile
from haq.bulletin.sources import Entries
from haq.cli.log.contents import OWN, Contents
from haq.cli.log.withdrawals import check_reason
from haq.entries import CommitmentEntry, Entry, RedactionEntry, RetractionEntry, digest, withdrawn
from haq.errors import InputError

OPTION: Final = "--with-withdrawals"
_WRONG: Final[Mapping[str, str]] = {
    "not-json": "is no JSON in UTF-8",
    "not-valid": "is no valid entry",
    "not-canonical": "is not in canonical form (RFC 8785)",
    "unknown-kind": "is of a kind that haq does not know",
    "too-long": f"is longer than {LARGEST} bytes",
}
_REMEDY: Final = (
    "nothing was appended, because a log cannot forget; mend the line, or write the entries anew with "
    "`haq check ELECTION --out FOLDER`"
)


def check_new(source: Path, entries: Entries, new: Iterable[int]) -> dict[str, Entry]:
    """Look at every line that a log does not hold yet.

    Args:
        source: what the entries were read from.
        entries: all lines of it.
        new: which of the lines are new, from 0.

    Returns:
        Digest -> entry, of the new lines that speak of other entries: the kinds of ``OWN``.

    Raises:
        InputError: a line is no valid entry, or its words may not stand in a log.
    """
    own: dict[str, Entry] = {}
    for index in new:
        line = entries.lines[index]
        try:
            entry = read_entry(line)
        except LineError as error:
            said = _WRONG.get(error.code, error.code) + (f" ({error.reason[:200]})" if error.reason else "")
            raise InputError(f"{_where(source, entries, index)}: {said}; {_REMEDY}") from error
        if not isinstance(entry, OWN):
            continue
        own[digest(line)] = entry
        try:
            if isinstance(entry, CommitmentEntry):
                check_reason(entry.about)
            elif isinstance(entry, RetractionEntry | RedactionEntry):
                check_reason(entry.reason)
        except InputError as error:
            raise InputError(f"{_where(source, entries, index)}: {error}; {_REMEDY}") from error
    return own


def check_asked(source: Path, own: Mapping[str, Entry], *, asked: bool) -> None:
    """Refuse entries that speak of others where nobody asked for them: they may be a stranger's.

    Raises:
        InputError: there are some.
    """
    if own and not asked:
        counts = Counter(type(entry).model_fields["kind"].default for entry in own.values())
        said = ", ".join(f"{kind}: {n}" for kind, n in sorted(counts.items()))
        raise InputError(
            f"{source}: holds entries that withdraw, erase or promise ({said}), and whoever wrote them may "
            "be a stranger; nothing was appended. Look at each; if all are meant, append again with "
            f"{OPTION}"
        )


def check_redactions(source: Path, own: Mapping[str, Entry], contents: Contents) -> None:
    """Refuse a redaction of a file that no entry of its election names.

    Raises:
        InputError: there is one.
    """
    for entry in own.values():
        if isinstance(entry, RedactionEntry) and entry.file not in contents.erased:
            raise InputError(
                f"{source}: a redaction erases the file {entry.file}, which no entry of its election "
                f"{entry.election!r} names; nothing was appended. Take that redaction out"
            )


def check_described(contents: Contents, new: Mapping[str, RetractionEntry]) -> None:
    """Refuse retractions after which an election has no entry of its own that stands.

    Args:
        contents: what the log holds; ``new`` may be among it.
        new: digest -> retraction to be appended.

    Raises:
        InputError: there would be none.
    """
    for election in dict.fromkeys(entry.election for entry in new.values()):
        described = [key for key, of in contents.described.items() if of == election]
        held = {key: what for key, what in contents.retractions(election).items() if key not in new}
        came = {key: entry.retracts for key, entry in new.items() if entry.election == election}
        before, after = withdrawn(held), withdrawn(held | came)
        if any(key not in before for key in described) and all(key in after for key in described):
            raise InputError(
                f"the only entry that describes the election {election!r} would be withdrawn, and nothing "
                "could be shown any more; describe the election anew first (append its new entry), then "
                "withdraw the old one"
            )


def _where(source: Path, entries: Entries, index: int) -> str:
    """Name a line for whoever has to mend it."""
    if not isinstance(entries, EntriesFile):
        return f"{source}, entry {index}"
    path = source
    if source.is_dir():
        path = source / "entries.jsonl"
        path = path if path.is_file() else source / "data" / "entries.jsonl"
    # Empty lines are left out of the entries and counted by editors.
    numbers = [number for number, line in enumerate(entries.data.split(b"\n"), start=1) if line]
    return f"{path}, line {numbers[index]}"
