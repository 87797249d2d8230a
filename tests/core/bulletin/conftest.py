"""A small invented election, put together by hand, for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from haq.bulletin.figures import lay_out
from haq.bulletin.model import Context, Figure, Sheet, StationContest, StationView
from haq.bulletin.setting import Setting
from haq.entries import ChoiceName, ContestRules, ElectionEntry, Names, OrganisationTies, SourceFile
from haq.law import load_profile

MakeContext = Callable[..., Context]
MakeSheet = Callable[..., Sheet]


@pytest.fixture(scope="session")
def make_context() -> MakeContext:
    """Give a function that makes the context of an election under a law profile."""

    def make(law: str = "ru-duma-2011", contests: Sequence[str] = (), **changes: Any) -> Context:
        profile = load_profile(law)
        keys = tuple(contests) or (next(iter(profile.contests)),)
        choices = (
            ChoiceName(key="apple", kind="list", name=Names(kk="Алма", ru="Яблоко", en="Apple")),
            ChoiceName(key="pear", kind="list", name=Names(ru="Груша")),
        )
        election = ElectionEntry(
            election="invented",
            title=Names(kk="Сайлау", ru="Выборы", en="Election"),
            date=date(2011, 12, 4),
            law=law,
            law_sha256="c" * 64,
            contests=tuple(
                ContestRules(key=key, law=key if key in profile.contests else keys[0], choices=choices)
                for key in keys
            ),
            organisations=(
                OrganisationTies(key="watch", name=Names(en="Watch"), ties=("a party",)),
                OrganisationTies(key="guard", name=Names(kk="Күзет", ru="Стража", en="Guard")),
            ),
            sources=tuple(
                SourceFile(
                    key=key,
                    kind="official" if key.startswith("official") else "copies",
                    level=profile.levels[0].key,
                    organisation=None if key.startswith("official") else key,
                    version=2 if key == "official2" else 1,
                    file=f"{key}.csv",
                    sha256="a" * 64,
                )
                for key in ("official", "official2", "watch", "guard")
            ),
        )
        values: dict[str, Any] = {
            "digest": "e" * 64,
            "stands_in": {},
            "languages": ("kk", "ru", "en"),
        }
        return Context(election=election, profile=profile, **(values | changes))

    return make


@pytest.fixture(scope="session")
def make_sheet() -> MakeSheet:
    """Give a function that makes a sheet of a source."""

    def make(source: str, figures: Mapping[str, Figure], **changes: Any) -> Sheet:
        official = source.startswith("official")
        values: dict[str, Any] = {
            "kind": "official" if official else "copy",
            "source": source,
            "row": 2,
            "organisation": "" if official else source,
            "version": (2 if source == "official2" else 1) if official else 0,
            "grade": "" if official else "A",
            "state": "agreed",
            "figures": figures,
            "files": (),
            "entry": "b" * 64,
        }
        return Sheet(**(values | changes))

    return make


@pytest.fixture(scope="session")
def make_contest() -> Callable[..., StationContest]:
    """Give a function that puts sheets side by side; the last official one is what was declared."""

    def make(context: Context, *sheets: Sheet, contest: str = "", **changes: Any) -> StationContest:
        key = contest or context.election.contests[0].key
        layout = Setting(context, {}, {}).layout(key, context.profile.levels[0].key)
        copies = [sheet for sheet in sheets if sheet.kind == "copy"]
        official = [sheet for sheet in sheets if sheet.kind == "official"]
        values: dict[str, Any] = {"declared": official[-1:], "awaited": True}
        return lay_out(key, layout, copies, official, **(values | changes))

    return make


@pytest.fixture(scope="session")
def make_view() -> Callable[..., StationView]:
    """Give a function that makes what the page of a station shows."""

    def make(*contests: StationContest, **changes: Any) -> StationView:
        values: dict[str, Any] = {
            "unit": "1654",
            "slug": "1654",
            "short": "1654",
            "names": Names(),
            "addresses": Names(),
            "name": "School",
            "address": "Long street 1",
            "registered": 2259,
            "areas": (),
            "listed": True,
            "contests": contests,
            "problems": (),
            "entries": (("station", "d" * 64),),
        }
        return StationView(**(values | changes))

    return make


VOID = {"meta", "link", "img", "br", "input", "hr", "source"}


class Page(HTMLParser):
    """A page taken apart, with everything that is wrong with it in ``faults``."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.cells: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self._said: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"left open: {self._open}")
        if len(set(self.ids)) < len(self.ids):
            self.faults.append("an id stands twice")
        levels = [level for level, _ in self.headings]
        if levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)) or levels[0] != 1:
            self.faults.append(f"headings out of order: {levels}")
        missing = [link for link in self.links if link.startswith("#") and link[1:] not in self.ids]
        if missing:
            self.faults.append(f"no such place: {missing}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.faults += [f"{tag} {name}" for name in held if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in held):
            self.faults.append(f"<{tag}> inside the page")
        if tag == "img" and "alt" not in held:
            self.faults.append("a picture without alt")
        if tag == "th" and "scope" not in held:
            self.faults.append("a header without scope")
        if held.get("lang", "kk") not in ("kk", "ru", "en"):
            self.faults.append(f"lang={held['lang']}")
        if "id" in held:
            self.ids.append(held["id"] or "")
        if "href" in held and tag == "a":
            self.links.append(held["href"] or "")
        if tag not in VOID:
            self._open.append(tag)
            self._said.append("")
        elif tag == "img" and self._said:
            self._said[-1] += held.get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
            return
        self._open.pop()
        raw = self._said.pop()
        said = " ".join(raw.split())
        if (
            tag in ("a", "h1", "h2", "h3", "h4", "th", "td", "caption", "summary", "li", "dd", "dt")
            and not said
        ):
            self.faults.append(f"an empty <{tag}>")
        if tag[0] == "h" and tag[1:].isdecimal():
            self.headings.append((int(tag[1:]), said))
        if tag in ("td", "th"):
            self.cells.append(said)
        if self._said:
            # Only what stands in a line of text runs on without a space.
            self._said[-1] += raw if tag in ("span", "a", "b", "strong", "code", "bdi") else f" {said} "
        if tag == "main":
            self.text = said

    def handle_data(self, data: str) -> None:
        if self._said:
            # Where a word may break is nothing that a reader sees.
            self._said[-1] += data.replace("\u00ad", "")


@pytest.fixture(scope="session")
def read_page() -> Callable[[str], Page]:
    """Give a function that takes a page apart and refuses one that is not sound."""

    def read(text: str) -> Page:
        page = Page(text)
        assert not page.faults
        return page

    return read
