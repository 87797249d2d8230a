"""Areas, findings and pages put together by hand; ``views`` gives the functions to the tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from haq.bulletin.model import (
    AreaContest,
    AreaRef,
    AreaRow,
    AreaView,
    ChoiceSums,
    Context,
    DataView,
    Download,
    FindingRow,
    FindingsView,
    Found,
    Problem,
    StationRow,
)
from haq.bulletin.pages import area, data, findings, home, limits, method, totals, verify
from haq.bulletin.pages.environment import Desk
from haq.entries import Names

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def ref(key: str, level: str = "tik", **names: str) -> AreaRef:
    return AreaRef(level, key, f"slug-{key.lower()}", Names(**names), key)


def station(key: str, **changes: Any) -> StationRow:
    values: dict[str, Any] = {
        "unit": key,
        "slug": key,
        "short": key,
        "names": Names(),
        "addresses": Names(),
        "name": "School",
        "address": "Long street 1",
        "state": "differs",
        "contest": "lists",
        "largest": ("apple", 330),
        "copies": 1,
        "grade": "C",
        "findings": 1,
    }
    return StationRow(**(values | changes))


def finding(key: str, difference: int = 330, **changes: Any) -> FindingRow:
    values: dict[str, Any] = {
        "id": f"f{key}",
        "entry": "f" * 64,
        "kind": "official-differs",
        "check": "",
        "severity": "error",
        "contest": "lists",
        "level": "station",
        "unit": key,
        "sources": ("watch", "official"),
        "rows": (2, 3),
        "lines": {"apple": (217, 217 + difference)},
        "grade": "C",
        "waits": False,
        "largest": ("apple", difference),
    }
    return FindingRow(Found(**(values | changes)), station(key), (ref("A", ru="Арбат"),))


def contest(**changes: Any) -> AreaContest:
    values: dict[str, Any] = {
        "key": "lists",
        "stations": 3374,
        "official": 3374,
        "copied": 97,
        "compared": 97,
        "whole": 97,
        "differ_choices": 9,
        "differ_lines": 19,
        "choices": (
            ChoiceSums("apple", 36355, 37267, 97, 900000, 3374),
            ChoiceSums("pear", 27157, 27017, 97, 800000, 3374),
        ),
        "lines": {"registered": ChoiceSums("registered", 200000, 200000, 96, 7000000, 3374)},
        "summary": None,
        "sums": {},
        "below": "station",
        "findings": {"official-differs": 19, "arithmetic:warning": 724},
        "seats": None,
    }
    return AreaContest(**(values | changes))


def row(key: str, **changes: Any) -> AreaRow:
    values: dict[str, Any] = {
        "ref": ref(key, ru=f"Район {key}"),
        "contest": "lists",
        "stations": 20,
        "official": 20,
        "copied": 5,
        "compared": 5,
        "differ_choices": 1,
        "largest": ("apple", 330),
        "findings": 1,
    }
    return AreaRow(**(values | changes))


def whole(*contests: AreaContest, **changes: Any) -> AreaView:
    values: dict[str, Any] = {
        "ref": AreaRef("country", "", "all", Names(), ""),
        "parents": (),
        "contests": contests or (contest(),),
        "children": (row("A"), row("B", compared=0, copied=0, differ_choices=0, largest=None)),
        "stations": (),
        "page": 1,
        "pages": 1,
        "all_stations": 0,
        "largest": (
            finding("1654"),
            finding("1654", 90),
            finding("7", -12),
            finding("8", 5),
            finding("9", 4),
        ),
        "shapes": (),
        "problems": (),
        "entries": (),
    }
    return AreaView(**(values | changes))


def small(**changes: Any) -> AreaView:
    values: dict[str, Any] = {
        "ref": ref("A", ru="Арбат"),
        "children": (),
        "stations": (
            station("1654"),
            station("2", state="no-copy", largest=None, copies=0, findings=0),
            station("3", state="same", largest=None, findings=0),
        ),
        "all_stations": 3,
    }
    return whole(**(values | changes))


VOID = {"meta", "link", "img", "input", "br", "source", "rect", "path"}


class Page(HTMLParser):
    """Reads a page strictly: what is opened is closed, and nothing may run or style itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute stands twice in {tag}"
        assert tag not in {"style", "iframe", "object"}
        assert tag != "script" or given.get("src")
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "img":
            assert "alt" in given
        if tag == "a":
            self.links.append(given["href"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in {"td", "th", "a", "li", "button", "h1", "h2", "h3", "caption"}:
            self.cells.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag
        if tag in {"td", "th", "a", "li", "button", "h1", "h2", "h3", "caption"}:
            text = self.cells.pop()
            assert text.strip() or tag in {"td"}, f"an empty {tag}"

    def handle_data(self, data: str) -> None:
        self.cells = [cell + data for cell in self.cells]
        if "title" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())


def read(text: str) -> Page:
    page = Page(text)
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    steps = zip(page.levels, page.levels[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps), "a heading level is left out"
    for link in page.links:
        assert link
        assert "//" not in link
        assert not link.startswith("/")
    return page


def every_page(desk: Desk, view: AreaView, inner: AreaView) -> Iterator[str]:
    yield home.home_page(desk, view)
    yield area.area_page(desk, inner)
    yield area.area_page(desk, replace(inner, page=2, pages=3))
    for one in view.contests:
        yield totals.totals_page(desk, view, one.key)
    counts = {("lists", kind): n for kind, n in view.contests[0].findings.items()}
    yield findings.findings_index_page(desk, counts)
    yield findings.findings_page(desk, FindingsView("official-differs", "lists", 4, view.largest, 1, 2))
    yield data.data_page(
        desk,
        DataView(
            (Download("data/check.zip", "check", 1_234_567, "a" * 64, None),),
            (Problem("twice", "line 12"),),
            5,
            "b" * 64,
        ),
    )
    yield limits.limits_page(desk)
    yield verify.verify_page(desk)
    for key in method.METHODS:
        yield method.method_page(desk, key)


@pytest.fixture(scope="module")
def context(make_context: Callable[..., Context]) -> Context:
    return make_context(contests=["lists"])


@pytest.fixture(scope="module")
def desk(context: Context) -> Desk:
    return Desk(context, "en")


@pytest.fixture(scope="session")
def views() -> SimpleNamespace:
    """Give the functions that make what pages show, and ``read``, which reads a page strictly."""
    return SimpleNamespace(
        ref=ref,
        station=station,
        finding=finding,
        contest=contest,
        row=row,
        whole=whole,
        small=small,
        read=read,
        every_page=every_page,
        SQUARE=SQUARE,
    )
