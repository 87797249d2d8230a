"""Figures of the pages against those of the check, on whole elections."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.frames import frames_of
from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.assemble.station import assemble_station, harvest_station
from haq.bulletin.assemble.upper import area_names, assemble_upper, read_upper
from haq.bulletin.figures import agreed_figures, checks_on, lay_out
from haq.bulletin.job import stand_ins, with_upper
from haq.bulletin.model import Context, Sheet
from haq.bulletin.reader import find_election, find_profile, sort_lines
from haq.bulletin.setting import Setting
from haq.check import check_election, document, load_election, sources_in
from haq.check.publication import entries_of
from haq.entries import digest, encode
from haq.law import load_profile
from haq.protocols import flag_protocol


def sheet(kind: str, figures: dict[str, object], source: str = "a") -> Sheet:
    state = "agreed" if kind == "official" else "file"
    return Sheet(kind, source, 1, "", 0, "", state, figures, (), "")  # type: ignore[arg-type]


def atlas_of(lines: list[bytes]) -> Atlas:
    """Put an election together without writing a page."""
    election, line, _ = find_election(b"\n".join(lines[:1]))
    profile = find_profile(election, None)
    piles = sort_lines(lines, profile.levels[0].key)
    read, problems = read_upper(piles.upper, election)
    context = Context(election, profile, digest(line), stand_ins(election, profile), ("en",))
    setting = Setting(context, area_names(read), {})
    harvest = Harvest()
    for unit, own in piles.stations.items():
        harvest_station(*assemble_station(unit, own, setting), harvest)
    upper = assemble_upper(read, problems, setting)
    return Atlas(frames_of(with_upper(harvest, upper), setting), setting, upper, {}, digest(line))


@pytest.mark.parametrize(
    ("example", "data"),
    [
        ("kazakhstan-2021", None),
        pytest.param("moscow-2011", "moscow_2011", marks=pytest.mark.data),
        pytest.param("venezuela-2024", "venezuela_2024", marks=pytest.mark.data),
    ],
)
def test_a_site_says_what_the_check_says(
    example: str, data: str | None, project: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("shared_data") / data if data else None
    election = load_election(project / "examples" / example)
    with sources_in(election, folder) as files:
        report = check_election(election, files)
        said = document(report)["contests"]
        atlas = atlas_of([encode(entry) for entry in entries_of(report)])
    view = next(atlas.views(atlas.tree.root))
    assert [contest.key for contest in view.contests] == list(said)
    for contest in view.contests:
        check = said[contest.key]
        same = check["together"]["same_stations"]
        sums = {s.key: s for s in contest.choices} | dict(contest.lines)
        assert contest.stations == check["stations"]
        assert (contest.compared, contest.whole) == (same["stations"], same["whole"])
        assert {k: sums[k].stations for k in same["pairs"]} == same["pairs"]
        assert {k: sums[k].copies for k in same["pairs"]} == same["copies"]
        assert {k: sums[k].declared for k in same["pairs"]} == same["declared"]
        totals = check["totals"]
        published = totals["choices"] | totals["lines"]
        assert {k: sums[k].official for k in published} == published
        assert contest.seats is not None
        assert contest.seats.official == check["seats"]
        both = check["together"]["seats"]
        ours = {"copies": contest.seats.copies, "declared": contest.seats.declared}
        assert (ours if contest.seats.copies else None) == both
        assert (contest.key in atlas.setting.context.stands_in) == check["declared"]["stands_in"]
        if not check["declared"]["stands_in"]:
            assert contest.official == check["official"]
    assert not view.problems


def test_the_sums_below_are_those_of_the_roll_up(v: SimpleNamespace) -> None:
    atlas = atlas_of([encode(entry) for entry in v.village()])
    one, two = (next(atlas.views(("district", f"KZ-1/{n}"))).contests[0] for n in (1, 2))
    assert (two.below, two.sums["alpha"]) == ("station", 310)
    assert two.summary is not None and two.summary.declared == 0
    assert one.summary is None and dict(one.sums) == {}
    home = next(atlas.views(atlas.tree.root))
    assert [row.ref.key for row in home.children] == ["KZ-1"] and not home.stations
    assert home.contests[0].choices[0].copies == 400 and home.contests[0].choices[0].declared == 410
    assert home.contests[0].differ_choices == 1 and home.largest[0].found.largest == ("alpha", 10)


def test_a_missing_station_leaves_the_sum_of_its_area_open(v: SimpleNamespace) -> None:
    kept = [e for e in v.village() if not (e.kind == "official" and e.unit == "0003")]
    atlas = atlas_of([encode(entry) for entry in kept])
    assert dict(next(atlas.views(("district", "KZ-1/2"))).contests[0].sums) == {}


def test_copies_agree_only_where_no_two_differ() -> None:
    one = sheet("copy", {"alpha": 1, "beta": 2, "x": "empty"})
    two = sheet("copy", {"alpha": 1, "beta": 3, "x": 7, "y": "different"})
    assert agreed_figures([one, two]) == {"alpha": 1, "x": 7}


def test_an_absent_figure_is_no_zero_and_no_difference(v: SimpleNamespace) -> None:
    setting = Setting(Context(v.election(), load_profile("kz-majilis-2021"), "", {}, ("en",)), {}, {})
    copied, declared = (
        sheet("copy", {"alpha": "unreadable", "new": 4}),
        sheet("official", {"alpha": 5, "beta": 6}),
    )
    layout = setting.layout("lists", "station")
    contest = lay_out("lists", layout, [copied], [declared], declared=[declared], awaited=True)
    rows = {row.key: row for row in contest.rows}
    assert list(rows) == ["alpha", "beta", "new"]
    assert rows["alpha"].differences == (None, None) and rows["alpha"].figures == ("unreadable", 5)
    assert rows["beta"].figures == (None, 6) and rows["new"].figures == (4, None)
    assert contest.state == "same" and contest.largest is None


@pytest.mark.parametrize(
    ("copies", "official", "awaited", "state"),
    [(1, 1, True, "same"), (0, 1, True, "no-copy"), (1, 0, True, "not-declared"), (0, 0, False, "no-copy")],
)
def test_the_state_of_a_station(
    v: SimpleNamespace, copies: int, official: int, awaited: bool, state: str
) -> None:
    setting = Setting(Context(v.election(), load_profile("kz-majilis-2021"), "", {}, ("en",)), {}, {})
    ours = [sheet("copy", {"alpha": 5})] * copies
    theirs = [sheet("official", {"alpha": 5})] * official
    layout = setting.layout("lists", "station")
    assert lay_out("lists", layout, ours, theirs, declared=theirs, awaited=awaited).state == state


def test_relations_are_broken_exactly_where_the_check_flags_them(v: SimpleNamespace) -> None:
    profile = load_profile("kz-majilis-2021")
    setting = Setting(Context(v.election(), profile, "", {}, ("en",)), {}, {})
    layout, form = setting.layout("lists", "station"), profile.form("station")
    keys = [line.key for line in form.lines]
    for seed in range(60):
        figures = {key: (seed * 7 + place * seed) % 11 for place, key in enumerate((*keys, "alpha", "beta"))}
        if seed % 3 == 0:
            figures[keys[seed % len(keys)]] = "empty"  # type: ignore[assignment]
        if seed % 5 == 0:
            del figures[keys[-1 - seed % 4]]
        plain = {k: n if isinstance(n, int) else None for k, n in figures.items()}
        flags = flag_protocol(plain, form=form, choices=layout.choices)
        found = {c.relation: c.broken for c in checks_on(0, figures, layout)}
        assert found == {r.key: flags[r.key] for r in form.relations if r.key in flags}
