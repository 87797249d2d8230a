"""The bulletin of a log: what comes in makes only its own pages again."""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench_bulletin import country, hashes_of
from registry import Row, bench

from haq.bulletin import build
from haq.entries import OfficialEntry, encode
from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.policies import Party, Policy
from haq.tlog.writer import Writer

#: Six entries a station: the list's, the declared result, and two copies with their readings.
STATIONS, ENTRIES, NEW, ROUNDS, PROCESSES = 16_750, 100_000, 100, 3, 2


def begin(root: Path, entries: Sequence[bytes]) -> Writer:
    """Begin a log."""
    key = SigningKey("bench.example/log", ED25519, bytes(32))
    writer = Writer(root, key)
    writer.create()
    (root / "policy").write_bytes(bytes(Policy((Party(key.public),), {}, {}, "none")))
    writer.append(entries)
    return writer


def measure(folder: Path, languages: Sequence[str]) -> tuple[int, list[float], int]:
    """Build a site of a log, let declared results of stations all over the country come in, and build again.

    Returns:
        Entries at the beginning, the time of each round [s], and files that differ from a site built anew.
    """
    everything = list(country(STATIONS))
    dice = random.Random(7)  # noqa: S311 (which stations come is no secret)
    late = set(
        dice.sample([n for n, e in enumerate(everything) if isinstance(e, OfficialEntry)], NEW * ROUNDS)
    )
    first = [encode(e) for n, e in enumerate(everything) if n not in late][:ENTRIES]
    waiting = [encode(everything[n]) for n in sorted(late, key=lambda _: dice.random())]
    writer = begin(folder / "log", first)
    build(folder / "log", folder / "site", languages=languages, processes=PROCESSES)
    times = []
    for number in range(ROUNDS):
        writer.append(waiting[number * NEW : (number + 1) * NEW])
        os.sync()  # else the disk is still busy with what was written before
        begun = time.perf_counter()
        built = build(folder / "log", folder / "site", languages=languages, processes=PROCESSES)
        times.append(time.perf_counter() - begun)
        if built.whole:
            raise RuntimeError("a hundred new entries led to a whole build")
    build(folder / "log", folder / "again", languages=languages, processes=PROCESSES)
    site, again = hashes_of(folder / "site"), hashes_of(folder / "again")
    differ = sum(site.get(path) != again.get(path) for path in site.keys() | again.keys())
    return len(first), times, differ


@bench(f"log: {NEW} new entries in the bulletin of a log of {ENTRIES:,}")
def coming() -> list[Row]:
    """Measure the build that follows new entries of as many stations, in one language and in three."""
    rows = []
    for languages, bar in ((("ru",), 1.0), (("kk", "ru", "en"), None)):
        with tempfile.TemporaryDirectory() as made:
            entries, times, differ = measure(Path(made), languages)
        which = ",".join(languages)
        rows += [
            Row(f"{which}: entries at the beginning", entries, ""),
            Row(
                f"{which}: {NEW} entries of {NEW} stations, median of {ROUNDS}",
                statistics.median(times),
                "s",
                bar,
            ),
            Row(f"{which}: files that differ from a site built anew", differ, "", 0),
        ]
    return rows
