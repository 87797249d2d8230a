"""The bulletin of a log: what comes in makes only its own pages again."""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench_bulletin import country, hashes_of
from registry import Row, bench

from haq.bulletin import build
from haq.entries import Entry, OfficialEntry, StationEntry, encode
from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.policies import Party, Policy
from haq.tlog.writer import Writer

#: Six entries a station: the list's, the declared result, and two copies with their readings.
STATIONS, ENTRIES, NEW, ROUNDS, PROCESSES = 16_800, 100_000, 100, 5, 2


def begin(root: Path, entries: Sequence[bytes]) -> Writer:
    """Begin a log."""
    key = SigningKey("bench.example/log", ED25519, bytes(32))
    writer = Writer(root, key)
    writer.create()
    (root / "policy").write_bytes(bytes(Policy((Party(key.public),), {}, {}, "none")))
    writer.append(entries)
    return writer


def parted(late: Callable[[Sequence[Entry]], list[list[int]]]) -> tuple[list[bytes], list[list[bytes]]]:
    """Write the entries of the beginning, and those that come in together later."""
    everything = list(country(STATIONS))
    groups = late(everything[:ENTRIES])  # stations that are on the list from the beginning
    held_back = {n for group in groups for n in group}
    first = [encode(entry) for n, entry in enumerate(everything) if n not in held_back]
    return first[:ENTRIES], [[encode(everything[n]) for n in group] for group in groups]


def measure(
    folder: Path, languages: Sequence[str], late: Callable[[Sequence[Entry]], list[list[int]]]
) -> tuple[int, list[float], int]:
    """Build a site of a log, let entries come in, and build again.

    Args:
        folder: to work in.
        languages: of the site.
        late: names the entries that come in, by their places among all: what comes in together.

    Returns:
        Entries at the beginning, the time of each round [s], and files that differ from a site built anew.
    """
    first, waiting = parted(late)
    writer = begin(folder / "log", first)
    build(folder / "log", folder / "site", languages=languages, processes=PROCESSES)
    times = []
    for lines in waiting:
        writer.append(lines)
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


def whole_sheets(everything: Sequence[Entry]) -> list[list[int]]:
    """Take everything that is known of some stations but that they exist: what comes in on the evening."""
    dice = random.Random(7)  # noqa: S311 (which stations come is no secret)
    lists = [n for n, entry in enumerate(everything) if isinstance(entry, StationEntry)]
    per_station = lists[1] - lists[0] - 1
    chosen = dice.sample(lists, NEW // per_station * ROUNDS)
    rounds = [chosen[number::ROUNDS] for number in range(ROUNDS)]
    return [[n + 1 + more for n in group for more in range(per_station)] for group in rounds]


def declared_results(everything: Sequence[Entry]) -> list[list[int]]:
    """Take one entry of as many stations as there are entries."""
    dice = random.Random(7)  # noqa: S311 (which stations come is no secret)
    official = [n for n, entry in enumerate(everything) if isinstance(entry, OfficialEntry)]
    chosen = dice.sample(official, NEW * ROUNDS)
    return [chosen[number::ROUNDS] for number in range(ROUNDS)]


@bench(f"log: {NEW} new entries in the bulletin of a log of {ENTRIES:,}")
def coming() -> list[Row]:
    """Measure the build that follows new entries of stations all over the country."""
    rows = []
    for languages in (("ru",), ("kk", "ru", "en")):
        for what, late, bar in (
            ("sheets of 20 stations with two copies each", whole_sheets, 1.0),
            # As many stations as entries: ten times the pages.
            ("declared results of 100 stations", declared_results, None),
        ):
            with tempfile.TemporaryDirectory() as made:
                entries, times, differ = measure(Path(made), languages, late)
            which = ",".join(languages)
            only = bar if len(languages) == 1 else None
            rows += [
                Row(f"{which}: {what}, entries at the beginning", entries, ""),
                Row(f"{which}: {what}, median of {ROUNDS}", statistics.median(times), "s", only),
                Row(f"{which}: {what}, files that differ from a site built anew", differ, "", 0),
            ]
    return rows
