"""``haq strategy``: which vote helps which aim, and by how much."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from haq.cli.console import print_json, reporting_errors, shown

if TYPE_CHECKING:
    from haq.cli.votes import Ballot
    from haq.strategy.advice import Advice
    from haq.strategy.aims import Aim
    from haq.strategy.blocs import Split
    from haq.strategy.effects import Effects

#: Parts into which a group is divided.
PARTS = 20
#: Why haq gives no advice, in words.
REASONS = {
    "close": "the best ones cannot be told apart with these draws: {close}",
    "nothing-helps": "no action helps this aim more than staying at home",
    "bases-differ": "the base of the threshold is not confirmed, and the best action depends on it: {close}",
}


def strategy(
    poll: Annotated[Path, typer.Argument(help="Table with the columns choice and votes.")],
    law: Annotated[str, typer.Option(help="Key or path of a law profile (see haq law list).")],
    aim: Annotated[
        str,
        typer.Option(
            help="fewest-seats:NAME, most-seats:NAME, majority:NAME[@SEATS], no-majority:NAME, passes:NAME, "
            "fewest-wasted; several names with commas."
        ),
    ],
    contest: Annotated[str | None, typer.Option(help="Contest of the law, where it has several.")] = None,
    seats: Annotated[int | None, typer.Option(help="Seats to fill, instead of the law's number.")] = None,
    bloc: Annotated[int, typer.Option(help="Voters who act alike.")] = 50_000,
    precision: Annotated[
        float, typer.Option(help="How sure the belief is: as a poll of so many people drawn at random.")
    ] = 800,
    draws: Annotated[int, typer.Option(help="Results that are simulated.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Of the draws; the same one gives the same figures.")] = 1,
    invalid: Annotated[
        int, typer.Option(help="Ballots that are invalid anyway; they count where turnout is the base.")
    ] = 0,
    split: Annotated[
        int | None,
        typer.Option(help="Also divide a group of so many so that the aim is best met."),
    ] = None,
    polling_day: Annotated[
        str | None,
        typer.Option(help="YYYY-MM-DD; needed where the law has days of silence."),
    ] = None,
    now: Annotated[str | None, typer.Option(help="YYYY-MM-DDTHH:MM+HH:MM, instead of the clock.")] = None,
    private: Annotated[
        bool, typer.Option("--private", help="For your own eyes: not to be published, so no day forbids it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Show what every action changes: a vote for each choice, a spoiled ballot, staying at home."""
    from haq.cli.votes import AGAINST_ALL, ballot_of, read_votes
    from haq.strategy.advice import advise, agreed, undecided
    from haq.strategy.aims import aim_of
    from haq.strategy.bases import possible_rules
    from haq.strategy.beliefs import dirichlet_votes
    from haq.strategy.blocs import split_of
    from haq.strategy.effects import effects_of

    with reporting_errors():
        votes = read_votes(poll)
        ballot = ballot_of(votes, law=law, contest=contest, seats=seats, method=None, threshold=None)
        if not private:
            _keep_silent(ballot, polling_day, now)
        wanted = aim_of(aim, [c for c in votes if c != AGAINST_ALL], ballot.seats)
        drawn = dirichlet_votes(votes, precision, draws, seed)
        found = [
            effects_of(
                drawn, ballot.kinds, rule=rule, seats=ballot.seats, aim=wanted, bloc=bloc, invalid=invalid
            )
            for rule in possible_rules(ballot.rule)
        ]
        divided = None
        if split is not None:
            divided = split_of(
                drawn,
                ballot.kinds,
                rule=ballot.rule,
                seats=ballot.seats,
                aim=wanted,
                supporters=split,
                steps=min(PARTS, max(split, 1)),
            )
        advice = agreed([advise(effects, wanted) for effects in found])
        if json:
            given = {"bloc": bloc, "precision": precision, "draws": draws, "seed": seed, "invalid": invalid}
            document = _document(found, advice, wanted, given) | {"undecided": list(undecided(found))}
            if divided is not None:
                document["split"] = {
                    "votes": dict(divided.votes),
                    "curve": [list(point) for point in divided.curve],
                    "together": list(divided.together),
                }
            print_json(document)
            return
        _print(found, advice, wanted, bloc, draws, invalid)
        if silent := undecided(found):
            typer.echo(f"No advice on {', '.join(map(shown, silent))}: it depends on the base.")
        if divided is not None:
            _print_split(divided, wanted)


def _keep_silent(ballot: Ballot, polling_day: str | None, now: str | None) -> None:
    """Refuse what the law forbids to publish on this day.

    Raises:
        HaqError: it is such a day, or nobody can tell.
    """
    from datetime import UTC, date, datetime

    from haq.errors import HaqError
    from haq.strategy.silence import is_silent

    polls = ballot.profile.polls if ballot.profile else None
    blackout = polls.blackout if polls else None
    if ballot.profile is None or blackout is None or "forecast" not in blackout.covers:
        return
    source = ballot.profile.sources[blackout.source].title
    rule = f"{blackout.days_before} days before the polling day" + (
        " and on the day itself" if blackout.polling_day else ""
    )
    words = f"the law forbids to publish forecasts {rule} (source: {source})"
    if polling_day is None:
        raise HaqError(f"{words}; give --polling-day, or --private for your own eyes")
    try:
        day = date.fromisoformat(polling_day)
        moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    except ValueError as error:
        raise HaqError(f"--polling-day is YYYY-MM-DD, --now is YYYY-MM-DDTHH:MM+HH:MM: {error}") from error
    if moment.tzinfo is None:
        raise HaqError(f"--now {now}: of which time zone? Write it as 2023-03-19T10:00+05:00")
    if is_silent(blackout, day, moment):
        raise HaqError(f"{words}, and it is such a day; --private computes for your own eyes")


def _document(found: list[Effects], advice: Advice, aim: Aim, given: Mapping[str, float]) -> dict[str, Any]:
    first = found[0]
    return {
        "aim": {"kind": aim.kind, "choices": list(aim.choices), "seats": aim.seats, "unit": aim.unit},
        **given,
        "base_of": first.base_of.value,
        "before": first.before,
        "effects": _effects(first),
        "other_bases": {
            other.base_of.value: {"before": other.before, "effects": _effects(other)} for other in found[1:]
        },
        "advice": {
            "best": advice.best,
            "close": list(advice.close),
            "cost": advice.cost,
            "reason": advice.reason,
        },
    }


def _effects(found: Effects) -> dict[str, Any]:
    return {
        action: {
            "mean": effect.mean,
            "se": effect.se,
            "interval": list(effect.interval),
            "harm": effect.harm,
            "help": effect.help,
        }
        for action, effect in found.effects.items()
    }


def _print(found: list[Effects], advice: Advice, aim: Aim, bloc: int, draws: int, invalid: int) -> None:
    first = found[0]
    of_whom = f" of {', '.join(map(shown, aim.choices))}" if aim.choices else ""
    typer.echo(f"Aim: {aim.kind}{of_whom}. Before: {first.before:.3f} ({aim.unit}).")
    typer.echo(f"What {bloc:,} voters change who would otherwise stay at home, over {draws:,} draws:")
    wide = max(map(len, map(shown, first.effects)))
    heads = "".join(f"  {effects.base_of.value:>24}" for effects in found)
    typer.echo(f"{'':{wide}}{heads}  {'helps':>7}  {'harms':>7}")
    for action in sorted(first.effects, key=lambda a: -aim.better * first.effects[a].mean):
        cells = "".join(
            f"  {e.effects[action].mean:>+15.3f} ± {1.96 * e.effects[action].se:<6.3f}" for e in found
        )
        effect = first.effects[action]
        typer.echo(f"{shown(action):{wide}}{cells}  {effect.help:>7.1%}  {effect.harm:>7.1%}")
    if len(found) > 1:
        among = f"{invalid:,} ballots that are invalid anyway" if invalid else "no other invalid ballots"
        typer.echo(f"The base of the threshold is not confirmed, so both are shown; turnout has {among}.")
    if advice.best is not None:
        typer.echo(
            f"Best for this aim: {shown(advice.best)}; the second best gives up {advice.cost:.3f} {aim.unit}."
        )
        return
    close = ", ".join(map(shown, advice.close))
    typer.echo(f"No advice: {REASONS[advice.reason].format(close=close)}.")


def _print_split(divided: Split, aim: Aim) -> None:
    size = divided.curve[-1][0]
    best, gain = divided.together
    typer.echo(
        f"{size:,} who divide themselves change it by {divided.curve[-1][1]:+.3f} {aim.unit}; "
        f"all for {shown(best)}: {gain:+.3f}."
    )
    for choice, count in divided.votes.items():
        typer.echo(f"  {shown(choice)}: {count:,}")
    rest = size - sum(divided.votes.values())
    if rest:
        typer.echo(f"  staying at home: {rest:,}")
