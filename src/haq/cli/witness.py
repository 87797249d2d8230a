"""``haq witness``: sign what only grows."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors, shown
from haq.cli.words import Words

#: Where the secret key of a witness stands if no file is named.
VARIABLE = "HAQ_WITNESS_KEY"

app = typer.Typer(help="Be a witness of other people's logs.", no_args_is_help=True)


@app.command("init")
def init(
    key: Annotated[Path, typer.Argument(help="New file for the secret key.", metavar="KEY")],
    name: Annotated[str, typer.Option("--name", help="Name of the witness, such as witness.example.org.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Make the key of a witness, and print the line that a log's policy needs."""
    with reporting_errors():
        from haq.tlog.keyfiles import make_key
        from haq.tlog.keys import COSIGNATURE

        made = make_key(key, name, COSIGNATURE)
        if json:
            print_json({"key": str(made.public), "secret": str(key)})
            return
        words = Words(language_of_environment())
        typer.echo(words("witness_secret", file=shown(str(key))))
        typer.echo(words("witness_line"))
        typer.echo(f"witness {shown(name)} {made.public}")


@app.command("serve")
def serve(
    logs: Annotated[
        list[str], typer.Option("--log", help="Public key of a log to watch; several times for several logs.")
    ],
    state: Annotated[Path, typer.Option(help="File of what it has seen. Losing it loses the promise.")],
    key: Annotated[
        Path | None, typer.Option("--key", help="File with the secret key.", show_default=f"from {VARIABLE}")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to answer at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.", min=0, max=65535)] = 8900,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Answer logs that ask for a signature, until Ctrl-C."""
    with reporting_errors():
        from haq.errors import LogError
        from haq.tlog.keyfiles import load_key
        from haq.tlog.keys import VerifierKey
        from haq.tlog.witness import Witness
        from haq.tlog.witness_server import WitnessServer

        witness = Witness(
            load_key(key, VARIABLE, os.environ),
            [VerifierKey.read(log) for log in logs],
            state,
            lambda: int(time.time()),
        )
        try:
            server = WitnessServer(witness, host, port)
        except OSError as error:
            raise LogError(
                f"{host}:{port}: cannot be taken ({error.strerror}); name another --port"
            ) from error
    with suppress(KeyboardInterrupt), server:
        if json:
            print_json({"address": server.url, "key": str(witness.key.public)})
        else:
            words = Words(language_of_environment())
            typer.echo(words("witness_serving", name=shown(witness.key.public.name), address=server.url))
            sys.stdout.flush()
        server.serve_forever()
