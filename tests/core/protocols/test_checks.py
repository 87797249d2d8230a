"""A worked example for every check: just below the line, on it, and unknown."""

import polars as pl
import pytest

from haq.errors import LawError
from haq.law import Form, Relation, load_profile
from haq.protocols import checks_of, flag_frame, flag_protocol
from haq.protocols.checks import OWN_CODES

KZ = load_profile("kz-majilis-2023").form("station")
BO = load_profile("bo-general-2019").form("station")
CHOICES = ("a", "b")
#: A clean Kazakh sheet: 1,000 registered, 500 came, 10 spoiled their ballot.
CLEAN = {
    "registered": 1000,
    "ballots_received": 1000,
    "ballots_issued": 500,
    "issued_absentee": 5,
    "issued_outside": 20,
    "absentee_certs_given": 3,
    "ballots_unused_cancelled": 490,
    "ballots_spoiled_replaced": 10,
    "ballots_in_boxes": 500,
    "ballots_invalid": 10,
    "ballots_wrong_form": 0,
    "a": 290,
    "b": 200,
}


def flags_of(sheet: dict[str, int | None], form: Form = KZ) -> dict[str, bool | None]:
    """Flag a sheet on both paths."""
    flags = flag_protocol(sheet, form=form, choices=CHOICES)
    frame = pl.DataFrame([sheet], schema=dict.fromkeys(sheet, pl.Int64))
    assert flag_frame(frame, form=form, choices=CHOICES).row(0, named=True) == flags
    return flags


def with_relation(expression: str, tolerance: int = 0, key: str = "r") -> Form:
    relation = {
        "key": key,
        "expression": expression,
        "tolerance": tolerance,
        "severity": "error",
        "source": "form_reconstructed",
        "confirmed": False,
        "name": {"kk": "x", "ru": "x", "en": "x"},
    }
    return KZ.model_copy(update={"relations": (Relation.model_validate(relation),)})


def test_a_clean_sheet_is_flagged_by_nothing() -> None:
    flags = flags_of(CLEAN)
    assert set(flags.values()) == {False}
    assert list(flags) == [
        *(relation.key for relation in KZ.relations),
        *(code for code in OWN_CODES if code != "blank_high"),
    ]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("ballots_accounted", {"ballots_unused_cancelled": 489}),
        ("found_within_issued", {"ballots_in_boxes": 501}),
        ("found_counted", {"a": 291}),
        ("issued_within_registered", {"ballots_issued": 1001}),
        ("outside_within_issued", {"issued_outside": 501}),
        ("absentee_within_issued", {"issued_absentee": 501}),
        ("negative", {"absentee_certs_given": -1}),
        ("negative", {"b": -1}),
        ("above_registered", {"a": 1001}),
        ("above_registered", {"ballots_in_boxes": 1001}),
        ("above_registered", {"registered": 499}),
        ("above_registered", {"registered": 0}),
        ("turnout_100", {"registered": 500}),
        ("issued_found_gap", {"ballots_in_boxes": 485}),
        ("issued_found_gap", {"ballots_in_boxes": 515}),
        # 15 of the 750 found are 2 %, of the 765 issued they are less.
        ("issued_found_gap", {"ballots_issued": 765, "ballots_in_boxes": 750}),
        ("issued_found_gap", {"ballots_in_boxes": 0}),
        ("invalid_high", {"ballots_invalid": 16}),
        ("one_choice_99", {"a": 990, "b": 10}),
        ("one_choice_99", {"a": 1, "b": 0}),
    ],
)
def test_a_sheet_is_flagged(code: str, change: dict[str, int]) -> None:
    assert flags_of(CLEAN)[code] is False
    assert flags_of(CLEAN | change)[code] is True


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("above_registered", {"registered": 500}),
        ("turnout_100", {"registered": 501}),
        # Nobody is registered: there is no percentage, and above_registered says what is wrong.
        ("turnout_100", {"registered": 0}),
        # 14 ballots of 486 are more than 2 %, but few; 15 of 751 are less than 2 %.
        ("issued_found_gap", {"ballots_in_boxes": 486}),
        ("issued_found_gap", {"ballots_issued": 766, "ballots_in_boxes": 751}),
        # 15 of 505 are 2.97 %.
        ("invalid_high", {"ballots_invalid": 15}),
        ("invalid_high", {"ballots_invalid": 0, "a": 0, "b": 0}),
        ("one_choice_99", {"a": 989, "b": 10}),
        ("one_choice_99", {"a": 0, "b": 0}),
    ],
)
def test_a_sheet_just_below_the_line_is_not_flagged(code: str, change: dict[str, int]) -> None:
    assert flags_of(CLEAN | change)[code] is False


def test_exactly_three_and_ninety_nine_percent_are_flagged() -> None:
    assert flags_of(CLEAN | {"ballots_invalid": 3, "a": 60, "b": 37})["invalid_high"] is True
    assert flags_of(CLEAN | {"a": 99, "b": 1})["one_choice_99"] is True
    blank = {"registered": 200, "blank": 3, "invalid": 1, "a": 60, "b": 36}
    assert flags_of(blank, BO)["blank_high"] is True
    assert flags_of(blank | {"a": 61}, BO)["blank_high"] is False
    assert flags_of(blank, BO)["invalid_high"] is False


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("ballots_accounted", "ballots_received"),
        ("found_counted", "b"),
        ("negative", "absentee_certs_given"),
        ("above_registered", "registered"),
        ("above_registered", "a"),
        ("turnout_100", "ballots_issued"),
        ("issued_found_gap", "ballots_in_boxes"),
        ("invalid_high", "a"),
        ("one_choice_99", "b"),
        ("digits_swapped", "ballots_received"),
    ],
)
def test_a_missing_figure_makes_a_check_unknown_not_passed(code: str, missing: str) -> None:
    assert flags_of(CLEAN | {missing: None})[code] is None


def test_what_is_known_to_be_wrong_stays_flagged_beside_a_missing_figure() -> None:
    assert flags_of(CLEAN | {"a": None, "b": -1})["negative"] is True
    assert flags_of(CLEAN | {"a": None, "b": 1001})["above_registered"] is True
    assert flags_of(CLEAN | {"registered": 0, "ballots_issued": None})["turnout_100"] is None


def test_a_check_whose_line_the_source_lacks_does_not_apply() -> None:
    without = {key: number for key, number in CLEAN.items() if key not in ("registered", "b")}
    codes = set(flags_of(without))
    assert codes == {
        *(relation.key for relation in KZ.relations),
        "negative",
        "issued_found_gap",
        "digits_swapped",
    } - {"found_counted", "issued_within_registered"}
    turnout_only = checks_of(BO, ["registered", "a"], CHOICES)
    assert [check.code for check in turnout_only] == ["negative", "above_registered"]


def test_a_source_without_figures_and_a_contest_without_choices_have_no_checks() -> None:
    assert checks_of(KZ, ["unit"], CHOICES) == ()
    assert flag_frame(pl.DataFrame({"unit": ["s"]}), form=KZ, choices=CHOICES).columns == []
    codes = [check.code for check in checks_of(KZ, list(CLEAN), ())]
    assert "found_counted" not in codes
    assert "invalid_high" not in codes


def test_a_check_names_severity_and_lines() -> None:
    checks = {
        check.code: check for check in checks_of(BO, ["registered", "blank", "invalid", "a", "b"], CHOICES)
    }
    assert {code: check.severity for code, check in checks.items()} == {
        "found_within_registered": "error",
        "negative": "error",
        "above_registered": "error",
        "turnout_100": "warning",
        "blank_high": "warning",
        "invalid_high": "warning",
        "one_choice_99": "warning",
    }
    assert checks["found_within_registered"].lines == ("a", "b", "blank", "invalid", "registered")
    assert checks["blank_high"].lines == ("blank", "a", "b", "invalid")
    assert checks["found_within_registered"].relation == BO.relations[0]


def test_tolerance_is_how_far_the_sides_may_be_apart() -> None:
    form = with_relation("ballots_issued == ballots_in_boxes", tolerance=2)
    assert [flags_of(CLEAN | {"ballots_in_boxes": n}, form)["r"] for n in (497, 498, 502, 503)] == [
        True,
        False,
        False,
        True,
    ]
    at_least = with_relation("ballots_received >= 2*ballots_issued - 1", tolerance=1)
    assert [flags_of(CLEAN | {"ballots_received": n}, at_least)["r"] for n in (997, 998)] == [True, False]


def test_no_factor_that_a_profile_can_write_overflows() -> None:
    form = with_relation("999999999999*registered <= 999999999999*ballots_issued")
    assert flags_of(CLEAN | {"registered": 10**12, "ballots_issued": 10**12 - 1}, form)["r"] is True
    assert flags_of(CLEAN | {"registered": 10**12, "ballots_issued": 10**12}, form)["r"] is False


def test_enormous_figures_are_flagged_exactly() -> None:
    flags = flags_of(dict.fromkeys(CLEAN, 10**12))
    assert flags["ballots_accounted"] is True
    assert flags["issued_within_registered"] is False
    assert flags["turnout_100"] is True
    assert flags["invalid_high"] is True
    assert flags_of(dict.fromkeys(CLEAN, -(10**12)))["negative"] is True


def test_a_relation_cannot_take_the_name_of_a_check_of_haq() -> None:
    form = with_relation("ballots_issued <= registered", key="negative")
    with pytest.raises(LawError, match="relation 'negative': haq has a check of that name; rename"):
        checks_of(form, list(CLEAN), CHOICES)


def test_rows_keep_their_order_and_other_columns_are_ignored() -> None:
    frame = pl.DataFrame([CLEAN, CLEAN | {"a": -1}, CLEAN]).with_columns(
        unit=pl.lit("negative"), negative=pl.lit("a column of this name")
    )
    assert flag_frame(frame, form=KZ, choices=CHOICES)["negative"].to_list() == [False, True, False]
    assert flag_frame(frame.clear(), form=KZ, choices=CHOICES).height == 0
