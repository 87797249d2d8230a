"""``haq check``: the main job."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, working
from haq.cli.words import Language


def check(
    election: Annotated[
        list[Path],
        typer.Argument(help="Folder with election.toml; with --init, the tables to propose one for."),
    ],
    data: Annotated[
        Path | None,
        typer.Option(help="Folder that the files are relative to.", show_default="the election's folder"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for entries, tables, pictures and a data package.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of a screen.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name every station that differs and every refused row.")
    ] = False,
    init: Annotated[
        bool, typer.Option("--init", help="Propose an election.toml for the given tables and print it.")
    ] = False,
    law: Annotated[
        str | None, typer.Option(help="With --init: the law profile.", show_default="the one that fits best")
    ] = None,
    language: Annotated[
        Language | None,
        typer.Option(help="Language of the screen.", show_default="of the terminal"),
    ] = None,
) -> None:
    """Check an election from its files: copies against declared results, sums, totals, seats.

    Exit code 0 when the check ran, whatever it found; 2 for input that cannot be used.
    """
    with reporting_errors():
        if init:
            if out is not None:
                raise typer.BadParameter(
                    "--init prints to the terminal; write `> election.toml`", param_hint="--out"
                )
            from haq.check.proposal import propose_election

            with working("reading the headers"):
                text = propose_election(election, data, law)
            if json:
                print_json({"election.toml": text})
            else:
                typer.echo(text, nl=False)
            return
        if law is not None:
            raise typer.BadParameter(
                "goes with --init; the law of an election stands in its election.toml", param_hint="--law"
            )
        if len(election) > 1:
            raise typer.BadParameter(
                "give one election, or --init with several tables", param_hint="ELECTION"
            )
        _check(election[0], data, out, as_json=json, verbose=verbose, language=language)


def _check(
    folder: Path,
    data: Path | None,
    out: Path | None,
    *,
    as_json: bool,
    verbose: bool,
    language: Language | None,
) -> None:
    from haq.check import check_election, document, load_election, sources_in

    spoken = language or language_of_environment()
    loaded = load_election(folder)
    with progress() as tell, sources_in(loaded, data) as files:
        report = check_election(loaded, files, tell)
        if out is not None:
            from haq.check.output import write_report

            write_report(report, out, language=spoken.value, progress=tell)
    if as_json:
        print_json(document(report, verbose=verbose))
        return
    from haq.cli.screen import show_report

    show_report(report, language=spoken, verbose=verbose, out=out)
