"""Home and areas: each answers its question first and hides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from haq.bulletin.model import (
    ChoiceSums,
    Context,
)
from haq.bulletin.pages import (
    area,
    home,
    maps,
    totals,
)
from haq.bulletin.pages.environment import Desk

MakeContext = Callable[..., Context]


def test_home_answers_its_question_first(views: SimpleNamespace, desk: Desk) -> None:
    page = views.read(home.home_page(desk, views.whole()))
    text = page.text
    order = [
        text.index("Do the copies and the declared result agree?"),
        text.index("on 9 of 97 stations compared, the votes for a choice differ"),
        text.index("Copies of 97 of 3,374 protocols."),
        text.index("▲ +912 declared above the copies"),
        text.index("▼ −140 declared below the copies"),
        text.index("Find my station", text.index("+912")),
        text.index("The largest differences"),
    ]
    assert order == sorted(order)
    assert "724 warnings besides" in text
    assert "finding/f1654.html" in page.links
    assert "findings/official-differs-1.html" in page.links


def test_home_shows_three_places_and_each_once(views: SimpleNamespace, desk: Desk) -> None:
    links_of = views.read(home.home_page(desk, views.whole())).links
    assert [link for link in links_of if link.startswith("finding/")] == [
        "finding/f1654.html",
        "finding/f7.html",
        "finding/f8.html",
    ]


def test_the_search_field_works_without_a_script(views: SimpleNamespace, desk: Desk) -> None:
    text = home.home_page(desk, views.whole())
    assert 'method="get" action="find.html"' in text
    assert re.search(r'<label for="q">[^<]+</label>', text)
    assert 'name="q"' in text


def test_no_copies_at_all(views: SimpleNamespace, desk: Desk) -> None:
    empty = views.contest(
        copied=0,
        compared=0,
        whole=0,
        differ_choices=0,
        differ_lines=0,
        findings={},
        choices=(ChoiceSums("apple", 0, 0, 0, 900000, 3374), ChoiceSums("pear", 0, 0, 0, 0, 0)),
    )
    text = views.read(home.home_page(desk, views.whole(empty, largest=()))).text
    assert "Copies of 0 of 3,374 protocols." in text
    assert "No copy has reached us yet, so there is nothing to compare." in text
    assert "On these stations:" not in text
    assert "Apple 900,000" in text
    assert "above the copies" not in text
    # In the totals what nobody knows is boxed, and not a zero.
    assert views.read(totals.totals_page(desk, views.whole(empty), "lists")).text.count("not known") >= 6


def test_nothing_declared(views: SimpleNamespace, desk: Desk) -> None:
    none = views.contest(
        official=0,
        compared=0,
        whole=0,
        differ_choices=0,
        differ_lines=0,
        choices=(ChoiceSums("apple", 0, 0, 0, 0, 0),),
        lines={},
        findings={},
    )
    text = views.read(home.home_page(desk, views.whole(none, largest=(), children=()))).text
    assert "Copies of 97 of 3,374 protocols." in text
    assert "Nothing was declared for these stations yet" in text


def test_copies_that_stand_in_are_never_called_declared(
    views: SimpleNamespace, make_context: MakeContext
) -> None:
    desk = Desk(make_context(contests=["lists"], stands_in={"lists": "guard"}), "en")
    view = views.whole(views.contest(official=0), largest=())
    for text in (home.home_page(desk, view), totals.totals_page(desk, view, "lists")):
        page = views.read(text).text
        assert "copies of Guard stand where the declared result would be" in page.replace("those", "copies")
        assert "declared above" not in page
        assert "Declared: 0" not in page
    assert "Do the copies of different organisations agree?" in views.read(home.home_page(desk, view)).text
    assert "above the other copies" in views.read(home.home_page(desk, view)).text


def test_everything_agrees(views: SimpleNamespace, desk: Desk) -> None:
    same = views.contest(
        differ_choices=0, differ_lines=0, choices=(ChoiceSums("apple", 5, 5, 97, 9, 97),), findings={}
    )
    text = views.read(home.home_page(desk, views.whole(same, largest=()))).text
    assert "They agree on every line of all 97 stations compared." in text
    assert "the same on both" in text
    only_lines = replace(same, differ_lines=4)
    text = views.read(home.home_page(desk, views.whole(only_lines, largest=()))).text
    assert "another line of the protocol differs on 4 of them" in text


def test_bars_are_measured_against_the_longest(views: SimpleNamespace, desk: Desk) -> None:
    text = home.home_page(desk, views.whole())
    assert re.findall(r'bar-(?:copies|declared)"[^>]*width="([\d.]+)%"', text) == [
        "97.55",
        "100",
        "72.87",
        "72.49",
    ]


def test_an_area_lists_its_stations_with_their_state(views: SimpleNamespace, desk: Desk) -> None:
    page = views.read(area.area_page(desk, views.small()))
    assert "../station/1654.html" in page.links
    assert "▲ +330" in page.text
    assert "no copy" in page.text
    assert page.text.count("not known") == 1  # the difference of the station without a copy
    assert "../index.html" in page.links


def test_a_further_page_of_a_list_is_only_the_list(views: SimpleNamespace, desk: Desk) -> None:
    page = views.read(area.area_page(desk, replace(views.small(), page=2, pages=3, all_stations=601)))
    assert "601 stations, the largest differences first; page 2 of 3" in page.text
    assert {"../area/slug-a.html", "../area/slug-a-2.html", "../area/slug-a-3.html"} <= set(page.links)
    assert "Copies of 97" not in page.text


def test_a_summary_is_compared_line_by_line(
    views: SimpleNamespace, context: Context, make_sheet: Callable[..., Any], make_contest: Callable[..., Any]
) -> None:
    desk = Desk(context, "en")
    sheet = make_sheet("official", {"registered": 500, "apple": 30, "pear": "empty"})
    summary = make_contest(context, sheet)
    one = views.contest(summary=summary, sums={"registered": 500, "apple": 42})
    page = views.read(
        area.area_page(desk, views.small(contests=(one,), ref=views.ref("A", context.profile.levels[1].key)))
    )
    assert "On 1 line the sheet of the commission is not the sum" in page.text
    assert re.search(r"Apple 42 30 ▼ −12", page.text)
    # A figure that is missing on either side is boxed; its difference is not known.
    assert re.search(r"Груша not known empty not known", page.text)
    equal = replace(one, sums={"apple": 30})
    assert "is the sum of the sheets below it, on every line compared" in (
        views.read(area.area_page(desk, views.small(contests=(equal,)))).text
    )
    nothing = replace(one, sums={})
    assert (
        "No line of it can be compared"
        in views.read(area.area_page(desk, views.small(contests=(nothing,)))).text
    )


def test_lists_without_areas_stand_on_the_first_page(views: SimpleNamespace, desk: Desk) -> None:
    view = views.whole(children=(), stations=(views.station("1654"),), all_stations=201, pages=2)
    page = views.read(home.home_page(desk, view))
    assert "station/1654.html" in page.links
    assert "area/all-2.html" in page.links


def test_many_regions(views: SimpleNamespace, desk: Desk) -> None:
    view = views.whole(children=tuple(views.row(f"R{n}") for n in range(85)))
    assert sum(link.startswith("area/slug-r") for link in views.read(home.home_page(desk, view)).links) == 85


def test_the_map_says_in_words_what_its_shades_say(views: SimpleNamespace, desk: Desk) -> None:
    refs = [views.ref(key, ru=key) for key in "ABC"]
    drawn = maps.map_of(
        desk,
        [(one, views.SQUARE) for one in refs],
        [
            views.row("A", ref=refs[0], compared=100, differ_choices=3),
            views.row("B", ref=refs[1], compared=0, differ_choices=0),
            views.row("D", ref=views.ref("D", ru="Дальний")),
        ],
    )
    assert drawn is not None
    a, b, c = drawn.shapes
    assert (a.step, a.hatched, a.label) == ("step-2", False, "3")
    assert a.title == "A: 3 of 100 stations differ"
    assert (b.step, b.hatched, b.label) == (c.step, c.hatched, c.label) == ("step-none", True, "")
    assert [entry.step for entry in drawn.legend] == ["step-none", "step-2"]
    assert "Дальний" in drawn.missing
    assert maps.map_of(desk, (), ()) is None


@pytest.mark.parametrize(
    ("differ", "of", "step"),
    [(0, 5, 0), (1, 50, 1), (1, 49, 2), (5, 100, 2), (6, 100, 3), (10, 100, 3), (11, 100, 4), (5, 5, 4)],
)
def test_steps_of_the_map(views: SimpleNamespace, differ: int, of: int, step: int) -> None:
    assert maps.step_of(views.row("A", compared=of, differ_choices=differ)) == f"step-{step}"


def test_the_map_stands_beside_the_table(views: SimpleNamespace, desk: Desk) -> None:
    view = views.whole(shapes=((views.row("A").ref, views.SQUARE),))
    page = views.read(home.home_page(desk, view))
    assert page.links.count("area/slug-a.html") == 2
    assert "Without an outline on the map: Район B" in page.text
