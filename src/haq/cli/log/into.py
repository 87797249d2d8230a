"""The log that a check publishes into."""

# Heavy rooms are imported inside, so that `haq --help` stays quick.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from haq.cli.cosigned import hint_witnesses
from haq.cli.log.opening import writer_of
from haq.cli.log.writing import withdrawing
from haq.cli.words import Words

if TYPE_CHECKING:
    from haq.cli.log.appending import Appended
    from haq.cli.log.difference import Withdrawing
    from haq.tlog.writer import Writer


@dataclass
class Into:
    """A log, opened before the long work begins, so that a wrong key is named at once.

    Attributes:
        folder: of the log.
        key: file of its key, as the user named it.
        done: what came into it; None before ``append``.
    """

    folder: Path
    key: Path | None
    writer: Writer
    withdrawing: Withdrawing | None
    done: Appended | None = None

    @classmethod
    def open(cls, folder: Path, key: Path | None, retract: str | None, *, restore: bool) -> Into:
        """Open a log to publish into.

        Raises:
            InputError: the reason may not stand in a log.
            LogError: there is no log, or its key is another.
        """
        return cls(folder, key, writer_of(folder, key), withdrawing(retract, None, restore=restore))

    def append(self, published: Path, tell: Callable[[str, int, int], None] | None) -> None:
        """Append what a check published."""
        from haq.cli.log.appending import append_entries

        self.done = append_entries(self.writer, published, tell, self.withdrawing)

    def hint(self, words: Words) -> None:
        """Say what still has to be done where witnesses have not signed yet."""
        hint_witnesses(self.folder, self.key, words)
