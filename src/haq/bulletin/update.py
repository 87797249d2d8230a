"""A site brought up to date: only what a change of the entries touches is made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from mmap import ACCESS_READ, mmap

import polars as pl

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.findings import Findings
from haq.bulletin.assemble.frames import Doubt, Frames, exchange, frames_of
from haq.bulletin.assemble.lists import PAGE
from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.upper import area_names, assemble_upper, read_upper
from haq.bulletin.checksums import changed_list
from haq.bulletin.evidence import look_at
from haq.bulletin.incremental import (
    FEW,
    MANY,
    Touched,
    changed_lines,
    piles_of,
    touched_by,
)
from haq.bulletin.job import ENTRIES, Built, Job, pages_of, with_upper
from haq.bulletin.memory import Memory, remember
from haq.bulletin.model import EvidenceFile
from haq.bulletin.overview import Overview
from haq.bulletin.pages import links
from haq.bulletin.setting import Setting
from haq.bulletin.state import State, save_facts, save_tables, tree_of
from haq.bulletin.work import Worker
from haq.bulletin.write import STATE, Writer


def update(job: Job, remembered: Future[Memory]) -> Built:
    """Make only what changed since the last build.

    Args:
        job: the build.
        remembered: what ``remember`` found in the folder before the job claimed it.

    Returns:
        What was written; every file is as a whole build makes it.

    Raises:
        Doubt: there is no site yet, the last build was another program's or was not finished, its state
            is not as it was left, or the change touches everything. Nothing was written then.
    """
    memory = remembered.result()
    if memory.notes != job.claim.notes:  # another build came in between
        memory = remember(job.out)
    old = memory.state
    gone, came = _before(job, memory)
    levels = {source.key: source.level for source in job.election.sources}
    touched = touched_by([*gone, *came], job.base, levels, old.frames)
    if len(touched.units) > max(FEW, MANY * old.frames.stations.height):
        raise Doubt
    job.tell("finding what changed", 0, 1)
    piles = piles_of(job.entries.data, touched, old.upper, gone, came, job.base)
    read, problems = read_upper(piles.upper, job.election)
    setting = Setting(job.context, area_names(read), old.files)
    worker = Worker(setting, job.out, fresh=False)
    harvest = worker.read([(unit, piles.stations[unit]) for unit in sorted(piles.stations)])
    upper = assemble_upper(read, [*job.problems, *problems], setting)
    frames = exchange(old.frames, frames_of(with_upper(harvest, upper), setting), touched.units, setting)
    atlas, others = job.atlas(frames, setting, upper)
    if tree_of(atlas.tree.above) != old.tree:
        raise Doubt

    # From here on the site is changed, so that only a whole build can repair what is interrupted.
    job.claim.mark({"complete": False})
    writer, beside, entries, kept = worker.writer, Writer(job.out), Writer(job.out), Writer(job.out)
    places = _places_of(touched, old.frames, frames, atlas)
    moved = frames.stations is not old.frames.stations
    overview = Overview(atlas, writer, old.cards)
    with ThreadPoolExecutor(3) as threads:
        downloads = threads.submit(job.downloads, frames, atlas, beside, old.downloads)
        published = threads.submit(
            entries,
            ENTRIES,
            job.entries.data,
            changed=job.sha256 != memory.notes["entries"],
            sha256=bytes.fromhex(job.sha256),
        )
        tables = threads.submit(save_tables, frames, kept, old.frames, memory.notes["state"])
        worker.write()
        for place in places:
            overview.area(place, old.frames, touched.units | touched.upper)
        before = atlas.findings
        if not before.same_in(old.frames):
            before = Findings(old.frames, setting, atlas.tree.above)
        overview.findings(before, touched.units | touched.upper)
        if moved:
            overview.search()
        _publish(job, setting, old.frames, frames, writer)
        count = old.count + len(came) - len(gone)
        view = job.data_view(downloads.result(), atlas, others, count, writer)
        published.result()
    writer.join(beside)
    writer.join(entries)
    writer.join(kept)
    overview.data(view)
    state = State(
        frames,
        tuple(piles.upper),
        old.files,
        old.tree,
        piles.odd,
        view.downloads,
        overview.cards,
        view.entries,
    )
    digests = tables.result() | save_facts(state, writer)
    writer.kept.update(overview.findings_paths(), (download.path for download in view.downloads))
    _sweep(job, writer, old.frames, atlas, places, moved=moved)
    job.finish(digests, changed_list(memory.listed, writer.sums, writer.gone), writer)
    return job.built(writer, atlas, view.problems, whole=False)


def _before(job: Job, memory: Memory) -> tuple[list[bytes], list[bytes]]:
    """Make sure that a site can be brought up to date from what the last build left.

    Returns:
        The lines of the entries that went, and those that came.
    """
    if any(memory.notes.get(key) != value for key, value in job.stamp().items()):
        raise Doubt
    old = memory.state
    files, held_back = job.entries.files, job.entries.held_back
    if old.odd or set(old.files) != files.keys() | held_back.keys():
        raise Doubt
    # What could not be shown may have been mended; what is shown is taken to be what it was.
    unshown = {s: files[s] for s, file in old.files.items() if isinstance(file, str) and s in files}
    if any(old.files[sha256] != file for sha256, file in look_at(unshown, held_back).items()):
        raise Doubt
    try:
        # The entries as they were are compared where they lie, without a copy of all of them.
        with (job.out / ENTRIES).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return changed_lines(data, job.entries.data)
    except (OSError, ValueError) as error:
        raise Doubt from error


def _publish(job: Job, setting: Setting, old: Frames, new: Frames, writer: Writer) -> None:
    """Publish evidence files that were not shown before, and keep the others."""
    before, fresh = set(old.files["sha256"]), set()
    for sha256 in set(new.files["sha256"]):
        file = setting.files[sha256]
        if sha256 in before and isinstance(file, EvidenceFile) and (job.out / file.path).is_file():
            writer.kept.add(file.path)
        else:
            fresh.add(sha256)
    job.publish(setting, fresh, writer)


def _sweep(
    job: Job, writer: Writer, old: Frames, atlas: Atlas, places: Iterable[Place], *, moved: bool
) -> None:
    """Remove what the last build wrote and a whole one would not write now."""
    for path in _gone_pages(old, atlas.frames, job.languages):
        writer.remove(path)
    folders = ["data", "files", "assets/pictures", STATE]
    folders += [f"{language}/findings" for language in job.languages]
    if moved:
        folders += ["assets/search", *(f"{language}/find" for language in job.languages)]
    for folder in folders:
        writer.keep_only(writer.paths, folder)
    for place in places:
        before = -(-old.stations.filter(atlas.tree.stations(place)).height // PAGE)
        after = -(-len(atlas.stations_of(place)) // PAGE)
        for page in range(max(after, 1) + 1, before + 1):
            for language in job.languages:
                writer.remove(f"{language}/{links.area_path(atlas.tree.ref(place).slug, page)}")


def _gone_pages(old: Frames, new: Frames, languages: Iterable[str]) -> Iterator[str]:
    """Name the pages of stations and findings that were there and are no more."""
    slugs, entries = pl.Series(dtype=pl.String), pl.Series(dtype=pl.String)
    if old.stations is not new.stations:
        slugs = old.stations.join(new.stations, on="slug", how="anti")["slug"]
    if old.findings is not new.findings:
        before = old.findings.filter(pl.col("severity") == "error")
        entries = before.join(new.findings, on="entry", how="anti")["entry"]
    yield from pages_of(slugs, entries, languages)


def _places_of(touched: Touched, old: Frames, new: Frames, atlas: Atlas) -> list[Place]:
    """Name the areas whose pages a change touches: those of the stations, and all above them."""
    tree = atlas.tree
    asked = pl.Series(list(touched.units), dtype=pl.String).implode()
    found = {tree.root}
    for frame in (old.stations, new.stations):
        rows = frame.filter(pl.col("unit").is_in(asked))
        for level in atlas.setting.above:
            found.update((level, key) for key in rows[f"area:{level}"].drop_nulls().to_list())
    found.update(place for place in tree.above if place[1] in touched.upper)
    found.update(above for place in list(found) for above in tree.chain(place))
    return sorted(place for place in found if place == tree.root or place in tree.above)
