"""Known answers of real elections, on frames alone: Moscow 2011, Bolivia 2019, Georgia 2024."""

from pathlib import Path

import polars as pl
import pytest

from haq.law import load_profile
from haq.protocols import Comparison, compare, flag_frame, same_units

pytestmark = pytest.mark.data

MOSCOW_CHOICES = ["just_russia", "ldpr", "patriots", "kprf", "yabloko", "united_russia", "right_cause"]
BOLIVIAN_CHOICES = ["CC", "FPV", "MTS", "UCS", "MAS - IPSP", "21F", "PDC", "MNR", "PAN-BOL"]


def frame_of(path: Path, unit: str, columns: dict[str, str]) -> pl.DataFrame:
    frame = pl.read_parquet(path).with_row_index("row", offset=2)
    named = [pl.col(column).cast(pl.Int64).alias(key) for key, column in columns.items()]
    return frame.select(pl.col(unit).cast(pl.String).alias("unit"), pl.col("row").cast(pl.Int64), *named)


@pytest.fixture(scope="module")
def moscow(shared_data: Path) -> Comparison:
    lines = [line.key for line in load_profile("ru-duma-2011").form("station").lines]
    columns = {key: f"line{n}" for n, key in enumerate([*lines, *MOSCOW_CHOICES], start=1)}
    folder = shared_data / "moscow_2011"
    return compare(
        frame_of(folder / "official_OF.parquet", "uik", columns),
        frame_of(folder / "protocol_copies_GN.parquet", "uik", columns),
        lines=lines,
        choices=MOSCOW_CHOICES,
        spoiled=["invalid"],
    )


def test_of_97_copies_in_moscow_9_differ_on_a_choice_and_19_on_any_line(moscow: Comparison) -> None:
    assert (moscow.rows, moscow.matched) == (97, 97)
    assert (moscow.differ_choices, moscow.differ_votes, moscow.differ_lines) == (9, 10, 19)


def test_united_russia_gained_912_votes_and_lost_none(moscow: Comparison) -> None:
    assert moscow.sums["united_russia"] == 912
    gains = moscow.frame.filter(pl.col("united_russia:difference") != 0)
    assert dict(gains.select("unit", "united_russia:difference").rows()) == {
        "1654": 330,
        "1493": 297,
        "139": 250,
        "2714": 35,
    }
    same = same_units(moscow, choices=MOSCOW_CHOICES, of=3374)
    assert same.declared["united_russia"] - same.copies["united_russia"] == 912
    assert (same.units, same.whole, same.of) == (97, 96, 3374)


def test_the_copy_of_2714_leaves_two_choices_empty_not_zero(moscow: Comparison) -> None:
    copy = moscow.frame.filter(pl.col("unit") == "2714").row(0, named=True)
    empty = [choice for choice in MOSCOW_CHOICES if copy[choice] is None]
    assert len(empty) == 2
    assert all(copy[f"{choice}:difference"] is None for choice in empty)
    assert {choice: n for choice in MOSCOW_CHOICES if (n := moscow.missing[choice])} == dict.fromkeys(
        empty, 1
    )


def test_the_bolivian_transmission_differs_on_427_choices_and_549_votes(shared_data: Path) -> None:
    columns = {"registered": "Inscritos", "blank": "Blancos", "invalid": "Nulos"}
    columns |= {choice: choice for choice in BOLIVIAN_CHOICES}
    folder = shared_data / "bolivia_2019"
    comparison = compare(
        frame_of(folder / "computo_final.parquet", "Número Mesa", columns),
        frame_of(folder / "trep_20191020_1940.parquet", "Número Mesa", columns),
        lines=["registered", "blank", "invalid"],
        choices=BOLIVIAN_CHOICES,
        spoiled=["blank", "invalid"],
    )
    assert (comparison.rows, comparison.matched) == (28_975, 28_975)
    assert (comparison.differ_choices, comparison.differ_votes) == (427, 549)


def test_georgian_votes_and_invalid_differ_from_signatures_in_235_protocols(shared_data: Path) -> None:
    path = shared_data / "georgia_2024" / "protocols_digitised.parquet"
    form = load_profile("ge-parliament-2024").form("station")
    typed = ["f_01", "f_02", "f_03", "f_04a", "f_04b", "f_05", "f_06"]
    parties = [column for column in pl.read_parquet_schema(path) if column.startswith("p_")]
    columns = dict(zip([line.key for line in form.lines], typed, strict=True)) | {p: p for p in parties}
    flags = flag_frame(frame_of(path, "precinct", columns), form=form, choices=parties)
    assert flags.height == 3110
    assert flags["votes_signatures"].sum() == 235
    assert flags["votes_signatures"].null_count() == 0
    assert flags["negative"].sum() == 0
