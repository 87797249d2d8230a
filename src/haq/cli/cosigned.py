"""What still has to be done where witnesses have not signed the newest checkpoint yet."""

# Heavy rooms are imported inside, so that `haq --help` stays quick.
from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path

import typer

from haq.cli.console import language_of_environment, shown
from haq.cli.words import Words

#: Name of the policy below the address of a log, and the bytes that it may have.
POLICY = "policy"
LARGEST_POLICY = 100_000


def hint_witnesses(folder: Path, key: Path | None = None, words: Words | None = None) -> None:
    """Say in one line on standard error that witnesses have to be asked, where the log's policy names some.

    Args:
        folder: of a log, or of something else: then nothing is said.
        key: file of its key, as the user named it.
        words: of the screen; those of the terminal if not given.
    """
    from haq.errors import LogError
    from haq.tlog.policies import Policy
    from haq.tlog.reader import read_checkpoint
    from haq.tlog.sources import Folder
    from haq.tlog.verify import check_checkpoint
    from haq.tlog.writer import PRIVATE

    # A hint: what is wrong with a policy or a signature is said by the commands that need it.
    with suppress(LogError):
        source = Folder(folder)
        policy = Policy.read(source.get(POLICY, LARGEST_POLICY))
        signed = check_checkpoint(read_checkpoint(source), policy)
        if signed.enough and (signed.cosigned or not signed.witnesses):
            return
        # Elsewhere than where it is written nobody can publish a checkpoint.
        log = str(folder) if (folder / PRIVATE).is_dir() else "LOG"
        command = shlex.join(["haq", "log", "checkpoint", log, *(["--key", str(key)] if key else [])])
        words = words or Words(language_of_environment())
        said = words(
            "log_ask_witnesses",
            n=signed.cosigned,
            of=len(signed.witnesses),
            needed=signed.needed,
            command=shown(command),
        )
        typer.echo(said, err=True)
