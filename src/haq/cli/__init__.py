"""The command line: ``haq …``. Other packages add commands through the entry-point group ``haq.commands``."""

from __future__ import annotations

import os
import sys

import typer

from haq.cli import bulletin, check, law, log, seats, strategy, synthetic, table, trust, witness
from haq.cli.console import prepare_output, reporting_errors

app = typer.Typer(
    name="haq",
    help="Check an election from beginning to end, and let strangers check you.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("check")(check.check)
app.command("seats")(seats.seats)
app.command("strategy")(strategy.strategy)
app.command("table")(table.table)
app.command("trust")(trust.trust)
app.command("synthetic")(synthetic.synthetic)
app.add_typer(bulletin.app, name="bulletin")
app.add_typer(law.app, name="law")
app.add_typer(log.app, name="log")
app.add_typer(witness.app, name="witness")


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        from haq import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def main() -> None:
    """Run the command line; a user never sees a traceback unless HAQ_DEBUG is set."""
    prepare_output()
    try:
        with reporting_errors():
            _add_commands(sys.argv[1:])
            app()
            sys.stdout.flush()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get("HAQ_DEBUG"):
            raise
        print(
            f"haq: a fault in haq itself ({type(error).__name__}: {error}); what it was writing may be "
            "unfinished. Run again with HAQ_DEBUG=1 and send what it prints to the maintainers.",
            file=sys.stderr,
        )
        raise SystemExit(70) from None


def _add_commands(arguments: list[str]) -> None:
    """Add the commands of other packages, unless one of haq's own is asked for."""
    own = {command.name for command in app.registered_commands}
    own |= {group.name for group in app.registered_groups}
    if arguments and arguments[0] in own:
        return
    from importlib.metadata import entry_points  # it reads every installed package: slow

    for point in entry_points(group="haq.commands"):
        app.add_typer(point.load(), name=point.name)
