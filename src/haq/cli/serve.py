"""``haq bulletin serve``: look at a site in a browser."""

# The server is imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors, shown
from haq.cli.words import Words


def serve(
    site: Annotated[Path, typer.Argument(help="Folder of the site.", metavar="DIR")],
    port: Annotated[
        int, typer.Option(help="Port; the next free one if it is taken.", min=0, max=65535)
    ] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in the browser.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Serve a site to the browser of this machine, until Ctrl-C."""
    from haq.cli.server import open_server

    words = Words(language_of_environment())
    with reporting_errors():
        server = open_server(site, port)
    with suppress(KeyboardInterrupt), server:
        taken = int(server.server_address[1])
        if json:
            print_json({"address": server.url, "site": str(site)})
        else:
            if taken != port != 0:
                typer.echo(words("port_taken", taken=str(port), port=str(taken)))
            typer.echo(words("serving", site=shown(str(site)), address=server.url))
            sys.stdout.flush()
        if open_browser:
            import webbrowser

            webbrowser.open(server.url)
        server.serve_forever()
