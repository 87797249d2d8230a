"""``haq log``: the public log, for those who write it and for those who distrust it."""

from __future__ import annotations

import typer

from haq.cli.log import mirroring, promises, proof, verification, withdrawal, writing

app = typer.Typer(help="Keep the public log, mirror it, and check it.", no_args_is_help=True)
app.command("init")(writing.init)
app.command("append")(writing.append)
app.command("checkpoint")(writing.checkpoint)
app.command("retract")(withdrawal.retract)
app.command("redact")(withdrawal.redact)
app.command("commit")(promises.commit)
app.command("reveal")(promises.reveal)
app.command("revealed")(promises.revealed)
app.command("prove")(proof.prove)
app.command("check")(proof.check)
app.command("verify")(verification.verify)
app.command("mirror")(mirroring.mirror)
app.command("rebuild")(mirroring.rebuild)
