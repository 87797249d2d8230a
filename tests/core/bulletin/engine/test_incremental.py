"""A site brought up to date has the bytes of one that is built anew."""

import json
import random
import re
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.bulletin import build, overview
from haq.bulletin.assemble.districts import districts_of
from haq.bulletin.incremental import changed_lines
from haq.bulletin.job import Job
from haq.bulletin.memory import remember
from haq.bulletin.pages.pictures import pictures_of
from haq.bulletin.setting import Setting
from haq.charts.painter import Painter
from haq.entries import encode

SETTINGS = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lines_of(v: SimpleNamespace) -> list[bytes]:
    return [encode(entry) for entry in v.village()]


def changed(line: bytes, **values: object) -> bytes:
    tree = json.loads(line) | values
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def line_about(lines: list[bytes], kind: str, unit: str) -> int:
    return next(
        place
        for place, line in enumerate(lines)
        if (tree := json.loads(line))["kind"] == kind and unit in (tree.get("unit"), tree.get("station"))
    )


@given(
    st.lists(st.sampled_from([b"a", b"b", b"cc", b"x" * 70_000, b"y" * 70_000]), max_size=12),
    st.lists(st.sampled_from([b"a", b"b", b"cc", b"x" * 70_000, b"y" * 70_000]), max_size=12),
    st.booleans(),
)
def test_changed_lines_are_found_whatever_is_shared(old: list[bytes], new: list[bytes], ended: bool) -> None:
    end = b"\n" if ended else b""
    before, after = b"\n".join(old) + end, b"\n".join(new) + end
    gone, came = changed_lines(before, after)
    rest = sorted(old)
    for line in gone:
        rest.remove(line)
    assert sorted([*rest, *came]) == sorted(new)
    assert not set(gone) & set(came)


def test_further_pages_of_an_area_are_written_again_only_where_they_differ(
    v: SimpleNamespace, site, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("haq.bulletin.assemble.areas.PAGE", 2)
    monkeypatch.setattr("haq.bulletin.update.PAGE", 2)
    lines = lines_of(v)
    out, _ = site(lines)
    before = v.files_of(out)
    further = {path for path in before if re.fullmatch(r"en/area/kz-1-region-\d+\.html", path)}
    assert len(further) > 1
    made: list[int] = []
    page = overview.area_page
    monkeypatch.setattr(overview, "area_page", lambda desk, view: made.append(view.page) or page(desk, view))
    place = line_about(lines, "official", "0004")
    lines[place] = changed(lines[place], lines=v.figures(700, 50))
    _, built = site(lines)
    steps = v.files_of(out)
    assert not built.whole
    assert 0 < sum(number > 1 for number in made) < len(further)
    _, built = site(lines, full=True)
    assert built.whole and v.files_of(out) == steps


def test_one_changed_figure_rewrites_its_pages_and_those_of_its_areas(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    lines = lines_of(v)
    out, _ = site(lines)
    before = v.files_of(out)
    place = line_about(lines, "official", "0004")
    lines[place] = changed(lines[place], lines=v.figures(700, 50))
    _, built = site(lines)
    after = v.files_of(out)
    pages = {p for p in before if p.startswith("en/") and before[p] != after[p]}
    assert not built.whole and built.removed == 0
    assert pages == {
        "en/station/0004.html",
        "en/area/kz-1_1-district.html",
        "en/area/kz-1-region.html",
        "en/index.html",
        "en/totals/lists.html",
        "en/data.html",
    }


def test_a_share_card_is_drawn_again_only_where_it_differs(v: SimpleNamespace, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    made: list[str] = []
    monkeypatch.setattr(overview, "pictures_of", pictures_of)
    monkeypatch.setattr("haq.bulletin.pages.pictures._drawn", lambda *_: iter(()))
    monkeypatch.setattr(Painter, "png", lambda _, svg: made.append(svg) or svg.encode())
    lines = lines_of(v)
    out, _ = site(lines)
    assert len(made) == len(set(made)) > 1
    made.clear()
    place = line_about(lines, "station", "0004")
    lines[place] = changed(lines[place], address="Street 9")
    assert not site(lines)[1].whole and made == []
    place = line_about(lines, "official", "0004")
    lines[place] = changed(lines[place], lines=v.figures(700, 50))
    assert not site(lines)[1].whole and len(made) == 2  # of the whole election and of the region
    steps = v.files_of(out)
    site(lines, full=True)
    assert v.files_of(out) == steps


def test_a_build_that_came_in_between_is_noticed(v: SimpleNamespace, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    lines = lines_of(v)
    out, _ = site(lines)
    stale = remember(out)
    place = line_about(lines, "official", "0004")
    lines[place] = changed(lines[place], lines=v.figures(700, 50))
    site(lines)
    monkeypatch.setattr(sys.modules["haq.bulletin.build"], "remember", lambda out: stale)
    place = line_about(lines, "official", "0005")
    lines[place] = changed(lines[place], lines=v.figures(40, 50))
    _, built = site(lines)
    steps = v.files_of(out)
    assert not built.whole
    site(lines, full=True)
    assert v.files_of(out) == steps


def test_nothing_changed_writes_nothing(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(lines_of(v))
    before = v.files_of(out)
    _, built = site(lines_of(v))
    assert (built.whole, built.written, built.removed) == (False, 0, 0)
    assert v.files_of(out) == before


def change(lines: list[bytes], v: SimpleNamespace, dice: random.Random) -> list[bytes]:
    """Change something about a village at random."""
    place = dice.randrange(1, len(lines))
    line = lines[place]
    kinds = ["figure", "drop", "twice", "break", "copy", "finding", "move", "swap", "text", "level", "source"]
    kind = dice.choice(kinds)
    unit = f"{dice.randrange(1, 9):04}"
    tree = json.loads(line) if line.startswith(b"{") and line.endswith(b"}") and b"\xff" not in line else {}
    if kind == "drop":
        return lines[:place] + lines[place + 1 :]
    if kind == "twice":
        return [*lines, line]
    if kind == "break":
        return [*lines[:place], line[:-1] + b"\xff", *lines[place + 1 :]]
    if kind == "copy":
        made = v.copy(unit, v.figures(dice.randrange(200), 50), dice.choice(["citizens", "students"]), row=99)
        return [*lines, *(encode(entry) for entry in made)]
    if kind == "finding":
        return [*lines, encode(v.finding(unit, 1, dice.randrange(2, 90)))]
    if kind == "move":
        return [*lines, encode(v.station(unit, f"KZ-1/{dice.randrange(1, 3)}", name=f"№ {dice.random()}"))]
    if kind == "swap":
        other = dice.randrange(1, len(lines))
        lines = list(lines)
        lines[place], lines[other] = lines[other], lines[place]
        return lines
    if kind == "figure" and "lines" in tree and tree["kind"] in ("official", "reading"):
        tree["lines"][dice.choice([*tree["lines"], "unheard"])] = dice.choice(
            [7, 3000, "unreadable", "empty"]
        )
        return [*lines[:place], changed(b"{}", **tree), *lines[place + 1 :]]
    if kind == "level" and "level" in tree and "unit" in tree:
        # A source of one level then holds a sheet of another, of a unit that may be anybody's.
        level = dice.choice(["station", "district", "region", "republic"])
        return [*lines, changed(line, level=level, unit=dice.choice([unit, "KZ-1/1", "KZ-1", tree["unit"]]))]
    if kind == "source" and "source" in tree:
        source = dice.choice(["official", "citizens", "districts", "stations", "nobody"])
        return [*lines[:place], changed(line, source=source), *lines[place + 1 :]]
    if kind == "text" and tree.get("kind") == "station":
        return [*lines[:place], changed(line, address=f"Street {dice.randrange(9)}"), *lines[place + 1 :]]
    return lines


@SETTINGS
@given(st.integers(0, 2**32))
def test_step_by_step_is_as_good_as_at_once(v: SimpleNamespace, tmp_path_factory, seed: int) -> None:  # type: ignore[no-untyped-def]
    dice = random.Random(seed)
    folder: Path = tmp_path_factory.mktemp("steps")
    lines = lines_of(v)
    build(v.write(lines, folder / "in"), folder / "steps", languages=["en"], processes=1)
    parts = 0
    for _ in range(4):
        for _ in range(dice.randrange(1, 4)):
            lines = change(lines, v, dice)
        built = build(v.write(lines, folder / "in"), folder / "steps", languages=["en"], processes=1)
        parts += not built.whole
    build(folder / "in", folder / "once", languages=["en"], processes=1)
    steps, once = v.files_of(folder / "steps"), v.files_of(folder / "once")
    assert steps.keys() == once.keys()
    assert [path for path in once if steps[path] != once[path]] == []


@SETTINGS
@given(st.integers(0, 2**32))
def test_districts_step_by_step_are_those_of_all_stations(
    v: SimpleNamespace, tmp_path_factory, seed: int
) -> None:  # type: ignore[no-untyped-def]
    dice = random.Random(seed)
    folder: Path = tmp_path_factory.mktemp("districts")
    lines = lines_of(v)
    for _ in range(4):
        build(v.write(lines, folder / "in"), folder / "out", languages=["en"], processes=1)
        state = remember(folder / "out").state
        with closing(Job(folder / "in", folder / "elsewhere", ["en"])) as job:
            whole = districts_of(state.frames, Setting(job.context, {}, {}))
        held = dict(state.districts.tables())
        assert held.keys() == dict(whole.tables()).keys()
        assert all(held[name].equals(table) for name, table in whole.tables())
        lines = change(lines, v, dice)


def test_most_changes_need_no_whole_build(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    """Otherwise the test above would hold without any incremental build at all."""
    dice = random.Random(2)
    lines = lines_of(v)
    site(lines)
    wholes = 0
    for _ in range(12):
        lines = change(lines, v, dice)
        wholes += site(lines)[1].whole
    assert wholes <= 4


def test_a_line_without_a_number_makes_no_build_whole(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    unheard = v.figures(100, 50) | {"unheard": "unreadable", "station": "empty"}
    lines = [*lines_of(v), *map(encode, v.copy("0003", unheard, row=88))]
    site(lines)
    # A station of which this source had no sheet, and the very one that has the line.
    lines += map(encode, v.copy("0005", v.figures(90, 50), row=89))
    assert not site(lines)[1].whole
    place = line_about(lines, "official", "0003")
    lines[place] = changed(lines[place], lines=v.figures(700, 50))
    assert not site(lines)[1].whole
    kept = [line for line in lines if b'"unheard"' not in line]
    out, built = site(kept)
    once, _ = site(kept, "once")
    assert built.whole, "the last sheet that had the line is gone"
    assert v.files_of(out) == v.files_of(once)


def test_lists_of_findings_are_written_again_only_where_they_differ(
    v: SimpleNamespace, site, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("haq.bulletin.assemble.areas.PAGE", 2)
    monkeypatch.setattr("haq.bulletin.update.PAGE", 2)
    lines = lines_of(v) + [encode(v.finding(f"{n:04}", 1, 50 + n)) for n in range(1, 6)]
    site(lines)
    place = line_about(lines, "official", "0005")
    lines[place] = changed(lines[place], lines=v.figures(701, 50))
    shown = []
    from haq.bulletin import overview

    real = overview.findings_page
    monkeypatch.setattr(
        overview, "findings_page", lambda desk, view: shown.append(view.page) or real(desk, view)
    )
    out, built = site(lines)
    assert not built.whole and shown == [1]
    once, _ = site(lines, "once")
    assert v.files_of(out) == v.files_of(once)


@pytest.mark.parametrize("damage", ["state", "entries", "list", "languages", "election"])
def test_any_doubt_means_a_whole_build(v: SimpleNamespace, site, damage: str) -> None:  # type: ignore[no-untyped-def]
    lines = lines_of(v)
    out, _ = site(lines)
    options: dict[str, object] = {}
    if damage == "state":
        path = out / ".haq-state" / "stations.parquet"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif damage == "entries":
        (out / "data" / "entries.jsonl").write_bytes(b"{}\n")
    elif damage == "list":
        (out / "site.sha256").write_bytes(b"")
    elif damage == "languages":
        options["languages"] = ["en", "ru"]
    else:
        lines[0] = changed(lines[0], title={"en": "Another name"})
    _, built = site(lines, **options)
    assert built.whole
    once, _ = site(lines, "once", **options)
    assert v.files_of(out) == v.files_of(once)


def test_more_pages_before_than_now(v: SimpleNamespace, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("haq.bulletin.assemble.areas.PAGE", 2)
    monkeypatch.setattr("haq.bulletin.update.PAGE", 2)
    lines = lines_of(v)
    out, _ = site(lines)
    assert (out / "en/area/kz-1_1-district-2.html").exists()
    kept = [line for line in lines if b'"0006"' not in line]
    _, built = site(kept)
    assert not built.whole and not (out / "en/area/kz-1_1-district-2.html").exists()
    once, _ = site(kept, "once")
    assert v.files_of(out) == v.files_of(once)
