"""Tables that people and programs can read, and a package that says what they are."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.downloads.flat import csv_of, stem_of, with_gaps
from haq.tables.harmless import harmless, harmless_headers


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Read a CSV file as anybody would."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_parquet_is_exact_and_csv_is_harmless(village: Any) -> None:
    site = village.site()
    exact = pl.read_parquet(io.BytesIO(site["data/stations.parquet"]))
    assert exact.equals(village.tables.stations)
    names = {row["unit"]: row["name"] for row in rows_of(site["data/stations.csv"])}
    assert names["2"] == "'=cmd()"
    assert names['5, "x"'] == ""


def test_a_figure_that_is_no_number_says_why(village: Any) -> None:
    site = village.site()
    second = {row["unit"]: row for row in rows_of(site["data/source-second.csv"])}
    assert second["2"]["alpha"] == "unreadable"
    assert second['5, "x"']["ballots_invalid"] == ""
    assert second['5, "x"']["ballots_in_boxes"] == "-3"
    assert pl.read_parquet(io.BytesIO(site["data/source-second.parquet"]))["alpha"].to_list() == [35, None, 1]
    assert rows_of(site["data/gaps.csv"]) == [
        {"source": "second", "line": "alpha", "state": "unreadable", "row": "4"}
    ]


def test_every_file_is_listed_with_its_hash(village: Any) -> None:
    law = b'key = "own"\n'
    site = village.site(law=law, entries=(12, "e" * 64))
    listed = {d.path: d for d in site.downloads}
    assert listed.keys() == {*site, "data/entries.jsonl"}
    assert len(listed) == len(site.downloads)
    for path, data in site.items():
        assert (listed[path].bytes, listed[path].sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (listed["data/entries.jsonl"].bytes, listed["data/entries.jsonl"].sha256) == (12, "e" * 64)
    assert {d.what for d in site.downloads} == {
        *("stations", "areas", "source", "gaps", "findings", "differences", "totals", "replies", "package"),
        *("check", "entries", "law", "nist"),
    }
    assert site["data/law.toml"] == law
    package = json.loads(site["data/datapackage.json"])
    resources = {f"data/{r['path']}": r for r in package["resources"]}
    assert resources.keys() == listed.keys() - {"data/datapackage.json"}
    names = [r["name"] for r in package["resources"]]
    assert len(names) == len(set(names))
    for path, resource in resources.items():
        assert resource["bytes"] == listed[path].bytes
        assert resource["hash"] == f"sha256:{listed[path].sha256}"


def test_the_package_describes_every_column_in_words(village: Any) -> None:
    site = village.site()
    package = json.loads(site["data/datapackage.json"])
    assert package["titles"] == {"kk": "Ауыл", "en": "Village"}
    assert "licenses" not in package
    for resource in package["resources"]:
        if resource["format"] == "csv":
            header = site[f"data/{resource['path']}"].split(b"\n")[0].decode().split(",")
            assert [field["name"] for field in resource["schema"]["fields"]] == header
    (second,) = (r for r in package["resources"] if r["path"] == "source-second.csv")
    fields = {field["name"]: field for field in second["schema"]["fields"]}
    assert fields["alpha"]["titles"] == {"kk": "Альфа", "en": "Alpha"}
    assert fields["alpha"]["type"] == "integer"
    assert fields["registered"]["titles"].keys() == {"kk", "ru", "en"}
    assert second["schema"]["missingValues"] == ["", "unreadable", "different"]


def test_the_same_tables_give_the_same_bytes(village: Any) -> None:
    first, second = village.site(), village.site()
    assert dict(first) == dict(second)
    assert first.downloads == second.downloads
    pieces = type(village.tables)(
        **vars(village.tables)
        | {
            "stations": pl.concat(
                [village.tables.stations.head(2), village.tables.stations.slice(2)], rechunk=False
            )
        }
    )
    assert dict(type(village)(village.report, pieces, village.context).site()) == dict(first)


def changed(tables: Any, change: str) -> tuple[Any, str]:
    """Change something about one station."""
    unit = tables.stations["unit"][100]
    here = pl.col("unit") == unit
    parts: dict[str, Any] = {}
    official = tables.sources["official"]
    if change == "figure":
        more = official.with_columns(adal=pl.when(here).then(pl.col("adal") + 1000).otherwise("adal"))
        parts["sources"] = tables.sources | {"official": more}
    elif change == "unread":
        less = official.with_columns(adal=pl.when(here).then(None).otherwise("adal"))
        parts["sources"] = tables.sources | {"official": less}
    elif change == "sheet":
        parts["sources"] = tables.sources | {"official": official.filter(~here)}
    elif change == "gap":
        row = tables.sources["citizens"]["row"][3]
        gap = {"source": ["citizens"], "line": ["adal"], "state": ["unreadable"], "row": [row]}
        parts["gaps"] = pl.concat([tables.gaps, pl.DataFrame(gap, schema=tables.gaps.schema)])
    elif change == "finding":
        parts["findings"] = tables.findings.head(3)
    elif change == "gone":
        parts["stations"] = tables.stations.filter(~here)
        parts["sources"] = {key: frame.filter(~here) for key, frame in tables.sources.items()}
    else:
        column, value = ("name", "Ә") if change == "name" else ("region", "KZ-75")
        parts["stations"] = tables.stations.with_columns(
            pl.when(here).then(pl.lit(value)).otherwise(column).alias(column)
        )
    return replace(tables, **parts), unit


CHANGES = ["figure", "unread", "sheet", "name", "area", "gap", "gone", "finding"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_would_be_the_same_is_not_made_again(kazakhstan: Any, change: str) -> None:
    tables, unit = changed(kazakhstan.tables, change)
    old, new = kazakhstan.site(), replace(kazakhstan, tables=tables)
    part, whole = new.site(last=old.last(kazakhstan.tables, {unit})), new.site()
    assert {**old, **part} == {**old, **whole}
    assert part.downloads == whole.downloads
    assert len([path for path in part if path.startswith("data/nist/")]) <= 3
    assert ("data/check.zip" in part) == (change != "finding")  # made of all that the check reads
    # A file that is no longer there is made again, and without anybody to ask everything is.
    assert dict(new.site(last=old.last(kazakhstan.tables, {unit}, there=False))) == dict(whole)
    # Nothing of a file that somebody changed gets into one that is made again.
    for path in [path for path, data in old.items() if data]:
        old[path] = old[path][:-9] + b"9" + old[path][-8:]
    damaged = new.site(last=old.last(kazakhstan.tables, {unit}))
    assert all(damaged[path] == whole[path] for path in part) and damaged.downloads == whole.downloads


def test_one_figure_is_written_into_the_files_that_are_there(kazakhstan: Any, monkeypatch: Any) -> None:
    tables, unit = changed(kazakhstan.tables, "figure")
    old, new = kazakhstan.site(), replace(kazakhstan, tables=tables)
    whole = new.site()
    for name in ("check_folder", "zip_of"):
        monkeypatch.delattr(f"haq.bulletin.downloads.delivery.{name}")
    monkeypatch.delattr("haq.bulletin.downloads.nist.report.Reports.summary")
    part = new.site(last=old.last(kazakhstan.tables, {unit}))
    assert all(part[path] == whole[path] for path in part)
    assert {"data/check.zip", "data/source-official.csv", "data/nist/all.json"} <= part.keys()


@given(st.text(), st.text())
def test_names_of_files_are_safe_and_apart(one: str, other: str) -> None:
    for key in (one, other):
        assert set(stem_of(key)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
        assert 0 < len(stem_of(key)) <= 60
    assert (stem_of(one) == stem_of(other)) == (one == other)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_no_text_of_a_csv_file_is_a_formula(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})
    for before, after in zip(texts, harmless(frame)["text"], strict=True):
        assert after in (before, f"'{before}")
        assert not after.startswith(("=", "+", "@", "\t", "\r"))
    assert [tuple(row) for row in csv.reader(io.StringIO(csv_of(frame).decode(), newline=""))][1:] == [
        (text,) for text in harmless(frame)["text"]
    ]


@given(st.lists(st.text(st.sampled_from("'=-+@1a"), min_size=1), unique=True))
def test_no_header_of_a_csv_file_is_a_formula_and_no_two_are_one(names: list[str]) -> None:
    headers = harmless_headers(names)
    assert list(headers) == names
    assert len(set(headers.values())) == len(names)
    for name, header in headers.items():
        assert header.lstrip("'") == name.lstrip("'")
        assert not header.startswith(("=", "+", "@"))
        assert header == name or name[0] in "=+-@'"


def test_a_strangers_line_is_harmless_and_described_as_it_is_called(village: Any) -> None:
    sources = dict(village.tables.sources)
    key = next(iter(sources))
    sources[key] = sources[key].with_columns(pl.lit(1, dtype=pl.Int64).alias('=HYPERLINK("x")'))
    site = type(village)(
        village.report, type(village.tables)(**vars(village.tables) | {"sources": sources}), village.context
    ).site()
    headers = next(csv.reader(io.StringIO(site[f"data/source-{key}.csv"].decode())))
    assert headers[-1] == '\'=HYPERLINK("x")'
    (described,) = (
        resource
        for resource in json.loads(site["data/datapackage.json"])["resources"]
        if resource["path"] == f"source-{key}.csv"
    )
    assert [field["name"] for field in described["schema"]["fields"]] == headers
    assert pl.read_parquet(io.BytesIO(site[f"data/source-{key}.parquet"])).columns[-1] == '=HYPERLINK("x")'


def test_a_gap_of_a_strangers_line_changes_nothing() -> None:
    frame = pl.DataFrame({"unit": ["1"], "row": [2], "a": [None]}, schema_overrides={"a": pl.Int64})
    for line in ("unit", "row", "nothing"):
        gaps = pl.DataFrame({"row": [2], "line": [line], "state": ["unreadable"]})
        assert with_gaps(frame, gaps).equals(frame)
