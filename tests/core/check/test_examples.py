"""The examples on real elections give the figures that observers and researchers published."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from haq.check import check_election, document, load_election
from haq.check.staging import sources_in

FOLDERS = {
    "moscow-2011": "moscow_2011",
    "georgia-2024": "georgia_2024",
    "bolivia-2019": "bolivia_2019",
    "venezuela-2024": "venezuela_2024",
    "russia-2018": "russia",
    "russia-2021": "russia",
    "poland-2025": "poland_2025",
    "st-petersburg-2021": "st_petersburg_2021",
}


def figures(project: Path, shared_data: Path, name: str, **options: Any) -> dict[str, Any]:
    election = load_election(project / "examples" / name)
    result = document(check_election(election, shared_data / FOLDERS[name]), **options)
    # What is printed must survive JSON.
    loaded: dict[str, Any] = json.loads(json.dumps(result))
    return loaded


def test_every_example_is_tested(project: Path) -> None:
    assert {path.name for path in (project / "examples").iterdir()} == {*FOLDERS, "kazakhstan-2021"}


@pytest.mark.data
@pytest.mark.parametrize("name", FOLDERS)
def test_every_row_of_every_example_is_accounted_for(project: Path, shared_data: Path, name: str) -> None:
    rows = figures(project, shared_data, name)["rows"]
    assert rows
    for counts in rows.values():
        assert counts["read"] == counts["accepted"] + counts["refused"] + counts["skipped"] > 0
        assert counts["refused_cells"] == 0


@pytest.mark.data
def test_moscow_2011(project: Path, shared_data: Path) -> None:
    lists = figures(project, shared_data, "moscow-2011", verbose=True)["contests"]["lists"]
    copies = lists["copies"]["gn"]
    assert (lists["official"], copies["rows"], copies["matched"]) == (3374, 97, 97)
    assert (copies["differ_choices"], copies["differ_lines"]) == (9, 19)
    assert lists["differences"]["gn"]["united_russia"] == 912
    stations = lists["differences"]["gn"]["by_station"]
    leader = {key: lines["united_russia"] for key, lines in stations.items() if "united_russia" in lines}
    assert leader == {"1654": 330, "1493": 297, "139": 250, "2714": 35}


@pytest.mark.data
def test_bolivia_2019(project: Path, shared_data: Path) -> None:
    copies = figures(project, shared_data, "bolivia-2019")["contests"]["president"]["copies"]["trep"]
    assert (copies["matched"], copies["differ_choices"], copies["differ_votes"]) == (28975, 427, 549)


@pytest.mark.data
def test_georgia_2024(project: Path, shared_data: Path) -> None:
    lists = figures(project, shared_data, "georgia-2024")["contests"]["lists"]
    assert (lists["stations"], lists["checks"]["votes_signatures"]) == (3110, 235)


@pytest.mark.data
def test_venezuela_2024(project: Path, shared_data: Path) -> None:
    copies = figures(project, shared_data, "venezuela-2024")["contests"]["president"]["copies"]["convzla"]
    assert (copies["matched"], copies["differ_leading"]) == (21937, 4)


@pytest.mark.data
def test_russia_2021(project: Path, shared_data: Path) -> None:
    result = figures(project, shared_data, "russia-2021")
    assert result["rows"]["russia_2021.parquet"] == {
        "read": 96325,
        "accepted": 96325,
        "refused": 0,
        "skipped": 0,
        "refused_cells": 0,
        "empty_cells": 0,
    }


def test_the_synthetic_election_adds_up_to_the_official_result(project: Path) -> None:
    election = load_election(project / "examples" / "kazakhstan-2021")
    with sources_in(election, None) as folder:
        report = check_election(election, folder)
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
    contest = report.contests["lists"]
    assert contest.seats is not None
    assert contest.seats.seats == {"nur_otan": 76, "ak_zhol": 12, "npk": 10, "auyl": 0, "adal": 0}
    official = {"nur_otan": 5148074, "ak_zhol": 792828, "npk": 659019, "auyl": 383023, "adal": 258618}
    sums = contest.totals["official"].sums
    assert {key: sums[key] for key in official} == official
    assert dict(sums) == truth["totals"]["national"]["stations"]
    assert dict(contest.totals["centre"].sums) == truth["totals"]["national"]["summary"]


def test_every_planted_alteration_that_a_copy_covers_is_found(project: Path) -> None:
    election = load_election(project / "examples" / "kazakhstan-2021")
    with sources_in(election, None) as folder:
        report = check_election(election, folder)
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
    contest = report.contests["lists"]
    planted = truth["alterations"]
    covered = [a for a in planted if a["level"] == "station" and a["covered_by"]]
    assert len(covered) > 100
    for alteration in covered:
        for source in alteration["covered_by"]:
            frame = contest.copies[source].comparison.frame
            row = frame.filter(pl.col("unit") == alteration["key"]).row(0, named=True)
            slips = {
                slip["line"]
                for slip in truth["slips"]
                if slip["source"] == source and slip["station"] == alteration["key"]
            }
            for line, change in alteration["changes"].items():
                if line not in slips:
                    assert row[f"{line}:difference"] == change, (alteration, source, line)
    summaries = {(a["level"], a["key"]): a["changes"] for a in planted if a["level"] != "station"}
    found = {
        (roll.level, unit): dict(rows.select("line", "difference").rows())
        for roll in (summed.roll for summed in contest.rolls)
        for (unit,), rows in roll.frame.group_by("unit")
    }
    assert len(summaries) >= 10
    assert found == summaries


def test_what_copies_add_up_to_is_the_truth_but_for_their_known_slips(project: Path) -> None:
    election = load_election(project / "examples" / "kazakhstan-2021")
    with sources_in(election, None) as folder:
        report = check_election(election, folder)
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
    # counted + planted = declared, station by station; so the copies' side of the comparison
    # must be the declared side less what was planted, plus what slips moved.
    for source, pair in report.contests["lists"].copies.items():
        slips = {(s["station"], s["line"]): s for s in truth["slips"] if s["source"] == source}
        planted = {
            (a["key"], line): change
            for a in truth["alterations"]
            if a["level"] == "station" and source in a["covered_by"]
            for line, change in a["changes"].items()
        }
        for line in pair.comparison.lines:
            moved = sum(
                s["written"] - s["true"]
                for (_, slipped), s in slips.items()
                if slipped == line and s["written"] is not None
            )
            gone = {
                station for (station, slipped), s in slips.items() if slipped == line and s["written"] is None
            }
            altered = sum(
                change
                for (station, changed), change in planted.items()
                if changed == line and station not in gone
            )
            assert pair.same.copies[line] == pair.same.declared[line] - altered + moved, (source, line)
