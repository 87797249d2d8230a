"""What stands beside the figures of a synthetic election: outlines, photographs, replies, names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.errors import InputError
from haq.synthetic import Spec, SyntheticElection, load_spec, make, truth, write
from haq.synthetic.outlines import draw_outlines
from haq.synthetic.photographs import HEIGHT, WIDTH

ROOT = Path(__file__).parents[3]
NAME = {"kk": "а", "ru": "б", "en": "c"}
Point = tuple[float, float]


@pytest.fixture(scope="module")
def kazakhstan() -> SyntheticElection:
    return make(load_spec(ROOT / "examples" / "kazakhstan-2021" / "synthetic.toml"))


@pytest.fixture(scope="module")
def written(kazakhstan: SyntheticElection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write(kazakhstan, folder)
    return folder


def edges(ring: Sequence[Sequence[float]]) -> list[tuple[Point, Point]]:
    points = [(x, y) for x, y in ring]
    return list(pairwise(points))


def area(ring: Sequence[Sequence[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(ring)) / 2


def border(rings: Sequence[Sequence[Sequence[float]]]) -> set[tuple[Point, Point]]:
    """Give the edges that are left where neighbours share all others, once in each direction."""
    walked = Counter(edge for ring in rings for edge in edges(ring))
    assert set(walked.values()) == {1}
    return {(a, b) for a, b in walked if (b, a) not in walked}


def rings(outlines: dict[str, Any]) -> dict[str, Any]:
    assert outlines["type"] == "FeatureCollection"
    return {f["id"]: f["geometry"]["coordinates"][0] for f in outlines["features"]}


def check_tiling(areas: pl.DataFrame, outlines: Any) -> None:
    regions, districts = rings(outlines["region"]), rings(outlines["district"])
    inside: dict[str, list[Any]] = {}
    for key, parent, level in areas.select("area", "parent", "level").rows():
        if level == "district":
            inside.setdefault(parent, []).append(districts.pop(key))
        else:
            assert key in regions
    assert not districts and inside.keys() == regions.keys()
    for ring in (*regions.values(), *(ring for parts in inside.values() for ring in parts)):
        assert ring[0] == ring[-1] and len(ring) >= 5
        assert area(ring) > 0  # against the clock, as RFC 7946 wants it
        assert len({tuple(point) for point in ring}) == len(ring) - 1
    # Districts share every inner edge and leave exactly the border of their region; so do regions, whose
    # common border is one ring: nothing overlaps and nothing is left out.
    for key, parts in inside.items():
        assert border(parts) == set(edges(regions[key]))
        assert sum(map(area, parts)) == pytest.approx(area(regions[key]))
    outer = border(list(regions.values()))
    assert Counter(a for a, _ in outer) == Counter(b for _, b in outer)
    assert len({a for a, _ in outer}) == len(outer)


@settings(max_examples=60)
@given(counts=st.lists(st.integers(1, 30), min_size=1, max_size=20), seed=st.integers(0, 5))
def test_outlines_tile_whatever_areas_there_are(counts: list[int], seed: int) -> None:
    import numpy as np

    rows = []
    for number, count in enumerate(counts):
        rows.append((f"r{number}", None, "region", "а", "б", "c"))
        rows += [(f"r{number}/{d}", f"r{number}", "district", "а", "б", "c") for d in range(count)]
    columns = ["area", "parent", "level", "name_kk", "name_ru", "name_en"]
    areas = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    check_tiling(areas, draw_outlines(np.random.default_rng(seed), areas))


def test_the_outlines_of_kazakhstan_tile_and_say_that_they_are_invented(
    kazakhstan: SyntheticElection,
) -> None:
    check_tiling(kazakhstan.areas, kazakhstan.outlines)
    features = [f for level in kazakhstan.outlines.values() for f in level["features"]]
    assert len(features) == 17 + 217
    assert all(feature["properties"]["synthetic"] is True for feature in features)
    # In the sea, far from any country that they could be taken for.
    assert all(-1 < x < 10 and -1 < y < 10 for f in features for x, y in f["geometry"]["coordinates"][0])


def test_lists_of_areas_are_written_a_level_a_file(kazakhstan: SyntheticElection, written: Path) -> None:
    regions, districts = (pl.read_csv(written / f"areas_{level}.csv") for level in ("region", "district"))
    assert regions.columns == ["region", "name_kk", "name_ru", "name_en"]
    assert districts.columns == ["district", "region", "name_kk", "name_ru", "name_en"]
    assert regions["region"].to_list() == [region.key for region in kazakhstan.spec.regions]
    assert set(districts["region"]) == set(regions["region"])
    assert set(districts["district"]) == set(kazakhstan.stations["district"])
    for level, outlines in kazakhstan.outlines.items():
        assert json.loads((written / f"areas_{level}.geojson").read_text("utf-8")) == outlines


def test_building_and_street_are_the_parts_of_the_name(kazakhstan: SyntheticElection) -> None:
    for row in kazakhstan.stations.sample(500, seed=1).iter_rows(named=True):
        for code in ("kk", "ru"):
            parts = [text for text in (row[f"place_{code}"], row[f"address_{code}"]) if text]
            assert ", ".join(parts) == row[f"name_{code}"]
        assert (row["address_kk"] is None) == (row["address_ru"] is None) == (row["address_en"] is None)
    abroad = kazakhstan.stations.filter(pl.col("kind") == "abroad")
    assert abroad["address_ru"].null_count() == abroad.height > 0
    assert kazakhstan.stations["place_en"].null_count() == 0


def test_photographs_show_the_largest_alterations_first(kazakhstan: SyntheticElection) -> None:
    wanted = kazakhstan.spec.photographs
    sizes = {a["key"]: a for a in truth(kazakhstan)["alterations"] if a["level"] == "station"}
    altered = [one.station for one in kazakhstan.photographs if one.station in sizes]
    assert [one.station for one in kazakhstan.photographs[: wanted.altered]] == altered
    assert (len(altered), len(kazakhstan.photographs)) == (wanted.altered, wanted.altered + wanted.ordinary)
    assert [sizes[key]["size"] for key in altered] == sorted(
        (sizes[key]["size"] for key in altered), reverse=True
    )
    for one in kazakhstan.photographs:
        copy = kazakhstan.copies[one.organisation].filter(pl.col("station") == one.station)
        assert copy["photo"].to_list() == [one.file]
        assert copy["grade"].item() in ("A", "C")
    named = [frame["photo"].drop_nulls().len() for frame in kazakhstan.copies.values()]
    assert sum(named) == len(kazakhstan.photographs)


def test_photographs_are_small_pictures_of_the_copies(kazakhstan: SyntheticElection, written: Path) -> None:
    files = sorted((written / "photos").iterdir())
    assert [f"photos/{path.name}" for path in files] == sorted(one.file for one in kazakhstan.photographs)
    for path in files:
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert unpack_from(">II", data, 16) == (WIDTH, HEIGHT)
        assert len(data) < 60_000
    assert len({path.read_bytes() for path in files}) == len(files)


def test_a_sheet_says_that_it_is_synthetic_and_what_the_copy_says(
    monkeypatch: pytest.MonkeyPatch, small: Callable[..., Spec]
) -> None:
    from haq.synthetic import photographs

    drawn: list[str] = []
    real = photographs._render
    monkeypatch.setattr(photographs, "_render", lambda svg: drawn.append(svg) or real(svg))
    election = make(small(photographs={"altered": 2, "ordinary": 1}))
    sheets = photographs.Sheets(election.spec)
    form = drawn.pop()
    for words in ("ЖАСАНДЫ ДЕРЕКТЕР", "СИНТЕТИЧЕСКИЕ ДАННЫЕ", "SYNTHETIC DATA"):
        assert form.count(words) == 2
    one = election.photographs[0]
    copy = {name: 1000 + n for n, name in enumerate((*photographs.LINES, "one", "two"))}
    png = sheets.draw(one, copy | {"two": None, "one": None}, unreadable={"two"}, place="a <b> & c")
    (sheet,) = drawn
    assert f"№ {one.station}" in sheet and "a &lt;b&gt; &amp; c" in sheet
    assert all(f">{copy[name]}<" in sheet for name in photographs.LINES)
    assert ">None<" not in sheet and sheet.count("<path") == 1  # one blot; an empty line stays empty
    assert png == sheets.draw(one, copy | {"two": None, "one": None}, unreadable={"two"}, place="a <b> & c")


def test_replies_are_about_altered_stations_that_somebody_has_a_copy_of(
    kazakhstan: SyntheticElection, written: Path
) -> None:
    replies = pl.read_csv(written / "replies.csv")
    assert replies.columns == ["station", "reply", "date", "reply_language"]
    assert replies.height == sum(one.count for one in kazakhstan.spec.replies) >= 8
    covered = {a["key"] for a in truth(kazakhstan)["alterations"] if a["covered_by"]}
    assert set(replies["station"]) <= covered
    assert replies["station"].n_unique() == replies.height
    assert set(replies["reply_language"]) == {"kk", "ru"}
    for station, reply in replies.select("station", "reply").rows():
        assert station in reply and "{" not in reply


def test_records_leave_the_figures_as_they_are(small: Callable[..., Spec]) -> None:
    more = {
        "photographs": {"altered": 3, "ordinary": 2},
        "replies": [{"language": "ru", "date": "2021-01-12", "text": "{station}", "count": 2}],
    }
    plain, rich = make(small()), make(small(**more))
    assert plain.official.equals(rich.official) and plain.counted.equals(rich.counted)
    assert plain.outlines == rich.outlines
    assert plain.copies["citizens"].equals(rich.copies["citizens"].drop("photo"))
    assert truth(plain) == truth(rich)
    assert not plain.photographs and plain.replies.is_empty()
    assert len(rich.photographs) == 5 and rich.replies.height == 2


def test_more_records_than_there_are_copies_are_simply_all(
    tmp_path: Path, small: Callable[..., Spec]
) -> None:
    more = {
        "photographs": {"altered": 50, "ordinary": 50},
        "replies": [{"language": "kk", "date": "2021-01-12", "text": "жоқ", "count": 50}],
    }
    election = make(small(**more))
    assert len(election.photographs) == 12
    assert election.replies.height == 4
    assert "replies.csv" not in {path.name for path in write(make(small()), tmp_path)}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"photographs": {"altered": -1}}, "photographs.altered"),
        ({"photographs": {"all": 1}}, "photographs.all"),
        ({"replies": [{"language": "de", "date": "2021-01-12", "text": "x"}]}, r"replies\.0\.language"),
        ({"replies": [{"language": "ru", "date": "soon", "text": "x"}]}, r"replies\.0\.date"),
        ({"replies": [{"language": "ru", "date": "2021-01-12", "text": ""}]}, r"replies\.0\.text"),
    ],
)
def test_a_specification_that_makes_no_sense_is_refused(
    changes: dict[str, Any], reason: str, small: Callable[..., Spec]
) -> None:
    with pytest.raises(InputError, match=reason):
        small(**changes)
