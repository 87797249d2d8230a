"""The main job: the sources of an election in, checks, comparisons, totals and seats out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import polars as pl

from haq.check.election import Election
from haq.check.report import ContestReport, Pair, Report, SourceChecks
from haq.check.sources import Source, read_source
from haq.errors import HaqError
from haq.protocols import (
    RollUp,
    Totals,
    add_up,
    checks_of,
    columns_of,
    compare,
    flag_frame,
    one_per_unit,
    roll_up,
    same_units,
    value_of,
)
from haq.seats import Allocation, allocate

#: Name of all copies together, in place of a source's id.
TOGETHER = "all copies"

#: Called with what is being done, steps done and steps in all.
Progress = Callable[[str, int, int], None]


def check_election(election: Election, data: Path, progress: Progress | None = None) -> Report:
    """Check an election: read its sources, compare, check, add up and share out the seats.

    Args:
        election: the election.
        data: folder that the files of its sources are relative to.
        progress: told before each step.

    Returns:
        The report. It is the same for the same files, whatever machine or hour.

    Raises:
        HaqError: a file is missing, cannot be read, or lacks a mapped column.
    """
    keys = list(election.config.sources)
    steps = len(keys) + len(election.config.contests)
    tell = progress or (lambda *_: None)
    sources: dict[str, Source] = {}
    for done, key in enumerate(keys):
        tell(f"reading {election.config.sources[key].file}", done, steps)
        sources[key] = read_source(election, key, data)
    contests: dict[str, ContestReport] = {}
    for done, contest in enumerate(election.config.contests, start=len(keys)):
        tell(f"checking {contest}", done, steps)
        contests[contest] = _check_contest(election, contest, sources)
    tell("done", steps, steps)
    return Report(election, sources, contests, tuple(_notes(election, sources)))


def _notes(election: Election, sources: dict[str, Source]) -> Iterator[str]:
    for source in sources.values():
        for note in source.table.notes:
            yield f"{source.name}: {note}"
    if not election.profile.confirmed:
        yield f"law profile {election.profile.key} as a whole is not confirmed against the law's text"


def _check_contest(election: Election, contest: str, sources: dict[str, Source]) -> ContestReport:
    ours = [s for s in sources.values() if s.contest == contest]
    base = election.base_level
    declared = {level: _declared(ours, level) for level in dict.fromkeys(s.level for s in ours)}
    frames = {
        key: source.frame if source.config.kind == "official" else one_per_unit(source.frame, _keys(source))
        for key in declared.values()
        if (source := sources[key])
    }
    units = {level: _units(sources.values(), ours, level) for level in declared}

    copies: dict[str, Pair] = {}
    versions: dict[str, Pair] = {}
    for source in ours:
        against = declared[source.level]
        if against == source.key:
            continue
        pair = _pair(election, source, sources[against], frames[against], units[source.level])
        if pair is not None:
            (copies if source.config.kind == "copies" else versions)[source.key] = pair

    totals = {
        key: add_up(
            frame, lines=sources[key].lines, choices=sources[key].choices, of=units[sources[key].level]
        )
        for key, frame in frames.items()
        if sources[key].choices
    }
    main = declared.get(base, "")
    at_base = [s for s in ours if s.key in copies and s.level == base]
    if len(at_base) == 1 and at_base[0].frame["unit"].n_unique() == at_base[0].frame.height:
        together: Pair | None = copies[at_base[0].key]
    else:
        together = _together(election, at_base, sources, frames, units)
    seats, note = _seats(election, contest, totals.get(main), sources[main] if main else None)
    official = [s for s in ours if s.level == base and s.config.kind == "official"]
    return ContestReport(
        key=contest,
        stations=units.get(base, 0),
        declared=main,
        stands_in=bool(copies) and not official,
        official=sources[main].frame.height if official else 0,
        copies=copies,
        together=together,
        together_seats=_seats_on_both(election, contest, together, seats),
        versions=versions,
        between=tuple(_between(election, [sources[key] for key in copies], units)),
        checks={source.key: _checks(election, source) for source in ours},
        rolls=tuple(_rolls(election, declared, sources, frames)),
        totals=totals,
        seats=seats,
        seats_note=note,
    )


def _between(election: Election, copies: Sequence[Source], units: dict[str, int]) -> Iterator[Pair]:
    """Compare the copies of every two sources of one level, which may be two organisations."""
    for first, second in combinations(copies, 2):
        if first.level == second.level:
            reduced = one_per_unit(second.frame, _keys(second))
            pair = _pair(election, first, second, reduced, units[first.level])
            if pair is not None:
                yield pair


def _together(
    election: Election,
    copies: Sequence[Source],
    sources: dict[str, Source],
    frames: dict[str, pl.DataFrame],
    units: dict[str, int],
) -> Pair | None:
    """Put the copies of all sources together: a line counts where no two copies differ on it."""
    if not copies:
        return None
    against = next(key for key in frames if sources[key].level == copies[0].level)
    lines = tuple(dict.fromkeys(k for s in copies for k in s.lines))
    choices = tuple(
        k for k in election.config.contests[copies[0].contest].choices if any(k in s.choices for s in copies)
    )
    stacked = pl.concat([s.frame.select("unit", *_keys(s)) for s in copies], how="diagonal")
    frame = (
        one_per_unit(stacked, (*lines, *choices))
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
    )
    merged = replace(copies[0], key=TOGETHER, frame=frame, lines=lines, choices=choices)
    return _pair(election, merged, sources[against], frames[against], units[copies[0].level])


def _keys(source: Source) -> tuple[str, ...]:
    return (*source.lines, *source.choices)


def _declared(sources: Sequence[Source], level: str) -> str:
    """Choose the source that stands for the official result of a level.

    The latest version of the official result; without one, the second source of copies
    stands in; a single source of copies stands alone.
    """
    here = [s for s in sources if s.level == level]
    official = [s for s in here if s.config.kind == "official"]
    if official:
        return max(official, key=lambda s: s.config.version).key
    copies = [s for s in here if s.config.kind == "copies"]
    return copies[min(1, len(copies) - 1)].key


def _units(everything: Iterable[Source], ours: Sequence[Source], level: str) -> int:
    """Count the units of a level that are known from any protocol or list of stations."""
    known = [s.frame["unit"] for s in ours if s.level == level]
    known += [s.frame["unit"] for s in everything if s.config.kind == "stations" and s.level == level]
    return known[0].n_unique() if len(known) == 1 else pl.concat(known).n_unique()


def _pair(
    election: Election, source: Source, against: Source, declared: pl.DataFrame, of: int
) -> Pair | None:
    """Compare a source with another of its level on the keys that both hold."""
    lines = tuple(k for k in source.lines if k in against.lines)
    choices = tuple(k for k in source.choices if k in against.choices)
    if not lines and not choices:
        return None
    form = election.profile.form(source.level)
    spoiled = {
        line
        for name in ("blank", "invalid")
        if name in form.quantities
        for line in columns_of(form.quantities[name], ())
    }
    comparison = compare(
        declared,
        source.frame,
        lines=lines,
        choices=choices,
        spoiled=[k for k in lines if k in spoiled],
    )
    return Pair(source.key, against.key, comparison, same_units(comparison, choices=choices, of=of))


def _checks(election: Election, source: Source) -> SourceChecks:
    form = election.profile.form(source.level)
    choices = tuple(election.config.contests[source.contest].choices)
    keys = _keys(source)
    flags = flag_frame(source.frame.select(keys), form=form, choices=choices)
    codes = flags.columns
    counted = flags.select(
        *(pl.col(c).sum().alias(f"{c}:n") for c in codes),
        *(pl.col(c).null_count().alias(f"{c}:unknown") for c in codes),
    )
    row = counted.row(0, named=True) if codes else {}
    return SourceChecks(
        source=source.key,
        checks=checks_of(form, keys, choices),
        flags=flags,
        flagged={c: int(row[f"{c}:n"]) for c in codes},
        unknown={c: int(row[f"{c}:unknown"]) for c in codes},
    )


def _rolls(
    election: Election,
    declared: dict[str, str],
    sources: dict[str, Source],
    frames: dict[str, pl.DataFrame],
) -> Iterator[tuple[RollUp, str, str]]:
    """Add every official level up to the next official level above it."""
    levels = [
        level.key
        for level in election.profile.levels
        if (key := declared.get(level.key)) and sources[key].config.kind == "official"
    ]
    top = election.profile.levels[-1].key
    for below, above in pairwise(levels):
        child, parent = sources[declared[below]], sources[declared[above]]
        children, parents = child.frame, frames[parent.key]
        if above not in children.columns and above == top and parents.height == 1:
            children = children.with_columns(pl.lit(parents["unit"][0]).alias(above))
        if above in children.columns:
            lines = [k for k in _keys(child) if k in _keys(parent)]
            yield (
                roll_up(children, parents, level=above, below=below, lines=lines),
                child.key,
                parent.key,
            )


def _seats(
    election: Election, contest: str, totals: Totals | None, source: Source | None
) -> tuple[Allocation | None, str]:
    """Share out the seats on the totals of the declared source, where the rules allow it."""
    config, rules = election.config.contests[contest], election.rules_of(contest)
    seats = config.seats or rules.seats
    if rules.seat_rule is None or totals is None or source is None:
        return None, ""
    if config.covers == "part":
        return None, "the files cover only a part of the country, so seats cannot be computed from them"
    if seats is None:
        return None, "the number of seats is not known; give contests.<key>.seats"
    missing = [c for c in config.choices if c not in source.choices]
    if missing:
        return None, f"no column holds {', '.join(missing)}, so seats cannot be computed"
    quantities = election.profile.form(source.level).quantities
    known = {
        name: value_of(quantities[name], totals.sums, source.choices)
        for name in ("turnout", "registered")
        if name in quantities and not quantities[name].constant
    }
    try:
        allocation = allocate(
            {c: totals.sums[c] for c in config.choices},
            kinds={c: choice.kind for c, choice in config.choices.items()},
            rule=rules.seat_rule,
            seats=seats,
            turnout=known.get("turnout"),
            registered=known.get("registered"),
        )
    except HaqError as error:
        return None, str(error)
    return allocation, "; ".join(allocation.notes)


def _seats_on_both(
    election: Election, contest: str, together: Pair | None, seats: Allocation | None
) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
    """Share out the seats twice on the stations that have copies: by the copies, and as declared."""
    config, rules = election.config.contests[contest], election.rules_of(contest)
    if together is None or seats is None or rules.seat_rule is None:
        return None
    both: list[Mapping[str, int]] = []
    for sums in (together.same.copies, together.same.declared):
        try:
            allocation = allocate(
                {c: sums[c] for c in config.choices if c in sums},
                kinds={c: choice.kind for c, choice in config.choices.items()},
                rule=rules.seat_rule,
                seats=config.seats or rules.seats,
            )
        except HaqError:
            return None
        both.append(allocation.seats)
    return both[0], both[1]
