"""Entries to a site: read, map over stations, reduce over areas, write."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from haq.bulletin.assemble.frames import Doubt, frames_of
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.upper import area_names, assemble_upper, read_upper, removed_files
from haq.bulletin.checksums import list_of
from haq.bulletin.evidence import look_at
from haq.bulletin.job import LANGUAGES, Built, Job, Progress, with_upper
from haq.bulletin.memory import remember
from haq.bulletin.overview import Overview
from haq.bulletin.reader import sort_lines
from haq.bulletin.setting import Setting
from haq.bulletin.state import State, save_facts, save_tables, tree_of
from haq.bulletin.update import update
from haq.bulletin.work import search_beside, work_all
from haq.bulletin.write import LIST, LOCK, MARKER, Writer


def build(
    source: Path,
    out: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    base_url: str = "",
    processes: int | None = None,
    progress: Progress | None = None,
    full: bool = False,
) -> Built:
    """Build the site of an election, or bring it up to date.

    Args:
        source: folder of a log or of its mirror; folder with ``entries.jsonl`` (and ``files``,
            ``law.toml``), or that file; or a site that was built before from either.
        out: folder of the site: new, empty, or a site that was built before.
        languages: of the site, in order: ``kk``, ``ru``, ``en``.
        base_url: address of the site, for the cards that are shared; empty where it has none.
        processes: how many work at once; as many as there are cores when absent.
        progress: told what is being done.
        full: make everything again, whatever has not changed.

    Returns:
        What was written, and what is wrong with the entries.

    Raises:
        HaqError: no entry of an election, no law profile with its digest, a log that does not lead to its
            signed checkpoint or contradicts the one that the site shows, a folder that holds somebody else's
            files or in which another build is at work, an unknown language, or a disk that refuses.
    """
    with _without_collecting():
        # In a call of its own, so that nothing of it is left when collecting begins again.
        return _built(
            lambda: Job(source, out, languages, base_url, processes, progress, full=full), out, full=full
        )


def _built(begin: Callable[[], Job], out: Path, *, full: bool) -> Built:
    with ThreadPoolExecutor(1) as thread:
        remembered = None if full else thread.submit(remember, out)
        with closing(begin()) as job:
            if remembered is not None:
                try:
                    return update(job, remembered)
                except Doubt:
                    remembered = None  # its tables would only take room
            return _whole(job)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the search for circles among millions of values of which nearly all are still needed."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _whole(job: Job) -> Built:
    """Make everything; what lies there already with the same bytes is left alone."""
    fresh = not job.claim.notes
    writer, beside = Writer(job.out, fresh=fresh), Writer(job.out, fresh=fresh)
    job.begin()
    piles = sort_lines(job.entries.lines, job.base)
    read, problems = read_upper(piles.upper, job.election)
    seen = look_at(job.entries.files, job.entries.held_back)
    setting = Setting(job.context, area_names(read), seen, removed_files(read))
    harvest = Harvest()
    done = 0
    for part in work_all(
        piles.stations,
        setting,
        job.out,
        fresh=fresh,
        processes=job.processes,
        places=job.entries.places_of,
    ):
        harvest.join(part.harvest)
        writer.written += part.written
        writer.unchanged += part.unchanged
        writer.sums |= part.sums
        done += part.stations
        job.tell("writing the pages of stations", done, len(piles.stations))
    upper = assemble_upper(read, [*job.problems, *problems], setting)
    frames = frames_of(with_upper(harvest, upper), setting)
    atlas, others = job.atlas(frames, setting, upper)
    overview = Overview(
        atlas,
        writer,
        log=job.log_view(upper),
        placed=job.placed(piles.upper),
        processes=job.processes,
    )
    job.tell("writing the pages of areas", 0, len(atlas.places))
    with (
        search_beside(atlas, writer, processes=job.processes),
        ThreadPoolExecutor(1) as thread,
    ):
        downloads = thread.submit(job.downloads, frames, atlas, beside)
        job.entries.publish(writer, {})
        atlas.prepare()
        for number, place in enumerate(atlas.places):
            overview.area(place)
            job.tell("writing the pages of areas", number, len(atlas.places))
        overview.findings()
        overview.fixed()
        overview.pictures()
        job.publish(setting, frames.files["sha256"].unique(), writer)
        job.publish_revealed(upper, writer)
        job.tell("writing the downloads", 0, 1)
        listed = job.problems_of(atlas, others, piles.upper)
        view = job.data_view(downloads.result(), atlas, listed, writer)
    writer.join(beside)
    overview.data(view)
    tree = tree_of(atlas.tree.above)
    state = State(
        frames,
        atlas.districts,
        tuple(piles.upper),
        setting.files,
        tree,
        piles.odd,
        view.downloads,
        overview.cards,
        atlas.lists.pages(),
        job.entries.roll_of(piles),
    )
    digests = save_tables(frames, atlas.districts, writer, None, {}) | save_facts(state, writer)
    job.tell("removing what is no longer part of the site", 0, 1)
    writer.keep_only({MARKER, LOCK, LIST} | writer.paths)
    job.finish(digests, list_of(writer.sums), writer)
    return job.built(writer, atlas, view.problems, whole=True)


__all__ = ["LANGUAGES", "Built", "build"]
