"""``haq check``: the main job."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, working
from haq.cli.log.into import Into
from haq.cli.log.options import Key_, Restore_, Retract_
from haq.cli.log.writing import show_appended
from haq.cli.words import Language, Words

if TYPE_CHECKING:
    from haq.check import Progress
    from haq.check.publishing import Published


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
    site: Annotated[
        Path | None, typer.Option(help="Folder for the bulletin: a page for every station.")
    ] = None,
    languages: Annotated[
        str, typer.Option(help="With --site: languages of its pages, in order.")
    ] = "kk,ru,en",
    log: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the public log to publish into; with --site, the site is built from it."
        ),
    ] = None,
    key: Key_ = None,
    retract: Retract_ = None,
    restore: Restore_ = False,
    with_originals: Annotated[
        bool,
        typer.Option(
            "--with-originals",
            help="Also publish the whole files of official sources, with columns that are not mapped.",
        ),
    ] = False,
    with_pdf: Annotated[
        bool,
        typer.Option(
            "--with-pdf", help="Also publish PDF files, which may say who made them, where and on what."
        ),
    ] = False,
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
            for option, folder in (("--out", out), ("--site", site), ("--log", log)):
                if folder is not None:
                    raise typer.BadParameter(
                        "--init prints to the terminal; write `> election.toml`", param_hint=option
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
        if log is None:
            for option, given in (("--key", key), ("--retract", retract), ("--restore", restore or None)):
                if given is not None:
                    raise typer.BadParameter("goes with --log DIR", param_hint=option)
        spoken = language or language_of_environment()
        _check(
            election[0],
            data,
            out,
            site,
            into=None if log is None else Into.open(log, key, retract, restore=restore),
            languages=_languages(languages),
            chosen=(with_originals, with_pdf),
            as_json=json,
            verbose=verbose,
            spoken=spoken,
        )


def _languages(text: str) -> tuple[Language, ...]:
    """Read ``kk,ru,en`` in any order; each once."""
    codes = [code.strip().lower() for code in text.split(",")]
    if len(set(codes)) < len(codes) or any(code not in list(Language) for code in codes):
        raise typer.BadParameter(
            f"{text!r}: give some of kk, ru, en, each once, such as kk,ru", param_hint="--languages"
        )
    return tuple(Language(code) for code in codes)


def _check(
    folder: Path,
    data: Path | None,
    out: Path | None,
    site: Path | None,
    *,
    into: Into | None,
    languages: Sequence[Language],
    chosen: tuple[bool, bool],
    as_json: bool,
    verbose: bool,
    spoken: Language,
) -> None:
    from haq.check import check_election, document, load_election, sources_in
    from haq.check.hashes import Choices
    from haq.check.publishing import publish

    choices = Choices(originals=chosen[0], pdf=chosen[1])
    published: Published | None = None
    loaded = load_election(folder)
    with progress() as tell, sources_in(loaded, data) as files:
        report = check_election(loaded, files, tell)
        if out is not None:
            from haq.check.output import write_report

            published = write_report(report, out, choices=choices, language=spoken.value, progress=tell)
            _pass_on(out, into, site, languages, tell)
        elif site is not None or into is not None:
            with tempfile.TemporaryDirectory(prefix="haq-") as passage:
                if tell is not None:
                    tell("writing entries", 0, 1)
                published = publish(report, Path(passage), choices=choices, link=True)
                _pass_on(Path(passage), into, site, languages, tell)
    if as_json:
        tree = document(report, verbose=verbose)
        if published is not None:
            tree["published"] = published.document()
        if into is not None and into.done is not None:
            tree["log"] = into.done.document()
        print_json(tree)
    else:
        from haq.cli.screen import show_report

        show_report(report, language=spoken, verbose=verbose, out=out, site=site, published=published)
        if into is not None and into.done is not None:
            typer.echo("")
            show_appended(into.done, Words(spoken))
    if into is not None:
        into.hint(Words(spoken))


def _pass_on(
    published: Path,
    into: Into | None,
    site: Path | None,
    languages: Sequence[Language],
    tell: Progress | None,
) -> None:
    """Bring what the check published into the log, and the site up to date; from the log if there is one."""
    if into is not None:
        into.append(published, tell)
    if site is not None:
        _build(published if into is None else into.folder, site, languages, tell)


def _build(published: Path, site: Path, languages: Sequence[Language], tell: Progress | None) -> None:
    """Build the bulletin from what was published, and from nothing else."""
    from haq.bulletin import build

    build(published, site, languages=tuple(language.value for language in languages), progress=tell)
