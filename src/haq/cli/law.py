"""``haq law``: the rules of an election, with their sources."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from haq.cli.console import language_of_environment, print_json, reporting_errors
from haq.cli.words import Language

if TYPE_CHECKING:
    from haq.law import Profile

app = typer.Typer(help="Show and check law profiles: an election's rules as data.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command("list")
def list_profiles(json: Json = False) -> None:
    """List the law profiles that come with haq."""
    from haq.law import load_profile, profile_keys

    with reporting_errors():
        profiles = [load_profile(key) for key in profile_keys()]
        if json:
            print_json(
                [{"key": p.key, "title": p.title.model_dump(), "confirmed": p.confirmed} for p in profiles]
            )
            return
        for profile in profiles:
            typer.echo(
                f"{profile.key:22} {profile.title.en}{'' if profile.confirmed else ' (not confirmed)'}"
            )


@app.command("show")
def show_profile(
    profile: Annotated[str, typer.Argument(help="Key of a profile, or path of a .toml file.")],
    json: Json = False,
    language: Annotated[
        Language | None, typer.Option(help="Language of names.", show_default="of the terminal")
    ] = None,
) -> None:
    """Show what a law profile says: contests, seats, the protocol's lines and control relations."""
    from haq.law import load_profile

    with reporting_errors():
        loaded = load_profile(profile)
        if json:
            print_json(_document(loaded))
            return
        _print(loaded, language or language_of_environment())


@app.command("check")
def check_profile(
    profiles: Annotated[list[str], typer.Argument(help="Keys of profiles, or .toml files.")],
    json: Json = False,
) -> None:
    """Check law profiles: unknown keys, missing sources, contradictions."""
    from haq.law import load_profile

    with reporting_errors():
        keys = [load_profile(name).key for name in profiles]
    if json:
        print_json({"ok": keys})
        return
    for key in keys:
        typer.echo(f"{key}: nothing wrong found")


def _document(profile: Profile) -> dict[str, Any]:
    return {
        "key": profile.key,
        "country": profile.country,
        "title": profile.title.model_dump(),
        "valid_from": profile.valid_from.isoformat(),
        "valid_to": profile.valid_to.isoformat() if profile.valid_to else None,
        "confirmed": profile.confirmed,
        "contests": {
            key: {
                "title": contest.title.model_dump(),
                "seats": contest.seats,
                "choice_kinds": [kind.value for kind in contest.choice_kinds],
                "method": contest.seat_rule.method if contest.seat_rule else None,
            }
            for key, contest in profile.contests.items()
        },
        "levels": [
            {
                "key": level.key,
                "name": level.name.model_dump(),
                "lines": [
                    {
                        "key": line.key,
                        "number": line.number,
                        "name": line.name.model_dump(),
                        "confirmed": line.confirmed,
                    }
                    for line in profile.form(level.key).lines
                ],
                "relations": [
                    {"key": r.key, "expression": r.text, "severity": r.severity, "confirmed": r.confirmed}
                    for r in profile.form(level.key).relations
                ],
            }
            for level in profile.levels
        ],
        "sources": {key: source.model_dump(mode="json") for key, source in profile.sources.items()},
    }


def _print(profile: Profile, language: str) -> None:
    def name(text: Any) -> str:
        return str(getattr(text, language))

    def mark(confirmed: bool) -> str:
        return "" if confirmed else "  (not confirmed)"

    typer.echo(f"{profile.key}: {name(profile.title)}{mark(profile.confirmed)}")
    typer.echo(f"valid from {profile.valid_from}" + (f" to {profile.valid_to}" if profile.valid_to else ""))
    for key, contest in profile.contests.items():
        seats = f"{contest.seats} seats" if contest.seats else "seats open"
        kinds = ", ".join(kind.value for kind in contest.choice_kinds)
        typer.echo(f"\ncontest {key}: {name(contest.title)}; {seats}; {kinds}{mark(contest.confirmed)}")
        rule = contest.seat_rule
        if rule is not None:
            typer.echo(f"  method {rule.method} {rule.quota or ''}{mark(rule.confirmed)}")
            if rule.threshold is not None and rule.base is not None:
                share = rule.threshold.share
                typer.echo(
                    f"  threshold {share.numerator}/{share.denominator}{mark(rule.threshold.confirmed)}"
                )
                typer.echo(f"  of {rule.base.of.value}{mark(rule.base.confirmed)}")
    shown: set[str] = set()
    for level in profile.levels:
        if level.form in shown:
            typer.echo(f"\nlevel {level.key}: {name(level.name)}, the same form")
            continue
        shown.add(level.form)
        form = profile.form(level.key)
        typer.echo(f"\nlevel {level.key}: {name(level.name)}")
        for line in form.lines:
            typer.echo(f"  {line.number or '·':>3} {line.key:28} {name(line.name)}{mark(line.confirmed)}")
        for relation in form.relations:
            typer.echo(f"  {relation.severity:8} {relation.key}: {relation.text}{mark(relation.confirmed)}")
    typer.echo("\nsources")
    for key, source in profile.sources.items():
        parts = [source.title, source.article, source.address, "from memory" if source.memory_only else ""]
        typer.echo(f"  {key}: {'; '.join(part for part in parts if part)}")
