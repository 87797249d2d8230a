"""What a writer must not forget: the newest checkpoint that it signed, changed by one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

from haq.errors import LogError

#: Seconds to wait for another one who holds a file of SQLite.
_PATIENCE: Final = 60
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS log (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    checkpoint BLOB NOT NULL
)
"""


class Held(Protocol):
    """The state while nobody else can change it."""

    def checkpoint(self) -> bytes | None:
        """Give the newest signed checkpoint; None before the first."""
        ...

    def swap(self, old: int, new: int, checkpoint: bytes) -> None:
        """Put a checkpoint in the place of that of size ``old``, or of none at -1; durable once released.

        Raises:
            LogError: another one stands there.
        """
        ...


class State(Protocol):
    """Keeps the newest checkpoint: SQLite here, the application's database elsewhere."""

    def hold(self) -> AbstractContextManager[Held]:
        """Keep everybody else out. What was swapped stays if the block ends, and is undone if it fails."""
        ...


@contextmanager
def hold_database(path: Path, table: str) -> Iterator[sqlite3.Connection]:
    """Keep everybody else out of a file of SQLite; what the block changes is on the disk when it ends.

    Args:
        path: the file; made if not there.
        table: statement that makes its table.

    Raises:
        LogError: it cannot be opened, read or written, or another one held it too long. Nothing is changed.
    """
    try:
        # Closing undoes what was not committed.
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(table)
            yield connection
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise LogError(
            f"{path}: {error}; see whether another writer is at work and the disk has room, and try again"
        ) from error
    except sqlite3.Error as error:
        raise LogError(f"{path}: damaged ({error}); bring it back from a backup") from error


class SqliteState:
    """The state in a file of SQLite."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when first held."""
        self.path = path

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """Keep everybody else out, see ``State``."""
        with hold_database(self.path, _TABLE) as connection:
            yield _SqliteHeld(connection)


class _SqliteHeld:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def checkpoint(self) -> bytes | None:
        row = self._connection.execute("SELECT checkpoint FROM log").fetchone()
        return None if row is None else bytes(row[0])

    def swap(self, old: int, new: int, checkpoint: bytes) -> None:
        if old < 0:
            change = (
                "INSERT INTO log (one, size, checkpoint) SELECT 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM log)"
            )
            done = self._connection.execute(change, (new, checkpoint))
        else:
            done = self._connection.execute(
                "UPDATE log SET size = ?, checkpoint = ? WHERE one = 1 AND size = ?", (new, checkpoint, old)
            )
        if done.rowcount != 1:
            raise LogError("another writer was quicker; nothing was written")
