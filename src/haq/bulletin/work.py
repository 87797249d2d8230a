"""The map: stations to pages, by as many processes as there are cores."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.station import (
    assemble_station,
    finding_views,
    gone_findings,
    harvest_station,
)
from haq.bulletin.assemble.stations import search_places
from haq.bulletin.model import Context, Place, StationView
from haq.bulletin.overview import write_search
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.finding import finding_page
from haq.bulletin.pages.station import station_page
from haq.bulletin.pages.withdrawn import gone_finding_page
from haq.bulletin.setting import Setting
from haq.bulletin.write import Writer
from haq.entries import digest
from haq.tlog.merkle import leaf_hash

#: Stations a process takes at once: long enough to be worth sending, short enough to share evenly.
CHUNK = 100
#: Below so many stations processes take longer to start than the pages take to write.
FEW = 400

#: Station, its lines, and their places in the log if there is one.
Chunk = Sequence[tuple[str, Sequence[bytes], Sequence[int]]]
#: Gives the places in the log of some lines; nothing where there is no log.
Places = Callable[[Sequence[bytes]], Sequence[int]]


@dataclass
class Yield:
    """What a part of the stations came to.

    Attributes:
        harvest: the rows that they leave behind.
        stations: how many they are.
        written, unchanged: how many files.
        sums: path -> SHA-256 [32 bytes] of each of these files.
    """

    harvest: Harvest
    stations: int
    written: int
    unchanged: int
    sums: dict[str, bytes]


class Worker:
    """Writes the pages of stations and of their findings, in every language."""

    def __init__(self, setting: Setting, out: Path, *, fresh: bool) -> None:
        self.setting = setting
        self.writer = Writer(out, fresh=fresh)
        self._views: list[tuple[StationView, dict[str, tuple[int, str]]]] = []
        context = setting.context
        self.desks = [(language, Desk(context, language)) for language in context.languages]

    def work(self, chunk: Chunk) -> Yield:
        """Make the pages of some stations.

        Args:
            chunk: stations with their lines.

        Returns:
            The rows that they leave behind, and the files that were written.
        """
        writer = self.writer
        written, unchanged, writer.sums = writer.written, writer.unchanged, {}
        harvest = self.read(chunk)
        self.write()
        written, unchanged = writer.written - written, writer.unchanged - unchanged
        return Yield(harvest, len(chunk), written, unchanged, writer.sums)

    def read(self, chunk: Chunk) -> Harvest:
        """Put some stations together, to be written later."""
        harvest = Harvest()
        for unit, lines, places in chunk:
            # By station: what a page says must not depend on which others are made along with it.
            placed: dict[str, tuple[int, str]] = {}
            for line, place in zip(lines, places, strict=False):
                placed.setdefault(digest(line), (place, leaf_hash(line).hex()))
            view, read = assemble_station(unit, lines, self.setting)
            harvest_station(view, read, harvest)
            if view is not None:
                self._views.append((view, placed))
        return harvest

    def write(self) -> None:
        """Write the pages of the stations that were read, and of their findings."""
        writer = self.writer
        for view, placed in self._views:
            findings, gone = list(finding_views(view)), list(gone_findings(view))
            for language, desk in self.desks:
                desk.placed = placed
                writer(f"{language}/{links.station_path(view.slug)}", station_page(desk, view).encode())
                for finding in findings:
                    path = links.finding_path(finding.found.id)
                    writer(f"{language}/{path}", finding_page(desk, finding).encode())
                for one in gone:
                    path = links.finding_path(one.entry.page)
                    writer(f"{language}/{path}", gone_finding_page(desk, one).encode())
        self._views.clear()


_worker: Worker | None = None


def _start(setting: Setting, out: Path, fresh: bool) -> None:
    global _worker
    _worker = Worker(setting, out, fresh=fresh)
    # Pages leave no circles behind that are worth looking for after every few hundred objects.
    gc.freeze()
    gc.disable()


def _work(chunk: Chunk) -> Yield:
    assert _worker is not None  # noqa: S101 (started by _start)
    result = _worker.work(chunk)
    gc.collect(1)
    return result


def chunks_of(stations: Mapping[str, Sequence[bytes]], places: Places) -> Iterator[Chunk]:
    """Cut the stations into parts, in the order of their keys."""
    units = sorted(stations)
    for start in range(0, len(units), CHUNK):
        yield chunk_of(units[start : start + CHUNK], stations, places)


def chunk_of(units: Iterable[str], stations: Mapping[str, Sequence[bytes]], places: Places) -> Chunk:
    """Take some stations."""
    return [(unit, stations[unit], places(stations[unit])) for unit in units]


def work_all(
    stations: Mapping[str, Sequence[bytes]],
    setting: Setting,
    out: Path,
    *,
    fresh: bool,
    processes: int,
    places: Places = lambda _: (),
) -> Iterator[Yield]:
    """Make the pages of all stations.

    Args:
        stations: station -> its lines.
        setting: the election.
        out: folder of the site.
        fresh: whether nothing is there yet.
        processes: how many; with one, or where none can be started, the work is done here.
        places: gives the places in the log of some lines.

    Yields:
        What each part came to, in any order.
    """
    parts = list(chunks_of(stations, places))
    if processes > 1 and len(stations) > FEW:
        done = 0
        try:
            for result in _in_processes(parts, setting, out, fresh, processes):
                done += 1
                yield result
            return
        except (OSError, BrokenProcessPool, ImportError):
            if done:
                raise
    worker = Worker(setting, out, fresh=fresh)
    yield from map(worker.work, parts)


def _in_processes(
    parts: Iterable[Chunk], setting: Setting, out: Path, fresh: bool, processes: int
) -> Iterator[Yield]:
    with ProcessPoolExecutor(processes, _kind_of_process(), _start, (setting, out, fresh)) as pool:
        waiting = {pool.submit(_work, part) for part in parts}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


@contextmanager
def search_beside(atlas: Atlas, writer: Writer, *, processes: int) -> Iterator[None]:
    """Write the search in a process of its own while the pages of areas are written here.

    Args:
        atlas: all areas and stations.
        writer: takes over what was written.
        processes: with one, or for few stations, the search is written here, at the end.
    """
    places = list(search_places(atlas.frames, atlas.setting))
    task = (atlas.setting.context, places, writer.out, writer.fresh)
    if processes > 1 and len(places) > FEW:
        try:
            with ProcessPoolExecutor(1, _kind_of_process()) as pool:
                future = pool.submit(_search, *task)
                yield
                writer.join(future.result())
            return
        except (BrokenProcessPool, ImportError):
            pass
    else:
        yield
    writer.join(_search(*task))


def _search(context: Context, places: Sequence[Place], out: Path, fresh: bool) -> Writer:
    writer = Writer(out, fresh=fresh)
    write_search(places, [(language, Desk(context, language)) for language in context.languages], writer)
    return writer


def _kind_of_process() -> BaseContext:
    # Polars keeps threads, which a fork would lose.
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
