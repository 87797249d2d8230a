"""``haq log commit``, ``reveal`` and ``revealed``: data promised now, shown later, and compared."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors, shown
from haq.cli.cosigned import hint_witnesses
from haq.cli.log.opening import read_file, source_of, writer_of
from haq.cli.log.options import Folder_, Json_, Key_, Log_
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.cli.log.contents import Contents
    from haq.entries import CommitmentEntry

Data_ = Annotated[Path, typer.Argument(help="File with the data.", metavar="FILE")]


def commit(
    folder: Folder_,
    file: Data_,
    about: Annotated[
        str, typer.Option("--about", help="What the data are. It stays for good: nothing personal.")
    ],
    secret: Annotated[
        Path, typer.Option("--secret", help="New file for the salt. Without it nothing can be shown later.")
    ],
    organisation: Annotated[
        str | None, typer.Option(help="Key of the organisation whose data they are.", show_default="none")
    ] = None,
    opens: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day from which they may be shown.", show_default="none is stated"
        ),
    ] = None,
    election: Annotated[
        str | None, typer.Option(help="Key of the election.", show_default="the log's only one")
    ] = None,
    key: Key_ = None,
    json: Json_ = False,
) -> None:
    """Promise data: publish their salted hash now, and show them later with `haq log reveal`."""
    with reporting_errors():
        from haq.cli.log.appending import alone
        from haq.cli.log.contents import read_contents
        from haq.cli.log.outcome import saying_outcome
        from haq.cli.log.withdrawals import check_reason
        from haq.entries import CommitmentEntry, digest, encode
        from haq.errors import HaqError
        from haq.tlog import commitments
        from haq.tlog.keyfiles import write_salt
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder
        from haq.tlog.writer import NotShown

        said, data, salt = check_reason(about), read_file(file), os.urandom(commitments.SALT_SIZE)
        writer = writer_of(folder, key)
        with saying_outcome(folder, again=False) as done, alone(writer):
            contents = read_contents(Reader(Folder(folder)))
            _check_fit(contents, file, data, "nothing was promised: it could never be shown")
            entry = encode(
                CommitmentEntry(
                    election=election or _only_election(contents, folder),
                    commitment=commitments.commit(salt, data),
                    about=said,
                    organisation=organisation,
                    opens=None if opens is None else opens.date(),
                )
            )
            # The salt is on the disk first: a promise without it could never be kept.
            write_salt(secret, salt)
            try:
                at = writer.append([entry], done.append)[0][0]
            except NotShown:
                raise
            except (HaqError, OSError):
                secret.unlink(missing_ok=True)  # nothing was promised
                raise
        if json:
            print_json({"place": at, "entry": digest(entry), "secret": str(secret)})
        else:
            words = Words(language_of_environment())
            typer.echo(words("log_promised", at=at))
            typer.echo(words("log_salt", file=shown(str(secret)), data=shown(str(file))))
        hint_witnesses(folder, key)


def reveal(
    folder: Folder_,
    file: Data_,
    secret: Annotated[
        Path, typer.Option("--secret", help="File with the salt, as `haq log commit` wrote it.")
    ],
    key: Key_ = None,
    json: Json_ = False,
) -> None:
    """Show promised data: put the file beside the log, with the salt by which anybody can check it."""
    with reporting_errors():
        from haq.cli.log.appending import alone
        from haq.cli.log.contents import read_contents
        from haq.cli.log.keeping import Shelf
        from haq.cli.log.outcome import saying_outcome
        from haq.entries import CommitmentEntry, RevealEntry, digest, encode, withdrawn
        from haq.errors import LogError
        from haq.tlog.commitments import commit as salted_hash
        from haq.tlog.keyfiles import load_salt
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder

        data, salt = read_file(file), load_salt(secret)
        writer = writer_of(folder, key)
        with saying_outcome(folder, again=False) as done, alone(writer):
            contents = read_contents(Reader(Folder(folder)))
            wanted = salted_hash(salt, data)
            promised = [(k, e) for k, e in contents.of(CommitmentEntry).items() if e.commitment == wanted]
            if not promised:
                raise LogError(
                    f"{file}: nothing in {folder} promises these data with this salt; both have to be the "
                    "very files that `haq log commit` had and wrote"
                )
            promise, entry = promised[0]
            _check_day(entry, file)
            taken_back = withdrawn(contents.retractions(entry.election))
            for other, shown_before in contents.of(RevealEntry).items():
                if shown_before.commitment_entry == promise and other not in taken_back:
                    raise LogError(
                        f"{file}: was shown already, by entry {contents.places[other]} of {folder}"
                    )
            sha256 = digest(data)
            _check_fit(contents, file, data, "what was promised cannot be shown")
            Shelf(folder).files.put(data)
            line = encode(
                RevealEntry(election=entry.election, commitment_entry=promise, salt=salt.hex(), file=sha256)
            )
            at = writer.append([line], done.append)[0][0]
        if json:
            print_json({"place": at, "entry": digest(line), "commitment_entry": promise, "file": sha256})
        else:
            words = Words(language_of_environment())
            typer.echo(words("log_shown", at=at, promised=contents.places[promise], file=sha256))
        hint_witnesses(folder, key)


def revealed(log: Log_, json: Json_ = False) -> None:
    """Hold what was shown against what was promised. Exit code 1 where a promise is broken."""
    with reporting_errors():
        from haq.cli.log.contents import read_contents
        from haq.cli.log.pairs import pairs_of
        from haq.tlog.files import Served
        from haq.tlog.reader import Reader

        source = source_of(log)
        contents = read_contents(Reader(source))
        found = pairs_of(contents, Served(source))
        broken = any(pair.state == "broken" for pair in found)
        if json:
            print_json({"promises": [pair.document() for pair in found], "broken": broken})
        else:
            words = Words(language_of_environment())
            for pair in found:
                when = f" ({words('log_opens', day=pair.opens)})" if pair.opens else ""
                said = words(f"log_promise_{pair.state}")
                typer.echo(f"  {pair.place}: {shown(pair.about)}{when}: {said}")
            kept = sum(pair.state == "kept" for pair in found)
            typer.echo(words("log_promises", n=len(found), kept=kept))
    raise typer.Exit(1 if broken else 0)


def _only_election(contents: Contents, folder: Path) -> str:
    """Give the key of the election that a log is of.

    Raises:
        LogError: it is of none or of several.
    """
    from haq.errors import LogError

    if len(contents.elections) == 1:
        return next(iter(contents.elections))
    known = ", ".join(contents.elections) or "none yet"
    raise LogError(f"{folder}: say of which election with --election; the log knows {known}")


def _check_fit(contents: Contents, file: Path, data: bytes, so: str) -> None:
    """Refuse data that must not lie beside a public log.

    Raises:
        LogError: a photograph that tells where it was made or is damaged, or a file that was redacted.
    """
    from haq.cli.log.keeping import unfit
    from haq.entries import digest
    from haq.errors import LogError

    reason = "file-redacted" if digest(data) in contents.erased else unfit(data, evidence=False)
    if reason:
        raise LogError(f"{file}: must not be put beside a public log ({reason}); {so}")


def _check_day(entry: CommitmentEntry, file: Path) -> None:
    """Keep an embargo.

    Raises:
        LogError: the day from which the data may be shown has not come.
    """
    from haq.errors import LogError

    today = datetime.now().astimezone().date()
    if entry.opens is not None and today < entry.opens:
        raise LogError(
            f"{file}: may be shown from {entry.opens.isoformat()}, as was promised, and today is "
            f"{today.isoformat()}; nothing was shown"
        )
