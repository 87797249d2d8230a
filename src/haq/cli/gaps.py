"""What a check could not read and what it did not publish, in words: nobody should have to wonder."""

from __future__ import annotations

from collections.abc import Iterator

from haq.check import Report
from haq.check.publishing import Published
from haq.cli.words import Words


def unread(report: Report, words: Words) -> Iterator[str]:
    """Name the rows and cells of the files that no figure comes from.

    Args:
        report: what the check found.
        words: of the language.

    Yields:
        A line for each refused or skipped row and unreadable cell, then counts of empty cells and repeats.
    """
    for source in report.sources.values():
        table = source.table
        for frame, key in ((table.refused_rows, "row"), (table.skipped, "row_skipped")):
            for row, reason in frame.select("row", "reason").rows():
                yield f"{source.name}, {words(key, n=str(row))}: {reason}"
        cells = source.unreadable.select("row", "column", "value", "reason")
        for row, column, value, reason in cells.rows():
            yield f"{source.name}, {words('row', n=str(row))}, {column} = {value!r}: {reason}"
        if source.empty_cells:
            yield words("empty_cells", file=source.name, n=source.empty_cells)
        if table.duplicates.height:
            yield words("duplicates", file=source.name, n=table.duplicates.height)


def unpublished(published: Published, report: Report, words: Words) -> Iterator[str]:
    """Say what was left out of the published files.

    Args:
        published: what was published and what was not.
        report: what the check found.
        words: of the language.

    Yields:
        A line for photographs that were cleaned, each file held back, the columns of a file left out.
    """
    if published.cleaned:
        yield words("cleaned", n=len(published.cleaned), of=published.photographs)
    for path, why in published.held_back.items():
        yield words("held_back", file=path.name, reason=words("held_pdf") if why == "pdf" else why)
    for key, headers in published.left_out.items():
        yield words("columns_left_out", file=report.sources[key].name, columns=", ".join(headers))
