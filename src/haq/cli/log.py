"""``haq log``: the public log, for those who write it and for those who distrust it."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.tlog.policies import Policy
    from haq.tlog.sources import Source
    from haq.tlog.verify import Signed

#: Where the secret key of a log stands if no file is named.
VARIABLE = "HAQ_LOG_KEY"
#: Name of the policy below the address of a log.
POLICY = "policy"
#: Bytes that a policy may have.
_LARGEST_POLICY = 100_000

app = typer.Typer(help="Keep the public log, mirror it, and check it.", no_args_is_help=True)

Folder_ = Annotated[Path, typer.Argument(help="Folder of the log.", metavar="DIR")]
Log_ = Annotated[str, typer.Argument(help="A log: its folder, or its address.", metavar="LOG")]
Key_ = Annotated[
    Path | None,
    typer.Option(
        "--key", help=f"File with the secret key, which only you can read.", show_default=f"from {VARIABLE}"
    ),
]
Policy_ = Annotated[
    Path | None,
    typer.Option("--policy", help="File that says which log and witnesses you trust.", show_default="the log's own"),
]
Json_ = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command("init")
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
        typer.echo(words("log_begun", log=shown(str(folder)), key=str(made.public)))
        typer.echo(words("log_secret", file=shown(str(secret))))
        typer.echo(words("log_policy", file=shown(str(folder / POLICY))))


@app.command("checkpoint")
def checkpoint(folder: Folder_, key: Key_ = None, policy: Policy_ = None, json: Json_ = False) -> None:
    """Show the newest checkpoint, with the signatures of the witnesses.

    Exit code 1 where fewer witnesses signed than the policy asks for.
    """
    with reporting_errors():
        from haq.tlog.cosigning import ask_witnesses
        from haq.tlog.keyfiles import load_key
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder
        from haq.tlog.verify import check_checkpoint
        from haq.tlog.writer import Writer

        writer = Writer(folder, load_key(key, VARIABLE, os.environ))
        size = writer.open().size
        trusted = policy_of(Folder(folder), policy)
        asked = ask_witnesses(Reader(Folder(folder)), trusted)
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


@app.command("prove")
def prove(
    log: Log_,
    index: Annotated[int, typer.Argument(help="Place of the entry in the log, from 0.", min=0)],
    out: Annotated[
        Path | None, typer.Option(help="File for the proof.", show_default="standard output")
    ] = None,
) -> None:
    """Write a proof that an entry is in the log; anybody can check it offline with `haq log verify`."""
    with reporting_errors():
        from haq.tlog.reader import Reader

        proof = bytes(Reader(source_of(log)).prove(index))
        if out is None:
            typer.echo(proof.decode(), nl=False)
        else:
            out.write_bytes(proof)


def source_of(log: str) -> Source:
    """Open a log by its folder or address."""
    from haq.tlog.http import Address
    from haq.tlog.sources import Folder

    return Address(log) if log.startswith(("http://", "https://")) else Folder(Path(log))


def policy_of(source: Source, path: Path | None) -> Policy:
    """Read the policy that the user trusts, or the one that the log shows of itself."""
    from haq.errors import LogError
    from haq.tlog.policies import Policy

    if path is None:
        return Policy.read(source.get(POLICY, _LARGEST_POLICY))
    try:
        return Policy.read(path.read_bytes())
    except OSError as error:
        raise LogError(f"{path}: the policy cannot be read ({error.strerror})") from error


def document(signed: Signed) -> dict[str, object]:
    """Write a checked checkpoint as plain values that JSON can carry."""
    from haq.tlog.keys import to_base64

    return {
        "origin": signed.checkpoint.origin,
        "size": signed.checkpoint.size,
        "root": to_base64(signed.checkpoint.root),
        "witnesses": dict(signed.witnesses),
        "needed": signed.needed,
        "enough": signed.enough,
    }


def show(signed: Signed, words: Words) -> None:
    """Print a checked checkpoint."""
    checkpoint = signed.checkpoint
    typer.echo(words("log_signed", log=shown(checkpoint.origin), n=checkpoint.size))
    if signed.witnesses:
        typer.echo(
            words("log_witnesses", n=signed.cosigned, of=len(signed.witnesses), needed=signed.needed)
        )
        for name, time in signed.witnesses.items():
            said = words("log_unsigned") if time is None else f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"
            typer.echo(f"  {shown(name)}: {said}")
    else:
        typer.echo(words("log_alone"))
