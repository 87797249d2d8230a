"""All six Majilis elections: the seats of the profile are the seats that were given."""

import csv
from pathlib import Path

import pytest

from haq.law import ChoiceKind, load_profile
from haq.seats import Allocation, allocate

YEARS = ["2004", "2007", "2012", "2016", "2021", "2023"]


def election(shared_data: Path, year: str) -> tuple[Allocation, list[dict[str, str]]]:
    with (shared_data / "kazakhstan" / "majilis_party_results.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["election"] == year]
    contest = load_profile(f"kz-majilis-{year}").contests["lists"]
    assert contest.seat_rule
    allocation = allocate(
        {row["list"]: int(row["votes"]) for row in rows},
        kinds={row["list"]: kind_of(row["list"]) for row in rows},
        rule=contest.seat_rule,
        seats=contest.seats,
    )
    return allocation, rows


def kind_of(name: str) -> ChoiceKind:
    return ChoiceKind.AGAINST_ALL if name == "AGAINST_ALL" else ChoiceKind.LIST


@pytest.mark.parametrize("year", YEARS)
def test_seats_equal_the_official_ones(shared_data: Path, year: str) -> None:
    allocation, rows = election(shared_data, year)
    official = {row["list"]: int(row["seats_won"]) for row in rows if row["list"] != "AGAINST_ALL"}
    assert allocation.seats == official
    assert sum(official.values()) == int(rows[0]["seats_pr"])
    assert allocation.threshold is not None
    assert allocation.threshold * 100 == int(rows[0]["threshold_pct"])


@pytest.mark.parametrize("year", YEARS)
def test_published_percentages_are_of_the_base(shared_data: Path, year: str) -> None:
    allocation, rows = election(shared_data, year)
    for row in rows:
        assert 100 * int(row["votes"]) / allocation.base == pytest.approx(
            float(row["pct_official"]), abs=0.02
        )


def test_quotas_of_2023_and_the_base_that_nobody_confirmed(shared_data: Path) -> None:
    allocation, _ = election(shared_data, "2023")
    quotas = {name: round(float(quota), 3) for name, quota in allocation.quotas.items()}
    assert list(quotas.values()) == [39.649, 8.018, 6.322, 6.183, 5.002, 3.825]
    assert allocation.base == 6_366_441
    assert allocation.last_seat
    assert (allocation.last_seat.choice, allocation.next_in_line) == ("Amanat", "Respublica")
    assert allocation.margins["OSDP"] == 331_058 - 318_323
    assert allocation.unconfirmed == ("base",)
    assert "the same lists pass as a share of valid_for_lists" in allocation.notes[0]


def test_one_list_took_all_in_2007_because_no_rule_forbade_it(shared_data: Path) -> None:
    allocation, _ = election(shared_data, "2007")
    assert (allocation.passed, allocation.admitted) == (("Nur Otan",), ())
    assert (allocation.last_seat, allocation.next_in_line) == (None, None)


def test_the_rule_of_2009_would_have_changed_2007(shared_data: Path) -> None:
    _, rows = election(shared_data, "2007")
    contest = load_profile("kz-majilis-2012").contests["lists"]
    assert contest.seat_rule
    allocation = allocate(
        {row["list"]: int(row["votes"]) for row in rows},
        kinds={row["list"]: ChoiceKind.LIST for row in rows},
        rule=contest.seat_rule,
        seats=98,
    )
    # 269,310 of 5,517,030 votes are 4.784 seats; times 0.7 that is 3.349, and of the two seats left each list
    # gets one.
    assert allocation.admitted == ("OSDP",)
    assert (allocation.seats["Nur Otan"], allocation.seats["OSDP"]) == (94, 4)
    assert "too_few_lists" in allocation.unconfirmed
