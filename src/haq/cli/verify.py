"""``haq bulletin verify``: check a site, or a mirror of it, against its list of hashes."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.words import Language, Words

if TYPE_CHECKING:
    from haq.bulletin.checksums import Verified

#: Paths named for each kind of difference; ``--json`` names all.
FIRST = 10


def verify(
    site: Annotated[Path, typer.Argument(help="Folder of the site or of a mirror.", metavar="DIR")],
    listed: Annotated[
        Path | None,
        typer.Option("--list", help="List to check against.", show_default="site.sha256 of that folder"),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(help="Name at the top that is not the site's, such as CNAME; may be repeated."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
    language: Annotated[
        Language | None, typer.Option(help="Language of the screen.", show_default="of the terminal")
    ] = None,
) -> None:
    """Check that every file of a site is as it was built: none changed, missing or added.

    Exit code 0 when all are; 1 when any differs; 2 for a folder or list that cannot be used.
    """
    with reporting_errors():
        from haq.bulletin.checksums import verify as check_files

        with progress() as tell:
            found = check_files(site, listed, ignore=ignore or (), progress=tell)
        if json:
            print_json(asdict(found) | {"whole": found.whole})
        else:
            _show(found, Words(language or language_of_environment()), own=listed is None)
    if not found.whole:
        raise typer.Exit(1)


def _show(found: Verified, words: Words, *, own: bool) -> None:
    """Print what was found, on one screen."""
    typer.echo(words("verify_whole" if found.whole else "verify_differs", of=found.files))
    for key, paths in (("changed", found.changed), ("missing", found.missing), ("extra", found.extra)):
        if not paths:
            continue
        typer.echo(words(f"verify_{key}", n=len(paths)))
        for path in paths[:FIRST]:
            typer.echo(f"  {shown(path)}")
        if len(paths) > FIRST:
            typer.echo(f"  {words('and_more', n=len(paths) - FIRST)}")
    typer.echo(words("verify_list", sha256=found.sha256))
    if own:
        typer.echo(words("verify_own"))
