"""``haq trust``: how many of the voters stand behind each choice."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import print_json, reporting_errors, shown


def trust(
    votes: Annotated[Path, typer.Argument(help="Table with the columns choice and votes.")],
    registered: Annotated[int, typer.Option(help="Registered voters.")],
    came: Annotated[int, typer.Option(help="Voters who came.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Show the votes of each choice as shares of the registered voters and of those who came."""
    from haq.cli.votes import read_votes
    from haq.strategy.trust import trust_of

    with reporting_errors():
        counted = read_votes(votes)
        found = trust_of(counted, registered=registered, came=came)
        if json:
            print_json(
                {
                    "registered": registered,
                    "came": came,
                    "choices": {
                        choice: {
                            "votes": one.votes,
                            "of_registered": str(one.of_registered),
                            "of_came": str(one.of_came),
                        }
                        for choice, one in found.items()
                    },
                }
            )
            return
        wide = max(map(len, map(shown, counted)))
        typer.echo(f"{'':{wide}}  {'votes':>12}  {'of registered':>13}  {'of those who came':>17}")
        for choice, one in found.items():
            typer.echo(
                f"{shown(choice):{wide}}  {one.votes:>12,}  {float(one.of_registered):>13.2%}"
                f"  {float(one.of_came):>17.2%}"
            )
        stayed = registered - came
        share = f"{stayed / registered:.2%}"
        typer.echo(f"{stayed:,} of {registered:,} registered voters stayed at home ({share}).")
        typer.echo(
            f"{came - sum(counted.values()):,} of {came:,} who came gave no valid vote for any of these."
        )
