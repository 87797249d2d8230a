"""The public log: writing, checking the whole, proving one entry."""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from registry import MIB, Row, alternate, bench, compare, whole_process

from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.verify import check_proof
from haq.tlog.writer import Writer

WRITTEN = 100_000
CHECKED = 1_000_000

#: Entries of 1,024 bytes that do not repeat.
ENTRIES = """
import sys, tempfile
from pathlib import Path
count = int(sys.argv[1])
entries = ((b"%d " % place).ljust(1024, b"x") for place in range(count))
"""
#: Bundles, tiles and checkpoints are on the disk, and shown, at the end of every batch.
HAQ_WRITES = """
from haq.tlog.keys import SigningKey
from haq.tlog.writer import Writer
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as made:
    writer = Writer(Path(made) / "log", SigningKey("haq.example", 1, bytes(32)))
    writer.create()
    writer.append(entries)
"""
#: A published checkpoint for every 256 entries, as often as the other commits.
HAQ_WRITES_OFTEN = HAQ_WRITES.replace(
    "writer.append(entries)",
    "from itertools import islice\n    while batch := list(islice(entries, 256)): writer.append(batch)",
)
PYMERKLE_WRITES = """
from itertools import islice
from pymerkle import SqliteTree
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as made, SqliteTree(str(Path(made) / "log.db")) as tree:
    tree.con.execute("PRAGMA synchronous = FULL")
    while batch := list(islice(entries, 256)):
        tree.append_entries(batch)
    tree.get_root()
"""
HAQ_CHECKS = """
import sys
from pathlib import Path
from haq.tlog.audit import audit
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
for damage in audit(Reader(Folder(Path(sys.argv[1])))):
    sys.exit(damage.message)
"""
#: The least that any check must do: read the bytes of the entries and hash them.
BARE_HASHES = """
import sys, hashlib
from pathlib import Path
for path in Path(sys.argv[1], "tile", "entries").rglob("*"):
    if path.is_file():
        hashlib.sha256(path.read_bytes()).digest()
"""


@bench(f"log: appending {WRITTEN:,} entries of 1 KB, durably")
def writing() -> list[Row]:
    """Measure whole processes, in turns, on the disk of temporary files (TMPDIR)."""
    with tempfile.TemporaryDirectory() as folder:
        scripts = {"haq": HAQ_WRITES, "haq, 256 a checkpoint": HAQ_WRITES_OFTEN, "pymerkle": PYMERKLE_WRITES}
        commands = {
            name: [sys.executable, "-c", ENTRIES + script, str(WRITTEN), folder]
            for name, script in scripts.items()
        }
        measured = alternate(commands, times=3)
    often = measured["haq, 256 a checkpoint"].median
    return [
        *compare(measured, "haq", "pymerkle", bar=1.0),
        Row("haq with a checkpoint for every 256 entries", often, "s"),
        Row("haq with a checkpoint for every 256 / pymerkle", often / measured["pymerkle"].median, "×"),
    ]


def make_log(root: Path, count: int) -> Writer:
    """Write a log of entries of 1,024 bytes."""
    writer = Writer(root, SigningKey("haq.example", ED25519, bytes(32)))
    writer.create()
    writer.append((b"%d " % place).ljust(1024, b"x") for place in range(count))
    return writer


@bench(f"log: checking {CHECKED:,} entries of 1 KB, and proving one")
def checking() -> list[Row]:
    """Measure whole processes, in turns; the time of the processor too, because others may be at work."""
    with tempfile.TemporaryDirectory() as folder:
        writer = make_log(Path(folder) / "log", CHECKED)
        root = str(writer.root)
        haq = [sys.executable, "-c", HAQ_CHECKS, root]
        measured = alternate({"haq": haq, "bare SHA-256": [sys.executable, "-c", BARE_HASHES, root]}, times=3)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        whole_process(haq)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return [
            Row("haq", measured["haq"].fastest, "s", 8.0),
            Row("haq, of the processor", cpu, "s"),
            Row("bare SHA-256", measured["bare SHA-256"].fastest, "s"),
            Row("haq / bare SHA-256", measured["haq"].fastest / measured["bare SHA-256"].fastest, "×"),
            Row("haq, memory", measured["haq"].peak, "MiB", 500_000_000 / MIB),
            *proving(writer),
        ]


def proving(writer: Writer) -> list[Row]:
    """Prove entries all over the log, each with nothing in memory, and check the proofs."""
    policy = Policy.read(f"log {writer.key.public}\nquorum none\n".encode())
    proves, checks = [], []
    for place in range(0, CHECKED, CHECKED // 500):
        begun = time.perf_counter()
        reader = Reader(Folder(writer.root))
        proof = reader.prove(place)
        done = time.perf_counter()
        entry = reader.entry(place)
        again = time.perf_counter()
        check_proof(proof, entry, policy)
        proves.append(done - begun)
        checks.append(time.perf_counter() - again)
    return [
        Row("one proof from local tiles", statistics.median(proves) * 1000, "ms", 1.0),
        Row("checking a proof, signature included", statistics.median(checks) * 1000, "ms"),
    ]
