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
        "--key", help="File with the secret key, which only you can read.", show_default=f"from {VARIABLE}"
    ),
]
Policy_ = Annotated[
    Path | None,
    typer.Option(
        "--policy", help="File that says which log and witnesses you trust.", show_default="the log's own"
    ),
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
        typer.echo(words("log_begun", log=shown(str(folder)), public=str(made.public)))
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


@app.command("append")
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
    json: Json_ = False,
) -> None:
    """Append the entries that the log does not hold yet, and keep the files that they name beside it."""
    with reporting_errors():
        from haq.cli.appending import append_entries
        from haq.tlog.keyfiles import load_key
        from haq.tlog.writer import Writer

        writer = Writer(folder, load_key(key, VARIABLE, os.environ))
        with progress() as tell:
            done = append_entries(writer, entries, tell)
        words = Words(language_of_environment())
        if json:
            print_json(
                {"appended": done.appended, "held": done.held, "gone": done.gone, "files": done.files}
                | {"size": done.size, "missing": list(done.missing)}
            )
            return
        typer.echo(words("log_appended", n=done.appended, held=done.held, size=done.size))
        typer.echo(words("log_files", n=done.files))
        if done.missing:
            typer.echo(words("log_files_missing", n=len(done.missing)))
        if done.gone:
            typer.echo(words("log_gone", n=done.gone))


@app.command("prove")
def prove(
    log: Log_,
    index: Annotated[int, typer.Argument(help="Place of the entry in the log, from 0.", min=0)],
    out: Annotated[
        Path | None, typer.Option(help="File for the proof.", show_default="standard output")
    ] = None,
    json: Json_ = False,
) -> None:
    """Write a proof that an entry is in the log; anybody can check it offline with `haq log check`."""
    with reporting_errors():
        from haq.tlog.reader import Reader

        reader = Reader(source_of(log))
        reader.entry(index)
        proof = bytes(reader.prove(index))
        if json:
            print_json({"index": index, "size": reader.checkpoint.size, "proof": proof.decode()})
        elif out is None:
            typer.echo(proof.decode(), nl=False)
        if out is not None:
            out.write_bytes(proof)


@app.command("verify")
def verify(
    log: Log_,
    policy: Policy_ = None,
    against: Annotated[
        str, typer.Option(help="Another copy of the log: do both belong to one log that only grew?")
    ] = "",
    json: Json_ = False,
) -> None:
    """Check a whole log: signatures, witnesses, every entry, every tile, and the files beside it.

    Exit code 1 where something is wrong or too few witnesses signed; what is wrong is named.
    """
    with reporting_errors():
        from haq.tlog.audit import audit
        from haq.tlog.compare import compare
        from haq.tlog.reader import Reader
        from haq.tlog.verify import check_checkpoint

        source = source_of(log)
        reader, trusted = Reader(source), policy_of(source, policy)
        signed = check_checkpoint(reader.note, trusted)
        with progress() as tell:
            damages = list(
                audit(reader, None if tell is None else lambda done, of: tell("entries", done, of))
            )
        relation = compare(reader, Reader(source_of(against))) if against else ""
        sound = signed.enough and not damages and relation not in ("fork", "other")
        words = Words(language_of_environment())
        if json:
            told = [{"code": d.code, "path": d.path, "entries": list(d.entries)} for d in damages]
            print_json(document(signed) | {"damages": told, "against": relation or None, "sound": sound})
        else:
            show(signed, words)
            for damage in damages:
                typer.echo(f"  {damage.code}: {shown(damage.message)}")
            if relation:
                typer.echo(words(f"log_{relation}", log=shown(against)))
            typer.echo(words("log_sound" if sound else "log_unsound"))
            if policy is None:
                typer.echo(words("log_own_policy"))
    raise typer.Exit(0 if sound else 1)


@app.command("check")
def check(
    proof: Annotated[Path, typer.Argument(help="The .tlog-proof file.", metavar="PROOF")],
    entry: Annotated[Path, typer.Argument(help="File with the bytes of the entry.", metavar="ENTRY")],
    policy: Annotated[
        Path, typer.Option("--policy", help="File that says which log and witnesses you trust.")
    ],
    json: Json_ = False,
) -> None:
    """Check offline that an entry is in a log. Exit code 1 where too few witnesses signed."""
    with reporting_errors():
        from haq.tlog.policies import Policy
        from haq.tlog.proofs import Proof
        from haq.tlog.verify import check_proof

        held = Proof.read(read_file(proof))
        data = read_file(entry)
        signed = check_proof(held, data.removesuffix(b"\n"), Policy.read(read_file(policy)))
        if json:
            print_json(document(signed) | {"index": held.index})
        else:
            words = Words(language_of_environment())
            typer.echo(words("log_proven", n=held.index))
            show(signed, words)
    raise typer.Exit(0 if signed.enough else 1)


@app.command("mirror")
def mirror(
    log: Log_,
    folder: Annotated[Path, typer.Argument(help="Folder of the mirror.", metavar="DIR")],
    policy: Policy_ = None,
    json: Json_ = False,
) -> None:
    """Copy a log, or bring a copy up to date, and refuse what contradicts what the copy holds.

    The policy of the first time is kept with the mirror and holds from then on.
    """
    with reporting_errors():
        from haq.entries import files_named
        from haq.tlog.durable import write_durably
        from haq.tlog.mirror import PRIVATE
        from haq.tlog.mirror import mirror as bring

        source = source_of(log)
        kept = policy or (folder / POLICY if (folder / POLICY).is_file() else None)
        trusted = policy_of(source, kept)
        with progress() as tell:
            done = bring(source, folder, trusted, named=files_named, progress=tell)
        if kept != folder / POLICY:
            write_durably(folder, folder / PRIVATE, {POLICY: bytes(trusted)})
        words = Words(language_of_environment())
        if json:
            print_json(
                document(done.signed)
                | {"before": done.before, "files": done.files, "missing": dict(done.missing)}
            )
            return
        show(done.signed, words)
        typer.echo(words("log_mirrored", n=done.signed.checkpoint.size - done.before, files=done.files))
        if done.missing:
            typer.echo(words("log_files_missing", n=len(done.missing)))
        if kept is None:
            typer.echo(words("log_first_policy", file=shown(str(folder / POLICY))))


def source_of(log: str) -> Source:
    """Open a log by its folder or address."""
    from haq.tlog.http import Address
    from haq.tlog.sources import Folder

    return Address(log) if log.startswith(("http://", "https://")) else Folder(Path(log))


def read_file(path: Path) -> bytes:
    """Read a small file that the user named."""
    from haq.errors import LogError

    try:
        return path.read_bytes()
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({error.strerror})") from error


def policy_of(source: Source, path: Path | None) -> Policy:
    """Read the policy that the user trusts, or the one that the log shows of itself."""
    from haq.tlog.policies import Policy

    return Policy.read(source.get(POLICY, _LARGEST_POLICY) if path is None else read_file(path))


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
        typer.echo(words("log_witnesses", n=signed.cosigned, of=len(signed.witnesses), needed=signed.needed))
        for name, time in signed.witnesses.items():
            said = (
                words("log_unsigned")
                if time is None
                else f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"
            )
            typer.echo(f"  {shown(name)}: {said}")
    else:
        typer.echo(words("log_alone"))
