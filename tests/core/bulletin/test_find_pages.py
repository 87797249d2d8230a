"""Find my station: the page with the field, and the ways that need no script."""

import csv
import gzip
import posixpath
from collections.abc import Iterator, Sequence
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from haq.bulletin.model import AreaRef, Context, Language, Place
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.find import find_pages
from haq.bulletin.search import concordance
from haq.bulletin.search.concordance import INLINE, MANY, latin
from haq.bulletin.slugs import slug_of
from haq.entries import ChoiceName, ContestRules, ElectionEntry, Names
from haq.law import load_profile

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
CHOICE = ChoiceName(key="apple", kind="list", name=Names(en="Apple"))
REGION = AreaRef("region", "31", "31-region", Names(kk="Жамбыл облысы", ru="Жамбылская область"), "31")


def place(number: int | str, address: str = "", *, addresses: Names | None = None, name: str = "") -> Place:
    unit = f"31/{number}"
    return Place(unit, slug_of(unit), str(number), Names(), addresses or Names(), name, address, (REGION,))


def desk(language: Language = "en") -> Desk:
    profile = load_profile("kz-majilis-2021")
    election = ElectionEntry(
        election="test",
        title=Names(kk="Сайлау", ru="Выборы", en="Election"),
        date=date(2021, 1, 10),
        law=profile.key,
        law_sha256="0" * 64,
        contests=(ContestRules(key="lists", law="party_list", choices=(CHOICE,)),),
        sources=(),
    )
    return Desk(Context(election, profile, "0" * 64, {}, LANGUAGES), language)


def site(places: Sequence[Place], language: Language = "en", *, searchable: bool = True) -> dict[str, str]:
    return dict(find_pages(desk(language), places, searchable=searchable))


class Reader(HTMLParser):
    """Keeps what a page links to, its attributes and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def targets(path: str, html: str) -> Iterator[str]:
    for link in Reader(html).links:
        if not link.startswith("#"):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link.split("#")[0]))


STREETS = ("Абай", "Бәйтерек", "Достық", "Жамбыл", "Шәмші", "Щорс", "Әуезов", "Қабанбай", "Яссауи", "Цой")
PLACES = [
    place(f"{n:04d}", addresses=Names(kk=f"{STREETS[n % 10]} көшесі, {n}", ru=f"ул. {STREETS[n % 10]}, {n}"))
    for n in range(600)
]


def test_every_link_leads_to_a_page_of_the_site() -> None:
    pages = site(PLACES)
    known = set(pages) | {f"station/{one.slug}.html" for one in PLACES} | {f"area/{REGION.slug}.html"}
    known |= {"index.html", "findings.html", "data.html", "verify.html", "limits.html", "totals/lists.html"}
    for path, html in pages.items():
        inside = {target for target in targets(path, html) if not target.startswith("../")}
        assert inside <= known, path


def test_every_station_is_three_taps_away_by_number_and_by_word() -> None:
    pages = site(PLACES)
    wanted = {f"station/{one.slug}.html" for one in PLACES}
    for way in ("find/numbers", "find/w"):
        reached = {"find.html"}
        for _ in range(3):
            reached |= {
                target
                for path in reached
                if path in pages
                for target in targets(path, pages[path])
                if target.startswith((way, "station/"))
            }
        assert wanted <= reached, way


def test_a_word_stands_in_its_own_letters_with_latin_ones_beside() -> None:
    html = site([place(1, addresses=Names(kk="Бәйтерек көшесі, 29", ru="ул. Байтерек, 29"))])[
        "find/w-ba.html"
    ]
    assert "Байтерек, Бәйтерек (Baiterek)" in html
    assert 'href="../station/31_1.html"' in html
    assert "көшесі (" not in html and "find/w-ko" not in html


def test_spellings_that_sound_alike_stand_under_the_same_letters() -> None:
    pages = site([place(1, "Шымкент"), place(2, "Chimkent"), place(3, "Жамбыл"), place(4, "Jambyl")])
    assert {path for path in pages if path.startswith("find/w-")} == {"find/w-ci.html", "find/w-ja.html"}
    front = pages["find.html"]
    assert ">shi, shy, chi, chy</a>" in front and ">zha, ja</a>" in front
    assert "Sh, Ch · Ш Щ Ч" in front


@pytest.mark.parametrize(
    ("cyrillic", "written"),
    [
        ("Бәйтерек", "Baiterek"), ("Шымкент", "Shymkent"), ("Қарағанды", "Qaraghandy"),
        ("Өскемен", "Oskemen"), ("ЖАМБЫЛ", "ZHAMBYL"), ("мектеп", "mektep"),
        ("Подъездная", "Podezdnaya"), ("Abay", ""), ("Майра", "Maira"),
    ],
)  # fmt: skip
def test_latin_letters(cyrillic: str, written: str) -> None:
    assert latin(cyrillic) == written


def test_few_stations_stand_under_their_word_more_on_its_own_page_too_many_nowhere() -> None:
    few = site([place(n, f"Абай, {n}") for n in range(INLINE)])
    assert few["find/w-ab.html"].count("../station/") == INLINE and "find/word-abai.html" not in few
    more = site([place(n, f"Абай, {n}") for n in range(INLINE + 1)])
    assert 'href="../find/word-abai.html"' in more["find/w-ab.html"]
    assert more["find/word-abai.html"].count("../station/") == INLINE + 1
    many = site([place(n, f"Абай, {n}") for n in range(MANY + 1)])
    assert not [path for path in many if path.startswith("find/word-")]
    assert "1,001 stations. Too many to list" in many["find/w-ab.html"]


def test_a_long_list_has_pages_that_know_each_other() -> None:
    pages = site([place(n, f"Абай, {n}") for n in range(500)])
    assert len([path for path in pages if path.startswith("find/word-abai")]) == 3
    assert "find/word-abai-3.html" in set(targets("x/y.html", pages["find/word-abai.html"])) | set(
        targets("find/word-abai.html", pages["find/word-abai.html"])
    )
    assert "../find/numbers-2.html" in pages["find/numbers-1.html"]


def test_the_script_finds_all_its_words_in_every_language() -> None:
    fixed = "station nameless loading empty none common failed ignored found-one more-one"
    wanted = set(fixed.split())
    forms = {"en": {"other"}, "kk": {"other"}, "ru": {"few", "many"}}
    seen = set()
    for language in LANGUAGES:
        tags = Reader(site(PLACES[:3], language)["find.html"]).tags
        form = next(attributes for tag, attributes in tags if tag == "form")
        plurals = {f"{what}-{one}" for what in ("found", "more") for one in forms[language]}
        for word in sorted(wanted | plurals):
            assert form[f"data-{word}"], (language, word)
        assert form["data-search"] == "../assets/search/"
        assert "{}" in (form["data-found-one"] or "") and "{}" in (form["data-station"] or "")
        assert "hidden" in form
        seen.add(form["data-none"])
        status = next(attributes for _, attributes in tags if "data-search-status" in attributes)
        assert status["role"] == "status"
        assert any(tag == "template" for tag, _ in tags)
    assert len(seen) == 3


def test_without_the_script_only_the_ways_that_work_are_shown() -> None:
    html = site(PLACES[:3], searchable=False)["find.html"]
    tags = [tag for tag, _ in Reader(html).tags]
    assert not {"script", "form", "template", "noscript"} & set(tags)
    assert "find/w-ab.html" in html and "find/numbers-1.html" in html


def test_the_same_pages_exist_in_every_language_and_come_out_the_same_twice() -> None:
    book = concordance(PLACES)
    paths = {
        language: list(dict(find_pages(desk(language), book, searchable=True))) for language in LANGUAGES
    }
    assert paths["kk"] == paths["ru"] == paths["en"]
    assert site(PLACES, "kk") == site(PLACES[::-1], "kk")


def test_no_stations_and_no_addresses_are_pages_too() -> None:
    assert list(site([])) == ["find.html"]
    pages = site([Place("x", "x-1", "", Names(), Names(), "", "", ())])
    assert list(pages) == ["find.html", "find/numbers-1.html"]
    assert "Polling station without a number" in pages["find/numbers-1.html"]


def test_hostile_texts_stay_texts() -> None:
    evil = '<script>alert("x")</script> \u202eабв\' onclick="x'
    pages = site([place(1, evil), place(evil, "Абай")])
    for html in pages.values():
        tags = Reader(html).tags
        assert [attributes.get("src") for tag, attributes in tags if tag == "script"] in (
            [],
            ["../assets/search.js"],
        )
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
        assert "\u202e" not in html


def test_no_page_needs_anything_that_the_content_policy_forbids() -> None:
    for html in site(PLACES[:20]).values():
        for tag, attributes in Reader(html).tags:
            assert tag != "style" and "style" not in attributes
            assert tag != "script" or attributes["src"] == "../assets/search.js"


def test_element_ids_are_unique_and_headings_descend() -> None:
    for html in [*site(PLACES).values(), site(PLACES, searchable=False)["find.html"]]:
        tags = Reader(html).tags
        ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        levels = [int(tag[1]) for tag, _ in tags if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.data
def test_real_addresses_make_pages_under_100_kilobytes(shared_data: Path) -> None:
    with gzip.open(
        shared_data / "stations" / "romanian-polling-stations.csv.gz", "rt", encoding="utf-8"
    ) as file:
        rows = list(csv.DictReader(file))
    places = [place(f"{row['County']}-{row['Number']}", row["Address"]) for row in rows]
    pages = site(places)
    assert max(len(html.encode()) for html in pages.values()) < 100_000
    assert len(pages["find.html"].encode()) < 40_000


@pytest.mark.parametrize("searchable", [True, False])
def test_a_list_without_addresses_says_so(searchable: bool) -> None:
    bare = Reader(site([place(7)], searchable=searchable)["find.html"])
    said = "This list of stations has no addresses: search by number or by area."
    assert said in bare.text
    assert "Number, address or place" not in bare.text
    assert said not in Reader(site([place(7, "Абай 5")], searchable=searchable)["find.html"]).text
    nowhere = Place("7", "7", "7", Names(), Names(), "", "", ())
    assert (
        "has no addresses: search by number."
        in Reader(site([nowhere], searchable=searchable)["find.html"]).text
    )


def test_a_word_with_ai_stands_under_ei_too_because_it_is_written_both_ways() -> None:
    pages = site([place(7, "Бәйтерек көшесі, 12"), place(8, "Әйтеке би, 3")])
    for name in ("be", "ba"):
        assert "Бәйтерек" in Reader(pages[f"find/w-{name}.html"]).text
    for name in ("ei", "ai"):
        assert "Әйтеке" in Reader(pages[f"find/w-{name}.html"]).text
    listed = [
        path
        for path, _ in find_pages(desk(), [place(n, "Бәйтерек") for n in range(INLINE + 1)], searchable=True)
    ]
    assert len(listed) == len(set(listed))
    assert "find/word-baiterek.html" in listed
