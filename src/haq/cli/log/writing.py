"""``haq log init``, ``append`` and ``checkpoint``: a log begun, filled and shown."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.cosigned import POLICY, hint_witnesses
from haq.cli.log.opening import policy_of, writer_of
from haq.cli.log.options import Folder_, Json_, Key_, Language_, Policy_, Restore_, Retract_, WithWithdrawals_
from haq.cli.log.signed import document, show
from haq.cli.words import Language, Words

if TYPE_CHECKING:
    from haq.cli.log.appending import Appended
    from haq.cli.log.difference import Withdrawing

#: Files named one by one up to this number; ``--json`` names all.
_FIRST = 5


def init(
    folder: Folder_,
    name: Annotated[
        str, typer.Option("--name", help="Name of the log, such as example.org/2026. It never changes.")
    ],
    key: Annotated[
        Path | None, typer.Option("--key", help="New file for the secret key.", show_default="DIR.key")
    ] = None,
    json: Json_ = False,
) -> None:
    """Begin a log: a new secret key, an empty log, and a policy without witnesses."""
    with reporting_errors():
        from haq.tlog.durable import write_durably
        from haq.tlog.keyfiles import make_key
        from haq.tlog.keys import ED25519
        from haq.tlog.policies import Party, Policy
        from haq.tlog.writer import PRIVATE, Writer

        secret = key or folder.with_name(f"{folder.name}.key")
        made = make_key(secret, name, ED25519)
        Writer(folder, made).create()
        policy = Policy((Party(made.public),), {}, {}, "none")
        write_durably(folder, folder / PRIVATE / "scratch", {POLICY: bytes(policy)})
        words = Words(language_of_environment())
        if json:
            print_json({"log": str(folder), "key": str(made.public), "secret": str(secret)})
            return
        typer.echo(words("log_begun", log=shown(str(folder)), public=str(made.public)))
        typer.echo(words("log_secret", file=shown(str(secret))))
        typer.echo(words("log_policy", file=shown(str(folder / POLICY))))


def append(
    folder: Folder_,
    entries: Annotated[
        Path,
        typer.Argument(
            help="Folder with entries.jsonl and files/, as `haq check --out` writes it, or that file.",
            metavar="ENTRIES",
        ),
    ],
    key: Key_ = None,
    retract: Retract_ = None,
    language: Language_ = None,
    restore: Restore_ = False,
    with_withdrawals: WithWithdrawals_ = False,
    json: Json_ = False,
) -> None:
    """Append the entries that the log does not hold yet, and keep the files that they name beside it.

    Every new entry is looked at first; where one may not stand in a log, nothing is appended.
    """
    with reporting_errors():
        from haq.cli.log.appending import append_entries

        how = withdrawing(retract, language, restore=restore)
        writer = writer_of(folder, key)
        with progress() as tell:
            done = append_entries(writer, entries, tell, how, with_withdrawals=with_withdrawals)
        if json:
            print_json(done.document())
        else:
            show_appended(done, Words(language_of_environment()))
        hint_witnesses(folder, key)


def checkpoint(folder: Folder_, key: Key_ = None, policy: Policy_ = None, json: Json_ = False) -> None:
    """Show the newest checkpoint, with the signatures of the witnesses.

    Exit code 1 where fewer witnesses signed than the policy asks for.
    """
    with reporting_errors():
        from haq.cli.log.outcome import saying_outcome
        from haq.tlog.cosigning import ask_witnesses
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder
        from haq.tlog.verify import check_checkpoint

        writer = writer_of(folder, key)
        size = writer.open().size
        trusted = policy_of(Folder(folder), policy)
        asked = ask_witnesses(Reader(Folder(folder)), trusted)
        with saying_outcome(folder, again=True):
            note = writer.add_signatures(size, [a.signature for a in asked if a.signature is not None])
        signed = check_checkpoint(note, trusted, [writer.key.public])
        words = Words(language_of_environment())
        if json:
            print_json(document(signed) | {"refused": {a.name: a.why for a in asked if a.why}})
        else:
            show(signed, words)
            for answer in asked:
                if answer.why:
                    typer.echo(f"  {shown(answer.name)}: {shown(answer.why)}")
    raise typer.Exit(0 if signed.enough else 1)


def withdrawing(retract: str | None, language: Language | None, *, restore: bool) -> Withdrawing | None:
    """Read how the log follows its source; None where it only grows.

    Raises:
        BadParameter: an option that needs another one.
    """
    if retract is not None:
        from haq.cli.log.difference import Withdrawing
        from haq.cli.log.withdrawals import check_reason

        check_reason(retract)
        return Withdrawing(retract, None if language is None else language.value, restore)
    for option, given in (("--language", language is not None), ("--restore", restore)):
        if given:
            raise typer.BadParameter("goes with --retract REASON", param_hint=option)
    return None


def show_appended(done: Appended, words: Words) -> None:
    """Print what came into a log."""
    typer.echo(words("log_appended", n=done.appended, held=done.held, size=done.size))
    typer.echo(words("log_files", n=done.files))
    if done.missing:
        typer.echo(words("log_files_missing", n=len(done.missing)))
    for code in dict.fromkeys(done.held_back.values()):
        names = [sha256 for sha256, why in done.held_back.items() if why == code]
        typer.echo(words(f"log_{code}", n=len(names)))
        for name in names[:_FIRST]:
            typer.echo(f"  {name}")
        if len(names) > _FIRST:
            typer.echo(f"  {words('and_more', n=len(names) - _FIRST)}")
    if done.erased:
        typer.echo(words("log_erased", n=done.erased))
    if done.retracted:
        typer.echo(words("log_retracted_many", n=done.retracted))
    if done.restored:
        typer.echo(words("log_restored", n=done.restored))
    if done.gone:
        typer.echo(words("log_gone", n=done.gone))
    if done.withdrawn:
        typer.echo(words("log_withdrawn", n=done.withdrawn))
