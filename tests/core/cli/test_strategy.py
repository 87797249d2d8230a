"""``haq strategy``: effects, advice, days of silence, and one clear message for what cannot be simulated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.cli.conftest import Haq
from tests.core.majilis_2023 import VOTES

LAW = ("--law", "kz-majilis-2023")
FEWEST = ("--aim", "fewest-seats:Amanat")
FEW_DRAWS = ("--draws", 4_000)


@pytest.fixture
def poll(tmp_path: Path) -> Callable[[dict[str, int]], Path]:
    def write(votes: dict[str, int]) -> Path:
        path = tmp_path / "poll.csv"
        rows = "".join(f"{choice},{count}\n" for choice, count in votes.items())
        path.write_text("choice,votes\n" + rows, encoding="utf-8")
        return path

    return write


def test_the_document_has_every_action_and_both_bases(
    haq: Haq, poll: Callable[[dict[str, int]], Path]
) -> None:
    done = haq("strategy", poll(VOTES), *LAW, *FEWEST, *FEW_DRAWS, "--private", "--json")
    found = json.loads(done.output)
    assert list(found["effects"]) == [*VOTES, "spoiled", "stay_home"]
    osdp = found["effects"]["OSDP"]
    assert osdp["mean"] == pytest.approx(-0.93, abs=5 * osdp["se"])
    assert osdp["interval"][0] < osdp["mean"] < osdp["interval"][1] and 0 <= osdp["harm"] < 0.02
    assert found["base_of"] == "valid_with_against_all" and list(found["other_bases"]) == ["turnout"]
    assert found["effects"]["spoiled"]["mean"] == 0
    assert found["other_bases"]["turnout"]["effects"]["spoiled"]["mean"] > 0.01
    assert found["advice"]["best"] == "OSDP" and found["undecided"] == ["spoiled"]
    again = haq("strategy", poll(VOTES), *LAW, *FEWEST, *FEW_DRAWS, "--private", "--json")
    assert again.output == done.output


def test_what_people_read(haq: Haq, poll: Callable[[dict[str, int]], Path]) -> None:
    said = haq("strategy", poll(VOTES), *LAW, *FEWEST, *FEW_DRAWS, "--private", "--invalid", 155_419).output
    assert "Best for this aim: OSDP" in said
    assert "turnout has 155,419 ballots that are invalid anyway" in said
    assert "No advice on spoiled: it depends on the base." in said


def test_days_of_silence(haq: Haq, poll: Callable[[dict[str, int]], Path]) -> None:
    given = ("strategy", poll(VOTES), *LAW, *FEWEST, "--draws", 100, "--polling-day", "2023-03-19")
    rule = "the law forbids to publish forecasts 5 days before the polling day and on the day itself"
    for now in ("2023-03-14T00:00+05:00", "2023-03-19T20:00+05:00"):
        refused = haq(*given, "--now", now, code=2)
        assert rule in refused.output and "--private" in refused.output and "Aim" not in refused.output
        assert "Aim" in haq(*given, "--now", now, "--private").output
    for now in ("2023-03-12T00:00+05:00", "2023-03-21T00:00+05:00"):
        assert "Aim" in haq(*given, "--now", now).output
    assert "give --polling-day" in haq("strategy", poll(VOTES), *LAW, *FEWEST, code=2).output
    assert "of which time zone?" in haq(*given, "--now", "2023-03-14T00:00", code=2).output
    assert "YYYY-MM-DD" in haq(*given[:-1], "19.03.2023", code=2).output


@pytest.mark.parametrize(
    ("votes", "options", "message"),
    [
        (VOTES, ("--aim", "fewest-seats:Nobody"), "no choice 'Nobody'"),
        (VOTES, (*FEWEST, "--precision", 0), "a precision is a number above 0"),
        (VOTES, (*FEWEST, "--draws", 0), "at least one draw"),
        (VOTES, (*FEWEST, "--bloc", 0), "a bloc has at least one voter"),
        (VOTES, (*FEWEST, "--invalid", -1), "--invalid -1"),
        (VOTES, (*FEWEST, "--seats", 0), "at least one seat"),
        ({"Amanat": 0}, FEWEST, "needs votes"),
        ({}, FEWEST, "no row with votes"),
        # Nobody passes 5 % in most of these draws.
        ({f"list_{n}": 10 for n in range(30)}, ("--aim", "most-seats:list_1"), "the rule gives no answer"),
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_line(
    haq: Haq,
    poll: Callable[[dict[str, int]], Path],
    votes: dict[str, int],
    options: tuple[object, ...],
    message: str,
) -> None:
    failed = haq("strategy", poll(votes), *LAW, "--private", "--draws", 200, *options, code=2)
    assert message in failed.output and failed.output.count("\n") == 1


def test_a_group_can_divide_itself(haq: Haq, poll: Callable[[dict[str, int]], Path]) -> None:
    given = ("strategy", poll(VOTES), *LAW, *FEWEST, "--draws", 1_000, "--private", "--split", 600_000)
    found = json.loads(haq(*given, "--json").output)["split"]
    assert sum(found["votes"].values()) <= 600_000 and found["curve"][-1][0] == 600_000
    assert found["curve"][-1][1] <= found["together"][1] < 0
    said = haq(*given).output
    assert "600,000 who divide themselves change it by" in said
    assert "cannot be divided" in haq(*given[:-1], 0, code=2).output
