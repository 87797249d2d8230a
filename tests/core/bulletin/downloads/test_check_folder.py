"""The folder for ``haq check`` gives what the published figures gave."""

import io
import tomllib
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from haq.bulletin.downloads.archive import zip_of
from haq.bulletin.downloads.folder import check_folder
from haq.check import Report, check_election, document, load_election
from haq.check.publication import findings_of
from haq.law.toml import table
from haq.tables import Field, Mapping, read


def checked_again(site: Any, folder: Path) -> Report:
    """Unpack ``data/check.zip`` and check it as a reader would."""
    with zipfile.ZipFile(io.BytesIO(site["data/check.zip"])) as archive:
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return check_election(load_election(inside), inside)


def figures(report: Report) -> dict[str, Any]:
    """Take everything that a check says of the contests."""
    contests: dict[str, Any] = document(report, verbose=True)["contests"]
    return contests


def findings(report: Report) -> Counter[Any]:
    """Count findings with the rows that they name; a list of stations has rows of its own."""
    return Counter(
        (f.kind, f.contest, f.check, f.level, f.unit, f.sources, f.rows if f.kind != "not-declared" else ())
        for contest in report.contests.values()
        for f in findings_of(report, contest)
    )


@pytest.mark.parametrize("name", ["kazakhstan", "village", pytest.param("moscow", marks=pytest.mark.data)])
def test_the_folder_gives_the_same_figures(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    published = request.getfixturevalue(name)
    again = checked_again(published.site(), tmp_path)
    assert figures(again) == figures(published.report)
    assert findings(again) == findings(published.report)
    assert sum(findings(again).values()) > 5


def test_what_is_empty_and_what_cannot_be_read_stay_apart(village: Any, tmp_path: Path) -> None:
    again = checked_again(village.site(), tmp_path)
    for key in ("second", "watch"):
        ours, theirs = again.sources[key], village.report.sources[key]
        assert (
            ours.unreadable.select("row", "field").rows() == theirs.unreadable.select("row", "field").rows()
        )
        assert ours.empty_cells == theirs.empty_cells
        assert ours.frame["row"].to_list() == theirs.frame["row"].to_list()
    assert again.sources["second"].unreadable["value"].to_list() == ["нрзб"]
    assert again.sources["watch"].frame["grade"].to_list() == ["A", None, "C", "B"]


def test_names_areas_and_replies_come_along(village: Any, tmp_path: Path) -> None:
    again = checked_again(village.site(), tmp_path)
    stations = again.sources["stations"].frame
    assert set(stations["unit"]) == {"1", "2", "3", "4", '5, "x"'}
    assert stations.filter(pl.col("unit") == "2")["name"].item() == "=cmd()"
    assert again.sources["areas"].frame.rows() == village.report.sources["areas"].frame.rows()
    replies = again.sources["replies"].frame.select("unit", "reply", "date", "reply_language")
    assert replies.rows() == [
        ("1", "A slip, corrected", "2023-03-20", "en"),
        ("1", "+7 is wrong", None, None),
    ]
    config = again.election.config
    assert config.organisations["watch"].name.en == 'The "watch"'
    assert config.contests["districts"].covers == "part"
    assert config.contests["lists"].choices["nobody"].kind == "against_all"


def test_readings_that_differ_are_no_number_and_not_empty(village: Any, tmp_path: Path) -> None:
    tables = village.tables
    disputed = pl.DataFrame(
        {"source": ["watch"], "row": [5], "line": ["alpha"], "state": ["different"]},
        schema=tables.gaps.schema,
    )
    watch = tables.sources["watch"].with_columns(
        alpha=pl.when(pl.col("row") == 5).then(None).otherwise("alpha").cast(pl.Int64)
    )
    changed = type(tables)(
        **vars(tables) | {"gaps": disputed, "sources": tables.sources | {"watch": watch}},
    )
    files = check_folder(changed, village.context, None)
    assert files["source-watch.csv"].decode().splitlines()[4] == "4,B,different,7"


def test_a_law_profile_of_its_own_lies_beside(village: Any, tmp_path: Path) -> None:
    law = b'extends = "kz-majilis-2023"\nkey = "kz-own"\nsource = "law"\nconfirmed = false\n'
    again = checked_again(village.site(law=law), tmp_path)
    assert again.election.profile.key == "kz-own"


def test_strangers_keys_stay_in_the_folder(village: Any) -> None:
    election = village.context.election
    sources = tuple(
        s.model_copy(update={"key": "../../evil"}) if s.key == "watch" else s for s in election.sources
    )
    context = type(village.context)(
        **vars(village.context) | {"election": election.model_copy(update={"sources": sources})}
    )
    tables = type(village.tables)(
        **vars(village.tables) | {"sources": {"../../evil": village.tables.sources["watch"]}}
    )
    for path in check_folder(tables, context, None):
        assert "/" not in path
        assert ".." not in path


def test_a_strangers_choice_is_no_formula_and_is_found_again(village: Any, tmp_path: Path) -> None:
    name, election = "=cmd()", village.context.election
    ours = election.contests[0].choices[0]
    choices = (ours.model_copy(update={"key": name}), *election.contests[0].choices[1:])
    contests = (election.contests[0].model_copy(update={"choices": choices}), *election.contests[1:])
    context = type(village.context)(
        **vars(village.context) | {"election": election.model_copy(update={"contests": contests})}
    )
    sources = {k: f.rename({ours.key: name}, strict=False) for k, f in village.tables.sources.items()}
    folder = check_folder(type(village.tables)(**vars(village.tables) | {"sources": sources}), context, None)
    headers = [data.splitlines()[0] for path, data in folder.items() if path.startswith("source-")]
    assert not any(b"," + name.encode() in header for header in headers)
    source = tomllib.loads(folder["election.toml"].decode())["sources"]["watch"]
    (tmp_path / "watch.csv").write_bytes(folder[source["file"]])
    fields = [Field("station", "key"), Field(name, "count")]
    mapping = Mapping({field.key: source["columns"][field.key] for field in fields})
    again = read(tmp_path / "watch.csv", mapping, fields, several=True)
    (old, new) = (village.tables.sources["watch"][ours.key], again.frame[name])
    assert new.drop_nulls().to_list() == old.drop_nulls().to_list() != []


def test_the_archive_has_no_clock_and_no_order_of_its_own() -> None:
    files = {"b": b"2", "a": b"1"}
    packed = zip_of(files, folder="village")
    assert packed == zip_of(dict(reversed(files.items())), folder="village")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == ["village/b", "village/a"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_any_text_survives_toml() -> None:

    nasty = 'quote " back \\ tab \t line \n del \x7f nul \x00 Қ 🗳 \u2028'
    written = table(("a.b", "Ә"), {nasty: nasty, "list": [nasty], "inner": {nasty: nasty}, "yes": True})
    assert tomllib.loads(written) == {
        "a.b": {"Ә": {nasty: nasty, "list": [nasty], "inner": {nasty: nasty}, "yes": True}}
    }
