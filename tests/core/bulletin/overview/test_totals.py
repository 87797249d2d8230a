"""Totals and seats: each figure with its stations, and a reason where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from haq.bulletin.model import (
    ChoiceSums,
    Context,
    Language,
    SeatsView,
    Sheet,
    StationContest,
)
from haq.bulletin.pages import (
    area,
    bars,
    home,
    mandates,
    pictures,
    totals,
)
from haq.bulletin.pages.environment import Desk

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")


def test_sums_of_different_stations_say_so(views: SimpleNamespace, desk: Desk) -> None:
    torn = views.contest(
        choices=(ChoiceSums("apple", 10, 12, 90, 9, 9), ChoiceSums("pear", 10, 12, 95, 9, 9)), whole=88
    )
    assert "90 to 95 of them, line by line" in views.read(home.home_page(desk, views.whole(torn))).text
    # ... and there is no whole to be a share of.
    assert "%" not in " ".join(
        str(cell.share) for line in totals.choice_table(desk, torn).rows for cell in line.cells[:3]
    )


def test_totals_give_each_figure_its_stations_and_its_share(views: SimpleNamespace, desk: Desk) -> None:
    apple, pear = totals.choice_table(desk, views.contest()).rows
    assert [str(cell.figure) for cell in apple.cells[1:]] == ["36,355", "37,267", "97", "900,000", "3,374"]
    assert [cell.share for cell in apple.cells[1:3]] == ["57.2%", "58.0%"]
    assert "▲ +912" in str(apple.cells[0].figure)
    assert "▼ −140" in str(pear.cells[0].figure)


def with_sheet(
    make_contest: Callable[..., StationContest], context: Context, figures: dict[str, int]
) -> StationContest:
    """Make the sheet of the commission of the whole election."""
    sheet = Sheet("official", "official", 2, "", 1, "", "agreed", figures, (), "b" * 64)
    return make_contest(context, sheet, contest="lists")


def test_both_totals_stand_beside_each_other(
    views: SimpleNamespace, desk: Desk, context: Context, make_contest: Callable[..., StationContest]
) -> None:
    sheet = with_sheet(make_contest, context, {"apple": 900_912, "pear": 800_000})
    contest = views.contest(summary=sheet)
    table = totals.choice_table(desk, contest)
    assert [str(head) for head in table.heads] == [
        "Difference",
        "sum of the station protocols",
        "stations",
        "sheet: Central Election Commission",
    ]
    apple, pear = ([re.sub("<.*?>", "", str(cell.figure)) for cell in row.cells[4:]] for row in table.rows)
    assert apple == ["▲ +912", "900,000", "3,374", "900,912"]
    assert (pear[0], pear[3]) == ("= same", "800,000")
    # Each is a share of its own whole.
    shares = [cell.share for cell in table.rows[0].cells]
    assert (shares[5], shares[7]) == ("52.9%", "53.0%")
    text = views.read(home.home_page(desk, views.whole(contest))).text
    assert "900,912" in text and "Declared: 3,374 of 3,374 stations." in text


def test_equal_totals_are_one(
    views: SimpleNamespace, desk: Desk, context: Context, make_contest: Callable[..., StationContest]
) -> None:
    sheet = with_sheet(make_contest, context, {"apple": 900_000, "pear": 800_000})
    table = totals.choice_table(desk, views.contest(summary=sheet))
    assert [str(head) for head in table.heads] == ["declared everywhere", "stations"]
    assert "are the same on both" in table.words


def test_what_n_does_not_count_is_named(views: SimpleNamespace, desk: Desk) -> None:
    contest = views.contest(unlisted_official=3, unlisted_copied=1, earlier=2, twice=1)
    text = views.read(totals.totals_page(desk, views.whole(contest), "lists")).text
    assert "Besides, copies of 1 station that is not on the list." in text
    assert "Besides, the declared protocols of 3 stations that are not on the list." in text
    assert "2 of them from an earlier version: the latest version leaves these stations out." in text
    assert "1 of them was declared twice, differently" in text


def test_agreement_is_not_claimed_where_the_summary_sheet_contradicts_it(
    views: SimpleNamespace, desk: Desk, context: Context, make_contest: Callable[..., StationContest]
) -> None:
    sheet = with_sheet(make_contest, context, {"apple": 100, "pear": 50})
    agreeing = views.contest(differ_choices=0, differ_lines=0, summary=sheet, sums={"apple": 99, "pear": 50})
    said = "On 1 line the sheet of the commission is not the sum of the sheets below it."
    assert said in bars.verdict(desk, agreeing)
    view = views.small(contests=(agreeing,))
    assert said in views.read(area.area_page(desk, view)).text
    assert said in pictures.card_of(view, desk).text
    assert said not in bars.verdict(desk, replace(agreeing, sums={"apple": 100, "pear": 50}))


def test_seats_on_four_bases(views: SimpleNamespace, desk: Desk) -> None:
    seats = SeatsView(
        {"apple": 60, "pear": 40}, {"apple": 61, "pear": 39}, {"apple": 53, "pear": 47}, 100, (), ""
    )
    table = mandates.seat_table(desk, views.contest(), seats)
    assert len(table.heads) == 4
    assert [re.sub("<.*?>", "", str(cell)) for cell in table.rows[0].cells] == ["60", "61", "▲ +1", "53"]
    assert "no random sample" in table.reasons[0]
    same = mandates.seat_table(desk, views.contest(), replace(seats, declared=seats.copies))
    assert [str(head) for head in same.heads] == [
        "on the stations with copies: the same on both",
        "sum of the station protocols",
    ]
    four = mandates.seat_table(desk, views.contest(), replace(seats, sheet={"apple": 54, "pear": 46}))
    assert [str(cell) for cell in four.rows[0].cells[3:]] == ["53", "54"]
    assert four.heads[4] == "sheet: Central Election Commission"
    alike = mandates.seat_table(desk, views.contest(), replace(seats, sheet=seats.official))
    assert alike.heads[3:] == ("declared everywhere: the same on both",)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("note", [*mandates.REASONS, "something else"])
def test_no_seats_have_a_reason_in_words(
    views: SimpleNamespace, context: Context, language: Language, note: str
) -> None:
    desk = Desk(context, language)
    table = mandates.seat_table(desk, views.contest(), SeatsView(None, None, None, None, (), note))
    assert table.rows == ()
    assert len(table.reasons) == 1
    assert (": something else" in table.reasons[0]) == (note == "something else")


def test_unconfirmed_rules_are_named(views: SimpleNamespace, desk: Desk) -> None:
    seats = SeatsView(
        None, None, {"apple": 1}, 1, ("base", "The threshold of 7/100 is not confirmed.", "odd"), ""
    )
    said = mandates.seat_table(desk, views.contest(), seats).reasons[-1]
    assert "what the threshold is a share of, the share of the votes that a list needs" in said
    assert "odd" in said


def test_every_method_and_quota_of_a_law_has_words() -> None:
    from typing import get_args

    from haq.bulletin.pages.mandates import METHODS_OF_SEATS, QUOTAS
    from haq.law import SeatRule

    assert set(get_args(SeatRule.model_fields["method"].annotation)) == METHODS_OF_SEATS.keys()
    quotas = {q for part in get_args(SeatRule.model_fields["quota"].annotation) for q in get_args(part)}
    assert quotas == QUOTAS.keys()
