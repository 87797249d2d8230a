"""``haq log mirror`` and ``rebuild``: a log copied, and its site built again by strangers."""

# Heavy rooms are imported inside the commands, so that `haq --help` stays quick.
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from haq.cli.console import language_of_environment, print_json, progress, reporting_errors, shown
from haq.cli.cosigned import POLICY
from haq.cli.log.opening import policy_of, source_of
from haq.cli.log.options import Json_, Log_, Policy_
from haq.cli.log.signed import document, show
from haq.cli.words import Words

#: Files that did not come of which the screen says why; ``--json`` says it of all.
EXAMPLES = 3


def mirror(
    log: Log_,
    folder: Annotated[Path, typer.Argument(help="Folder of the mirror.", metavar="DIR")],
    policy: Policy_ = None,
    json: Json_ = False,
) -> None:
    """Copy a log, or bring a copy up to date, and refuse what contradicts what the copy holds.

    The policy of the first time is kept with the mirror and holds from then on.
    """
    with reporting_errors():
        from haq.cli.log.erasing import Erasing
        from haq.cli.log.keeping import BESIDE
        from haq.entries import files_named
        from haq.errors import LogError
        from haq.tlog.durable import write_durably
        from haq.tlog.mirror import PRIVATE
        from haq.tlog.mirror import mirror as bring
        from haq.tlog.sources import Folder

        source = source_of(log)
        if isinstance(source, Folder) and source.root.resolve() == folder.resolve():
            raise LogError(f"{folder}: is the log itself; name another folder for the mirror")
        kept = policy or (folder / POLICY if (folder / POLICY).is_file() else None)
        trusted = policy_of(source, kept)
        try:
            with progress() as tell:
                done = bring(
                    source,
                    folder,
                    trusted,
                    named=files_named,
                    redacted=Erasing(),
                    progress=tell,
                    beside=BESIDE,
                )
        except OSError as error:
            raise LogError(
                f"{error.filename or folder}: {error.strerror or error}. The mirror holds its old state, or "
                "the new one whole; once there is room, it is safe to run the same command again"
            ) from error
        if kept != folder / POLICY:
            write_durably(folder, folder / PRIVATE, {POLICY: bytes(trusted)})
        words = Words(language_of_environment())
        if json:
            print_json(
                document(done.signed)
                | {"before": done.before, "files": done.files, "missing": dict(done.missing)}
            )
            return
        show(done.signed, words)
        typer.echo(words("log_mirrored", n=done.signed.checkpoint.size - done.before, files=done.files))
        if done.missing:
            typer.echo(words("log_files_missing", n=len(done.missing)))
            # A file that was changed says more than one that is not there.
            for reason in sorted(done.missing.values(), key=lambda why: "was changed" not in why)[:EXAMPLES]:
                typer.echo(f"  {shown(reason)}")
        if kept is None:
            typer.echo(words("log_first_policy", file=shown(str(folder / POLICY))))


def rebuild(
    folder: Annotated[Path, typer.Argument(help="Folder of a mirror, or of the log.", metavar="MIRROR")],
    out: Annotated[Path, typer.Option(help="Folder of the site: a new one, or a site built before.")],
    languages: Annotated[str, typer.Option(help="Languages of the site, in order.")] = "kk,ru,en",
    base_url: Annotated[
        str, typer.Option(help="Address at which the publisher's site stands, if cards name it.")
    ] = "",
    policy: Policy_ = None,
    json: Json_ = False,
) -> None:
    """Build the site of a log again, offline, after checking the whole log; the bytes are the publisher's.

    Exit code 1 where the log cannot be believed: then nothing is built.
    """
    with reporting_errors():
        from haq.bulletin import build
        from haq.cli.bulletin import document as built_document
        from haq.cli.bulletin import show as show_built
        from haq.cli.log.examination import examine
        from haq.cli.log.verification import show_examined
        from haq.tlog.files import Files
        from haq.tlog.sources import Folder

        words, source = Words(language_of_environment()), Folder(folder)
        trusted = policy_of(source, policy)
        with progress() as tell:
            found = examine(source, trusted, tell=tell)
            if not found.wrong:
                files = Files(folder, folder)
                erased = sum(files.remove(sha256) for sha256 in found.contents.erased)
                found.not_erased.clear()
                built = build(
                    folder,
                    out,
                    languages=[code.strip() for code in languages.split(",")],
                    base_url=base_url,
                    progress=tell,
                )
        checked = (document(found.signed) if found.signed else {}) | found.document()
        if found.wrong:
            if json:
                print_json({"log": checked})
            else:
                show_examined(found, words)
            raise typer.Exit(1)
        if json:
            print_json(built_document(built) | {"log": checked, "erased": erased})
            return
        show_examined(found, words)
        if erased:
            typer.echo(words("log_erased", n=erased))
        typer.echo("")
        show_built(built, words)
