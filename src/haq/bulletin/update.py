"""A site brought up to date: only what a change of the entries touches is made again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.districts import Districts, districts_after
from haq.bulletin.assemble.findings import Findings
from haq.bulletin.assemble.frames import Doubt, Frames, exchange, frames_of
from haq.bulletin.assemble.lists import PAGE
from haq.bulletin.assemble.sums import Place
from haq.bulletin.assemble.upper import Upper, area_names, assemble_upper, read_upper, removed_files
from haq.bulletin.checksums import changed_list
from haq.bulletin.evidence import look_at
from haq.bulletin.incremental import FEW, MANY, Touched, touched_by
from haq.bulletin.job import Built, Job, pages_of, with_upper
from haq.bulletin.memory import Memory, remember
from haq.bulletin.model import EvidenceFile, Problem
from haq.bulletin.overview import Overview
from haq.bulletin.pages import links
from haq.bulletin.reader import Piles
from haq.bulletin.roll import Roll
from haq.bulletin.setting import Setting
from haq.bulletin.state import State, save_facts, save_tables, tree_of
from haq.bulletin.work import Worker, chunk_of
from haq.bulletin.write import STATE, Writer
from haq.entries import AreaEntry


@dataclass(frozen=True)
class _Plan:
    """What is to be made again.

    Attributes:
        old: what the last build knew.
        touched: stations and areas.
        piles: lines of these stations, and all of no station.
        roll: see ``State.roll``.
        files: see ``State.files``.
        worker: makes the pages of stations and their findings.
        upper: what the areas say themselves.
        districts, atlas: everything added up.
        others: problems that belong to no unit.
    """

    old: State
    touched: Touched
    piles: Piles
    roll: Roll | None
    files: Mapping[str, EvidenceFile | str]
    worker: Worker
    upper: Upper
    districts: Districts
    atlas: Atlas
    others: list[Problem]


def update(job: Job, remembered: Future[Memory]) -> Built:
    """Make only what changed since the last build.

    Args:
        job: the build.
        remembered: what ``remember`` found in the folder before the job claimed it.

    Returns:
        What was written; every file is as a whole build makes it.

    Raises:
        Doubt: there is no site yet, the last build was another program's or was not finished, its state
            is not as it was left, or the change touches everything. No reader saw anything written then.
    """
    memory = remembered.result()
    if memory.notes != job.claim.notes:  # another build came in between
        memory = remember(job.out)
    gone, came = _before(job, memory)
    entries = Writer(job.out)
    with ThreadPoolExecutor(3) as threads:
        laid = threads.submit(job.entries.lay, entries, memory.notes)
        plan = _plan(job, memory.state, gone, came)
        laid.result()
        # From here on the site is changed, so that only a whole build can repair what is interrupted.
        job.begin()
        return _carry_out(job, memory, plan, entries, threads)


def _plan(job: Job, old: State, gone: Sequence[bytes], came: Sequence[bytes]) -> _Plan:
    """Read what changed, and add everything up again."""
    levels = {source.key: source.level for source in job.election.sources}
    touched = touched_by([*gone, *came], job.base, levels, old.frames, job.entries.line_of)
    if len(touched.units) > max(FEW, MANY * old.frames.stations.height):
        raise Doubt
    job.tell("finding what changed", 0, 1)
    arrived = _arrived(job, old)
    _touch_waiting(touched, old.frames, arrived, job.base)
    piles = job.entries.piles_of(touched, old.upper, gone, came, job.base)
    roll = job.entries.roll_of(piles)
    piles.stations = {unit: lines for unit, lines in piles.stations.items() if unit in touched.units}
    read, problems = read_upper(piles.upper, job.election)
    if any(isinstance(entry, AreaEntry) and entry.shape in arrived for entry, _, _ in read):
        raise Doubt  # a map that nobody could draw before
    files = {**old.files, **arrived}
    setting = Setting(job.context, area_names(read), files, removed_files(read))
    worker = Worker(setting, job.out, fresh=False)
    harvest = worker.read(chunk_of(sorted(piles.stations), piles.stations, job.entries.places_of))
    upper = assemble_upper(read, [*job.problems, *problems], setting)
    frames = exchange(old.frames, frames_of(with_upper(harvest, upper), setting), touched.units, setting)
    districts = districts_after(old.districts, old.frames, frames, touched.units, setting)
    atlas, others = job.atlas(frames, setting, upper, districts)
    if tree_of(atlas.tree.above) != old.tree:
        raise Doubt
    return _Plan(old, touched, piles, roll, files, worker, upper, districts, atlas, others)


def _carry_out(job: Job, memory: Memory, plan: _Plan, entries: Writer, threads: ThreadPoolExecutor) -> Built:
    """Write what is to be made again."""
    old, atlas, worker, touched = plan.old, plan.atlas, plan.worker, plan.touched
    frames, setting, units = atlas.frames, atlas.setting, touched.units
    writer, beside, kept = worker.writer, Writer(job.out), Writer(job.out)
    published = threads.submit(job.entries.publish, entries, memory.notes)
    downloads = threads.submit(job.downloads, frames, atlas, beside, (old.frames, old.downloads, units))
    tables = threads.submit(save_tables, frames, plan.districts, kept, old.frames, memory.notes["state"])
    places = _places_of(touched, old.frames, frames, atlas)
    moved = frames.stations is not old.frames.stations
    upper_lines = plan.piles.upper
    overview = Overview(
        atlas,
        writer,
        old.cards,
        log=job.log_view(plan.upper),
        placed=job.placed(upper_lines),
        processes=job.processes,
    )
    worker.write()
    atlas.prepare_some(places, old.frames, units)
    for place in places:
        overview.area(place, old.frames, units | touched.upper)
    before = atlas.findings
    if before.same_in(old.frames):
        atlas.lists.recall(old.lists)
    else:
        before = Findings(old.frames, setting, atlas.tree.above, old.districts)
    overview.findings(before, units | touched.upper)
    if moved:
        overview.search()
    overview.pictures()
    _publish(job, setting, old.frames, frames, writer)
    job.publish_revealed(plan.upper, writer)
    near = [*upper_lines, *(line for lines in plan.piles.stations.values() for line in lines)]
    problems = job.problems_of(atlas, plan.others, near)
    view = job.data_view(downloads.result(), atlas, problems, writer)
    published.result()
    digests = tables.result()
    writer.join(beside)
    writer.join(entries)
    writer.join(kept)
    overview.data(view)
    state = State(
        frames,
        plan.districts,
        tuple(upper_lines),
        plan.files,
        old.tree,
        plan.piles.odd,
        view.downloads,
        overview.cards,
        atlas.lists.pages(),
        plan.roll,
    )
    digests |= save_facts(state, writer)
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
    changes = job.entries.changes(memory, job.out)
    old = memory.state
    files, held_back = job.entries.files, job.entries.held_back
    if old.odd or old.files.keys() - files.keys() - held_back.keys():
        raise Doubt
    # What could not be shown may have been mended; what is shown is taken to be what it was.
    unshown = {s: files[s] for s, file in old.files.items() if isinstance(file, str) and s in files}
    reasons = {sha256: code for sha256, code in held_back.items() if sha256 in old.files}
    if any(old.files[sha256] != file for sha256, file in look_at(unshown, reasons).items()):
        raise Doubt
    return changes


def _arrived(job: Job, old: State) -> dict[str, EvidenceFile | str]:
    """Look at the files that were not there before."""
    files, held_back = job.entries.files, job.entries.held_back
    fresh = {sha256: path for sha256, path in files.items() if sha256 not in old.files}
    return look_at(fresh, {sha256: code for sha256, code in held_back.items() if sha256 not in old.files})


def _touch_waiting(touched: Touched, frames: Frames, arrived: Collection[str], base: str) -> None:
    """Touch the stations and areas whose files had been missing and came."""
    if not arrived:
        return
    missing = frames.problems.filter(pl.col("code") == "file-missing")
    for level, unit, values in missing.select("level", "unit", "values").iter_rows():
        if json.loads(values)["sha256"] in arrived:
            (touched.units if level == base else touched.upper).add(unit)


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
    for path in _gone_pages(old, atlas, job.languages):
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


def _gone_pages(old: Frames, atlas: Atlas, languages: Iterable[str]) -> Iterator[str]:
    """Name the pages of stations and findings that were there and are no more.

    A finding that was withdrawn keeps its page, which says so.
    """
    new = atlas.frames
    slugs, entries = pl.Series(dtype=pl.String), pl.Series(dtype=pl.String)
    if old.stations is not new.stations:
        slugs = old.stations.join(new.stations, on="slug", how="anti")["slug"]
    if old.findings is not new.findings or old.withdrawn is not new.withdrawn:
        before, now = (
            pl.concat(
                [
                    frames.findings.filter(pl.col("severity") == "error")["entry"],
                    frames.withdrawn.filter(pl.col("kind") == "finding")["entry"],
                ]
            )
            for frames in (old, new)
        )
        above = [one.entry for unit in atlas.upper.units.values() for one in unit.withdrawn]
        now = pl.concat([now, pl.Series("entry", above, dtype=pl.String)])
        entries = before.filter(~before.is_in(now.implode()))
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
