"""``haq log verify``: everything that is wrong with a log, in words."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.log.opening import policy_of, source_of
from haq.cli.log.options import Json_, Log_, Policy_
from haq.cli.log.signed import document, show
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.cli.log.examination import Examined

#: Things named for each kind of problem; ``--json`` names all.
_FIRST = 5


def verify(
    log: Log_,
    policy: Policy_ = None,
    against: Annotated[
        str, typer.Option(help="Another copy of the log: do both belong to one log that only grew?")
    ] = "",
    without_files: Annotated[
        bool, typer.Option("--without-files", help="Leave out the files beside the log, which may be large.")
    ] = False,
    json: Json_ = False,
) -> None:
    """Check a whole log: signatures, witnesses, every entry, every tile, and the files beside it.

    Exit code 1 where something is wrong or too few witnesses signed; what is wrong is named.
    """
    with reporting_errors():
        from haq.cli.log.examination import examine

        source = source_of(log)
        trusted = policy_of(source, policy)
        with progress() as tell:
            found = examine(
                source,
                trusted,
                against=source_of(against) if against else None,
                with_files=not without_files,
                tell=tell,
            )
        if json:
            print_json((document(found.signed) if found.signed else {}) | found.document())
        else:
            words = Words(language_of_environment())
            show_examined(found, words)
            if found.relation in ("equal", "shorter"):
                typer.echo(words(f"log_{found.relation}", log=shown(against)))
            if policy is None:
                typer.echo(words("log_own_policy"))
    raise typer.Exit(1 if found.wrong else 0)


def show_examined(found: Examined, words: Words) -> None:
    """Print what is wrong with a log, or that nothing is."""
    if found.signed is not None:
        show(found.signed, words)
    for code in dict.fromkeys(one.code for one in found.wrong):
        same = [one for one in found.wrong if one.code == code]
        typer.echo(words(f"log_wrong_{code}"))
        for one in same[:_FIRST]:
            places = ", ".join(words.number(place) for place in one.entries[:_FIRST])
            more = ", …" if len(one.entries) > _FIRST else ""
            said = f": {words('log_places', places=places + more)}" if places else ""
            typer.echo(f"  {shown(one.where)}{said}")
        if len(same) > _FIRST:
            typer.echo(f"  {words('and_more', n=len(same) - _FIRST)}")
    if found.files or found.missing:
        typer.echo(words("log_files_there", n=found.files, missing=len(found.missing)))
    if found.not_erased:
        typer.echo(words("log_not_erased", n=len(found.not_erased)))
    behind = all(one.code == "rolled-back" for one in found.wrong)
    typer.echo(words("log_sound" if not found.wrong else "log_behind" if behind else "log_unsound"))
