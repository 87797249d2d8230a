"""The likely slip: digits or lines exchanged, and when haq does not guess."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haq.law import load_profile
from haq.protocols import Slip, flag_frame, flag_protocol, likely_slip

RU = load_profile("ru-duma-2021").form("station")
CHOICES = ("a", "b", "c")
#: A Russian sheet that holds; its numbers are such that few exchanges could mend another.
CLEAN = {
    "registered": 2345,
    "received": 1800,
    "issued_early": 0,
    "issued_inside": 1130,
    "issued_outside": 86,
    "cancelled": 584,
    "in_mobile_boxes": 86,
    "in_fixed_boxes": 1129,
    "invalid": 17,
    "valid": 1198,
    "lost": 0,
    "unaccounted": 0,
    "a": 714,
    "b": 352,
    "c": 132,
}


def slip_in(change: dict[str, int | None]) -> Slip | None:
    sheet = CLEAN | change
    slip = likely_slip(sheet, form=RU, choices=CHOICES)
    frame = pl.DataFrame([CLEAN, sheet, CLEAN], schema=dict.fromkeys(CLEAN, pl.Int64))
    flags = flag_frame(frame, form=RU, choices=CHOICES)["digits_swapped"].to_list()
    assert flags[0] is flags[2] is False
    assert flags[1] is flag_protocol(sheet, form=RU, choices=CHOICES)["digits_swapped"]
    assert (flags[1] is True) == (slip is not None)
    return slip


def test_a_sheet_that_holds_has_no_slip() -> None:
    assert slip_in({}) is None


def test_two_digits_exchanged_are_found() -> None:
    assert slip_in({"valid": 1189}) == Slip(("valid",), {"valid": 1198})
    assert slip_in({"cancelled": 548}) == Slip(("cancelled",), {"cancelled": 584})


def test_two_lines_exchanged_are_found() -> None:
    # Invalid ballots stand where valid ones belong: neither sum holds.
    assert slip_in({"invalid": 1198, "valid": 17}) == Slip(
        ("invalid", "valid"), {"invalid": 17, "valid": 1198}
    )


def test_a_slip_that_breaks_another_relation_is_none() -> None:
    # Exchanging the digits of the mobile boxes mends the count, yet 95 were not issued outside.
    sheet = {"in_mobile_boxes": 59, "in_fixed_boxes": 1120}
    assert CLEAN["valid"] + CLEAN["invalid"] == 95 + 1120
    assert slip_in(sheet) is None
    assert slip_in(sheet | {"issued_outside": 95, "issued_inside": 1121}) == Slip(
        ("in_mobile_boxes",), {"in_mobile_boxes": 95}
    )


def test_two_possible_slips_are_no_slip() -> None:
    # The sheet meant 352; 741 in the line above would mend it as well.
    assert slip_in({"b": 325}) is None


def test_what_nothing_mends_has_no_slip() -> None:
    assert slip_in({"a": 715}) is None


def test_an_inequality_alone_is_not_mended() -> None:
    assert slip_in({"registered": 1023}) is None


def test_a_leading_zero_is_not_written() -> None:
    form = load_profile("ve-president-2024").form("station")
    sheet = {"valid": 10, "invalid": 0, "a": 1, "b": 0, "c": 0}
    assert likely_slip(sheet, form=form, choices=CHOICES) is None


def test_lines_with_an_empty_one_between_them_are_no_neighbours() -> None:
    form = load_profile("ve-president-2024").form("station")
    # Exchanging `valid` and the first choice would mend it, but `invalid` stands between them.
    sheet = {"valid": 5, "a": 7, "b": 2, "c": 0}
    assert likely_slip(sheet | {"invalid": None}, form=form, choices=CHOICES) is None
    assert likely_slip(sheet, form=form, choices=CHOICES) is None


def test_a_slip_is_looked_for_on_what_can_be_computed() -> None:
    assert slip_in({"registered": None, "valid": 1189}) == Slip(("valid",), {"valid": 1198})
    assert slip_in({"a": None, "cancelled": 548}) == Slip(("cancelled",), {"cancelled": 584})


def test_the_minus_of_a_negative_figure_stays() -> None:
    form = load_profile("ve-president-2024").form("station")
    sheet = {"valid": -12, "invalid": 0, "a": -21, "b": 0, "c": 0}
    assert likely_slip(sheet, form=form, choices=("a", "b", "c", "d")) is None
    assert likely_slip(sheet | {"b": 9, "valid": -3}, form=form, choices=CHOICES) == Slip(("a",), {"a": -12})


@given(
    key=st.sampled_from(list(CLEAN)),
    place=st.integers(0, 2),
    votes=st.tuples(*[st.integers(0, 999)] * 3),
)
def test_what_is_found_mends_every_sum(key: str, place: int, votes: tuple[int, int, int]) -> None:
    valid = sum(votes)
    sheet = CLEAN | dict(zip(CHOICES, votes, strict=True))
    sheet |= {"valid": valid, "in_fixed_boxes": valid + 17 - 86}
    digits = str(abs(sheet[key]))
    assume(len(digits) > place + 1)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    slip = likely_slip(sheet | {key: int(swapped)}, form=RU, choices=CHOICES)
    if slip is not None:
        mended = flag_protocol(sheet | {key: int(swapped)} | dict(slip.likely), form=RU, choices=CHOICES)
        assert not any(mended[relation.key] for relation in RU.relations)


@pytest.mark.parametrize(
    "key", ["valid", "received", "in_fixed_boxes", "issued_inside", "cancelled", "a", "b"]
)
def test_a_slip_is_never_blamed_on_an_innocent_line(key: str) -> None:
    digits = str(CLEAN[key])
    for place in range(len(digits) - 1):
        swapped = int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
        slip = slip_in({key: swapped})
        assert slip is None or slip == Slip((key,), {key: CLEAN[key]})
