"""``haq seats``: the seats, the working, and one clear message for whatever cannot be shared."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.core.cli.conftest import Haq
from tests.core.majilis_2023 import VOTES

from haq.seats.reach import votes_for_next

Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(votes: Mapping[str, object], header: str = "choice,votes") -> Path:
        path = tmp_path / "votes.csv"
        path.write_text("\n".join([header, *(f"{c},{n}" for c, n in votes.items())]) + "\n", encoding="utf-8")
        return path

    return write


def document(haq: Haq, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(haq("seats", *arguments, "--json").output)
    return found


def test_the_majilis_of_2023(haq: Haq, table: Table) -> None:
    found = document(haq, table(VOTES), "--law", "kz-majilis-2023", "--explain")
    assert list(found["seats"].values()) == [40, 8, 6, 6, 5, 4, 0]
    assert (found["base"], found["threshold"], found["votes_needed"]) == (6_366_441, "1/20", 318_323)
    assert found["passed"] == ["Amanat", "Auyl", "Respublica", "Ak Zhol", "NPK", "OSDP"]
    assert found["quota"] == "1990573/23" and found["next"] == "Respublica"
    assert found["last_seat"]["choice"] == "Amanat"
    assert found["unconfirmed"] == ["base"]
    # One vote fewer is not enough, and that many are.
    for choice, more in found["more_votes"].items():
        for fewer, won in ((1, False), (0, True)):
            votes = VOTES | {choice: VOTES[choice] + more - fewer}
            again = document(haq, table(votes), "--law", "kz-majilis-2023")
            # A list that reaches the threshold gets several at once.
            assert (again["seats"][choice] > found["seats"][choice]) == won, choice


def test_what_people_read(haq: Haq, table: Table) -> None:
    said = haq("seats", table(VOTES), "--law", "kz-majilis-2023", "--explain").output
    assert "Baytaq" in said and "+180,938 votes" in said
    assert "Threshold 1/20: 318,323 votes; below it: Baytaq." in said
    assert "The last seat went to Amanat" in said
    assert "is not confirmed" in said


def test_other_rules_without_a_law(haq: Haq, table: Table) -> None:
    given = ("--method", "dhondt", "--seats", 69, "--threshold", "5%")
    found = document(haq, table(VOTES), *given)
    assert list(found["seats"].values()) == [41, 8, 6, 6, 5, 3, 0]
    assert found["quota"] is None and found["claims"]["OSDP"] == "165529/2"
    assert document(haq, table(VOTES), "--method", "plurality", "--seats", 1)["seats"]["Amanat"] == 1


def test_a_tie_is_named_and_broken_only_by_the_order_of_registration(haq: Haq, table: Table) -> None:
    even = {"A": 50, "B": 50}
    failed = haq("seats", table(even), "--law", "kz-majilis-2023", "--seats", 3, code=2)
    assert "A, B tie for the last seat" in failed.output
    found = document(haq, table(even), "--law", "kz-majilis-2023", "--seats", 3, "--in-order")
    assert found["seats"] == {"A": 2, "B": 1} and found["ties"][0]["winners"] == ["A"]


@pytest.mark.parametrize(
    ("votes", "options", "message"),
    [
        ({"A": -1}, (), "row 2, column 'votes': 'A' has -1; write a whole number from 0"),
        ({"A": "12.5"}, (), "row 2, column 'votes': '12.5' is not a whole number; correct the table"),
        ({"A": ""}, (), "row 2, column 'votes': empty: empty is not zero; correct the table"),
        ({"A": 0}, (), "there are no votes for any list or candidate"),
        ({}, (), "no row with votes"),
        (VOTES, ("--seats", 0), "--seats 0: at least one seat has to be filled"),
        (VOTES, ("--threshold", "130%"), "--threshold 130%: nobody has more than all votes"),
        (VOTES, ("--threshold", "5"), "--threshold 5: write 5% or 1/20"),
        (VOTES, ("--method", "lottery"), "--method lottery: haq knows hare, droop"),
        (VOTES, ("--contest", "lottery"), "has no contest 'lottery'; it has"),
        (VOTES, ("--law", "nowhere"), "nowhere"),
        (VOTES, ("--law", "ru-duma-2021"), "law ru-duma-2021 describes no seat rule; give --method"),
        (VOTES, ("--law", "kz-majilis-2004"), "the law's ballot paper has no such line"),
    ],
)
def test_what_cannot_be_shared_is_said_in_one_line(
    haq: Haq, table: Table, votes: Mapping[str, object], options: tuple[object, ...], message: str
) -> None:
    law = () if "--law" in options else ("--law", "kz-majilis-2023")
    failed = haq("seats", table(votes), *law, *options, code=2)
    assert message in failed.output and failed.output.count("\n") == 1


def test_a_table_without_the_columns_says_which_it_has(haq: Haq, table: Table) -> None:
    failed = haq("seats", table({"A": 1}, "list,number"), "--law", "kz-majilis-2023", code=2)
    assert "no column 'choice'" in failed.output and "'list', 'number'" in failed.output


def test_the_way_to_one_seat_more_passes_over_votes_without_an_answer(haq: Haq, table: Table) -> None:
    """A small quota gives too many whole seats for some numbers of votes."""
    given = ("--method", "imperiali", "--seats", 5, "--explain")
    found = document(haq, table({"A": 40, "B": 33, "C": 27}), *given)
    assert sum(found["seats"].values()) == 5 and set(found["more_votes"]) == {"A", "B", "C"}


def test_out_of_reach() -> None:
    from haq.law import ChoiceKind, SeatRule
    from haq.seats import allocate

    rule = SeatRule.model_validate({"method": "plurality", "source": "act", "confirmed": True})
    kinds = {"A": ChoiceKind.CANDIDATE, "B": ChoiceKind.CANDIDATE}
    votes = {"A": 100, "B": 7}
    share = lambda given: allocate(given, kinds=kinds, rule=rule, seats=1)  # noqa: E731
    assert votes_for_next(votes, "B", share, 10_000) == 94
    assert votes_for_next(votes, "A", share, 10_000) is None
    assert votes_for_next(votes, "B", share, 93) is None
