"""``haq seats``: votes to seats, with the whole working."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from haq.cli.console import print_json, reporting_errors, shown

if TYPE_CHECKING:
    from fractions import Fraction

    from haq.cli.votes import Ballot
    from haq.seats import Allocation


def seats(
    votes: Annotated[
        Path, typer.Argument(help="Table with the columns choice and votes (CSV, XLSX, Parquet).")
    ],
    law: Annotated[str | None, typer.Option(help="Key or path of a law profile (see haq law list).")] = None,
    contest: Annotated[str | None, typer.Option(help="Contest of the law, where it has several.")] = None,
    seats: Annotated[int | None, typer.Option(help="Seats to fill, instead of the law's number.")] = None,
    method: Annotated[
        str | None,
        typer.Option(help="hare, droop, dhondt, sainte_lague, plurality …, instead of the law's."),
    ] = None,
    threshold: Annotated[str | None, typer.Option(help="Instead of the law's: 5% or 1/20.")] = None,
    turnout: Annotated[
        int | None, typer.Option(help="Voters who took part, where the threshold needs them.")
    ] = None,
    registered: Annotated[
        int | None, typer.Option(help="Registered voters, where the threshold needs them.")
    ] = None,
    in_order: Annotated[
        bool,
        typer.Option(
            "--in-order", help="The rows stand in the order of registration, which may break a tie."
        ),
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the working, and the way to one seat more.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Share seats exactly: thresholds, quotas or divisors, remainders, the last seat, the next in line."""
    from haq.cli.votes import ballot_of, read_votes
    from haq.seats import allocate
    from haq.seats.reach import votes_for_next

    with reporting_errors():
        counted = read_votes(votes)
        ballot = ballot_of(counted, law=law, contest=contest, seats=seats, method=method, threshold=threshold)

        def share(given: Mapping[str, int]) -> Allocation:
            return allocate(
                given,
                kinds=ballot.kinds,
                rule=ballot.rule,
                seats=ballot.seats,
                turnout=turnout,
                registered=registered,
                order=list(counted) if in_order else None,
            )

        done = share(counted)
        more: dict[str, int | None] = {}
        if explain:
            most = max(1, 100 * sum(counted.values()))
            more = {choice: votes_for_next(counted, choice, share, most) for choice in done.seats}
        if json:
            document = document_of(done)
            print_json(document | {"more_votes": more} if explain else document)
            return
        _print(counted, ballot, done, more, explain=explain)


def document_of(done: Allocation) -> dict[str, Any]:
    """Write an allocation for JSON; fractions are texts, so that they stay exact."""

    def exact(values: Mapping[str, Fraction]) -> dict[str, str]:
        return {choice: str(value) for choice, value in values.items()}

    last = done.last_seat
    return {
        "seats": dict(done.seats),
        "base": done.base,
        "base_of": done.base_of.value,
        "threshold": None if done.threshold is None else str(done.threshold),
        "votes_needed": done.votes_needed,
        "margins": dict(done.margins),
        "passed": list(done.passed),
        "admitted": list(done.admitted),
        "quota": None if done.quota is None else str(done.quota),
        "quotas": exact(done.quotas),
        "remainders": exact(done.remainders),
        "claims": exact(done.claims),
        "last_seat": None if last is None else {"choice": last.choice, "votes": str(last.votes)},
        "next": done.next_in_line,
        "ties": [
            {"tied": list(t.tied), "winners": list(t.winners), "broken_by": t.broken_by} for t in done.ties
        ],
        "unconfirmed": list(done.unconfirmed),
        "notes": list(done.notes),
    }


def _print(
    counted: Mapping[str, int],
    ballot: Ballot,
    done: Allocation,
    more: Mapping[str, int | None],
    *,
    explain: bool,
) -> None:
    wide = max(map(len, map(shown, counted)))
    typer.echo(
        f"{'':{wide}}  {'votes':>12}  {'share':>7}  {'seats':>5}" + ("  one seat more" if explain else "")
    )
    for choice, votes in sorted(counted.items(), key=lambda item: -item[1]):
        share = f"{100 * votes / done.base:.2f}%" if done.base else ""
        won = str(done.seats[choice]) if choice in done.seats else "–"
        line = f"{shown(choice):{wide}}  {votes:>12,}  {share:>7}  {won:>5}"
        if explain and choice in more:
            line += f"  +{more[choice]:,} votes" if more[choice] is not None else "  out of reach"
        typer.echo(line)
    typer.echo(f"{ballot.seats} seats; shares are of {done.base:,} ({done.base_of.value}).")
    if done.threshold is not None:
        below = [c for c in done.seats if c not in done.passed]
        words = f"below it: {', '.join(map(shown, below))}" if below else "nobody is below it"
        typer.echo(f"Threshold {done.threshold}: {done.votes_needed:,} votes; {words}.")
    if explain:
        _explain(done)
    for note in done.notes:
        typer.echo(f"Note: {note}")


def _explain(done: Allocation) -> None:
    if done.quota is not None:
        typer.echo(f"A seat costs {done.quota} = {float(done.quota):,.3f} votes.")
        for choice, quota in done.quotas.items():
            typer.echo(
                f"  {shown(choice)}: {float(quota):.4f} seats, remainder {float(done.remainders[choice]):.4f}"
            )
    for choice, claim in done.claims.items():
        typer.echo(f"  {shown(choice)}: {float(claim):,.3f} is its claim on one seat more")
    if done.last_seat is not None:
        typer.echo(
            f"The last seat went to {shown(done.last_seat.choice)}, "
            f"{float(done.last_seat.votes):,.2f} votes ahead of {shown(done.next_in_line or '')}."
        )
