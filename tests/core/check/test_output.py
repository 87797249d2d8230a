"""What a check writes: entries that decode, tables that add up, a data package that is true."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from haq.check.output import write_report
from haq.check.publication import entries_of
from haq.entries import CopyEntry, Entry, OfficialEntry, ReadingEntry, decode, digest, encode
from haq.errors import InputError

Row = dict[str, object]


@pytest.fixture
def full(village, honest: Callable[..., Row]):
    """An election with everything: two versions, two organisations, summaries, bad cells."""
    rows = [honest(str(n), 40 + n, 30, 20, district="d1", region="r1") for n in range(1, 6)]
    village.add("first", rows, version=1)
    village.add("second", [*rows[:4], rows[4] | {"alpha": 99}], version=2)
    copies = [
        honest("1", 41, 30, 20, grade="A"),
        honest("2", 30, 30, 20, grade="C") | {"gamma": "нрзб", "beta": ""},
    ]
    village.add("ours", copies, kind="copies", organisation="citizens")
    village.add("theirs", [honest("3", 43, 31, 20)], kind="copies", organisation="students", grade="B")
    total = {k: 5 * v for k, v in honest("d1", 50, 30, 20).items() if isinstance(v, int)}
    village.add("districts", [{"district": "d1", "region": "r1", **total}], level="district")
    return village


def test_entries_decode_and_name_nobody(full) -> None:
    entries = list(entries_of(full.check()))
    kinds = [entry.kind for entry in entries]  # type: ignore[attr-defined]
    assert kinds[0] == "election"
    assert {"station", "official", "copy", "reading", "finding", "total"} <= set(kinds)
    assert kinds.count("station") == 5
    for entry in entries:
        assert isinstance(entry, Entry)
        assert decode(encode(entry)) == entry


def test_a_reading_says_empty_and_unreadable_and_names_its_copy(full) -> None:
    entries = list(entries_of(full.check()))
    copy = next(e for e in entries if isinstance(e, CopyEntry) and e.unit == "2")
    reading = next(e for e in entries if isinstance(e, ReadingEntry) and e.copy_entry == digest(encode(copy)))
    assert copy.grade == "C"
    assert reading.lines["gamma"] == "unreadable"
    assert reading.lines["beta"] == "empty"
    assert reading.lines["alpha"] == 30


def test_both_versions_of_the_official_result_are_entries(full) -> None:
    official = [e for e in entries_of(full.check()) if isinstance(e, OfficialEntry) and e.unit == "5"]
    assert [(e.version, e.lines["alpha"]) for e in official] == [(1, 45), (2, 99)]


def test_what_is_written(full, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = full.check()
    written = write_report(report, out, language="kk").written
    assert all(path.is_file() for path in written)
    lines = (out / "entries.jsonl").read_bytes().splitlines()
    assert [decode(line) for line in lines] == list(entries_of(report))

    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        data = (out / resource["path"]).read_bytes()
        assert len(data) == resource["bytes"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        if resource["path"].endswith(".csv"):
            header = next(csv.reader(data.decode("utf-8").splitlines()))
            assert header == [f["name"] for f in resource["schema"]["fields"]]
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])

    differences = pl.read_csv(out / "tables" / "differences.csv", schema_overrides={"unit": pl.String})
    assert differences.height == pl.read_parquet(out / "tables" / "differences.parquet").height > 0
    assert (differences["declared"] - differences["copy"] == differences["difference"]).all()
    refused = pl.read_csv(out / "tables" / "refused-cells.csv")
    assert "нрзб" in refused["value"].to_list()
    assert {path.suffix for path in (out / "pictures").iterdir()} == {".svg"}


def test_the_same_election_is_written_to_the_same_bytes(full, tmp_path: Path) -> None:
    report = full.check()
    one, two = tmp_path / "a", tmp_path / "b"
    first = {path.relative_to(one): path.read_bytes() for path in write_report(report, one).written}
    second = {path.relative_to(two): path.read_bytes() for path in write_report(report, two).written}
    assert first == second


def test_a_formula_is_disarmed_in_csv_and_exact_in_parquet(
    village, honest: Callable[..., Row], tmp_path: Path
) -> None:
    village.add("declared", [honest("=1+1", 1, 2, 3), honest("-5", 1, 2, 3), honest("-x", 1, 2, 3)])
    write_report(village.check(), tmp_path / "out")
    tables = tmp_path / "out" / "tables"
    with (tables / "source-declared.csv").open(encoding="utf-8") as stream:
        assert [row["unit"] for row in csv.DictReader(stream)] == ["'=1+1", "-5", "'-x"]
    assert pl.read_parquet(tables / "source-declared.parquet")["unit"].to_list() == ["=1+1", "-5", "-x"]


def test_what_an_earlier_check_wrote_is_replaced_and_nothing_else(full, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(full.check(), out)
    (out / "tables" / "mine.csv").write_text("my own", "utf-8")
    (out / "pictures" / "mine.svg").write_text("my own", "utf-8")
    assert (out / "tables" / "source-theirs.csv").exists()
    full.sources = [source for source in full.sources if "theirs" not in source]
    write_report(full.check(), out)
    assert not (out / "tables" / "source-theirs.csv").exists()
    assert not (out / "tables" / "source-theirs.parquet").exists()
    assert (out / "tables" / "mine.csv").exists() and (out / "pictures" / "mine.svg").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "check.json").write_text("my own", "utf-8")
    with pytest.raises(InputError, match="holds files that haq did not write"):
        write_report(full.check(), tmp_path / "mine")


def test_a_folder_that_cannot_be_written_is_said(full, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", "utf-8")
    with pytest.raises(InputError, match="--out"):
        write_report(full.check(), tmp_path / "taken")
