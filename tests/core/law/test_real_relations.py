"""Control relations over real elections: an error that nearly every row breaks would be a wrong relation."""

from pathlib import Path

import polars as pl
import pytest

from haq.law import Linear, Relation, load_profile

OBJECTS = [
    "issued_early",
    "issued_inside",
    "issued_outside",
    "cancelled",
    "in_mobile_boxes",
    "in_fixed_boxes",
]
RUSSIAN = ["registered", "received", *OBJECTS, "invalid", "valid"]
CERTIFICATES = ["received", "issued", "voted", "cancelled", "by_territory", "lost"]
RUSSIAN_2011 = [*RUSSIAN, *(f"certificates_{name}" for name in CERTIFICATES), "lost", "unaccounted"]
RUSSIAN_LATER = [*RUSSIAN, "lost", "unaccounted"]


def side(linear: Linear) -> pl.Expr:
    return sum((factor * pl.col(key) for key, factor in linear.terms), pl.lit(linear.constant))


def broken(sheets: pl.DataFrame, relation: Relation) -> int:
    gap = side(relation.left) - side(relation.right)
    excess = {"==": gap.abs(), "<=": gap, ">=": -gap}[relation.op]
    return sheets.filter(excess > relation.tolerance).height


def breaches(sheets: pl.DataFrame, profile_key: str) -> dict[str, int]:
    relations = load_profile(profile_key).form("station").relations
    counts = {relation.key: broken(sheets, relation) for relation in relations}
    return {key: count for key, count in counts.items() if count}


def sheets_of(
    frame: pl.DataFrame, lines: dict[str, str], first_choice: int, last_choice: int | None
) -> pl.DataFrame:
    """Name the columns by line keys, and add up those of the choices."""
    choices = frame.columns[first_choice:last_choice]
    named = [pl.col(column).cast(pl.Int64).alias(key) for key, column in lines.items()]
    return frame.select(*named, choices=pl.sum_horizontal(pl.col(choices)))


def in_order(frame: pl.DataFrame, keys: list[str], start: int) -> pl.DataFrame:
    lines = dict(zip(keys, frame.columns[start:], strict=False))
    return sheets_of(frame, lines, start + len(keys), None)


def test_georgian_votes_differ_from_signatures_in_235_of_3110(shared_data: Path) -> None:
    frame = pl.read_parquet(shared_data / "georgia_2024" / "protocols_digitised.parquet")
    columns = ["f_01", "f_02", "f_03", "f_04a", "f_04b", "f_05", "f_06"]
    keys = [line.key for line in load_profile("ge-parliament-2024").form("station").lines]
    first, last = frame.columns.index("p_3"), frame.columns.index("f_06")
    sheets = sheets_of(frame, dict(zip(keys, columns, strict=True)), first, last)
    assert sheets.height == 3110
    assert breaches(sheets, "ge-parliament-2024") == {
        "votes_signatures": 235,
        "signatures_within_received": 8,
        "signatures_within_lists": 2,
        "noon_within_1700": 4,
        "afternoon_within_signatures": 1,
    }


RUSSIA = [
    (
        "ru-duma-2011",
        "russia/russia_2011.parquet",
        RUSSIAN_2011,
        3,
        {"found_within_issued": 18, "mobile_within_issued": 10, "certificates_within_issued": 2},
    ),
    ("ru-duma-2011", "moscow_2011/official_OF.parquet", RUSSIAN_2011, 4, {}),
    (
        "ru-president-2018",
        "russia/russia_2018.parquet",
        RUSSIAN_LATER,
        3,
        {"found_within_issued": 6, "mobile_within_issued": 26},
    ),
    (
        "ru-duma-2021",
        "russia/russia_2021.parquet",
        RUSSIAN_LATER,
        5,
        {"found_within_issued": 7, "mobile_within_issued": 13},
    ),
]


@pytest.mark.parametrize(
    ("profile_key", "file", "keys", "start", "expected"), RUSSIA, ids=[r[1] for r in RUSSIA]
)
def test_russian_sheets_add_up_and_few_exceed(
    shared_data: Path, profile_key: str, file: str, keys: list[str], start: int, expected: dict[str, int]
) -> None:
    assert keys == [line.key for line in load_profile(profile_key).form("station").lines]
    assert breaches(in_order(pl.read_parquet(shared_data / file), keys, start), profile_key) == expected


def test_st_petersburg_fits_the_form_of_2021(shared_data: Path) -> None:
    frame = pl.read_csv(shared_data / "st_petersburg_2021" / "spb_2021_federal_parties_by_uik.csv")
    names = "registered received ahead_of_time walk_by on_home destroyed portable_box stationary_box"
    columns = [f"{name}_count" for name in f"{names} invalid valid lost ignored".split()]
    sheets = sheets_of(frame, dict(zip(RUSSIAN_LATER, columns, strict=True)), -14, None)
    assert sheets.drop_nulls().height == 2043
    assert breaches(sheets, "ru-duma-2021") == {"mobile_within_issued": 1}


@pytest.mark.parametrize(
    ("profile_key", "file", "columns", "choices", "expected"),
    [
        (
            "bo-general-2019",
            "bolivia_2019/computo_final",
            ["Inscritos", "Blancos", "Nulos"],
            ("CC", "PAN-BOL"),
            {},
        ),
        (
            "ve-president-2024",
            "venezuela_2024/convzla_v2",
            ["VOTOS_VALIDOS", "VOTOS_NULOS"],
            ("EG", "BERA"),
            {},
        ),
        (
            "pl-president-2025",
            "poland_2025/round1",
            ["eligible_voters", "ballots_cast", "valid_votes"],
            ("Bartoszewicz", "Zandberg"),
            {"cast_within_registered": 1},
        ),
    ],
)
def test_other_sheets_add_up(
    shared_data: Path,
    profile_key: str,
    file: str,
    columns: list[str],
    choices: tuple[str, str],
    expected: dict[str, int],
) -> None:
    frame = pl.read_parquet(shared_data / f"{file}.parquet")
    keys = [line.key for line in load_profile(profile_key).form("station").lines]
    first, last = (frame.columns.index(name) for name in choices)
    sheets = sheets_of(frame, dict(zip(keys, columns, strict=True)), first, last + 1)
    assert breaches(sheets, profile_key) == expected
