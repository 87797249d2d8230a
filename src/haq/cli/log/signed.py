"""A checked checkpoint, on the screen and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from haq.cli.console import shown
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.tlog.verify import Signed


def document(signed: Signed) -> dict[str, object]:
    """Write a checked checkpoint as plain values that JSON can carry."""
    from haq.tlog.keys import to_base64

    return {
        "origin": signed.checkpoint.origin,
        "size": signed.checkpoint.size,
        "root": to_base64(signed.checkpoint.root),
        "witnesses": dict(signed.witnesses),
        "needed": signed.needed,
        "enough": signed.enough,
    }


def show(signed: Signed, words: Words, *, err: bool = False) -> None:
    """Print a checked checkpoint; on standard error where standard output holds something else."""
    checkpoint = signed.checkpoint
    typer.echo(words("log_signed", log=shown(checkpoint.origin), n=checkpoint.size), err=err)
    if not signed.witnesses:
        typer.echo(words("log_alone"), err=err)
        return
    typer.echo(
        words("log_witnesses", n=signed.cosigned, of=len(signed.witnesses), needed=signed.needed), err=err
    )
    for name, time in signed.witnesses.items():
        said = (
            words("log_unsigned")
            if time is None
            else f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"
        )
        typer.echo(f"  {shown(name)}: {said}", err=err)
