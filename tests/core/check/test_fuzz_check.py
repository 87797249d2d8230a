"""Fuzzing of the main job: no other error than haq's own ever comes out, and no row is lost."""

import csv
import io
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import haq.check.election as election_room
from haq.check import check_election, document, load_election
from haq.check.publication import entries_of
from haq.entries import decode, encode
from haq.errors import HaqError
from haq.law import load_profile
from haq.protocols import flag_protocol

FULL = 100_000
SHARE = 1.0 if os.environ.get("HAQ_PROVE") == "1" else 0.01
CHOICES = ("alpha", "beta")
LINES = ("registered", "ballots_received", "ballots_issued", "ballots_in_boxes", "ballots_invalid")
COLUMNS = ("station", "district", "grade", *LINES, *CHOICES)

ELECTION = """
format = 1
key = "fuzz"
title = { en = "Fuzz" }
date = 2021-01-10
law = "kz-majilis-2021"
[contests.lists.choices]
alpha = { name = { en = "Alpha" } }
beta = { name = { en = "Beta" } }
[organisations.o]
name = { en = "O" }
ties = []
[sources.official]
kind = "official"
file = "official.csv"
layout = { header = true, separator = ",", encoding = "utf-8" }
[sources.official.columns]
COLUMNS
[sources.copies]
kind = "copies"
organisation = "o"
file = "copies.csv"
layout = { header = true, separator = ",", encoding = "utf-8" }
[sources.copies.columns]
COLUMNS
[sources.districts]
kind = "official"
level = "district"
file = "districts.csv"
layout = { header = true, separator = ",", encoding = "utf-8" }
[sources.districts.columns]
DISTRICT
""".replace("COLUMNS", "\n".join(f"{c} = {c!r}" for c in COLUMNS)).replace(
    "DISTRICT", "\n".join(f"{c} = {c!r}" for c in ("district", *LINES, *CHOICES))
)

REPLACEMENTS = (
    "",
    "x = 1",
    "[sources.official]",
    'kind = "copies"',
    'level = "centre"',
    'station = ""',
    "alpha = 3",
    'law = "kz-majilis-2023"',
    'law = ""',
    "version = 2",
    'file = ""',
    'file = "."',
    'alpha = "a + b"',
    'station = "{station"',
    'station = "{station?} / {district}"',
    "layout = { skip_rows = 3 }",
)

pytestmark = pytest.mark.prove


@pytest.fixture(autouse=True, scope="module")
def profiles_once() -> Any:
    """Load each law profile once: the law room has a fuzz of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(election_room, "load_profile", cache(load_profile))
        yield


def cases(part: float) -> settings:
    """Return the settings for a part of all cases."""
    return settings(max_examples=int(FULL * part * SHARE), suppress_health_check=list(HealthCheck))


stations = st.sampled_from(["1", "2", "3", "01.10", "01.1", "Ә-5", " 7 ", "", "a\nb", "=1+1", '"', "итого"])
counts = st.one_of(
    st.integers(0, 300).map(str),
    st.sampled_from(
        ["", "0", "-5", "1 234", "1\u00a0234", "12.0", "1,5", "нрзб", "—", "9" * 14, "1e3", "NaN", "٣"]
    ),
    st.text(max_size=6),
)
grades = st.sampled_from(["A", "b", "C", "", "Z"])
rows = st.lists(
    st.tuples(stations, st.sampled_from(["d1", "d2", ""]), grades, *([counts] * (len(LINES) + len(CHOICES)))),
    max_size=9,
)


def write(path: Path, header: tuple[str, ...], table: list[tuple[str, ...]]) -> None:
    """Write a table as CSV with every cell quoted, so that the cells are what they are."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([header, *table])
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))


def survive(folder: Path, *, verbose: bool = True) -> dict[str, Any] | None:
    """Check an election; give its document, or nothing where one line says what is wrong."""
    try:
        report = check_election(load_election(folder), folder)
        result: dict[str, Any] = json.loads(json.dumps(document(report, verbose=verbose)))
        for counts_of_file in result["rows"].values():
            refused_or_skipped = counts_of_file["refused"] + counts_of_file["skipped"]
            assert counts_of_file["read"] == counts_of_file["accepted"] + refused_or_skipped
        for entry in entries_of(report):
            assert decode(encode(entry)) == entry
    except HaqError as error:
        assert "\n" not in str(error).strip()
        return None
    for source in report.sources.values():
        if source.contest:
            flags = report.contests["lists"].checks[source.key].flags
            form = report.election.profile.form(source.level)
            keys = [*source.lines, *source.choices]
            for row, flagged in zip(
                source.frame.select(keys).iter_rows(named=True), flags.iter_rows(named=True), strict=True
            ):
                assert flag_protocol(row, form=form, choices=CHOICES) == flagged
    return result


@cases(0.2)
@given(rows, rows, rows)
def test_tables_of_any_cells(
    official: list[tuple[str, ...]], copies: list[tuple[str, ...]], districts: list[tuple[str, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "election.toml").write_text(ELECTION, "utf-8")
        write(folder / "official.csv", COLUMNS, official)
        write(folder / "copies.csv", COLUMNS, copies)
        write(
            folder / "districts.csv",
            ("district", *LINES, *CHOICES),
            [(row[1], *row[3:]) for row in districts],
        )
        result = survive(folder)
        if result is not None:
            assert result["rows"]["official.csv"]["read"] == len(official)
            assert result["rows"]["copies.csv"]["read"] == len(copies)


lines_of_cells = st.lists(
    st.lists(
        st.sampled_from(["1", "2", "", " ", '"', '"a', "\t", ";", "\n", "\r", "ә", "\x00", "5,5"]),
        max_size=11,
    ).map(",".join),
    max_size=6,
).map(lambda lines: "\n".join(lines).encode())


@cases(0.2)
@given(st.one_of(st.binary(max_size=300), lines_of_cells), lines_of_cells)
def test_tables_of_any_bytes(official: bytes, copies: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        text = ELECTION.split("[sources.districts]")[0]
        (folder / "election.toml").write_text(text, "utf-8")
        (folder / "official.csv").write_bytes(",".join(COLUMNS).encode() + b"\n" + official)
        (folder / "copies.csv").write_bytes(",".join(COLUMNS).encode() + b"\n" + copies)
        survive(folder)


@cases(0.3)
@given(st.binary(max_size=400))
def test_any_bytes_for_the_election(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "election.toml").write_bytes(data)
        survive(Path(made))


@cases(0.3)
@given(
    st.lists(
        st.tuples(
            st.integers(0, ELECTION.count("\n")),
            st.booleans(),
            st.sampled_from(REPLACEMENTS),
        ),
        min_size=1,
        max_size=2,
    )
)
def test_elections_with_lines_added_or_replaced(changes: list[tuple[int, bool, str]]) -> None:
    lines = ELECTION.splitlines()
    for at, replaces, line in changes:
        lines[at : at + replaces] = [line]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "election.toml").write_text("\n".join(lines), "utf-8")
        table = [
            ("1", "d1", "A", "10", "9", "8", "8", "1", "4", "3"),
            ("2", "d1", "B", "10", "9", "8", "8", "1", "", "3"),
        ]
        for name in ("official.csv", "copies.csv"):
            write(folder / name, COLUMNS, table)
        write(folder / "districts.csv", ("district", *LINES, *CHOICES), [("d1", *table[0][3:])])
        survive(folder)
