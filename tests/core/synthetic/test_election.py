"""An election with a known truth: exact sums, honest relations, everything accounted for."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.errors import InputError
from haq.synthetic import LINES, Spec, SyntheticElection, load_spec, make, parse_spec, truth, write

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("HAQ_SHARED_DATA", ROOT.parent / "shared" / "data"))
NAME = {"kk": "а", "ru": "б", "en": "c"}


@pytest.fixture(scope="module")
def kazakhstan() -> SyntheticElection:
    return make(load_spec(ROOT / "examples" / "kazakhstan-2021" / "synthetic.toml"))


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    regions: list[dict[str, Any]] = []
    for key in draw(
        st.lists(st.sampled_from(["KZ-11", "KZ-15", "KZ-71"]), min_size=1, max_size=3, unique=True)
    ):
        stations = draw(st.integers(3, 9))
        regions.append(
            {
                "key": key,
                "name": NAME,
                "stations": stations,
                "districts": draw(st.integers(1, 2)),
                "registered": stations * draw(st.integers(400, 2000)),
                "turnout": draw(st.floats(0.2, 0.95)),
            }
        )
    registered = sum(region["registered"] for region in regions)
    took_part = registered * draw(st.integers(40, 95)) // 100
    choices = draw(st.integers(2, 4))
    votes = [took_part * share // 100 for share in (60, 20, 10, 5)[:choices]]
    how = st.sampled_from(["moved", "added", "unbalanced"])
    level = st.sampled_from(["station", "district", "region", "centre"])
    planted = draw(st.lists(st.tuples(level, how), max_size=3, unique_by=lambda pair: pair[0]))
    return parse_spec(
        {
            "key": "small",
            "title": NAME,
            "seed": draw(st.integers(0, 50)),
            "national": {"registered": registered, "took_part": took_part, "invalid": took_part // 100},
            "choices": [{"key": f"list_{i}", "votes": v, "name": NAME} for i, v in enumerate(votes)],
            "regions": regions,
            "kinds": [{"key": "ordinary"}, {"key": "hospital", "share": 0.1, "turnout": 1.0}],
            "dispersion": {
                "turnout": {"station": 0.4},
                "shares": {"region": 0.2, "station": 0.3},
                "size": draw(st.floats(0, 1.5)),
            },
            "organisations": [
                {"key": "citizens", "name": NAME, "coverage": draw(st.floats(0, 1))},
                {"key": "lawyers", "name": NAME, "coverage": 1.0, "grades": {"A": 0.5, "C": 0.5}},
            ],
            "slips": {"swap": 0.02, "misread": 0.02, "empty": 0.02, "unreadable": 0.02},
            "alterations": [
                {"level": level, "how": how, "count": 1, "gains": "list_0", "size": [1, 5]}
                for level, how in planted
            ],
        }
    )


def figures(spec: Spec) -> list[str]:
    return [*LINES, *spec.choice_keys]


def sums(frame: pl.DataFrame, names: list[str]) -> dict[str, int]:
    return frame.select(pl.col(names).sum()).row(0, named=True)


def broken(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """Keep the sheets that break a control relation of the Kazakh form."""
    c = pl.col
    found = pl.sum_horizontal(*spec.choice_keys, "ballots_invalid", "ballots_wrong_form")
    used = c("ballots_issued") + c("ballots_unused_cancelled") + c("ballots_spoiled_replaced")
    honest = (
        (c("ballots_received") == used)
        & (c("ballots_in_boxes") == found)
        & (c("ballots_in_boxes") <= c("ballots_issued"))
        & (c("ballots_issued") <= c("registered"))
        & (c("issued_outside") <= c("ballots_issued"))
        & (c("issued_absentee") <= c("ballots_issued"))
        & pl.all_horizontal(c(figures(spec)) >= 0)
    )
    return frame.filter(~honest)


def check_everything(election: SyntheticElection) -> None:
    spec = election.spec
    names = figures(spec)
    national = spec.national

    # Declared station figures add up exactly; voters and keys are whole.
    declared = sums(election.official, names)
    assert {choice.key: choice.votes for choice in spec.choices}.items() <= declared.items()
    assert declared["registered"] == national.registered
    assert declared["ballots_issued"] == national.took_part
    assert declared["ballots_invalid"] == national.invalid
    assert declared["ballots_wrong_form"] == national.wrong_form
    assert election.stations["station"].n_unique() == spec.station_count
    assert election.stations["registered"].equals(election.official["registered"])
    by_region = election.stations.group_by("region").agg(pl.len(), pl.col("registered").sum())
    assert {row[0]: row[1:] for row in by_region.iter_rows()} == {
        region.key: (region.stations, region.registered) for region in spec.regions
    }

    # What was counted obeys the form, and is what was declared minus what was planted.
    assert broken(election.counted, spec).is_empty()
    unbalanced = {
        one.key for one in election.alterations if one.level == "station" and one.how == "unbalanced"
    }
    assert set(broken(election.official, spec)["station"]) == unbalanced
    changes = {
        (one.level, one.key, line): change
        for one in election.alterations
        for line, change in one.changes.items()
    }
    assert differences(election.official, election.counted, "station", names) == {
        key[1:]: change for key, change in changes.items() if key[0] == "station"
    }

    # Every summary is the sum of the level below it plus its own alterations.
    below = election.official
    for level, frame in election.summaries.items():
        if level == "centre":
            below = below.with_columns(centre=pl.lit("centre"))
        added = below.group_by(level).agg(pl.col(names).sum())
        assert set(frame[level]) == set(added[level])
        assert differences(frame, added, level, names) == {
            key[1:]: change for key, change in changes.items() if key[0] == level
        }
        below = frame

    # A copy shows what was counted, except for the slips that are told.
    for name, copies in election.copies.items():
        assert copies["station"].n_unique() == copies.height
        slips = {(s.station, s.line): s for s in election.slips if s.organisation == name}
        assert differences(copies, election.counted, "station", names).keys() == slips.keys()
        rows = {row["station"]: row for row in copies.iter_rows(named=True)}
        for (station, line), slip in slips.items():
            assert rows[station][line] == slip.written != slip.counted


def differences(
    left: pl.DataFrame, right: pl.DataFrame, key: str, names: list[str]
) -> dict[tuple[str, str], int | None]:
    """Subtract figures of two frames; None where the left one has no figure."""
    both = left.join(right, on=key, suffix="_other", how="left", validate="1:1")
    found: dict[tuple[str, str], int | None] = {}
    for row in both.iter_rows(named=True):
        for name in names:
            if row[name] is None:
                found[row[key], name] = None
            elif row[name] != row[f"{name}_other"]:
                found[row[key], name] = row[name] - row[f"{name}_other"]
    return found


@settings(max_examples=60, deadline=None)
@given(specs())
def test_small_elections_are_exact_in_every_figure(spec: Spec) -> None:
    election = make(spec)
    check_everything(election)
    json.dumps(truth(election))


def test_kazakhstan_is_exact_in_every_figure(kazakhstan: SyntheticElection) -> None:
    check_everything(kazakhstan)


def test_kazakhstan_adds_up_to_the_official_national_result(kazakhstan: SyntheticElection) -> None:
    folder = SHARED / "kazakhstan"
    if not folder.is_dir():
        pytest.skip(f"the official figures are not here: {folder} is absent")
    with (folder / "majilis_turnout.csv").open(encoding="utf-8") as file:
        turnout = next(row for row in csv.DictReader(file) if row["election"] == "2021")
    with (folder / "majilis_party_results.csv").open(encoding="utf-8") as file:
        votes = [int(row["votes"]) for row in csv.DictReader(file) if row["election"] == "2021"]
    declared = sums(kazakhstan.official, figures(kazakhstan.spec))
    assert [declared[key] for key in kazakhstan.spec.choice_keys] == votes
    assert declared["registered"] == int(turnout["registered"])
    assert declared["ballots_issued"] == int(turnout["took_part_or_ballots"])
    assert sum(votes) == int(turnout["valid_votes_base"])
    assert kazakhstan.official.height == int(turnout["polling_stations"])
    assert kazakhstan.official["region"].n_unique() == 17


def test_kazakhstan_has_something_to_find_at_every_level(kazakhstan: SyntheticElection) -> None:
    told = truth(kazakhstan)
    assert told["counts"]["altered_stations"] == 240
    assert 0 < told["counts"]["altered_stations_shown"] < 240
    assert {one["level"] for one in told["alterations"]} == {"station", "district", "region"}
    assert {one["kind"] for one in told["slips"]} == {"swap", "misread", "empty", "unreadable"}
    # Organisations overlap, so that copies can be compared with each other.
    stations = [set(frame["station"]) for frame in kazakhstan.copies.values()]
    assert stations[0] & stations[1] & stations[2]
    share = kazakhstan.copies["students"].height / kazakhstan.stations.height
    assert 0.12 < share < 0.2


def test_the_honest_part_of_kazakhstan_has_no_artefacts_of_digits(kazakhstan: SyntheticElection) -> None:
    counted = kazakhstan.counted
    for line in ("nur_otan", "ballots_issued", "registered"):
        digits = counted.filter(pl.col(line) >= 100).select(pl.col(line) % 10).to_series()
        expected = len(digits) / 10
        chi2 = sum((digits.to_list().count(digit) - expected) ** 2 / expected for digit in range(10))
        assert chi2 < 27.9, line  # 0.999 quantile of chi-square with 9 degrees of freedom
    # Percentages that round to a whole number are as frequent as their neighbours.
    large = counted.filter(pl.col("registered") >= 800)
    tenths = large.select(
        (pl.col("ballots_issued") * 1000 / pl.col("registered")).round().cast(pl.Int64) % 10
    )
    whole = tenths.to_series().to_list().count(0)
    mean, deviation = large.height * 0.1, (large.height * 0.09) ** 0.5
    assert abs(whole - mean) < 4 * deviation


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(
    tmp_path: Path, format: Literal["csv", "parquet"], small: Callable[..., Spec]
) -> None:
    first = write(make(small()), tmp_path / "a", format=format)
    again = write(make(small()), tmp_path / "b", format=format)
    other = write(make(small(seed=4)), tmp_path / "c", format=format)
    assert [p.name for p in first] == [p.name for p in again] == [p.name for p in other]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    assert dict(zip(first, other, strict=True))[first[2]].read_bytes() != first[2].read_bytes()


def test_other_copies_leave_the_votes_as_they_are(small: Callable[..., Spec]) -> None:
    fewer = [{"key": "lawyers", "name": NAME, "coverage": 0.2}]
    assert make(small()).official.equals(make(small(organisations=fewer)).official)


def test_csv_keeps_empty_and_unreadable_apart(tmp_path: Path, small: Callable[..., Spec]) -> None:
    election = make(small())
    write(election, tmp_path)
    with (tmp_path / "copies_citizens.csv").open(encoding="utf-8") as file:
        rows = {row["station"]: row for row in csv.DictReader(file)}
    assert {slip.kind for slip in election.slips} == {"empty", "unreadable"}
    for slip in election.slips:
        assert rows[slip.station][slip.line] == ("" if slip.kind == "empty" else "нрзб")
    counted = {row["station"]: row for row in election.counted.iter_rows(named=True)}
    cells = [(key, line) for key in rows for line in figures(election.spec)]
    slipped = {(slip.station, slip.line) for slip in election.slips}
    assert all(
        rows[key][line] == str(counted[key][line]) for key, line in cells if (key, line) not in slipped
    )
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert len(told["slips"]) == len(election.slips)
    moved = sum(one["size"] for one in told["alterations"])
    national = told["totals"]["national"]
    assert national["stations"]["one"] - national["counted"]["one"] == moved


def test_an_alteration_on_an_unreadable_copy_is_covered_but_not_shown(small: Callable[..., Spec]) -> None:
    told = truth(make(small(slips={"unreadable": 1.0})))
    assert all(one["covered_by"] == ["citizens"] and one["shown_by"] == [] for one in told["alterations"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"kinds": [{"key": "ordinary", "size": [10, 500]}]},
            "regions.KZ-71.registered: 9000 voters do not fit",
        ),
        (
            {
                "alterations": [
                    {"level": "station", "how": "moved", "count": 2, "gains": "one", "size": [5, 2000]}
                ]
            },
            r"alterations\[0\]: 2 sheets asked, 0 have room",
        ),
        (
            {
                "alterations": [
                    {"level": "station", "how": "unbalanced", "count": 12, "gains": "two", "size": [300, 300]}
                ]
            },
            "alterations: too large for this election",
        ),
        (
            {
                "kinds": [
                    {"key": "ordinary"},
                    {"key": "far", "stations": 1, "regions": ["KZ-71"]},
                    {"key": "near", "stations": 12},
                ]
            },
            "more stations than",
        ),
    ],
)
def test_what_cannot_be_made_is_refused_with_its_reason(
    changes: dict[str, Any], reason: str, small: Callable[..., Spec]
) -> None:
    with pytest.raises(InputError, match=reason):
        make(small(**changes))


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, small: Callable[..., Spec]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="choose another folder"):
        write(make(small()), tmp_path / "file")
