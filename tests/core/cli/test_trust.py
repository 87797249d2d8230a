"""``haq trust``: shares of those who could have voted, exact and never cut off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.core.cli.conftest import Haq


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    path = tmp_path / "votes.csv"
    path.write_text("choice,votes\nA,300\nagainst_all,100\n", encoding="utf-8")
    return path


def test_shares_of_those_who_could_have_voted(haq: Haq, votes: Path) -> None:
    given = ("trust", votes, "--registered", 1_000, "--came", 500)
    found = json.loads(haq(*given, "--json").output)
    assert found["choices"]["A"] == {"votes": 300, "of_registered": "3/10", "of_came": "3/5"}
    said = haq(*given).output
    assert "30.00%" in said and "500 of 1,000 registered voters stayed at home (50.00%)." in said
    assert "100 of 500 who came gave no valid vote for any of these." in said


@pytest.mark.parametrize(
    ("registered", "came", "message"),
    [
        (1_000, 300, "each number is at most the next"),
        (400, 500, "at most the next"),
        (0, 0, "shares of nobody"),
    ],
)
def test_figures_that_cannot_be_are_named(
    haq: Haq, votes: Path, registered: int, came: int, message: str
) -> None:
    failed = haq("trust", votes, "--registered", registered, "--came", came, code=2)
    assert message in failed.output and failed.output.count("\n") == 1
