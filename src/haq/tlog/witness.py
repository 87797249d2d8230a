"""A witness: signs only checkpoints that continue what it has seen. State first, answer after.

Source: c2sp.org/tlog-witness, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from haq.errors import LogError
from haq.tlog.checkpoints import Checkpoint, number_at
from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey, VerifierKey
from haq.tlog.merkle import verify_consistency
from haq.tlog.notes import LARGEST_NOTE, Note, Signature, sign_text, verify_note
from haq.tlog.proofs import hashes_in
from haq.tlog.state import hold_database

#: Bytes of a request at most.
LARGEST_REQUEST: Final = LARGEST_NOTE + 64 * 64
#: Type of the body of an answer 409: the size that the witness knows.
SIZE_TYPE: Final = "text/x.tlog.size"
TEXT_TYPE: Final = "text/plain; charset=utf-8"
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, checkpoint BLOB NOT NULL)
"""


@dataclass(frozen=True)
class Answer:
    """What a witness answers: status of HTTP, body, and its type."""

    status: int
    body: bytes
    type: str = TEXT_TYPE


class Witness:
    """Keeps the newest checkpoint of each log that it knows, and signs what continues it."""

    def __init__(
        self, key: SigningKey, logs: Iterable[VerifierKey], state: Path, now: Callable[[], int]
    ) -> None:
        """Set a witness up.

        Args:
            key: for cosignatures.
            logs: keys of the logs that it watches.
            state: file of SQLite with what it has seen; made if not there, its folder is not.
            now: gives seconds since 1970.

        Raises:
            LogError: a key is of the wrong kind.
        """
        if key.public.kind != COSIGNATURE:
            raise LogError(f"{key.public.name} is the key of a log; a witness needs a key of its own")
        self.key, self.state, self.now = key, state, now
        found: dict[str, list[VerifierKey]] = {}
        for log in logs:
            if log.kind != ED25519:
                raise LogError(f"{log.name} is the key of a witness, and no log")
            found.setdefault(log.name, []).append(log)
        self.logs: Mapping[str, list[VerifierKey]] = found

    def add_checkpoint(self, request: bytes) -> Answer:
        """Answer a request to sign a checkpoint.

        Args:
            request: body of the request: ``old``, the proof, an empty line, the checkpoint.

        Returns:
            200 with the line of the signature; 400 for what cannot be read; 403 for a forged signature; 404
            for an unknown log; 409 for another earlier size than the witness knows, or another root of one
            size; 422 for a proof that does not hold.

        Raises:
            LogError: what was seen could not be kept; nothing was signed.
        """
        head, empty, body = request.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            if not empty or not lines[0].startswith("old "):
                raise LogError("a request should begin with: old <size>")
            old = number_at(lines[0].removeprefix("old "))
            proof = hashes_in(lines[1:])
            note = Note.read(body)
            checkpoint = Checkpoint.read(note.text)
        except (LogError, UnicodeDecodeError) as error:
            return _said(400, str(error))
        keys = self.logs.get(checkpoint.origin)
        if keys is None:
            return _said(404, f"this witness does not know the log {checkpoint.origin[:80]!r}")
        try:
            if not verify_note(note, keys):
                raise LogError("no signature of a key that this witness knows")
        except LogError as error:
            return _said(403, str(error))
        if old > checkpoint.size:
            return _said(400, "the earlier size is larger than that of the checkpoint")
        return self._sign(old, proof, note, checkpoint)

    def _sign(self, old: int, proof: tuple[bytes, ...], note: Note, checkpoint: Checkpoint) -> Answer:
        with hold_database(self.state, _TABLE) as connection:
            row = connection.execute(
                "SELECT checkpoint FROM seen WHERE origin = ?", (checkpoint.origin,)
            ).fetchone()
            seen = Checkpoint.read(Note.read(bytes(row[0])).text) if row else None
            known = seen.size if seen else 0
            if old != known:
                return _conflict(known)
            if seen is not None and seen.size == checkpoint.size and seen.root != checkpoint.root:
                return _conflict(known)
            try:
                if seen is None:
                    if proof:
                        raise LogError("the proof from a log without entries should be empty")
                else:
                    verify_consistency(
                        old, checkpoint.size, seen.root, checkpoint.root, proof, from_empty=True
                    )
            except LogError as error:
                return _said(422, str(error))
            connection.execute(
                "INSERT INTO seen (origin, size, checkpoint) VALUES (?, ?, ?) "
                "ON CONFLICT (origin) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint",
                (checkpoint.origin, checkpoint.size, bytes(note)),
            )
        # Only now, when what was seen is on the disk.
        return Answer(200, f"{sign_text(note.text, self.key, self.now())}\n".encode())

    def seen(self) -> Iterator[bytes]:
        """Give the newest checkpoint of each log, as the log signed it."""
        with hold_database(self.state, _TABLE) as connection:
            rows = connection.execute("SELECT checkpoint FROM seen ORDER BY origin").fetchall()
        yield from (bytes(row[0]) for row in rows)


def _said(status: int, message: str) -> Answer:
    return Answer(status, f"{message}\n".encode())


def _conflict(size: int) -> Answer:
    return Answer(409, b"%d\n" % size, SIZE_TYPE)


def request_of(old: int, proof: Iterable[str], note: bytes) -> bytes:
    """Write a request to a witness; ``proof`` in base64."""
    return "".join(f"{line}\n" for line in (f"old {old}", *proof, "")).encode() + note


def signatures_in(body: bytes) -> list[Signature]:
    """Read the signatures that a witness answered.

    Raises:
        LogError: the answer holds something else.
    """
    try:
        lines = body.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise LogError("the answer of the witness is not UTF-8") from None
    return [Signature.read(line) for line in lines]
