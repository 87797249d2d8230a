"""``haq table``: what haq sees in a file, before anything is checked."""

# Heavy rooms are imported inside the command, so that `haq --help` stays quick.
from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from haq.cli.console import print_json, reporting_errors, shown, working


def table(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX or Parquet, also packed with gzip.")],
    key: Annotated[
        str | None,
        typer.Option(help="Column or template of the key.", show_default="proposed from the headers"),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding, where haq cannot tell.")] = None,
    separator: Annotated[str | None, typer.Option(help="Separator, where haq cannot tell.")] = None,
    header: Annotated[bool | None, typer.Option(help="Whether the first row names the columns.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an XLSX file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Show how tables are read: encoding, separator, header, key, and what became of every row."""
    overrides = {"encoding": encoding, "separator": separator, "header": header, "sheet": sheet}
    known = {name: value for name, value in overrides.items() if value is not None}
    with reporting_errors():
        if json:
            with working(f"reading {len(files)} files"):
                documents = [_look(path, key, known) for path in files]
            print_json({"tables": documents})
            return
        for number, path in enumerate(files):
            with working(f"reading {path.name}"):
                document = _look(path, key, known)
            if number:
                typer.echo()
            _print(document)


def _look(path: Path, key: str | None, overrides: dict[str, Any]) -> dict[str, Any]:
    from haq import tables

    preview = tables.preview(path, **overrides)
    layout, chosen = preview.layout, key if key is not None else preview.proposal.key
    document: dict[str, Any] = {
        "file": path.name,
        "kind": layout.kind,
        "encoding": layout.encoding,
        "separator": layout.separator,
        "header": layout.header,
        "sheet": layout.sheet,
        "columns": list(preview.headers),
        "rows": None,
        "key": chosen,
        "key_reason": "given" if key is not None else preview.proposal.key_reason,
        "fields": {guess.header: guess.field for guess in preview.proposal.guesses},
        "choices": [guess.header for guess in preview.proposal.choices],
        "refused": [],
        "skipped": [],
        "notes": list(preview.notes),
    }
    # Without a key rows can still be counted and told apart by their cells.
    fields = [] if chosen is None else [tables.Field("station", "key")]
    mapping = tables.Mapping({} if chosen is None else {"station": chosen})
    read = tables.read(path, mapping, fields, overrides=overrides)
    rows = read.rows
    document["rows"] = {
        "read": rows.read,
        "accepted": rows.accepted,
        "refused": rows.refused,
        "skipped": rows.skipped,
    }
    document["refused"] = [
        {"row": row, "reason": reason} for row, reason in read.refused_rows.select("row", "reason").rows()
    ]
    document["skipped"] = [
        {"row": row, "reason": reason} for row, reason in read.skipped.select("row", "reason").rows()
    ]
    document["notes"] = list(dict.fromkeys((*preview.notes, *read.notes)))
    return document


def _print(document: dict[str, Any]) -> None:
    names = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", None: "–"}
    separator = names.get(document["separator"], repr(document["separator"]))
    typer.echo(f"{document['file']}: {document['kind']}", nl=False)
    if document["kind"] == "csv":
        typer.echo(f", {document['encoding']}, separated by {separator}", nl=False)
    typer.echo(f", {'with' if document['header'] else 'without'} a header")
    typer.echo("rows: " + ", ".join(f"{name} {count:,}" for name, count in document["rows"].items()))
    typer.echo(shown(f"key: {document['key'] or 'none'} ({document['key_reason']})"))
    for number, column in enumerate(document["columns"], start=1):
        field = document["fields"].get(column, "choice?" if column in document["choices"] else "")
        typer.echo(
            f"  {number:>3} {shown(' '.join(column.split())[:90])}" + (f"  → {field}" if field else "")
        )
    for refusal in [*document["refused"], *document["skipped"]][:10]:
        typer.echo(shown(f"row {refusal['row']}: {refusal['reason']}"))
    more = len(document["refused"]) + len(document["skipped"]) - 10
    if more > 0:
        typer.echo(f"… and {more} more; --json names all")
    for note in document["notes"]:
        typer.echo(shown(f"· {note}"))
