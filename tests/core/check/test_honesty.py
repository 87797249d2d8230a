"""What a hostile reader would try: nothing vanishes, nobody is accused of what haq could not read."""

from collections.abc import Callable

import pytest

from haq.check import document, load_election
from haq.check.publication import entries_of, findings_of
from haq.entries import StationEntry
from haq.errors import InputError
from haq.protocols import Kind

Row = dict[str, object]


def kinds(report) -> list[tuple[str, str]]:
    return [
        (f.kind.value, f.unit)
        for f in findings_of(report, report.contests["lists"])
        if f.kind != "arithmetic"
    ]


def test_two_official_results_of_one_version_are_refused(village, honest: Callable[..., Row]) -> None:
    village.add("north", [honest("1", 1, 2, 3)])
    village.add("south", [honest("2", 1, 2, 3)])
    with pytest.raises(InputError, match=r"north and sources\.south are both version 1"):
        load_election(village.write())


def test_a_row_that_haq_refuses_is_not_charged_to_the_commission(village, honest: Callable[..., Row]) -> None:
    rows = [honest("1", 10, 20, 30, district="d1"), honest("1", 10, 20, 31, district="d1")]
    village.add("declared", [*rows, honest("2", 1, 1, 1, district="d1"), honest("3", 1, 1, 1, district="d2")])
    village.add("seen", [honest("1", 10, 20, 30)], kind="copies", organisation="citizens")
    total = {k: v for k, v in honest("x", 11, 21, 31).items() if isinstance(v, int)}
    two = {k: v for k, v in honest("x", 1, 1, 2).items() if isinstance(v, int)}
    village.add("districts", [{"district": "d1", **total}, {"district": "d2", **two}], level="district")
    report = village.check()
    contest = report.contests["lists"]
    assert contest.stations == 3  # the refused station still counts
    assert contest.not_declared == ()  # and it was declared
    # d1 cannot be added up, because a sheet of it was refused; d2 can, and is wrong.
    assert kinds(report) == [("sum-differs", "d2")]
    assert contest.rolls[0].roll.unknown > 0


def test_a_missing_sheet_makes_a_sum_unknown_not_wrong(village, honest: Callable[..., Row]) -> None:
    village.add("places", [{"station": s, "district": "d1"} for s in "123"], kind="stations")
    village.add("declared", [honest("1", 10, 20, 30), honest("2", 1, 1, 1)])
    total = {k: v for k, v in honest("x", 50, 60, 70).items() if isinstance(v, int)}
    village.add("districts", [{"district": "d1", **total}], level="district")
    report = village.check()
    contest = report.contests["lists"]
    assert contest.rolls[0].roll.broken == 0 and contest.rolls[0].roll.unknown > 0
    assert kinds(report) == [("not-declared", "3")]
    assert document(report, verbose=True)["contests"]["lists"]["not_declared_stations"] == ["3"]


def test_areas_are_taken_from_the_list_of_stations_where_the_result_lacks_them(
    village, honest: Callable[..., Row]
) -> None:
    village.add("places", [{"station": s, "district": "d1"} for s in "12"], kind="stations")
    village.add("declared", [honest("1", 10, 20, 30), honest("2", 1, 1, 1)])
    total = {k: v for k, v in honest("x", 11, 22, 31).items() if isinstance(v, int)}
    village.add("districts", [{"district": "d1", **total}], level="district")
    roll = village.check().contests["lists"].rolls[0].roll
    assert ("d1", "beta", 1) in roll.frame.select("unit", "line", "difference").rows()


def test_sums_that_cannot_be_made_are_said(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 10, 20, 30)])
    village.add("districts", [{"district": "d1", "alpha": 10}], level="district")
    assert any("sums of declared.csv" in note and "district" in note for note in village.check().notes)


def test_every_version_is_added_up(village, honest: Callable[..., Row]) -> None:
    for version, shift in ((1, 5), (2, 0)):
        village.add(f"v{version}", [honest("1", 10, 20, 30, district="d1")], version=version)
        total = {k: v for k, v in honest("x", 10, 20, 30).items() if isinstance(v, int)}
        row = {"district": "d1", **total, "alpha": 10 + shift}
        village.add(f"d{version}", [row], level="district", version=version)
    rolls = village.check().contests["lists"].rolls
    assert [(r.child, r.parent, r.roll.broken) for r in rolls] == [("v2", "d2", 0), ("v1", "d1", 1)]


def test_a_station_that_disappears_between_versions_is_a_finding(village, honest: Callable[..., Row]) -> None:
    village.add("v1", [honest("1", 1, 2, 3), honest("2", 4, 5, 6), honest("3", 7, 8, 9)], version=1)
    village.add(
        "v2", [honest("1", 1, 2, 3), honest("3", 7, 8, 9) | {"beta": ""}, honest("4", 1, 1, 1)], version=2
    )
    report = village.check()
    assert [f for f in kinds(report) if f[0] == "official-changed"] == [
        ("official-changed", "3"),
        ("official-changed", "2"),
        ("official-changed", "4"),
    ]
    version = document(report)["contests"]["lists"]["versions"]["v1"]
    assert (version["changed"], version["dropped"], version["added"]) == (1, 1, 1)


def test_copies_of_one_source_that_contradict_each_other_are_named(
    village, honest: Callable[..., Row]
) -> None:
    village.add(
        "seen", [honest("1", 100, 1, 1), honest("1", 300, 1, 1)], kind="copies", organisation="citizens"
    )
    assert ("copies-disagree", "1") in kinds(village.check())


def test_equal_copies_are_both_kept_and_counted_once(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 90, 1, 1)])
    village.add("seen", [honest("1", 100, 1, 1)] * 2, kind="copies", organisation="citizens")
    figures = document(village.check())["contests"]["lists"]
    assert figures["copies"]["seen"]["rows"] == 2
    assert figures["differences"]["seen"]["alpha"] == -10


def test_keys_that_never_meet_are_shouted_not_called_the_same(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("01.10", 1, 2, 3)])
    village.add("seen", [honest("1.1", 1, 2, 3)], kind="copies", organisation="citizens")
    notes = village.check().notes
    assert notes[0].startswith("NOTHING WAS COMPARED") and "'1.1'" in notes[0] and "'01.10'" in notes[0]


def test_a_key_that_may_have_lost_its_zero_is_noted(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1.1", 7, 2, 3), honest("1.10", 8, 2, 3)])
    village.add("seen", [honest("1.1", 8, 2, 3)], kind="copies", organisation="citizens")
    assert any("1.1" in note and "zero at the end" in note for note in village.check().notes)


def test_copies_that_share_no_line_are_noted(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [{"station": "1", "alpha": 1, "beta": 2, "gamma": 3}])
    village.add("seen", [{"station": "1", "registered": 9}], kind="copies", organisation="citizens")
    assert any("share no line" in note for note in village.check().notes)


def test_a_station_beyond_the_list_is_noted(village, honest: Callable[..., Row]) -> None:
    village.add("places", [{"station": "1", "address": "Street"}], kind="stations")
    village.add("declared", [honest("1", 1, 2, 3), honest("O2", 1, 2, 3)])
    assert any(
        "1 of 2 stations are not in the list" in note and "O2" in note for note in village.check().notes
    )


def test_a_top_level_without_a_key_takes_one_row(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.add("centre", [{"alpha": 1}, {"alpha": 2}], level="centre")
    with pytest.raises(InputError, match=r"columns\.centre: is missing, and centre\.csv has 2 rows"):
        village.check()


@pytest.mark.parametrize(
    ("grade", "waits"), [("A", False), ("C", True), ("С", True), ("zz", True), ("", True)]
)
def test_a_large_difference_waits_unless_its_grade_is_known_to_be_good(
    village, honest: Callable[..., Row], grade: str, waits: bool
) -> None:
    village.add("declared", [honest("1", 100, 2, 3)])
    village.add("seen", [honest("1", 10, 2, 3, grade=grade)], kind="copies", organisation="citizens")
    report = village.check()
    found = [f for f in findings_of(report, report.contests["lists"]) if f.kind is Kind.OFFICIAL_DIFFERS]
    assert [f.waits for f in found] == [waits]
    assert any("'zz'" in note for note in report.notes) == (grade == "zz")


def test_seats_are_not_computed_from_a_part(village, honest: Callable[..., Row]) -> None:
    village.add("places", [{"station": str(n), "address": "x"} for n in range(5)], kind="stations")
    village.add("declared", [honest("1", 100, 50, 10)])
    contest = village.check().contests["lists"]
    assert contest.seats is None and contest.seats_note == "4 of 5 stations have no whole result"


def test_stations_are_put_together_from_all_that_know_them(village, honest: Callable[..., Row]) -> None:
    village.add("places", [{"station": "1", "name": "School"}], kind="stations")
    village.add("declared", [honest("1", 1, 2, 3, district="d1")])
    station = next(e for e in entries_of(village.check()) if isinstance(e, StationEntry))
    assert (station.name, station.areas, station.registered) == ("School", {"district": "d1"}, 58)


def test_a_polling_day_outside_of_the_law_is_noted(village, honest: Callable[..., Row]) -> None:
    village.head = village.head.replace("2021-01-10", "1999-10-10")
    village.add("declared", [honest("1", 1, 2, 3)])
    assert any("1999-10-10 lies outside of law profile" in note for note in village.check().notes)


def test_two_fields_on_one_column_are_refused(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    village.sources[0] = village.sources[0].replace("beta = 'beta'", "beta = 'alpha'")
    with pytest.raises(InputError, match="alpha and beta both take column 'alpha'"):
        load_election(village.write())


def test_two_choices_that_look_alike_are_refused(village, honest: Callable[..., Row]) -> None:
    village.head = village.head.replace('"Beta"', '"Аlpha"')  # its first letter is Cyrillic
    village.add("declared", [honest("1", 1, 2, 3)])
    with pytest.raises(InputError, match="alpha and beta are both called"):
        load_election(village.write())


def test_a_file_that_changes_during_the_check_is_noticed(village, honest: Callable[..., Row]) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    report = village.check()
    (village.folder / "declared.csv").write_text("station,alpha\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="was changed while"):
        list(entries_of(report))


@pytest.mark.parametrize("key", ["law", "synthetic"])
def test_no_path_leads_out_of_the_election(village, honest: Callable[..., Row], key: str) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    if key == "law":
        village.head = village.head.replace("kz-majilis-2021", "../other.toml")
    else:
        village.head = village.head.replace("date =", 'synthetic = "/etc/passwd"\ndate =')
    with pytest.raises(InputError, match=f"{key}: .* leads out"):
        load_election(village.write())
