"""Whose copies a page shows, which version was declared, and where a rule comes from, in words."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from haq.bulletin.model import Context
from haq.bulletin.pages import area, home, method, pictures, totals
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import declared_name

MakeContext = Callable[..., Context]
SAID = "Whose copies: Watch (declared ties: a party); Guard."


def test_home_area_totals_and_card_say_whose_copies_these_are(views: SimpleNamespace, desk: Desk) -> None:
    assert SAID in views.read(home.home_page(desk, views.whole())).text
    assert SAID in views.read(area.area_page(desk, views.small())).text
    assert SAID in views.read(totals.totals_page(desk, views.whole(), "lists")).text
    assert SAID in pictures.card_of(views.whole(), desk).text
    nobody = views.whole(views.contest(copied=0, compared=0))
    assert "Whose copies" not in views.read(home.home_page(desk, nobody)).text


def test_who_stands_in_for_the_result_is_not_named_among_the_copies(
    views: SimpleNamespace, make_context: MakeContext
) -> None:
    desk = Desk(make_context(contests=["lists"], stands_in={"lists": "watch"}), "en")
    assert "Whose copies: Guard." in views.read(home.home_page(desk, views.whole())).text


def test_a_version_is_numbered_only_where_there_are_several(context: Context) -> None:
    one, other, *copies = context.election.sources
    assert declared_name(Desk(context, "en"), other) == "Declared, version 2"
    election = context.election.model_copy(update={"sources": (one, *copies)})
    alone = Desk(Context(election, context.profile, context.digest, {}, ("ru",)), "ru")
    assert declared_name(alone, one) == "Объявлено"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Constitutional Law No. 2464 of 28 September 1995"),
        ("ru", "Конституционный закон от 28 сентября 1995 года № 2464 «О выборах в Республике Казахстан»"),
        ("kk", "«Қазақстан Республикасындағы сайлау туралы» 1995 жылғы 28 қыркүйектегі № 2464"),
    ],
)
def test_the_law_is_named_in_the_language_of_the_page(
    views: SimpleNamespace, make_context: MakeContext, language: str, said: str
) -> None:
    desk = Desk(make_context("kz-majilis-2021"), language)  # type: ignore[arg-type]
    page = method.method_page(desk, "seats")
    assert said in views.read(page).text
    assert 'lang="en"' not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_what_carries_a_page_is_named_in_its_language(views: SimpleNamespace, context: Context) -> None:
    view = views.whole(entries=(("election", "a" * 64), ("total", "b" * 64)))
    text = views.read(home.home_page(Desk(context, "ru"), view)).text
    assert f"выборы {'a' * 64}" in text
    assert f"итоги {'b' * 64}" in text
