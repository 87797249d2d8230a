"""Totals and seats: each figure with its stations, and a reason where there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from haq.bulletin.model import (
    ChoiceSums,
    Context,
    Language,
    SeatsView,
)
from haq.bulletin.pages import (
    home,
    mandates,
    totals,
)
from haq.bulletin.pages.environment import Desk

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")


def test_sums_of_different_stations_say_so(views: SimpleNamespace, desk: Desk) -> None:
    torn = views.contest(
        choices=(ChoiceSums("apple", 10, 12, 90, 9, 9), ChoiceSums("pear", 10, 12, 95, 9, 9)), whole=88
    )
    assert "from 90 to 95 of them" in views.read(home.home_page(desk, views.whole(torn))).text
    # ... and there is no whole to be a share of.
    assert "%" not in " ".join(
        str(cell.share) for line in totals.choice_rows(desk, torn, True) for cell in line.cells[:3]
    )


def test_totals_give_each_figure_its_stations_and_its_share(views: SimpleNamespace, desk: Desk) -> None:
    apple, pear = totals.choice_rows(desk, views.contest(), everywhere=True)
    assert [str(cell.figure) for cell in apple.cells[1:]] == ["36,355", "37,267", "97", "900,000", "3,374"]
    assert [cell.share for cell in apple.cells[1:3]] == ["57.2\u00a0%", "58.0\u00a0%"]
    assert "▲ +912" in str(apple.cells[0].figure)
    assert "▼ −140" in str(pear.cells[0].figure)


def test_seats_on_three_bases(views: SimpleNamespace, desk: Desk) -> None:
    seats = SeatsView(
        {"apple": 60, "pear": 40}, {"apple": 61, "pear": 39}, {"apple": 53, "pear": 47}, 100, (), ""
    )
    table = mandates.seat_table(desk, views.contest(), seats)
    assert len(table.heads) == 4
    assert [re.sub("<.*?>", "", str(cell)) for cell in table.rows[0].cells] == ["60", "61", "▲ +1", "53"]
    assert "no random sample" in table.reasons[0]
    same = mandates.seat_table(desk, views.contest(), replace(seats, declared=seats.copies))
    assert len(same.heads) == 3
    assert "the same seats" in same.reasons[0]


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
