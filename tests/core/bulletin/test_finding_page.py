"""The page of a finding: the two figures, what they rest on, and what they do not show."""

from __future__ import annotations

import dataclasses

import pytest

from haq.bulletin.model import AreaRef, EvidenceFile, FindingView, Found, Reply, StationRow
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.finding import NOT_SHOWN, finding_page
from haq.bulletin.pages.words import FINDINGS
from haq.entries import Names, SourceFile

COPY = {"registered": 2000, "valid": 25, "invalid": 1, "apple": 12, "pear": 8}
DECLARED = {"registered": 2000, "valid": 20, "invalid": 1, "apple": 16, "pear": 4}
STATION = StationRow(
    "1654", "1654", "1654", Names(), Names(), "School", "Street", "differs", "lists", ("apple", 4), 1, "A", 1
)
FOUND = Found(
    id="abc",
    entry="f" * 64,
    kind="official-differs",
    check="",
    severity="error",
    contest="lists",
    level="station",
    unit="1654",
    sources=("watch", "official"),
    rows=(2, 2),
    lines={"pear": (8, 4), "valid": (25, 20), "apple": (12, 16)},
    grade="C",
    waits=True,
    largest=("apple", 4),
)


@pytest.fixture
def page_of(make_context, make_contest, make_sheet):
    """Write the page of a finding at a station."""

    def write(found, *, language="en", context=None, place=STATION, files=(), sheets=True, areas=()):
        context = context or make_context()
        contest = make_contest(
            context, make_sheet("watch", COPY, files=files, grade="C"), make_sheet("official", DECLARED)
        )
        view = FindingView(found, place, areas, contest if sheets else None)
        return finding_page(Desk(context, language), view)

    return write


def test_the_two_figures_stand_first_with_sign_and_words(page_of, read_page) -> None:
    page = read_page(page_of(FOUND))
    start = page.text.index("Copy 12 Declared 16 Apple ▲ +4")
    sentence = "The declared result gives Apple 4 votes more than the copy"
    assert start < page.text.index(sentence) < page.text.index("Every line that differs")
    apple, pear, valid = (page.cells.index(name) for name in ("Apple", "Груша", "10 Valid ballots"))
    assert apple < pear < valid
    assert page.cells[pear : pear + 4] == ["Груша", "8", "4", "▼ −4"]


def test_it_says_what_it_does_not_show_and_that_nobody_has_replied(page_of, read_page) -> None:
    page = read_page(page_of(FOUND))
    assert "A difference is a question, and no proof of guilt." in page.text
    assert "Honest slips happen" in page.text
    assert "This site holds no replies of commissions." in page.text
    assert "It waits for a second source." in page.text
    assert "grade C, one photograph" in page.text
    firm = read_page(page_of(dataclasses.replace(FOUND, waits=False)))
    assert "waits for a second source" not in firm.text


def test_it_leads_to_the_copy_and_its_photographs(page_of, read_page) -> None:
    page = read_page(page_of(FOUND, files=(EvidenceFile("1" * 64, "files/one.jpg", "picture"),)))
    assert "../station/1654.html#copy-1" in page.links
    assert "../station/1654.html#declared-1" in page.links
    assert "../../files/one.jpg" in page.links
    assert "Declared ties: a party." in page.text
    assert "File watch.csv, row 2." in page.text
    digests = {"f" * 64, "b" * 64}
    assert all(digest in page.text for digest in digests)


def test_a_reply_stands_on_the_page(page_of, read_page) -> None:
    reply = Reply("Recounted.", "en", "2011-12-20", (), "4" * 64)
    page = read_page(page_of(dataclasses.replace(FOUND, replies=(reply,))))
    assert "Recounted." in page.text
    assert "20 December 2011" in page.text
    assert "No reply has been received." not in page.text


def test_a_broken_sum_shows_both_sides_and_its_rule(page_of, read_page) -> None:
    broken = dataclasses.replace(
        FOUND,
        kind="arithmetic",
        check="valid_votes",
        sources=("watch",),
        rows=(2,),
        lines={"valid": (25,), "apple": (12,), "pear": (8,)},
        largest=None,
        waits=False,
    )
    page = read_page(page_of(broken))
    assert page.headings[0] == (1, "Valid ballots are not the sum of the votes")
    assert "Valid ballots 25 all votes 20 one side minus the other 5" in page.text
    assert "Valid ballots = all votes" in page.text
    assert "▲" not in page.text
    lacking = dataclasses.replace(broken, lines={"valid": (25,), "apple": (None,), "pear": (8,)})
    page = read_page(page_of(lacking))
    assert "one side minus the other" not in page.text
    assert page.cells[page.cells.index("Apple") + 1] == "not known"


def test_the_summary_of_an_area_against_the_sum_below(make_context, page_of, read_page) -> None:
    context = make_context()
    summary = SourceFile(
        key="summary", kind="official", level="territory", file="territories.csv", sha256="a" * 64
    )
    election = context.election.model_copy(update={"sources": (*context.election.sources, summary)})
    context = dataclasses.replace(context, election=election)
    found = dataclasses.replace(
        FOUND,
        kind="sum-differs",
        level="territory",
        unit="7",
        sources=("official", "summary"),
        rows=(None, 3),
        lines={"apple": (100, 90)},
        largest=("apple", -10),
        waits=False,
    )
    place = AreaRef("territory", "7", "7-territory", Names(), "7")
    for language in ("kk", "ru", "en"):
        page = read_page(page_of(found, context=context, place=place, sheets=False, language=language))
        assert "▼ −10" in page.text
        assert "../area/7-territory.html" in page.links
    assert "Sum of the level below: Station" in page.text
    assert "Territory 7" in page.text


def test_copies_of_two_organisations_against_each_other(page_of, read_page) -> None:
    found = dataclasses.replace(FOUND, kind="copies-disagree", sources=("watch", "guard"), waits=False)
    page = read_page(page_of(found))
    assert "Apple: the copy of Guard shows 4 votes more than the other copy. 12 there, 16 here." in page.text
    assert "Nothing here says which of the two copies is right." in page.text


def test_a_figure_that_a_source_lacks_is_a_word(page_of, read_page) -> None:
    found = dataclasses.replace(
        FOUND, kind="official-changed", lines={"apple": (12, None), "zzz": (None, 3)}, largest=None
    )
    page = read_page(page_of(found))
    apple = page.cells.index("Apple")
    assert page.cells[apple + 1 : apple + 4] == ["12", "not known", "not known"]
    assert page.cells[page.cells.index("zzz") + 1] == "not known"


@pytest.mark.parametrize("kind", [kind for kind in FINDINGS if ":" not in kind])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_kind_in_every_language(kind, language, page_of, read_page) -> None:
    assert NOT_SHOWN[kind]
    found = dataclasses.replace(FOUND, kind=kind, check="negative" if kind == "arithmetic" else "")
    read_page(page_of(found, language=language))
    empty = dataclasses.replace(found, lines={}, largest=None, sources=("official",), rows=())
    read_page(page_of(empty, language=language))


def test_hostile_keys_are_text(page_of, read_page) -> None:
    evil = "<script>x</script>\u202e"
    found = dataclasses.replace(
        FOUND, sources=(evil, "official"), contest=evil, check=evil, kind="arithmetic", lines={evil: (1, 2)}
    )
    text = page_of(found, sheets=False)
    read_page(text)
    assert "<script>" not in text
    assert "\u202e" not in text


def test_every_copy_of_the_line_and_the_rules_of_each_sheet_stand_beside_it(
    make_context, make_contest, make_sheet, read_page
) -> None:
    context = make_context()
    sheets = (
        make_sheet("watch", COPY, grade="C"),
        make_sheet("guard", COPY | {"apple": 15}, grade="A"),
        make_sheet("official", DECLARED),
    )
    view = FindingView(FOUND, STATION, (), make_contest(context, *sheets))
    page = read_page(finding_page(Desk(context, "en"), view))
    start = page.cells.index("Copy 1 Watch · the one of this finding")
    assert page.cells[start + 1 : start + 3] == ["grade C, one photograph", "12"]
    start = page.cells.index("Copy 2 Guard")
    assert page.cells[start + 1 : start + 3] == ["grade A, a signed and sealed copy", "15"]
    assert "../station/1654.html#copy-2" in page.links
    assert "Rules of the form that hold on this sheet: 0 of 1." in page.text  # the copy
    assert "Valid ballots are not the sum of the votes: Valid ballots 25 ≠ all votes 20" in page.text
    assert "Rules of the form that hold on this sheet: 1 of 1." in page.text  # what was declared
    alone = FindingView(FOUND, STATION, (), make_contest(context, sheets[0], sheets[2]))
    assert "the one of this finding" not in read_page(finding_page(Desk(context, "en"), alone)).text
