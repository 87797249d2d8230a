"""Lists of findings, data, methods, the entrance; and what holds for every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from haq.bulletin.model import (
    AreaRef,
    Context,
    DataView,
    Download,
    FindingsView,
    Language,
    Problem,
    Reply,
)
from haq.bulletin.pages import (
    chooser,
    data,
    findings,
    home,
    links,
    method,
    totals,
    verify,
)
from haq.bulletin.pages.environment import Desk
from haq.entries import Names
from haq.law import profile_keys

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
HOSTILE = "<script>alert(1)</script>\"'&\u202eabc"
MakeContext = Callable[..., Context]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_says_its_language(
    views: SimpleNamespace, context: Context, language: Language
) -> None:
    desk = Desk(context, language)
    pages = list(views.every_page(desk, views.whole(), views.small()))
    assert len(pages) == 9 + len(method.METHODS)
    for text in pages:
        views.read(text)
        assert f'<html lang="{language}">' in text
        assert "None" not in views.read(text).text
    assert pages == list(views.every_page(Desk(context, language), views.whole(), views.small()))


def test_two_contests_stand_one_after_another(views: SimpleNamespace, make_context: MakeContext) -> None:
    desk = Desk(make_context(contests=["lists", "other"]), "en")
    view = views.whole(
        views.contest(), views.contest(key="other", differ_choices=0, differ_lines=0, findings={})
    )
    page = views.read(home.home_page(desk, view))
    assert page.text.count("Copies of 97 of 3,374 protocols.") == 2
    totals_page = views.read(totals.totals_page(desk, view, "other"))
    assert "../totals/lists.html" in totals_page.links
    counts = {("lists", "sum-differs"): 3, ("other", "sum-differs"): 4, ("other", "arithmetic:warning"): 9}
    index = views.read(findings.findings_index_page(desk, counts))
    assert "7 findings that ask for an explanation." in index.text
    assert re.search(r"The sum of the level below differs 3 4", index.text)
    assert "9 warnings besides" in index.text


def test_warnings_stand_apart_and_lead_to_their_place(views: SimpleNamespace, desk: Desk) -> None:
    weak = views.finding(
        "7", id="", kind="arithmetic", severity="warning", check="invalid_high", largest=None, lines={}
    )
    page = views.read(
        findings.findings_page(desk, FindingsView("arithmetic:warning", "lists", 1, (weak,), 1, 1))
    )
    assert "A warning is weak." in page.text
    assert "Invalid ballots are 3% or more" in page.text
    assert "../station/7.html" in page.links
    index = views.read(findings.findings_index_page(desk, {("lists", "arithmetic:warning"): 5}))
    assert "Nothing has been found that asks for an explanation." in index.text
    assert "by themselves they show nothing" in index.text


def test_a_reply_is_named_in_lists(views: SimpleNamespace, desk: Desk) -> None:
    answered = views.finding("7", replies=(Reply("because", "en", "2011-12-05", (), "a" * 64),))
    text = views.read(
        findings.findings_page(desk, FindingsView("official-differs", "lists", 1, (answered,), 1, 1))
    ).text
    assert "The commission replied." in text
    assert "Арбат" in text


def test_data_names_every_file_source_tie_and_problem(views: SimpleNamespace, desk: Desk) -> None:
    view = DataView(
        (
            Download("data/check.zip", "check", 999, "1" * 64, None),
            Download("data/stations.csv", "stations", 1_234_567, "2" * 64, 1),
            Download("data/new.bin", "unheard-of", 1001, "3" * 64, None),
        ),
        (Problem("file-hash", "abc", values={"file": HOSTILE}), Problem("brand-new", "line 9")),
        43380,
        "9" * 64,
    )
    page = views.read(data.data_page(desk, view))
    for said in ("999 B", "1.3 MB", "1 row", "2 kB", "unheard-of", "43,380 entries", "9" * 64, "2" * 64):
        assert said in page.text
    assert "declared ties: a party" in page.text
    assert "no ties are recorded" in page.text
    assert "its SHA-256 is another" in page.text
    assert "brand-new" in page.text
    assert "../data/check.zip" in page.links
    assert "Every entry could be used" in views.read(data.data_page(desk, replace(view, problems=()))).text


@pytest.mark.parametrize("law", profile_keys())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_methods_of_every_law_profile_can_be_said(
    views: SimpleNamespace, make_context: MakeContext, law: str, language: Language
) -> None:
    desk = Desk(make_context(law), language)
    for key in ("relations", "seats"):
        page = views.read(method.method_page(desk, key))
        assert not re.search(r"\bchoices\b", page.text if language != "en" else "")
    form = desk.profile.form(desk.base_level)
    text = views.read(method.method_page(desk, "relations")).text
    for relation in form.relations:
        for line in {*relation.left.keys, *relation.right.keys} - {"choices"}:
            assert getattr(form.line(line).name, language).replace("\u00a0", " ") in text


def test_the_site_is_built_again_with_the_same_address(make_context: MakeContext) -> None:
    desk = Desk(make_context(base_url="https://example.org/x/"), "kk")
    text = verify.verify_page(desk)
    assert "--languages kk,ru,en --base-url https://example.org/x/" in text
    assert "e" * 64 in text


def test_the_entrance_offers_each_language_in_itself(
    views: SimpleNamespace, make_context: MakeContext
) -> None:
    text = chooser.chooser_page(make_context(synthetic=True))
    page = views.read(text)
    assert page.links == ["kk/index.html", "ru/index.html", "en/index.html"]
    assert text.count(' lang="ru"') == 1
    assert "Made-up data." in page.text


def test_a_page_that_is_not_there_says_so_in_each_language_and_leads_on_from_any_depth(
    views: SimpleNamespace, context: Context
) -> None:
    text = chooser.not_found_page(context)
    for words in ("Мұндай бет жоқ.", "Такой страницы нет.", "This page is not here."):
        assert words in text
    assert re.findall('<a href="(.*?)"', text) == [
        f"/{key}/{name}.html" for key in context.languages for name in ("index", "find", "withdrawn")
    ]
    below = chooser.not_found_page(replace(context, base_url="https://example.org/votes/2021/"))
    assert '<a href="/votes/2021/kk/index.html"' in below
    assert 'href="/votes/2021/assets/site.css"' in below
    assert "noindex" in below
    assert "noindex" not in chooser.chooser_page(context)


def test_hostile_names_stay_text(views: SimpleNamespace, make_context: MakeContext, context: Context) -> None:
    names = Names(kk=HOSTILE, ru=HOSTILE, en=HOSTILE)
    evil = AreaRef("tik", HOSTILE, "slug-e", names, HOSTILE)
    election = context.election.model_copy(update={"title": names})
    desk = Desk(replace(context, election=election), "en")
    bad = views.station("7", name=HOSTILE, address=HOSTILE, short=HOSTILE)
    view = views.whole(children=(views.row("A", ref=evil),), shapes=((evil, views.SQUARE),), stations=(bad,))
    inner = views.small(ref=evil, stations=(bad,), parents=(evil,))
    for text in views.every_page(desk, view, inner):
        views.read(text)
        assert "<script>alert" not in text
        assert "\u202e" not in text
    assert "[U+202E]" in home.home_page(desk, view)


def test_paths_of_pages_are_those_that_links_give(views: SimpleNamespace, desk: Desk) -> None:
    assert f'href="../{links.FINDINGS}"' in totals.totals_page(desk, views.whole(), "lists")
