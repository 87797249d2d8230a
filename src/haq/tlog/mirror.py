"""Mirrors: a copy of a log that only ever grows, and that keeps what would prove a lie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from haq.errors import LogError
from haq.tlog.checkpoints import CHECKPOINT
from haq.tlog.durable import clear_scratch, drop_partial, make_durably, write_durably
from haq.tlog.files import Files, Served
from haq.tlog.keys import to_base64
from haq.tlog.merkle import fold, leaf_hash, peaks, root_at, root_of, verify_consistency
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader, read_checkpoint
from haq.tlog.sources import Folder, Missing, Source, read_hashes
from haq.tlog.state import hold_database
from haq.tlog.tiles import ENTRIES, WIDTH, Tile, pack
from haq.tlog.verify import Signed, check_checkpoint

#: Folder of what is not part of the log, below that of the mirror.
PRIVATE: Final = ".haq-mirror"
#: Bytes of a file that lies beside a log under a name of its own.
LARGEST_BESIDE: Final = 1_000_000
#: Bundles written and synced together.
_TOGETHER: Final = 64
_LOCK: Final = "CREATE TABLE IF NOT EXISTS lock (one INTEGER)"
#: Called with what is fetched, done and in all.
Progress = Callable[[str, int, int], None]


class Fork(LogError):
    """The log shows what contradicts what it showed before; what proves it was kept.

    Attributes:
        kept: the two signed checkpoints, the shorter log's first, and a proof if they are of two sizes.
    """

    def __init__(self, message: str, kept: tuple[Path, ...]) -> None:
        super().__init__(message)
        self.kept = kept


class RolledBack(Fork):
    """The log shows an earlier state than before: an old copy, or entries were taken back."""


@dataclass(frozen=True)
class Mirrored:
    """What came in.

    Attributes:
        signed: the checkpoint that the mirror now holds.
        before: entries that it held before.
        files: files that came in.
        missing: SHA-256 of files that entries name and the log does not have -> why; also the name of what
            lies beside it and could not be read.
    """

    signed: Signed
    before: int
    files: int
    missing: Mapping[str, str] = field(default_factory=dict)


def mirror(
    source: Source,
    root: Path,
    policy: Policy,
    named: Callable[[bytes], Iterable[str]] = lambda _: (),
    redacted: Callable[[bytes], Iterable[str]] = lambda _: (),
    progress: Progress | None = None,
    beside: Mapping[str, Sequence[str]] | None = None,
) -> Mirrored:
    """Bring a mirror up to date; it holds the old state until the new one is whole and checked.

    Args:
        source: the log, or another mirror of it.
        root: folder of the mirror; made if not there.
        policy: whose signatures count; it has to name the log.
        named: gives the SHA-256 of the files that an entry names.
        redacted: gives the SHA-256 of the files that an entry redacts: these are removed here as well.
        progress: told of what has been done.
        beside: name of what lies beside the log and proves itself elsewhere -> where the log may keep it;
            the first that is there is taken. Where there is none, what the mirror has of that name stays.

    Returns:
        What came in.

    Raises:
        Fork: the log is another than it showed before, or (``RolledBack``) shorter.
        LogError: a signature is forged, too few witnesses signed, a file is not what the tree holds, or
            nobody answers.
        OSError: the disk is full.
    """
    tell = progress or (lambda *_: None)
    private = root / PRIVATE
    scratch = private / "writing"
    make_durably(scratch)
    with hold_database(private / "lock.sqlite3", _LOCK):
        clear_scratch(scratch)
        note = read_checkpoint(source)
        signed = check_checkpoint(note, policy)
        if not signed.enough:
            raise LogError(
                f"{source}: {signed.cosigned} of {len(signed.witnesses)} witnesses signed the checkpoint; "
                f"the policy asks for {signed.needed}"
            )
        remote, local = Reader(source, note), _held(root, policy)
        before = local.checkpoint.size if local else 0
        if local:
            _continue(remote, local, private, scratch)
        if before < signed.checkpoint.size:
            _fetch(remote, root, scratch, before, tell)
        files, missing = _files(remote, root, scratch, named, redacted, tell)
        others, refused = _beside(source, beside or {})
        write_durably(root, scratch, others)
        if local is None or note != local.note:
            write_durably(root, scratch, {CHECKPOINT: note})
            drop_partial(root, before, signed.checkpoint.size)
        return Mirrored(signed, before, files, {**missing, **refused})


def _held(root: Path, policy: Policy) -> Reader | None:
    """Read what the mirror holds; None where it is new."""
    try:
        note = read_checkpoint(Folder(root))
    except Missing:
        return None
    try:
        check_checkpoint(note, policy)
    except LogError as error:
        raise LogError(
            f"{root / CHECKPOINT}: what this mirror holds cannot be believed: {error}. Nothing was changed; "
            "begin another mirror in a new folder"
        ) from error
    return Reader(Folder(root), note)


def _continue(remote: Reader, local: Reader, private: Path, scratch: Path) -> None:
    """Check that the log continues what the mirror holds; keep what proves it if not.

    Raises:
        Fork: both checkpoints are signed, and do not belong to one log that only grows.
        LogError: nothing can be said, because tiles are damaged or did not come.
    """
    older, newer = sorted((local, remote), key=lambda reader: reader.checkpoint.size)
    old, new = older.checkpoint, newer.checkpoint
    if old.origin != new.origin:
        raise LogError(
            f"{remote.source}: this is the log {remote.checkpoint.origin!r}; the mirror is of another"
        )
    begun, proof = new.root, list[bytes]()
    if old.size < new.size:
        # A damaged tile or a failing network is no contradiction: the proof has to lead to the signed root.
        begun, proof = root_at(old.size, newer.hashes), newer.grown_from(old.size)
        try:
            verify_consistency(old.size, new.size, begun, new.root, proof, from_empty=True)
        except LogError:
            raise LogError(
                f"{newer.source}: tiles were changed: they prove nothing; nothing was taken"
            ) from None
    if begun == old.root and remote.checkpoint.size >= local.checkpoint.size:
        return
    kept = {f"checkpoint-{old.size}-{_digest(older.note)}": older.note}
    kept[f"checkpoint-{new.size}-{_digest(newer.note)}"] = newer.note
    if begun != old.root and proof:
        lines = (f"old {old.size}", f"root {to_base64(begun)}", *map(to_base64, proof), "")
        kept[f"proof-{_digest(older.note)}-{_digest(newer.note)}"] = "\n".join(lines).encode()
    write_durably(private, scratch, kept)
    paths = tuple(private / name for name in kept)
    said = ", ".join(map(str, paths))
    if begun == old.root:
        raise RolledBack(
            f"{remote.source}: it had {new.size} entries and now shows {old.size}: an old copy, or it was "
            f"rolled back. Nothing was changed here. Both signed checkpoints were kept: {said}",
            paths,
        )
    raise Fork(
        f"{remote.source}: two different logs under one signature: the one of {new.size} entries does not "
        f"begin with the one of {old.size}. Nothing was changed here. What proves it to anybody was kept: "
        f"{said}",
        paths,
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _fetch(remote: Reader, root: Path, scratch: Path, before: int, tell: Progress) -> None:
    """Fetch tiles from the root down, then bundles. Nothing is written that does not lead to the signed root.

    Each tile is fetched once: a log that answers differently the second time gains nothing.
    """
    counts = [remote.checkpoint.size]
    while counts[-1] >= WIDTH:
        counts.append(counts[-1] // WIDTH)
    edge = {
        level: read_hashes(remote.source, Tile(level, count // WIDTH, count % WIDTH))
        for level, count in enumerate(counts)
        if count % WIDTH
    }
    if (
        fold([peak for level in sorted(edge, reverse=True) for peak in peaks(edge[level])])
        != remote.checkpoint.root
    ):
        raise LogError(
            f"{remote.source}: the tiles do not lead to the root of the checkpoint: a file was changed"
        )
    batch: dict[str, bytes] = {}
    # Hashes of the level above, from the first that is new here.
    above: list[bytes] = []
    for level, count in reversed(list(enumerate(counts))):
        first = before // WIDTH ** (level + 1)
        skipped = first // WIDTH * WIDTH
        row: list[bytes] = []
        for index in range(first, -(-count // WIDTH)):
            tile = Tile(level, index, min(WIDTH, count - index * WIDTH))
            if tile.width < WIDTH:
                hashes = edge[level]
            else:
                hashes = read_hashes(remote.source, tile)
                if root_of(hashes) != above[index - skipped]:
                    raise LogError(
                        f"{remote.source}: {tile.path} is not what the tile above it holds: it was changed"
                    )
            batch[tile.path] = b"".join(hashes)
            if level:
                row += hashes
            else:
                batch |= _bundle(remote, tile, hashes)
                tell("entries", index * WIDTH + tile.width, count)
            if len(batch) >= _TOGETHER:
                write_durably(root, scratch, batch)
                batch = {}
        above = row
    write_durably(root, scratch, batch)


def _bundle(remote: Reader, tile: Tile, leaves: list[bytes]) -> Mapping[str, bytes]:
    """Fetch the entries of a tile and compare them with its hashes."""
    entries = remote.bundle(tile.index)
    for place, (entry, leaf) in enumerate(zip(entries, leaves, strict=True), start=tile.index * WIDTH):
        if leaf_hash(entry) != leaf:
            raise LogError(f"{remote.source}: entry {place} is not what the tree holds: it was changed")
    return {Tile(ENTRIES, tile.index, tile.width).path: pack(entries)}


def _files(
    remote: Reader,
    root: Path,
    scratch: Path,
    named: Callable[[bytes], Iterable[str]],
    redacted: Callable[[bytes], Iterable[str]],
    tell: Progress,
) -> tuple[int, Mapping[str, str]]:
    """Fetch the files that entries name; remove and leave out what entries redact."""
    local = Reader(Folder(root), remote.note)
    wanted: dict[str, None] = {}
    gone: set[str] = set()
    for _, entry in local.entries():
        wanted.update(dict.fromkeys(named(entry)))
        gone.update(redacted(entry))
    files, served = Files(root, scratch), Served(remote.source)
    for sha256 in gone:
        files.remove(sha256)
    asked = [sha256 for sha256 in wanted if sha256 not in gone]
    missing: dict[str, str] = {}
    came = 0
    for done, sha256 in enumerate(asked, start=1):
        try:
            if not files.there(sha256):
                served.bring(sha256, files)
                came += 1
        except LogError as error:
            missing[sha256] = str(error)
        tell("files", done, len(asked))
    return came, missing


def _beside(
    source: Source, beside: Mapping[str, Sequence[str]]
) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    """Fetch what lies beside a log under names of its own; also say what could not be read, and why."""
    found: dict[str, bytes] = {}
    refused: dict[str, str] = {}
    for name, places in beside.items():
        for place in places:
            try:
                found[name] = source.get(place, LARGEST_BESIDE)
            except Missing:
                continue
            except LogError as error:
                refused[name] = str(error)
            break
    return found, refused
