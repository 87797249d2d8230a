"""``haq synthetic``: make a whole election with a known truth."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import print_json, reporting_errors, working


class Format(StrEnum):
    """Formats of the files."""

    CSV = "csv"
    PARQUET = "parquet"


def synthetic(
    spec: Annotated[Path, typer.Argument(help="Specification (synthetic.toml).")],
    out: Annotated[Path, typer.Option(help="Folder for the files and truth.json.")],
    format: Annotated[Format, typer.Option(help="Format of the tables.")] = Format.CSV,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Make an election with a known truth: stations, protocols, copies, planted alterations."""
    from haq import synthetic as room

    with reporting_errors():
        with working("making the election"):
            election = room.make(room.load_spec(spec))
            files = room.write(election, out, format=format.value)
        counts = room.truth(election)["counts"]
    if json:
        print_json({"files": [path.as_posix() for path in files], "counts": counts})
        return
    for path in files:
        typer.echo(path.as_posix())
