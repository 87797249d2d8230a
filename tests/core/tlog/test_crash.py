"""A writer killed at random instants, alone and among others: no fork, nothing acknowledged is lost."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from haq.errors import LogError
from haq.tlog.audit import audit
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.notes import Note
from haq.tlog.policies import Policy
from haq.tlog.proofs import Proof
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.verify import check_checkpoint, check_growth, check_proof
from haq.tlog.writer import Writer

KILLS = 500 if os.environ.get("HAQ_PROVE") == "1" else 10

#: Appends without end, and says which batch stands where only after it was appended.
LOAD = """
import itertools, sys
from pathlib import Path
from haq.tlog.keys import SigningKey
from haq.tlog.writer import Writer
root, secret, name = sys.argv[1:]
writer = Writer(Path(root), SigningKey.read(secret))
print("ready", flush=True)
for turn in itertools.count():
    batch = [f"{name} {turn} {place}".encode() for place in range(1 + turn * turn % 41)]
    (places,) = writer.append(batch)
    print(places.start, places.stop, turn, flush=True)
"""


class Load:
    """A process that appends until it is killed."""

    def __init__(self, writer: Writer, name: str) -> None:
        command = [sys.executable, "-c", LOAD, str(writer.root), writer.key.secret(), name]
        self.name = name
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        self.said: list[str] = []
        # A full pipe would keep the process from its work.
        self.reading = threading.Thread(target=self.said.extend, args=[self.process.stdout])
        self.reading.start()

    def kill(self) -> dict[int, bytes]:
        """Kill it, and give the entries that it acknowledged, by their places."""
        self.process.kill()
        self.process.wait()
        self.reading.join()
        assert self.process.stdout
        self.process.stdout.close()
        found = {}
        for line in self.said:
            if line.endswith("\n"):
                begin, end, turn = map(int, line.split())
                found |= {begin + i: f"{self.name} {turn} {i}".encode() for i in range(end - begin)}
        return found


def watch(root: Path, seconds: float, seen: dict[bytes, None]) -> None:
    """Look at the checkpoint all the time, as a public would."""
    end = time.monotonic() + seconds
    while True:
        seen[(root / "checkpoint").read_bytes()] = None
        if time.monotonic() >= end:
            return


def check_no_fork(notes: list[bytes], newest: Reader, policy: Policy) -> None:
    """Check that every checkpoint that was ever shown is signed, and continues into the newest."""
    last: Checkpoint | None = None
    for note in notes:
        shown = check_checkpoint(note, policy).checkpoint
        assert last is None or shown.size >= last.size
        check_growth(shown, newest.checkpoint, newest.grown_from(shown.size))
        last = shown


@pytest.mark.prove
def test_kills_at_random_instants(log: Callable[..., Writer], policy: Policy) -> None:
    writer, rng = log("log"), random.Random(4)
    root, proofs = writer.root, list[tuple[Proof, bytes]]()
    acknowledged: dict[int, bytes] = {}
    for kill in range(KILLS):
        loads = [Load(writer, f"{kill}.{n}") for n in range(1 + (kill % 3 == 0) + (kill % 9 == 0))]
        seen: dict[bytes, None] = {}
        watch(root, rng.uniform(0, 0.3), seen)
        for load in loads:
            new = load.kill()
            assert acknowledged.keys().isdisjoint(new)
            acknowledged |= new
        # As a reader finds it before anybody mends it.
        seen[(root / "checkpoint").read_bytes()] = None
        Reader(Folder(root)).check_root()
        text = f"after kill {kill}".encode()
        (places,) = writer.append([text])
        assert places.start not in acknowledged
        acknowledged[places.start] = text
        newest = Reader(Folder(root))
        check_no_fork([*seen, newest.note], newest, policy)
        proofs.append((newest.prove(places.start), text))
        for proof, entry in proofs[-50:]:
            old = check_proof(proof, entry, policy).checkpoint
            check_growth(old, newest.checkpoint, newest.grown_from(old.size))
        if kill % 50 == 0 or kill == KILLS - 1:
            assert list(audit(newest)) == []
            held = dict(newest.entries())
            assert acknowledged.items() <= held.items()
            for proof, entry in proofs:
                check_proof(proof, entry, policy)
                assert held[proof.index] == entry
    assert len(acknowledged) > KILLS
    assert not list((root / ".haq-log" / "writing").iterdir())


def test_three_writers_at_once(log: Callable[..., Writer]) -> None:
    writer = log("log")
    loads = [Load(writer, str(n)) for n in range(3)]
    while min(len(load.said) for load in loads) < 5:
        assert all(load.process.poll() is None for load in loads)
        time.sleep(0.01)
    found = [load.kill() for load in loads]
    held = dict(Reader(Folder(writer.root), writer.show()).entries())
    for one in found:
        assert one.items() <= held.items()
    assert sum(map(len, found)) == len({place for one in found for place in one})
    # What was not acknowledged may be there, once at most.
    assert len(set(held.values())) == len(held)
    assert list(audit(Reader(Folder(writer.root)))) == []


#: Ends a writer before the k-th change that it asks of the system, for every k, each on a copy of the log.
BEFORE_EVERY_STEP = """
import itertools, os, shutil, sqlite3, sys
from pathlib import Path
from haq.tlog.keys import SigningKey
from haq.tlog.writer import Writer
base, out, secret = sys.argv[1:]

def die_before(step):
    left = [step]
    def counted(call):
        def ticking(*args, **named):
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
            return call(*args, **named)
        return ticking
    os.fsync = lambda handle: None
    for name in ("write", "fsync", "replace", "mkdir", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
    class Connection(sqlite3.Connection):
        execute = counted(sqlite3.Connection.execute)
    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **named: connect(*args, **named, factory=Connection)

for step in itertools.count():
    root = Path(out) / str(step)
    shutil.copytree(base, root)
    child = os.fork()
    if not child:
        die_before(step)
        Writer(root, SigningKey.read(secret)).append([b"new %d" % n for n in range(20)])
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
"""


def test_a_writer_that_dies_before_any_step(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], tmp_path: Path
) -> None:
    base = log("log", entries(250))
    first = Reader(Folder(base.root))
    new = [b"new %d" % n for n in range(20)]
    out = tmp_path / "died"
    command = [sys.executable, "-c", BEFORE_EVERY_STEP, str(base.root), str(out), base.key.secret()]
    subprocess.run(command, check=True)
    sizes = []
    for root in sorted(out.iterdir(), key=lambda path: int(path.name)):
        shown = Reader(Folder(root))
        assert list(audit(shown)) == []
        writer = Writer(root, base.key)
        (places,) = writer.append([b"next"])
        sizes.append(places.start)
        after = Reader(Folder(root))
        for before in (first, shown):
            old = before.checkpoint
            check_growth(old, after.checkpoint, after.grown_from(old.size))
        assert list(audit(after)) == []
        held = [entry for _, entry in after.entries()]
        assert held in ([*entries(250), b"next"], [*entries(250), *new, b"next"])
    assert set(sizes) == {250, 270}
    assert sizes == sorted(sizes)
    # The steps: two bundles and three tiles, the state, the checkpoint, what is removed.
    assert len(sizes) > 40


def test_a_forged_checkpoint_is_no_excuse_for_a_fork(log: Callable[..., Writer]) -> None:
    """A cut or foreign checkpoint cannot come from a dead writer: the state may be the older of the two."""
    writer = log("log", [b"one"])
    path = writer.root / "checkpoint"
    whole = path.read_bytes()
    for wrong in (whole[:-10], b"", whole.replace(b"haq.example", b"haq.another"), b"\xff" * 100):
        path.write_bytes(wrong)
        with pytest.raises(LogError, match=r"checkpoint: damaged"):
            writer.append([b"two"])
        assert path.read_bytes() == wrong
    path.unlink()
    assert writer.append([b"two"]) == [range(1, 2)]
    assert Note.read(path.read_bytes())
