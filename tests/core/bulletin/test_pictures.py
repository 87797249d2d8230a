"""Pictures of the site: which there are, what they say, and that the same view gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from haq.bulletin.model import AreaContest, AreaRef, AreaView, ChoiceSums, Context, Language
from haq.bulletin.pages import home, pictures
from haq.bulletin.pages.area import area_page
from haq.bulletin.pages.environment import Desk
from haq.entries import Names

MakeContext = Callable[..., Context]


def view(key: str = "", **changes: object) -> AreaView:
    contest = AreaContest(
        key="lists",
        stations=3374,
        official=3374,
        copied=97,
        compared=97,
        whole=97,
        differ_choices=9,
        differ_lines=19,
        choices=(
            ChoiceSums("apple", 36355, 37267, 97, 900000, 3374),
            ChoiceSums("pear", 27157, 27017, 97, 800000, 3374),
        ),
        lines={},
        summary=None,
        sums={},
        below="station",
        findings={},
        seats=None,
    )
    ref = AreaRef("tik", key, key or "all", Names(ru="Арбат"), key)
    one = AreaView(ref, (), (contest,), (), (), 1, 1, 0, (), (), (), ())
    return replace(one, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def context(make_context: MakeContext) -> Context:
    return make_context(contests=["lists"])


def test_the_whole_election_has_a_card_and_bars_in_both_looks(context: Context) -> None:
    drawn = {path: draw() for path, draw in pictures.pictures_of(view(), Desk(context, "kk"))}
    assert list(drawn) == [
        "assets/cards/kk-all.png",
        "assets/pictures/kk-lists-light.svg",
        "assets/pictures/kk-lists-dark.svg",
    ]
    assert drawn["assets/cards/kk-all.png"][:4] == b"\x89PNG"
    light, dark = (drawn[f"assets/pictures/kk-lists-{look}.svg"] for look in ("light", "dark"))
    assert light != dark
    assert "Алма".encode() in light
    assert drawn == {path: draw() for path, draw in pictures.pictures_of(view(), Desk(context, "kk"))}


def test_areas_have_a_card_directly_below_the_whole_and_nothing_further_down(context: Context) -> None:
    desk = Desk(context, "ru")
    assert [path for path, _ in pictures.pictures_of(view("a"), desk)] == ["assets/cards/ru-a.png"]
    deeper = view("b", parents=(view("a").ref,))
    assert list(pictures.pictures_of(deeper, desk)) == []
    assert list(pictures.pictures_of(view(page=2), desk)) == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_card_carries_n_of_n_and_the_signed_differences(context: Context, language: Language) -> None:
    text = pictures.card_of(view("a"), Desk(context, language)).text.replace("\u00a0", " ")
    assert "97" in text
    assert ("3,374" if language == "en" else "3374") in text
    assert "▲ +912" in text
    assert "▼ −140" in text
    assert "Арбат" in text


def test_made_up_data_are_called_so_on_the_card(context: Context) -> None:
    assert "Made-up data." not in pictures.card_of(view(), Desk(context, "en")).text
    made_up = replace(context, synthetic=True)
    drawn = pictures.card_of(view(), Desk(made_up, "en"))
    assert drawn.text.startswith("Made-up data. A program invented this election")


def test_what_is_shared_says_n_of_n_the_marks_and_made_up(context: Context) -> None:
    desk = Desk(replace(context, synthetic=True), "en")
    for text in (home.home_page(desk, view()), area_page(desk, view("a"))):
        said = re.search('<meta property="og:description" content="([^"]*)">', text)
        assert said
        assert said[1].startswith("Made-up data. Copies of 97 of 3,374 protocols.")
        assert "Apple: ▲ +912 declared above the copies." in said[1]
        assert "Груша: ▼ −140 declared below the copies." in said[1]


def test_a_card_says_how_many_choices_it_shows(context: Context) -> None:
    many = replace(
        view().contests[0],
        choices=tuple(ChoiceSums(key, 100, 100, 97, 1000, 3374) for key in ("apple", "pear", "c", "d", "e")),
    )
    text = pictures.card_of(view(contests=(many,)), Desk(context, "en")).text
    assert "Choices shown: 3 of 5." in text


def test_what_stands_in_is_never_drawn_as_declared(context: Context) -> None:
    desk = Desk(replace(context, stands_in={"lists": "guard"}), "en")
    assert [path for path, _ in pictures.pictures_of(view(), desk)] == ["assets/cards/en-all.png"]
    text = pictures.card_of(view(), desk).text
    assert "Guard 37,267" in text
    assert "declared" not in text.replace("declared ties", "")


def test_a_card_of_an_election_without_copies_says_so(context: Context) -> None:
    one = view()
    none = replace(
        one.contests[0], copied=0, compared=0, choices=(ChoiceSums("apple", 0, 0, 0, 9, 9),), whole=0
    )
    text = pictures.card_of(replace(one, contests=(none,)), Desk(context, "en")).text
    assert "Copies of 0 of 3,374 protocols." in text
    assert "On these stations" not in text


def test_pages_offer_exactly_the_pictures_that_are_drawn(context: Context) -> None:
    desk = Desk(replace(context, base_url="https://example.org/"), "en")
    text = home.home_page(desk, view())
    for path, _ in pictures.pictures_of(view(), desk):
        assert f'"../{path}"' in text
    assert '<meta property="og:image" content="https://example.org/assets/cards/en-all.png">' in text
    assert "og:image" not in home.home_page(Desk(context, "en"), view())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_card_says_in_one_line_how_many_stations_n_lost(
    context: Context, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pictures, "share_card", lambda *texts, **_: said.append(texts[2]))
    whole = view()
    lost = replace(whole.contests[0], stations=10_073, copied=10_061, taken_off=12)
    pictures.card_of(replace(whole, contests=(lost,)), Desk(context, language))
    assert "12" in said[0] and len(said[0]) < 110
    words = {"kk": "қайтарып алынған)", "ru": "отозвано из списка участков: 12)", "en": "from the list)"}
    assert words[language] in said[0]
