"""Arguments and options that several commands of ``haq log`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from haq.cli.words import Language

#: Where the secret key of a log stands if no file is named.
VARIABLE = "HAQ_LOG_KEY"

Folder_ = Annotated[Path, typer.Argument(help="Folder of the log.", metavar="DIR")]
Log_ = Annotated[str, typer.Argument(help="A log: its folder, or its address.", metavar="LOG")]
Key_ = Annotated[
    Path | None,
    typer.Option(
        "--key", help="File with the secret key, which only you can read.", show_default=f"from {VARIABLE}"
    ),
]
Policy_ = Annotated[
    Path | None,
    typer.Option(
        "--policy", help="File that says which log and witnesses you trust.", show_default="the log's own"
    ),
]
Json_ = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Reason_ = Annotated[
    str, typer.Option("--reason", help="Why. It stays for good: no name of a person, nothing personal.")
]
Language_ = Annotated[
    Language | None, typer.Option("--language", help="Language of the reason.", show_default="not stated")
]
Retract_ = Annotated[
    str | None,
    typer.Option(
        "--retract",
        help="Why: withdraw what the log holds of this election and is no longer among its entries.",
        show_default="it stays as it is",
    ),
]
WithWithdrawals_ = Annotated[
    bool,
    typer.Option(
        "--with-withdrawals",
        help="Also append retractions, redactions, promises and what was promised that ENTRIES holds.",
    ),
]
Restore_ = Annotated[
    bool,
    typer.Option(
        "--restore", help="With --retract: what was withdrawn and is among the entries stands again."
    ),
]
