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
    Weight,
)
from haq.bulletin.pages import (
    area,
    home,
    maps,
    totals,
)
from haq.bulletin.pages.environment import Desk
from haq.entries import SourceFile

MakeContext = Callable[..., Context]


def test_home_answers_its_question_first(views: SimpleNamespace, desk: Desk) -> None:
    page = views.read(home.home_page(desk, views.whole()))
    text = page.text
    order = [
        text.index("Do the copies and the declared result agree?"),
        text.index("the votes differ on 9 of 97 stations compared"),
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
    text = views.read(home.home_page(desk, views.whole(empty, largest=(), children=(), stations=()))).text
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
    assert "Another line of the protocol differs on 4 of them" in text


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


def test_no_share_stands_in_two_shades(views: SimpleNamespace, desk: Desk) -> None:
    refs = [views.ref(key, ru=key) for key in "ABCDE"]
    rows = [
        views.row(one.key, ref=one, compared=100, differ_choices=differ)
        for one, differ in zip(refs, (0, 2, 5, 10, 11), strict=True)
    ]
    drawn = maps.map_of(desk, [(one, views.SQUARE) for one in refs], rows)
    assert drawn is not None
    two, five, ten = (desk.percent(most, 100, 0) for most in (2, 5, 10))
    assert [str(entry.words) for entry in drawn.legend] == [
        "no station differs",
        f"up to {two} differ",
        f"over {two} and up to {five} differ",
        f"over {five} and up to {ten} differ",
        f"more than {ten} differ",
    ]


def test_the_map_stands_beside_the_table(views: SimpleNamespace, desk: Desk) -> None:
    view = views.whole(shapes=((views.row("A").ref, views.SQUARE),))
    page = views.read(home.home_page(desk, view))
    assert page.links.count("area/slug-a.html") == 2
    assert "Without an outline on the map: Район B" in page.text


def test_a_reply_is_promised_only_where_there_is_one(
    views: SimpleNamespace, make_context: MakeContext
) -> None:
    context = make_context(contests=["lists"])
    replies = SourceFile(key="replies", kind="replies", level="station", file="r.csv", sha256="a" * 64)
    asked = replace(
        context,
        election=context.election.model_copy(update={"sources": (*context.election.sources, replies)}),
    )
    promised = "Where the commission replied, its reply stands beside the difference."
    for here, count, words in (
        (context, 0, "This site holds no replies of commissions."),
        (asked, 0, "No reply so far."),
        (asked, 2, promised),
        (context, 1, promised),
    ):
        text = views.read(home.home_page(Desk(here, "en"), views.whole(replies=count))).text
        assert words in text
        assert (promised in text) == bool(count)


def test_one_station_that_turns_a_sum_is_said_at_once(views: SimpleNamespace, desk: Desk) -> None:
    weights = (
        Weight("apple", 141, views.station("2714"), 411, 3),
        Weight("pear", -310, views.station("9"), -297, 8),
    )
    said = views.read(home.home_page(desk, views.whole(views.contest(weights=weights)))).text
    order = [
        "Apple: of the difference of ▲ +141, one place alone makes ▲ +411 (Polling station 2714); "
        "without it ▼ −270.",
        "Where one station makes most of a difference",
        "of the difference of ▼ −310, one place alone makes ▼ −297 (Polling station 9); without it ▼ −13.",
    ]
    assert [said.count(words) for words in order] == [1, 1, 1]
    assert sorted(order, key=said.index) == order
    assert "one place alone" not in views.read(home.home_page(desk, views.whole())).text


def test_differences_of_a_station_and_of_a_summary_sheet_are_told_apart(
    views: SimpleNamespace, desk: Desk
) -> None:
    summary = views.finding("A", 2269)
    place = views.ref("A", ru="Арбат")
    summary = replace(summary, found=replace(summary.found, kind="sum-differs"), place=place)
    text = views.read(home.home_page(desk, views.whole(largest=(summary, views.finding("7", 12))))).text
    assert "▲ +2,269 Apple, on the summary sheet" in text
    assert "▲ +12 Apple, at this one station" in text
    assert "Largest difference at one station" in text


def test_a_difference_to_be_read_with_care_is_marked_in_lists(views: SimpleNamespace, desk: Desk) -> None:
    view = views.small(stations=(views.station("1654", care=True), views.station("7")))
    assert views.read(area.area_page(desk, view)).text.count("to be read with care") == 1
    view = views.whole(views.contest(careful={"official-differs": 2}), children=(views.row("A", care=True),))
    text = home.home_page(desk, view)
    assert "2 differences stand apart and are to be read with care" in text
    assert 'href="findings/official-differs-1.html">See them' in text
    assert views.read(text).text.count("to be read with care") == 2


def test_kinds_say_on_how_many_of_how_many(views: SimpleNamespace, desk: Desk) -> None:
    one = views.contest(
        findings={"official-differs": 19, "arithmetic:copies": 15, "arithmetic:declared": 2},
        spread={
            "official-differs": (19, 97),
            "arithmetic:copies": (12, 97),
            "arithmetic:declared": (1, 3374),
        },
    )
    text = views.read(home.home_page(desk, views.whole(one))).text
    assert "19 on 19 of 97 protocols that have a copy and a declared result" in text
    assert "15 counting every broken rule; on 12 of 97 copies" in text
    assert "2 counting every broken rule; on 1 of 3,374 declared sheets" in text
