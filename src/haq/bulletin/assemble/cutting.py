"""Where the pages of a long list end: the list itself says, so that one more row moves few others."""

from __future__ import annotations

import polars as pl


def page_ends(digests: pl.Series, length: int) -> list[int]:
    """Cut a list into pages.

    Pages of a fixed length would all be others after a new row. A page ends here behind a row whose digest
    says so, once it has half the length: where a row comes or goes, the pages behind soon end where they did.

    Args:
        digests: of what the rows show first, in their order; hexadecimal.
        length: rows that a page has on average; none has more than twice as many, and none but the last less
            than half.

    Returns:
        Numbers of rows up to the end of each page; nothing for an empty list.
    """
    half = max(length // 2, 1)
    marked = (digests.str.slice(-8).str.to_integer(base=16) % half == 0).arg_true()
    ends: list[int] = []
    start = 0
    for end in (*(marked + 1).to_list(), digests.len()):
        while end - start > 2 * length:
            start += 2 * length
            ends.append(start)
        if end - start >= half or (end == digests.len() and end > start):
            ends.append(start := end)
    return ends
