"""``haq bulletin``: entries to the public site."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

import shlex
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.cosigned import hint_witnesses
from haq.cli.serve import serve
from haq.cli.verify import verify
from haq.cli.words import Language, Words

if TYPE_CHECKING:
    from haq.bulletin import Built

#: Places shown for each kind of problem.
FIRST = 3

app = typer.Typer(help="Make the public site of an election, and look at it.", no_args_is_help=True)
app.command("serve")(serve)
app.command("verify")(verify)


@app.command("build")
def build(
    entries: Annotated[
        Path,
        typer.Argument(
            help="Folder with entries.jsonl, as `haq check --out` writes it, that file, or a site.",
            metavar="LOG_OR_ENTRIES",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the site: a new one, or a site built before.")],
    languages: Annotated[str, typer.Option(help="Languages of the site, in order.")] = "kk,ru,en",
    base_url: Annotated[
        str, typer.Option(help="Address at which the site will stand, for cards that are shared.")
    ] = "",
    processes: Annotated[
        int | None, typer.Option(help="How many work at once.", min=1, show_default="a core each")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Make every page again, changed or not.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of a screen.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option(help="Language of the screen.", show_default="of the terminal")
    ] = None,
) -> None:
    """Build the site of an election from its entries, or bring it up to date.

    Exit code 0 when the site was built, whatever was wrong with single entries; 2 for input that
    cannot be used.
    """
    with reporting_errors():
        from haq.bulletin import build as build_site

        with progress() as tell:
            built = build_site(
                entries,
                out,
                languages=[code.strip() for code in languages.split(",")],
                base_url=base_url,
                processes=processes,
                progress=tell,
                full=full,
            )
        words = Words(language or language_of_environment())
        if json:
            print_json(document(built))
        else:
            show(built, words)
        hint_witnesses(entries, words=words)


def document(built: Built) -> dict[str, object]:
    """Write what a build came to as plain values that JSON can carry."""
    return {
        "site": str(built.out),
        "languages": list(built.languages),
        "stations": built.stations,
        "findings": built.findings,
        "whole": built.whole,
        "files": {"written": built.written, "unchanged": built.unchanged, "removed": built.removed},
        "list_sha256": built.sha256,
        "problems": [
            {"code": p.code, "where": p.where, "unit": p.unit, "values": dict(p.values)}
            for p in built.problems
        ],
        "look_at": list(built.look_at),
    }


def show(built: Built, words: Words) -> None:
    """Print what a build came to, on one screen."""
    typer.echo(words("site_pages", stations=built.stations, findings=built.findings))
    counts = {"written": built.written, "unchanged": built.unchanged, "removed": built.removed}
    typer.echo(words("site_files" if built.whole else "site_files_part", **counts))
    typer.echo(words("verify_list", sha256=built.sha256))
    if built.problems:
        _show_problems(built, words)
    typer.echo("")
    typer.echo(words("site_look", pages="  ".join(shown(str(built.out / page)) for page in built.look_at)))
    typer.echo(words("site_serve", command=f"haq bulletin serve {shlex.quote(str(built.out))}"))


def _show_problems(built: Built, words: Words) -> None:
    """Name the problems by kind, with the places where they stand first."""
    from haq.bulletin.pages.catalogues import catalogue_of
    from haq.bulletin.pages.words import PROBLEMS

    catalogue = catalogue_of(Language(words.language).value)
    typer.echo("")
    typer.echo(words("site_problems", n=len(built.problems)))
    for code, group in groupby(built.problems, key=lambda problem: problem.code):
        problems = list(group)
        said = catalogue.one(PROBLEMS[code]).replace("%%", "%") if code in PROBLEMS else code
        typer.echo(f"  {words.number(len(problems))} × {said}")
        for problem in problems[:FIRST]:
            line = problem.values.get("line_number")
            where = words("site_line", n=int(line)) if line else problem.where[:16]
            details = [v for k, v in sorted(problem.values.items()) if k != "line_number"]
            typer.echo(
                shown("    " + " · ".join([where, *([problem.unit] if problem.unit else []), *details]))
            )
        if len(problems) > FIRST:
            typer.echo(f"    {words('and_more', n=len(problems) - FIRST)}")
