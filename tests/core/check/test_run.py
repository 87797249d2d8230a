"""The main job on a village that is small enough to add up by hand."""

from collections.abc import Callable

import pytest

from haq.check import check_election, document, load_election
from haq.check.publication import findings_of
from haq.errors import HaqError, InputError
from haq.protocols import Kind

Row = dict[str, object]


def test_copies_are_compared_with_what_was_declared(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10), honest("2", 80, 60, 5), honest("3", 1, 2, 3)])
    village.add(
        "seen", [honest("1", 90, 60, 10), honest("2", 80, 60, 5)], kind="copies", organisation="citizens"
    )
    figures = document(village.check(), verbose=True)["contests"]["lists"]
    seen = figures["copies"]["seen"]
    assert (figures["stations"], figures["official"], seen["rows"], seen["matched"]) == (3, 3, 2, 2)
    assert (seen["differ_choices"], seen["differ_votes"], seen["differ_lines"]) == (1, 1, 1)
    assert figures["differences"]["seen"] == {
        "alpha": 10,
        "beta": -10,
        "gamma": 0,
        "by_station": {"1": {"alpha": 10, "beta": -10}},
    }
    assert seen["same_stations"]["copies"]["alpha"] == 170
    assert seen["same_stations"]["declared"]["alpha"] == 180
    assert figures["totals"]["choices"] == {"alpha": 181, "beta": 112, "gamma": 18}
    assert (figures["totals"]["stations"], figures["totals"]["of"]) == (3, 3)
    assert sum(figures["seats"].values()) == 98


def test_an_empty_line_is_missing_not_different_and_not_zero(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10), honest("2", 80, 60, 5)])
    village.add("seen", [honest("1", 100, 50, 10) | {"beta": ""}], kind="copies", organisation="citizens")
    report = village.check()
    figures = document(report)["contests"]["lists"]
    seen = figures["copies"]["seen"]
    assert (seen["matched"], seen["differ_lines"], seen["missing"]) == (1, 0, {"beta": 1})
    assert figures["differences"]["seen"]["beta"] == 0
    assert seen["same_stations"]["pairs"]["beta"] == 0
    # A sum that needs the empty line is unknown: it is neither broken nor sound.
    assert figures["checks_by_source"]["seen"]["found_counted"] == {"flagged": 0, "unknown": 1, "of": 1}


def test_a_copy_without_a_declared_result_is_named(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10)])
    village.add(
        "seen", [honest("1", 100, 50, 10), honest("9", 5, 5, 5)], kind="copies", organisation="citizens"
    )
    report = village.check()
    assert document(report)["contests"]["lists"]["copies"]["seen"]["not_declared"] == 1
    found = [f for f in findings_of(report, report.contests["lists"]) if f.kind is Kind.NOT_DECLARED]
    assert [f.unit for f in found] == ["9"]


def test_every_version_of_the_official_result_is_kept_and_its_change_is_a_finding(
    village, honest: Callable[..., Row]
) -> None:
    village.add("first", [honest("1", 100, 50, 10), honest("2", 8, 6, 5)], version=1)
    village.add("second", [honest("1", 130, 20, 10), honest("2", 8, 6, 5)], version=2)
    village.add("seen", [honest("1", 100, 50, 10)], kind="copies", organisation="citizens")
    report = village.check()
    contest = report.contests["lists"]
    assert contest.declared == "second"
    assert contest.copies["seen"].comparison.sums["alpha"] == 30
    assert contest.versions["first"].pair.comparison.sums["alpha"] == 30
    changed = [f for f in findings_of(report, contest) if f.kind is Kind.OFFICIAL_CHANGED]
    assert [(f.unit, f.sources, f.lines["alpha"]) for f in changed] == [
        ("1", ("first", "second"), (100, 130))
    ]


def test_organisations_stay_apart_and_count_together_only_where_they_agree(
    village, honest: Callable[..., Row]
) -> None:
    village.add("declared", [honest("1", 100, 50, 10), honest("2", 80, 60, 5), honest("3", 7, 7, 7)])
    village.add(
        "ours", [honest("1", 90, 60, 10), honest("2", 80, 60, 5)], kind="copies", organisation="citizens"
    )
    village.add(
        "theirs", [honest("1", 91, 60, 10), honest("3", 7, 7, 7)], kind="copies", organisation="students"
    )
    report = village.check()
    contest = report.contests["lists"]
    assert {k: p.comparison.matched for k, p in contest.copies.items()} == {"ours": 2, "theirs": 2}
    assert contest.together is not None
    # Station 1: the copies differ on alpha, so alpha is counted on two stations and beta on three.
    assert contest.together.same.units == 3
    assert contest.together.same.pairs["alpha"] == 2
    assert contest.together.same.copies["alpha"] == 87
    assert contest.together.same.copies["beta"] == 127
    assert [(p.copies, p.declared, p.comparison.differ_choices) for p in contest.between] == [
        ("ours", "theirs", 1)
    ]
    assert Kind.COPIES_DISAGREE in {f.kind for f in findings_of(report, contest)}


def test_several_copies_of_one_station_are_normal_and_all_compared(
    village, honest: Callable[..., Row]
) -> None:
    village.add("declared", [honest("1", 100, 50, 10)])
    rows = [honest("1", 90, 60, 10, grade="A"), honest("1", 90, 59, 10, grade="C")]
    village.add("seen", rows, kind="copies", organisation="citizens")
    report = village.check()
    figures = document(report, verbose=True)["contests"]["lists"]
    assert (figures["copies"]["seen"]["rows"], figures["copies"]["seen"]["matched"]) == (2, 2)
    assert set(figures["differences"]["seen"]["by_station"]) == {"1#2", "1#3"}
    # The copies part from what was declared by 10, not by 20.
    assert figures["differences"]["seen"]["alpha"] == 10
    assert figures["copies"]["seen"]["contradict"] == 1
    assert [
        f.rows for f in findings_of(report, report.contests["lists"]) if f.kind is Kind.COPIES_DISAGREE
    ] == [(2, 3)]
    same = figures["copies"]["seen"]["same_stations"]
    # One station, counted once, and only on the lines on which its copies agree.
    assert (same["stations"], same["copies"]["alpha"], same["pairs"]["beta"]) == (1, 90, 0)
    assert figures["together"]["same_stations"]["copies"]["alpha"] == 90


def test_two_official_rows_of_one_station_are_both_refused_with_their_rows(
    village, honest: Callable[..., Row]
) -> None:
    village.add("declared", [honest("1", 100, 50, 10), honest("2", 1, 1, 1), honest("1", 100, 50, 11)])
    report = village.check()
    rows = document(report)["rows"]["declared.csv"]
    assert (rows["read"], rows["accepted"], rows["refused"], rows["skipped"]) == (3, 1, 2, 0)
    reasons = report.sources["declared"].table.refused_rows["reason"].to_list()
    assert "row 4" in reasons[0] and "row 2" in reasons[1] and "gamma" in reasons[0]


def test_copies_only_the_second_source_stands_in(village, honest: Callable[..., Row]) -> None:
    village.add("ours", [honest("1", 90, 60, 10)], kind="copies", organisation="citizens")
    village.add("theirs", [honest("1", 95, 60, 10)], kind="copies", organisation="students")
    contest = village.check().contests["lists"]
    assert (contest.declared, contest.stands_in, contest.official) == ("theirs", True, 0)
    assert contest.copies["ours"].comparison.sums["alpha"] == 5


def test_a_single_source_of_copies_is_checked_and_totalled(village, honest: Callable[..., Row]) -> None:
    village.add(
        "ours", [honest("1", 90, 60, 10) | {"ballots_in_boxes": 1}], kind="copies", organisation="citizens"
    )
    contest = village.check().contests["lists"]
    assert (contest.declared, contest.stands_in, contest.copies) == ("ours", False, {})
    assert contest.checks["ours"].flagged["found_counted"] == 1
    assert contest.totals["ours"].sums["alpha"] == 90


def test_sums_are_checked_at_every_level(village, honest: Callable[..., Row]) -> None:
    places = {"1": ("d1", "r1"), "2": ("d1", "r1"), "3": ("d2", "r1")}
    rows = [honest(s, 10, 20, 30, district=d, region=r) for s, (d, r) in places.items()]
    village.add("declared", rows)

    def total(key: str, name: str, times: int, **change: object) -> Row:
        return {name: key, **{k: v * times for k, v in _figures(honest).items()}, **change}

    village.add(
        "districts",
        [total("d1", "district", 2, region="r1"), total("d2", "district", 1, region="r1", alpha=15)],
        level="district",
    )
    village.add("regions", [total("r1", "region", 3, alpha=35, beta=59)], level="region")
    village.add("centre", [total("all", "centre", 3, alpha=35, beta=59)], level="centre")
    rolls = {r.roll.level: r.roll for r in village.check().contests["lists"].rolls}
    assert list(rolls) == ["district", "region", "centre"]
    assert rolls["district"].frame.select("unit", "line", "difference").rows() == [("d2", "alpha", 5)]
    assert rolls["region"].frame.select("unit", "line", "difference").rows() == [("r1", "beta", -1)]
    assert rolls["centre"].broken == 0 and rolls["centre"].areas == 1


def _figures(honest: Callable[..., Row]) -> dict[str, int]:
    row = honest("x", 10, 20, 30)
    return {key: value for key, value in row.items() if isinstance(value, int)}


def test_a_list_of_stations_is_the_denominator(village, honest: Callable[..., Row]) -> None:
    village.add(
        "places", [{"station": str(n), "address": f"Street {n}"} for n in range(1, 8)], kind="stations"
    )
    village.add("declared", [honest("1", 100, 50, 10), honest("2", 80, 60, 5)])
    figures = document(village.check())["contests"]["lists"]
    assert figures["stations"] == 7
    assert (figures["totals"]["stations"], figures["totals"]["of"]) == (2, 7)


def test_evidence_is_kept_however_impossible(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10) | {"alpha": -7, "registered": 3}])
    report = village.check()
    checks = report.contests["lists"].checks["declared"].flagged
    assert report.sources["declared"].frame["alpha"].to_list() == [-7]
    assert checks["negative"] == checks["above_registered"] == checks["found_counted"] == 1


def test_seats_are_not_computed_where_they_would_mislead(village, honest: Callable[..., Row]) -> None:
    village.head = village.head.replace(
        "[contests.lists.choices]", '[contests.lists]\ncovers = "part"\n\n[contests.lists.choices]'
    )
    village.add("declared", [honest("1", 100, 50, 10)])
    contest = village.check().contests["lists"]
    assert contest.seats is None and "part of the country" in contest.seats_note


def test_a_tie_for_the_last_seat_is_said_not_broken(village, honest: Callable[..., Row]) -> None:
    village.head = village.head.replace(
        "[contests.lists.choices]", "[contests.lists]\nseats = 3\n\n[contests.lists.choices]"
    )
    village.add("declared", [honest("1", 50, 50, 0)])
    contest = village.check().contests["lists"]
    assert contest.seats is None and "tie" in contest.seats_note


def test_the_same_files_give_the_same_document(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest(str(n), n, 2 * n, 5) for n in range(40)])
    village.add(
        "seen",
        [honest(str(n), n + n % 3, 2 * n, 5) for n in range(30)],
        kind="copies",
        organisation="citizens",
    )
    assert document(village.check(), verbose=True) == document(village.check(), verbose=True)


def test_progress_is_told_and_ends(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10)])
    told: list[tuple[str, int, int]] = []
    check_election(load_election(village.write()), village.folder, lambda *step: told.append(step))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2]


def test_a_missing_file_is_named_with_what_to_do(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 100, 50, 10)])
    election = load_election(village.write())
    (village.folder / "declared.csv").unlink()
    with pytest.raises(InputError, match=r"sources\.declared\.file.*declared\.csv is not there.*--data"):
        check_election(election, village.folder)


@pytest.mark.parametrize("file", ["../declared.csv", "/etc/passwd", "a/../../declared.csv"])
def test_a_file_beyond_the_data_folder_is_refused(village, honest: Callable[..., Row], file: str) -> None:
    village.add("declared", [honest("1", 100, 50, 10)])
    election_toml = village.write() / "election.toml"
    text = election_toml.read_text("utf-8").replace("'declared.csv'", f"'{file}'")
    election_toml.write_text(text, "utf-8")
    with pytest.raises(HaqError, match="leads out of the data folder"):
        check_election(load_election(village.folder), village.folder)
