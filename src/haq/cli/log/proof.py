"""``haq log prove`` and ``check``: that an entry is in a log, shown and checked years later."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors, shown
from haq.cli.log.opening import policy_of, read_file, source_of
from haq.cli.log.options import Json_, Log_, Policy_
from haq.cli.log.signed import document, show
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.tlog.reader import Reader

_HASH = re.compile("[0-9a-f]{64}")


def prove(
    log: Log_,
    index: Annotated[
        int, typer.Argument(help="Place of the entry in the log, from 0.", min=0, metavar="PLACE")
    ],
    leaf: Annotated[
        str | None,
        typer.Option(help="Hash of its leaf, as a page of the site shows it.", show_default="not compared"),
    ] = None,
    policy: Policy_ = None,
    out: Annotated[
        Path | None, typer.Option(help="File for the proof.", show_default="standard output")
    ] = None,
    json: Json_ = False,
) -> None:
    """Prove that an entry is in the log; anybody can check the proof offline with `haq log check`.

    Says what is proven and prints the entry; where the log is a folder, also whether a later entry
    withdraws it. Exit code 1 where too few witnesses signed, 2 where it is not so.
    """
    with reporting_errors():
        from haq.errors import LogError
        from haq.tlog.merkle import leaf_hash
        from haq.tlog.reader import Reader
        from haq.tlog.sources import Folder
        from haq.tlog.verify import check_proof

        source = source_of(log)
        reader = Reader(source)
        entry = reader.entry(index)
        real = leaf_hash(entry).hex()
        if leaf is not None and leaf.lower() != real:
            said = "that is no hash" if not _HASH.fullmatch(leaf.lower()) else f"its leaf is {real}"
            raise LogError(
                f"{log}: entry {index} is not what the page shows: {said}. Either the page or the log is "
                "another than was published; look into a mirror"
            )
        held = reader.prove(index)
        signed = check_proof(held, entry, policy_of(source, policy))
        proof = bytes(held)
        state = _withdrawal_of(reader, entry) if isinstance(source, Folder) else None
        if out is not None:
            _write(out, proof)
        if json:
            print_json(
                document(signed)
                | {"index": index, "leaf": real, "entry": entry.decode("utf-8", "backslashreplace")}
                | {"proof": proof.decode()}
                # Null: nobody looked. {}: nothing up to this checkpoint withdraws it.
                | {"withdrawn": state}
            )
        else:
            if out is None:
                typer.echo(proof.decode(), nl=False)
            words, err = Words(language_of_environment()), out is None
            typer.echo(words("log_proven", n=index), err=err)
            if leaf is not None:
                typer.echo(words("log_leaf"), err=err)
            show(signed, words, err=err)
            if not signed.enough:
                typer.echo(words("log_too_few"), err=err)
            if policy is None:
                typer.echo(words("log_own_policy"), err=err)
            typer.echo(words("log_later_withdrawn"), err=err)
            if state is None:
                typer.echo(words("log_withdrawn_unknown"), err=err)
            elif state:
                by, why = state["entry"], shown(str(state["reason"]))
                typer.echo(words("log_withdrawn_by", n=by, reason=why), err=err)
            else:
                typer.echo(words("log_stands", size=signed.checkpoint.size), err=err)
            typer.echo(words("log_not_proven"), err=err)
            typer.echo(shown(entry.decode("utf-8", "backslashreplace")), err=err)
    raise typer.Exit(0 if signed.enough else 1)


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
            if not signed.enough:
                typer.echo(words("log_too_few"))
    raise typer.Exit(0 if signed.enough else 1)


def _withdrawal_of(reader: Reader, entry: bytes) -> dict[str, object] | None:
    """Look in the whole log for the retraction of an entry that has effect.

    Returns:
        Its place and reason; nothing where the entry stands; None where the log cannot be read to its end.
    """
    from haq.cli.log.contents import read_contents, tree_of
    from haq.entries import RetractionEntry, digest, withdrawn
    from haq.errors import LogError

    try:
        contents = read_contents(reader)
    except LogError:
        return None
    retractions = contents.retractions(str(tree_of(entry).get("election", "")))
    by = withdrawn(retractions).get(digest(entry))
    if by is None:
        return {}
    said = contents.of(RetractionEntry)[by]
    return {"entry": contents.places[by], "reason": said.reason, "replaced_by": said.replaced_by}


def _write(out: Path, proof: bytes) -> None:
    from haq.errors import InputError

    try:
        out.write_bytes(proof)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); name another file") from error
