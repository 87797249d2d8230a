"""Pictures say what they show, with n of N, in three languages, and are the same each time."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path
from typing import Any

import altair
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.charts import (
    ChoiceTotals,
    Language,
    Picture,
    RelationCount,
    StationDifference,
    counted_against_declared,
    largest_differences,
    relations,
    turnout_share,
)
from haq.charts.turnout import count_cells
from haq.charts.words import say
from haq.errors import HaqError, InputError

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
CHOICES = [
    ChoiceTotals("a", "Ә Ғ Қ Ң Ө Ұ Ү Һ І әғқңөұүһі", 1000, 1330),
    ChoiceTotals("b", "A list with a name that is far too long for one line of a telephone", 640, 500),
    ChoiceTotals("c", "Үшінші", 70, 70),
]
STATIONS = pl.DataFrame(
    {
        "registered": [100, 100, 1000, 50, 0, None, 200],
        "issued": [58, 104, 1000, 29, 10, 10, 100],
        "leader": [29, 60, 999, 30, 5, 5, 20],
        "valid": [50, 100, 1000, 29, 10, 10, 100],
    }
)
COLUMNS = {"registered": "registered", "took_part": "issued", "votes": "leader", "valid": "valid"}


def turnout(language: Language = "en", frame: pl.DataFrame = STATIONS, **options: Any) -> Picture:
    shown: dict[str, Any] = {**COLUMNS, **options}
    return turnout_share(frame, leader="Қыран", language=language, **shown)


def pictures(language: Language, **options: Any) -> list[Picture]:
    checks = [
        RelationCount("few", "More issued than registered", 2, 90, 100),
        RelationCount("many", "Received is not issued and cancelled", 30, 100, 100),
        RelationCount("none", "Not checked", 0, 0, 100),
    ]
    lines = [StationDifference(f"71-{n:04d}", "Қыран", 500, 500 + n * (-1) ** n) for n in range(15)]
    return [
        counted_against_declared(CHOICES, 97, 3374, language, **options),
        turnout(language, **options),
        relations(checks, language, **options),
        largest_differences(lines, 97, language, **options),
    ]


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(picture.svg())  # noqa: S314  (our own text)
    return [(node.text or "").replace("\u00a0", " ") for node in root.iter() if node.tag.endswith("text")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 760])
@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_fits_its_width_and_says_itself_in_words(
    language: Language, width: int, dark: bool
) -> None:
    for picture in pictures(language, width=width, dark=dark):
        svg = picture.svg()
        assert f'width="{width}"' in svg
        assert picture.title in picture.text
        assert picture.spec["description"] == picture.text
        assert picture.title in svg
        # No line is longer than fits: 0.56 of the font size a letter.
        assert max(len(text) for text in texts(picture)) * 12 * 0.56 <= width - 24 + 8


def test_the_same_input_gives_the_same_svg() -> None:
    assert [one.svg() for one in pictures("kk")] == [one.svg() for one in pictures("kk")]
    # ... in another process too, where hashing starts elsewhere.
    code = (
        "from haq.charts import *; import hashlib;"
        "p = counted_against_declared([ChoiceTotals('a', 'Ә', 1, 2)], 1, 2, 'kk');"
        "print(hashlib.sha256(p.svg().encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import haq.charts, sys; print({'altair', 'vl_convert', 'polars', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_every_specification_follows_the_schema(language: Language, dark: bool) -> None:
    for picture in pictures(language, dark=dark):
        altair.LayerChart.from_dict(picture.spec)
    broken = {**picture.spec, "padding": "a little"}
    with pytest.raises(Exception, match="a little"):
        altair.LayerChart.from_dict(broken)


def test_kazakh_letters_reach_the_svg() -> None:
    svg = counted_against_declared(CHOICES, 97, 3374, "kk").svg()
    for letter in "ӘҒҚҢӨҰҮҺІәғқңөұүһі":
        assert letter in svg


def test_counted_against_declared_names_every_difference() -> None:
    picture = counted_against_declared(CHOICES, 97, 3374, "en")
    assert "Copies of 97 of 3,374 protocols" in picture.text
    assert "copies 1,000, declared 1,330; ▲ +330 declared above the copies." in picture.text
    assert "copies 640, declared 500; ▼ −140 declared below the copies." in picture.text
    assert "Үшінші: copies 70, declared 70; = 0 same." in picture.text
    drawn = texts(picture)
    assert {"▲ +330 declared above the copies", "▼ −140 declared below the copies", "= 0 same"} <= set(drawn)
    bars = [row for row in bar_rows(picture) if "choice" in row]
    lengths = {(row["choice"], row["source"]): row["x2"] - row["x"] for row in bars}
    assert lengths["a", "declared"] / lengths["a", "copies"] == pytest.approx(1.33)
    assert lengths["b", "copies"] / lengths["a", "copies"] == pytest.approx(0.64)


def bar_rows(picture: Picture) -> list[dict[str, Any]]:
    data = picture.spec["layer"][0]["data"]
    rows: list[dict[str, Any]] = (
        data["values"] if "values" in data else picture.spec["datasets"][data["name"]]
    )
    return rows


def test_negative_figures_are_drawn_as_they_are() -> None:
    picture = counted_against_declared([ChoiceTotals("a", "A", -50, 100)], 1, 1, "en")
    bars = {row["source"]: row for row in bar_rows(picture)}
    assert bars["copies"]["x2"] == bars["declared"]["x"]
    assert "copies −50, declared 100; ▲ +150" in picture.text


def test_relations_come_most_broken_first_with_their_denominators() -> None:
    picture = pictures("en")[2]
    assert picture.text.index("Received is not") < picture.text.index("More issued")
    assert "30 of 100 checked; 100 in all" in picture.text
    assert "2 of 90 checked; 100 in all" in picture.text
    assert "Not checked: not checked; 100 in all" in picture.text


def test_the_ten_largest_differences_are_drawn_and_zero_is_none() -> None:
    picture = pictures("en")[3]
    assert "Lines that differ: 14; stations compared: 97. Drawn, the largest: 10." in picture.text
    assert picture.text.index("71-0014") < picture.text.index("71-0013") < picture.text.index("71-0005")
    assert "71-0004" not in picture.text
    assert "▼ −13 (copy 500, declared 487)" in picture.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_of_nothing_says_so(language: Language) -> None:
    empty = {
        "counted.empty": [
            counted_against_declared([], 0, 5, language),
            counted_against_declared(CHOICES, 0, 5, language),
        ],
        "turnout.empty": [turnout(language, STATIONS.head(0)), turnout(language, STATIONS[4:6])],
        "relations.empty": [relations([], language), relations([RelationCount("a", "A", 0, 0, 5)], language)],
        "largest.same": [largest_differences([StationDifference("1", "A", 3, 3)], 5, language)],
        "largest.empty": [largest_differences([], 0, language)],
    }
    for key, silent in empty.items():
        for picture in silent:
            said = say(key, language, of=5)
            assert said in picture.text
            assert said.split()[0] in " ".join(texts(picture))


def test_stations_above_a_hundred_percent_stay_in_the_picture() -> None:
    picture = turnout()
    assert "Stations drawn: 5 of 7." in picture.text.replace("\u00a0", " ")
    assert "Turnout above 100%: 1." in picture.text
    assert "Share above 100%: 1." in picture.text
    assert "a zero denominator): 2." in picture.text
    assert texts(picture).count(">100") == 2


def test_cells_of_a_worked_example() -> None:
    cells = count_cells(STATIONS, **COLUMNS, step=2)
    # 58 of 100 and 29 of 50 are both 58 %; 100 % stands in the last cell; 104 % beyond it.
    assert sorted(cells.frame.rows()) == [(50, 20, 1), (58, 58, 1), (58, 100, 1), (98, 98, 1), (100, 60, 1)]


stations = st.tuples(st.integers(-1, 60), st.integers(-1, 70), st.integers(-1, 70), st.integers(-1, 60))


@settings(max_examples=150, deadline=None)
@given(st.lists(stations, max_size=30), st.sampled_from([1, 2, 4, 5, 10]))
def test_cells_agree_with_counting_one_by_one(rows: list[tuple[int, int, int, int]], step: int) -> None:
    frame = pl.DataFrame(
        rows, schema=dict.fromkeys(["registered", "issued", "leader", "valid"], pl.Int64), orient="row"
    )
    expected: dict[tuple[int, int], int] = {}
    missing = 0
    for registered, issued, leader, valid in rows:
        if registered <= 0 or valid <= 0 or issued < 0 or leader < 0:
            missing += 1
            continue
        edges = []
        for part, whole in ((issued, registered), (leader, valid)):
            percent = Fraction(100 * part, whole)
            edges.append(100 if percent > 100 else min(int(percent / step) * step, 100 - step))
        expected[edges[0], edges[1]] = expected.get((edges[0], edges[1]), 0) + 1
    cells = count_cells(frame, **COLUMNS, step=step)
    assert {(x, y): n for x, y, n in cells.frame.rows()} == expected
    assert cells.missing == missing
    assert sum(expected.values()) + cells.missing == cells.of == len(rows)


def test_a_step_that_does_not_divide_a_hundred_is_refused() -> None:
    with pytest.raises(HaqError, match="a step of 3 percent"):
        turnout(step=3)


def test_saving_writes_the_svg_or_names_the_place(tmp_path: Path) -> None:
    picture = pictures("ru")[0]
    picture.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == picture.svg()
    with pytest.raises(InputError, match="choose another place"):
        picture.save(tmp_path)
