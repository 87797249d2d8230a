"""``haq log retract`` and ``redact``: an entry withdrawn, a file erased; the log keeps that it was so."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors, shown
from haq.cli.cosigned import hint_witnesses
from haq.cli.log.opening import writer_of
from haq.cli.log.options import Folder_, Json_, Key_, Language_, Reason_
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.cli.log.contents import Contents
    from haq.tlog.reader import Reader

_HASH = re.compile("[0-9a-f]{64}")
_PLACE = re.compile("[0-9]{1,18}")


def retract(
    folder: Folder_,
    entry: Annotated[
        str, typer.Argument(help="The entry: its place in the log, from 0, or its SHA-256.", metavar="ENTRY")
    ],
    reason: Reason_,
    language: Language_ = None,
    replaced_by: Annotated[
        str | None,
        typer.Option(
            help="The entry in its place: its place in the log, or its SHA-256.", show_default="none"
        ),
    ] = None,
    key: Key_ = None,
    json: Json_ = False,
) -> None:
    """Withdraw an entry: it stays in the log, and pages show it as withdrawn, with the reason."""
    with reporting_errors():
        from haq.cli.log.admission import check_described
        from haq.cli.log.appending import alone
        from haq.cli.log.contents import read_contents, tree_of
        from haq.cli.log.outcome import saying_outcome
        from haq.cli.log.withdrawals import Withdrawals
        from haq.entries import RetractionEntry, decode, digest
        from haq.errors import LogError
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder

        writer = writer_of(folder, key)
        with saying_outcome(folder, again=False) as done, alone(writer):
            reader = Reader(Folder(folder))
            withdrawn = _key_of(reader, entry)
            instead = None if replaced_by is None else _key_of(reader, replaced_by)
            contents = read_contents(reader, keys={withdrawn, instead or withdrawn})
            (place, data), *others = _find(contents, withdrawn)
            tree = tree_of(data)
            if instead is not None and instead != withdrawn:
                _check_replacement(reader, tree, tree_of(_find(contents, instead)[0][1]), str(replaced_by))
            election = str(tree.get("election", ""))
            if not election or tree.get("kind") == "redaction":
                why = (
                    "a redaction cannot be taken back, because the file is erased wherever the log is kept"
                    if election
                    else "it is no entry of an election, so nothing rests on it"
                )
                raise LogError(f"entry {place} of {folder}: {why}")
            work = Withdrawals(
                election, contents.retractions(election), reason, None if language is None else language.value
            )
            if work.by(withdrawn):
                by = contents.places[work.by(withdrawn)]
                raise LogError(f"entry {place} of {folder}: is withdrawn already, by entry {by}")
            if instead is not None and (instead == withdrawn or work.by(instead)):
                raise LogError(f"{replaced_by}: does not stand itself; name an entry that does")
            work.withdraw(withdrawn, instead)
            came = {digest(line): decode(line) for line in work.lines}
            check_described(contents, {k: e for k, e in came.items() if isinstance(e, RetractionEntry)})
            at = writer.append(work.lines, done.append)[0][0]
        if json:
            print_json(
                {"retracted": withdrawn, "places": [place, *(p for p, _ in others)], "retraction": at}
                | {"replaced_by": instead}
            )
        else:
            words = Words(language_of_environment())
            typer.echo(words("log_retracted", n=place, at=at, kind=shown(str(tree.get("kind", "")))))
            if others:
                typer.echo(words("log_equals", n=len(others)))
        hint_witnesses(folder, key)


def redact(
    folder: Folder_,
    file: Annotated[str, typer.Argument(help="SHA-256 of the file.", metavar="SHA256")],
    reason: Reason_,
    language: Language_ = None,
    key: Key_ = None,
    json: Json_ = False,
) -> None:
    """Erase a file that says too much of a person: its hash stays, and mirrors remove it as well."""
    with reporting_errors():
        from haq.cli.log.appending import alone
        from haq.cli.log.contents import read_contents, tree_of
        from haq.cli.log.keeping import Shelf
        from haq.cli.log.outcome import saying_outcome
        from haq.cli.log.withdrawals import check_reason
        from haq.entries import RedactionEntry, encode
        from haq.errors import LogError
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder

        if not _HASH.fullmatch(file):
            raise LogError(f"{file[:80]!r} is no SHA-256; give the 64 small hexadecimal letters of the file")
        said = check_reason(reason)
        writer = writer_of(folder, key)
        with saying_outcome(folder, again=True) as done, alone(writer):
            contents = read_contents(Reader(Folder(folder)), files=[file])
            before = contents.erased.get(file)
            if before is not None:
                # Whoever was stopped between the entry and the file says it again.
                at = contents.places[before]
            else:
                named = [tree_of(data) for _, data in contents.found]
                elections = [str(tree["election"]) for tree in named if tree.get("election")]
                if not elections:
                    raise LogError(
                        f"{file}: no entry of {folder} names this file; see how the entry writes its SHA-256"
                    )
                entry = RedactionEntry(
                    election=elections[0],
                    file=file,
                    reason=said,
                    language=None if language is None else language.value,
                )
                at = writer.append([encode(entry)], done.append)[0][0]
            shelf = Shelf(folder)
            removed = bool(shelf.erase([file]))
            shelf.note()
        if json:
            print_json(
                {"redacted": file, "redaction": at, "already": before is not None, "removed": removed}
                | {"named_by": [place for place, _ in contents.found]}
            )
        else:
            words = Words(language_of_environment())
            said = "log_redacted_before" if before is not None else "log_redacted"
            typer.echo(words(said, file=file, at=at))
            typer.echo(words("log_erased" if removed else "log_erased_none", n=int(removed)))
            typer.echo(words("log_redacted_source"))
            typer.echo(words("log_redacted_elsewhere"))
        hint_witnesses(folder, key)


def _key_of(reader: Reader, text: str) -> str:
    """Give the digest of an entry that was named by its place or its digest.

    Raises:
        LogError: it is neither, or there is no such place.
    """
    from haq.entries import digest
    from haq.errors import LogError

    if _PLACE.fullmatch(text):
        return digest(reader.entry(int(text)))
    if not _HASH.fullmatch(text):
        raise LogError(f"{text[:80]!r} is neither a place in the log nor the SHA-256 of an entry")
    return text


def _check_replacement(
    reader: Reader, old: Mapping[str, Any], new: Mapping[str, Any], replaced_by: str
) -> None:
    """Refuse a replacement that is about something else.

    Raises:
        LogError: it is of another kind, or about another thing.
    """
    from haq.cli.log.contents import read_contents, tree_of
    from haq.cli.log.matching import same_subject
    from haq.entries import digest
    from haq.errors import LogError

    copies: dict[str, Mapping[str, Any]] = {}
    if old.get("kind") == new.get("kind") == "reading":
        keys = {str(old.get("copy_entry")), str(new.get("copy_entry"))}
        copies = {digest(data): tree_of(data) for _, data in read_contents(reader, keys=keys).found}
    if not same_subject(old, new, copies):
        raise LogError(
            f"{replaced_by}: cannot stand in the place of that entry: it is not of the same kind about the "
            "same thing (station or area, contest, source, version); name another one, or leave out "
            "--replaced-by"
        )


def _find(contents: Contents, key: str) -> list[tuple[int, bytes]]:
    """Give the entries of a digest, with their places.

    Raises:
        LogError: there is none.
    """
    from haq.entries import digest
    from haq.errors import LogError

    found = [(place, data) for place, data in contents.found if digest(data) == key]
    if not found:
        raise LogError(f"no entry of the log has the SHA-256 {key}")
    return found
