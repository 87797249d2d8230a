"""A small Kazakh election, written as files: two stations lists, official sheets, copies, summaries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from haq.check import Report, check_election, load_election

LINES = (
    "registered",
    "ballots_received",
    "ballots_issued",
    "ballots_unused_cancelled",
    "ballots_spoiled_replaced",
    "ballots_in_boxes",
    "ballots_invalid",
    "ballots_wrong_form",
)
CHOICES = ("alpha", "beta", "gamma")
KEYS = (*LINES, *CHOICES)

HEAD = """
format = 1
key = "village"
title = { kk = "Ауыл", ru = "Село", en = "Village" }
date = 2021-01-10
law = "kz-majilis-2021"

[contests.lists.choices]
alpha = { name = { en = "Alpha" } }
beta = { name = { en = "Beta" } }
gamma = { name = { kk = "Гамма", ru = "Гамма", en = "Gamma" } }

[organisations.citizens]
name = { en = "Citizens" }
ties = []

[organisations.students]
name = { en = "Students" }
ties = ["a party"]
"""


def sheet(alpha: int, beta: int, gamma: int, invalid: int = 2) -> dict[str, int]:
    """Make an honest sheet: every control relation of the Kazakh form holds."""
    found = alpha + beta + gamma + invalid
    figures = (found + 50, found + 40, found, 40, 0, found, invalid, 0, alpha, beta, gamma)
    return dict(zip(KEYS, figures, strict=True))


Row = Mapping[str, object]


@dataclass
class Village:
    """An election being written: tables in a folder and the sources that name them."""

    folder: Path
    sources: list[str] = field(default_factory=list)
    head: str = HEAD

    def add(
        self,
        key: str,
        rows: Sequence[Row],
        *,
        kind: str = "official",
        keys: Sequence[str] = ("station",),
        **more: object,
    ) -> None:
        """Write ``rows`` as a CSV and name it as a source; columns are called like their fields."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines = [",".join(columns), *(",".join(str(row.get(c, "")) for c in columns) for row in rows)]
        (self.folder / f"{key}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        options = "".join(f"{name} = {value!r}\n" for name, value in more.items())
        mapped = "".join(f"{column} = {column!r}\n" for column in columns)
        self.sources.append(
            f"[sources.{key}]\nkind = {kind!r}\nfile = '{key}.csv'\n{options}\n"
            f"[sources.{key}.columns]\n{mapped}"
        )

    def write(self) -> Path:
        """Write ``election.toml`` and give its folder."""
        (self.folder / "election.toml").write_text(self.head + "\n" + "\n".join(self.sources), "utf-8")
        return self.folder

    def check(self) -> Report:
        """Write and check the election."""
        return check_election(load_election(self.write()), self.folder)


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """An election without any source yet."""
    return Village(tmp_path)


@pytest.fixture
def honest() -> Callable[..., dict[str, object]]:
    """Make a row: a station key and an honest sheet."""

    def row(station: str, alpha: int, beta: int, gamma: int, **more: object) -> dict[str, object]:
        return {"station": station, **sheet(alpha, beta, gamma), **more}

    return row
