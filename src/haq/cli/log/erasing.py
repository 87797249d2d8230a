"""Which files have to go while a log is read entry by entry: only what the same election names."""

from __future__ import annotations

from haq.cli.log.contents import tree_of
from haq.entries import files_named, files_redacted


class Erasing:
    """Told of every entry of a log once, in whatever order; says which files have to go because of it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._named: set[tuple[str, str]] = set()
        self._waiting: set[tuple[str, str]] = set()

    def __call__(self, data: bytes) -> list[str]:
        """Take the next entry; give the SHA-256 of files that are known now to be erased."""
        named, redacted = files_named(data), files_redacted(data)
        if not named and not redacted:
            return []
        election = str(tree_of(data).get("election", ""))
        self._named.update((election, file) for file in named)
        gone = [file for file in named if (election, file) in self._waiting]
        for file in redacted:
            if (election, file) in self._named:
                gone.append(file)
            else:
                self._waiting.add((election, file))
        return gone
