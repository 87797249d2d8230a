"""What counts as declared: versions, doubled results, lists of stations, sums beyond 64 bits."""

import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.frames import frames_of
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.station import assemble_station, harvest_station
from haq.bulletin.assemble.upper import area_names, assemble_upper, read_upper
from haq.bulletin.job import stand_ins, with_upper
from haq.bulletin.model import AreaContest, Context, StationContest
from haq.bulletin.reader import find_election, find_profile, sort_lines
from haq.bulletin.setting import Setting, hold_against_law
from haq.check import check_election, document, load_election
from haq.check.publication import entries_of
from haq.cli import app
from haq.entries import ElectionEntry, Entry, FindingEntry, StationEntry, digest, encode
from haq.entries.kinds import LARGEST
from haq.errors import InputError
from haq.law import load_profile


def atlas_of(entries: list[Entry]) -> Atlas:
    """Put an election together without writing a page."""
    lines = [encode(entry) for entry in entries]
    election, line, _ = find_election(lines[0])
    profile = find_profile(election, None)
    piles = sort_lines(lines, profile.levels[0].key)
    read, problems = read_upper(piles.upper, election)
    context = Context(election, profile, digest(line), stand_ins(election, profile), ("en",))
    setting, harvest = Setting(context, area_names(read), {}), Harvest()
    for unit, own in piles.stations.items():
        harvest_station(*assemble_station(unit, own, setting), harvest)
    upper = assemble_upper(read, problems, setting)
    return Atlas(frames_of(with_upper(harvest, upper), setting), setting, upper, {}, digest(line))


def whole(atlas: Atlas) -> AreaContest:
    """Give the contest in the whole election."""
    return next(atlas.views(atlas.tree.root)).contests[0]


def station_of(entries: list[Entry], unit: str) -> StationContest:
    """Give the contest at a station."""
    atlas = atlas_of(entries)
    lines = sort_lines([encode(e) for e in entries], "station").stations[unit]
    view, _ = assemble_station(unit, lines, atlas.setting)
    assert view is not None
    return view.contests[0]


def with_second_version(v: SimpleNamespace, units: dict[str, int]) -> list[Entry]:
    """Make a village whose official result has a second version with some stations only."""
    made: list[Entry] = v.village()
    sources = list(v.election().sources)
    sources.append(sources[1].model_copy(update={"key": "official2", "version": 2}))
    made[0] = v.election(sources=tuple(sources))
    for unit, alpha in units.items():
        made.append(v.official(unit, v.figures(alpha, 50), version=2, source="official2"))
    return made


def test_a_later_version_with_few_stations_hides_no_earlier_one(v: SimpleNamespace) -> None:
    made = with_second_version(v, {"0001": 100})
    first, third = station_of(made, "0001"), station_of(made, "0003")
    assert (first.state, first.left_out_of) == ("same", 0)
    assert (third.state, third.left_out_of) == ("same", 2)
    atlas = atlas_of(made)
    contest = whole(atlas)
    assert (contest.official, contest.earlier, contest.stations) == (5, 4, 6)
    assert (contest.choices[0].official, contest.choices[0].official_stations) == (500, 5)
    rows = {row.unit: row.versions for row in atlas.rows(["0001", "0003", "0006"])}
    assert rows == {"0001": None, "0003": (1, 2), "0006": None}


def test_pages_name_the_version_that_speaks(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(with_second_version(v, {"0001": 100}))
    page = (out / "en/station/0003.html").read_text("utf-8")
    assert "Nothing has been declared here" not in page
    assert "of version 1: version 2 leaves this station out" in page
    listed = (out / "en/area/kz-1_1-district.html").read_text("utf-8")
    assert '<span class="under">version 1; version 2 leaves it out</span>' in listed
    assert "4 of them from an earlier version" in (out / "en/totals/lists.html").read_text("utf-8")


def test_check_and_site_choose_the_same_version(tmp_path: Path) -> None:
    folder = election_folder(
        tmp_path,
        official="unit,alpha,beta\n1,10,5\n2,20,5\n3,30,5\n",
        second="unit,alpha,beta\n2,25,5\n",
        copies="unit,alpha,beta\n1,11,5\n2,20,5\n",
    )
    report = check_election(election := load_election(folder), folder)
    assert election.path.name == "election.toml"
    said = document(report)["contests"]["lists"]
    contest = whole(atlas_of(list(entries_of(report))))
    assert (said["official"], said["left_out"]) == (contest.official, contest.earlier) == (3, 2)
    assert (
        said["totals"]["choices"] == {"alpha": 65, "beta": 15} == {c.key: c.official for c in contest.choices}
    )
    assert said["together"]["same_stations"]["declared"]["alpha"] == contest.choices[0].declared == 35
    found = [e for e in entries_of(report) if isinstance(e, FindingEntry)]
    differing = [f for f in found if f.finding == "official-differs"]
    # The finding names the version that speaks for its station.
    assert [(f.unit, f.sources, f.lines["alpha"]) for f in differing] == [
        ("1", ("watch", "official"), (11, 10)),
        ("2", ("watch", "second"), (20, 25)),
    ]


def test_stations_beside_the_list_are_added_up_and_counted_apart(tmp_path: Path) -> None:
    folder = election_folder(
        tmp_path,
        official="unit,alpha,beta\n1,10,5\n2,20,5\n9,7,5\n",
        stations="unit\n1\n2\n3\n",
        copies="unit,alpha,beta\n1,10,5\n8,1,1\n",
        replies="unit,reply\n7,We know of no such station\n",
    )
    report = check_election(load_election(folder), folder)
    said = document(report)["contests"]["lists"]
    contest = whole(atlas := atlas_of(list(entries_of(report))))
    assert said["stations"] == contest.stations == 3
    assert said["official"] == contest.official == 2
    assert said["unlisted"] == {"official": 1, "watch": 1}
    assert (contest.copied, contest.unlisted_official, contest.unlisted_copied) == (1, 1, 1)
    assert contest.choices[0].official == said["totals"]["choices"]["alpha"] == 37
    # A station beside the list does not stand for one that nobody declared.
    assert (said["totals"]["stations"], said["totals"]["of"]) == (2, 3)
    assert not contest.choices[0].complete
    named = {
        (row["unit"], row["values"])
        for row in atlas.frames.problems.filter(atlas.frames.problems["code"] == "unknown-unit").to_dicts()
    }
    kinds = {
        (unit, kind) for unit, values in named for kind in ("official", "copy", "reply") if kind in values
    }
    assert kinds == {("9", "official"), ("8", "copy"), ("7", "reply")}


def test_only_findings_and_replies_make_no_station_known(v: SimpleNamespace) -> None:
    made = [e for e in v.village() if not isinstance(e, StationEntry)]
    made[0] = v.election(sources=tuple(s for s in made[0].sources if s.kind != "stations"))
    made.append(v.finding("0999", 1, 2))
    contest = whole(atlas_of(made))
    assert contest.stations == 5


def test_sums_beyond_64_bits_are_exact(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    count = 1_100
    lines = {"alpha": LARGEST, "beta": 1}
    made: list[Entry] = [v.election()]
    for number in range(count):
        unit = f"{number:04}"
        made += [
            v.station(unit),
            v.official(unit, lines, row=number + 2),
            *v.copy(unit, lines, row=number + 2),
        ]
    contest = whole(atlas_of(made))
    alpha = contest.choices[0]
    assert alpha.official == alpha.copies == alpha.declared == count * LARGEST > 2**63
    out, _ = site(made)
    assert f"{count * LARGEST:,}" in (out / "en/totals/lists.html").read_text("utf-8")


def test_a_result_declared_twice_is_not_chosen(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    made = [*v.village(), v.official("0003", {**v.figures(100, 50), "alpha": 777}, row=77)]
    twice = station_of(made, "0003")
    assert twice.state == "declared-twice" and "alpha" not in twice.against and twice.against["beta"] == 50
    rows = {row.key: row for row in twice.rows}
    assert rows["alpha"].figures == (100, 100, 777) and rows["alpha"].differences == (None, None, None)
    contest = whole(atlas_of(made))
    # 100 of each of four stations, 110 of the first, and neither 100 nor 777 of this one.
    assert (contest.twice, contest.choices[0].official, contest.choices[0].official_stations) == (1, 410, 4)
    assert contest.choices[1].official == 250
    out, _ = site(made)
    page = (out / "en/station/0003.html").read_text("utf-8")
    assert "stands here twice, with different figures on 1 line" in page and "row 77" in page
    assert "declared twice" in (out / "en/area/kz-1_2-district.html").read_text("utf-8")


def test_a_sum_with_a_doubled_result_is_not_held_against_the_sheet_above(v: SimpleNamespace) -> None:
    made = [*v.village(), v.official("0003", {**v.figures(100, 50), "alpha": 777}, row=77)]
    two = next(atlas_of(made).views(("district", "KZ-1/2"))).contests[0]
    assert "alpha" not in two.sums and two.sums["beta"] == 150


def test_several_sheets_of_the_whole_election_are_named(v: SimpleNamespace) -> None:
    top = load_profile(v.election().law).levels[-1].key
    sources = (
        *v.election().sources,
        v.election().sources[4].model_copy(update={"key": "centre", "level": top}),
    )
    made = [v.election(sources=sources), *v.village()[1:]]
    for key, alpha in (("KZ", 510), ("QZ", 9)):
        made.append(v.official(key, v.figures(alpha, 250), level=top, source="centre"))
    atlas = atlas_of(made)
    view = next(atlas.views(atlas.tree.root))
    (named,) = (p for p in view.problems if p.code == "two-summaries")
    assert named.values["keys"] == "KZ | QZ"
    contest = view.contests[0]
    assert contest.summary is not None and contest.summary.against["alpha"] == 510
    # Seats by the sheet stand beside those on the stations.
    assert contest.seats is not None and contest.seats.sheet == {"alpha": 7, "beta": 3}


def doubled(v: SimpleNamespace, part: str) -> dict[str, object]:
    """Write an election's entry as plain values, with a key of one of its parts there twice."""
    tree: dict[str, Any] = v.election().model_dump(mode="json", exclude_none=True)
    if part == "choices":
        tree["contests"][0]["choices"].append(tree["contests"][0]["choices"][0])
    elif part == "none":
        tree["contests"] = []
    else:
        tree[part].append(tree[part][0])
    return tree


@pytest.mark.parametrize("part", ["contests", "choices", "organisations", "sources", "none"])
def test_keys_that_stand_twice_are_refused_by_name(v: SimpleNamespace, part: str, tmp_path: Path) -> None:
    tree = doubled(v, part)
    said = "there is none" if part == "none" else f"{part}: the key '.+' stands twice; give each its own"
    with pytest.raises(InputError, match=said):
        ElectionEntry.model_validate(tree)
    line = encode(v.election().model_copy(update={"contests": ()})) if part == "none" else encoded(tree)
    folder = v.write([line, *v.village()[1:]], tmp_path / "in")
    run = CliRunner().invoke(app, ["bulletin", "build", str(folder), "--out", str(tmp_path / "site")])
    assert run.exit_code == 2 and "Traceback" not in run.output
    assert not (tmp_path / "site").exists()


def encoded(tree: dict[str, object]) -> bytes:
    """Write plain values as canonical JSON."""
    import rfc8785

    return rfc8785.dumps(tree)  # type: ignore[arg-type]


def test_a_choice_called_like_a_line_is_refused(v: SimpleNamespace, tmp_path: Path) -> None:
    (rules,) = v.election().contests
    choices = (rules.choices[0].model_copy(update={"key": "ballots_invalid"}), *rules.choices[1:])
    election = v.election(contests=(rules.model_copy(update={"choices": choices}),))
    folder = v.write([election, *v.village()[1:]], tmp_path / "in")
    run = CliRunner().invoke(app, ["bulletin", "build", str(folder), "--out", str(tmp_path / "site")])
    assert run.exit_code == 2 and "'ballots_invalid' is also a line" in " ".join(run.output.split())


def test_what_the_law_does_not_know_is_named(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    (rules,) = v.election().contests
    election = v.election(
        contests=(rules.model_copy(update={"law": "mayor"}),),
        sources=(
            *v.election().sources,
            v.election().sources[1].model_copy(update={"key": "x", "level": "moon"}),
        ),
    )
    named = hold_against_law(election, load_profile(election.law), "e")
    assert [(p.code, dict(p.values)) for p in named] == [
        ("unknown-law", {"contest": "lists", "law": "mayor"}),
        ("unknown-level", {"source": "x", "level": "moon"}),
    ]
    _, built = site([election, *v.village()[1:]])
    assert {"unknown-law", "unknown-level"} <= {p.code for p in built.problems}


def election_folder(folder: Path, **tables: str) -> Path:
    """Write an election of two lists with some tables as somebody would give it to ``haq check``."""
    kinds = {
        "stations": 'kind = "stations"',
        "official": 'kind = "official"',
        "second": 'kind = "official"\nversion = 2',
        "copies": 'kind = "copies"\norganisation = "watch"',
        "replies": 'kind = "replies"',
    }
    text = """format = 1
key = "village"
title = {en = "Village"}
date = 2021-01-10
law = "kz-majilis-2021"
[contests.lists]
seats = 10
[contests.lists.choices]
alpha = {name = {en = "Alpha"}, kind = "list"}
beta = {name = {en = "Beta"}, kind = "list"}
[organisations.watch]
name = {en = "Watch"}
ties = []
"""
    for key, table in tables.items():
        (folder / f"{key}.csv").write_text(table, encoding="utf-8")
        name = "watch" if key == "copies" else key
        text += f'[sources.{name}]\n{kinds[key]}\nfile = "{key}.csv"\n'
        text += f'[sources.{name}.columns]\nstation = "unit"\n'
        columns = {"stations": [], "replies": ["reply"]}.get(key, ["alpha", "beta"])
        text += "".join(f'{column} = "{column}"\n' for column in columns)
    (folder / "election.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_published_folder_counts_the_same_stations(tmp_path: Path, site) -> None:  # type: ignore[no-untyped-def]
    folder = election_folder(
        tmp_path,
        official="unit,alpha,beta\n1,10,5\n2,20,5\n9,7,5\n",
        stations="unit\n1\n2\n3\n",
        copies="unit,alpha,beta\n1,10,5\n8,1,1\n",
    )
    report = check_election(load_election(folder), folder)
    out, _ = site(list(entries_of(report)))
    with zipfile.ZipFile(out / "data" / "check.zip") as archive:
        archive.extractall(tmp_path / "again")
    (again,) = (tmp_path / "again").iterdir()
    said = document(check_election(load_election(again), again))["contests"]
    assert said == document(report)["contests"]
