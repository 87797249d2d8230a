"""The page of a station: the verdict, the table, the checks, and everything that may go wrong on it."""

from __future__ import annotations

import dataclasses
import tomllib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.bulletin.model import AreaRef, EvidenceFile, Found, Problem, Reply, Withdrawn
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import compare
from haq.bulletin.pages.station import station_page
from haq.bulletin.pages.verdicts import COPY_WITHDRAWN, RESULT_WITHDRAWN, verdict_of
from haq.entries import ChoiceName, ContestRules, Names
from haq.law import load_profile, profile_keys

LANGUAGES = ("kk", "ru", "en")
COPY = {"registered": 2000, "valid": 20, "invalid": 1, "apple": 12, "pear": 8}
DECLARED = {"registered": 2000, "valid": 20, "invalid": 1, "apple": 16, "pear": 4}


@pytest.fixture
def page_of(make_context, make_contest, make_view):
    """Write the page of a station with these sheets."""

    def write(*sheets, language="en", context=None, view=None, **changes):
        context = context or make_context()
        contest = make_contest(context, *sheets, **changes)
        return station_page(Desk(context, language), make_view(contest, **(view or {})))

    return write


def test_a_voter_reads_who_was_given_how_many_votes(page_of, make_sheet, read_page) -> None:
    page = read_page(page_of(make_sheet("watch", COPY), make_sheet("official", DECLARED)))
    assert (
        "The declared result gives Apple 4 votes more than the copy: "
        "12 on the copy, 16 declared." in page.text
    )
    assert "In all, 2 lines of 5 differ." in page.text
    apple = page.cells.index("Apple")
    assert page.cells[apple : apple + 4] == ["Apple", "12", "16", "▲ +4 declared above"]
    pear = page.cells.index("Груша")
    assert page.cells[pear : pear + 4] == ["Груша", "8", "4", "▼ −4 declared below"]
    # What people look for stands first, whatever its place on the form.
    assert apple < page.cells.index("1 Registered voters")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "Яблоко: объявлено на 4 голоса больше, чем в копии. В копии 12, объявлено 16."),
        (
            "kk",
            "Алма: жарияланған дауыс саны көшірмедегіден 4 дауысқа артық. Көшірмеде 12, жарияланғаны 16.",
        ),
    ],
)
def test_the_verdict_in_every_language(page_of, make_sheet, read_page, language, sentence) -> None:
    text = page_of(make_sheet("watch", COPY), make_sheet("official", DECLARED), language=language)
    assert sentence in read_page(text).text


def test_same_on_every_line_is_said_only_when_every_line_was_compared(page_of, make_sheet, read_page) -> None:
    whole = page_of(make_sheet("watch", DECLARED), make_sheet("official", DECLARED))
    assert "On every line, the copy and the declared result are the same." in read_page(whole).text
    unread = DECLARED | {"pear": "unreadable", "invalid": "empty"}
    part = read_page(page_of(make_sheet("watch", unread), make_sheet("official", DECLARED)))
    assert "On every line, " not in part.text
    assert "On every line that can be compared" in part.text
    assert "3 of 5 lines" in part.text
    nothing = dict.fromkeys(DECLARED, "empty")
    none = read_page(page_of(make_sheet("watch", nothing), make_sheet("official", DECLARED)))
    assert "No line can be compared" in none.text


def test_a_missing_figure_is_a_word_and_never_a_zero_or_an_empty_cell(page_of, make_sheet, read_page) -> None:
    figures = {"registered": "empty", "valid": "unreadable", "invalid": "different", "apple": 16}
    page = read_page(page_of(make_sheet("watch", figures), make_sheet("official", DECLARED)))
    row = {name: page.cells.index(name) for name in ("1 Registered voters", "10 Valid ballots", "Груша")}
    row["9 Invalid ballots"] = page.cells.index("9 Invalid ballots")
    assert page.cells[row["1 Registered voters"] + 1] == "empty"
    assert page.cells[row["10 Valid ballots"] + 1] == "unreadable"
    assert page.cells[row["9 Invalid ballots"] + 1] == "readings differ"
    assert page.cells[row["Груша"] + 1] == "not on this sheet"
    assert [page.cells[place + 3] for place in row.values()] == ["not known"] * 4
    assert "0" not in page.cells


def test_without_a_copy_or_a_result_the_page_says_so(
    page_of, make_sheet, make_view, make_context, read_page
) -> None:
    no_copy = read_page(page_of(make_sheet("official", DECLARED)))
    assert "No copy of this protocol has reached us." in no_copy.text
    assert "▲" not in no_copy.text
    alone = read_page(page_of(make_sheet("watch", COPY), make_sheet("guard", DECLARED), declared=[]))
    assert "Nothing has been declared here." in alone.text
    assert "2 copies of the protocol have reached us" in alone.text
    assert "The copies disagree with each other on 2 lines." in alone.text
    nothing = read_page(station_page(Desk(make_context(), "en"), make_view(listed=False)))
    assert "No protocol of this station has reached us." in nothing.text
    assert "No list of stations names this station" in nothing.text


def test_versions_and_many_copies_have_columns_of_their_own(page_of, make_sheet, read_page) -> None:
    sheets = (
        make_sheet("watch", COPY),
        make_sheet("guard", DECLARED),
        make_sheet("watch", {}, row=3, state="unread"),
        make_sheet("official", DECLARED | {"pear": 5}),
        make_sheet("official2", DECLARED),
    )
    page = read_page(page_of(*sheets))
    assert page.cells[:6] == [
        "Line",
        "Declared last, version 2",
        "Copy 1Watch",
        "Copy 2Guard",
        "Copy 3Watch",
        "Declared first, version 1",
    ]
    pear = page.cells.index("Груша")
    # What counts comes first, where a telephone shows it; a mark has a word for who cannot see its shape.
    assert page.cells[pear + 1 : pear + 6] == [
        "4",
        "8 ▼ −4 declared below",
        "4 = same",
        "not known",
        "5 ▼ −1 declared below",
    ]
    assert "The official result itself was changed after it was first published: on 1 line." in page.text
    assert "The figures of 1 copy have not been read yet." in page.text
    assert {"copy-1", "copy-2", "copy-3", "declared-1", "declared-2"} <= set(page.ids)


def test_a_wide_table_says_that_it_goes_on_and_keeps_its_caption_outside(page_of, make_sheet) -> None:
    copies = [make_sheet("watch", COPY, row=row) for row in (2, 3, 4)]
    wide = page_of(*copies, make_sheet("official", DECLARED))
    assert wide.index('<p class="caption" id="lines">') < wide.index('<section class="scroll sheets"')
    assert '<table class="many" aria-labelledby="lines">' in wide
    assert "The table goes on to the side" in wide
    three = page_of(*copies[:2], make_sheet("official", DECLARED))
    assert '<table class="many trio"' in three
    assert "scroll-hint" not in three


def test_a_copy_may_stand_in_for_the_declared_result(page_of, make_context, make_sheet, read_page) -> None:
    other = make_sheet("guard", DECLARED)
    context = make_context(stands_in={"lists": "guard"})
    page = read_page(page_of(make_sheet("watch", COPY), other, declared=[other], context=context))
    assert "Apple: the copy of Guard shows 4 votes more than the other copy. 12 there, 16 here." in page.text
    assert "Copy 2stands in for the declared result" in page.cells
    assert "The declared result" not in page.text


def test_a_broken_sum_is_open_with_both_sides_and_the_others_are_folded(
    page_of, make_sheet, read_page
) -> None:
    wrong = COPY | {"valid": 25}
    text = page_of(make_sheet("watch", wrong), make_sheet("official", DECLARED))
    page = read_page(text)
    assert "Valid ballots are not the sum of the votes Copy" in page.text
    assert "Valid ballots 25 ≠ all votes 20" in page.text.replace("\u00a0", " ")
    assert text.index("25</b> ≠") < text.index("<details>")
    assert "Checks that hold: 1; broken: 1; not possible because a figure is missing: 0" in page.text
    assert "Copy: 1 sum does not add up, see below." in page.text
    assert "25 ≠ 20" in page.cells
    assert "20 = 20" in page.cells


def test_two_contests_stand_one_after_another(
    make_context, make_contest, make_sheet, make_view, read_page
) -> None:
    context = make_context(contests=("lists", "mayor/../x"))
    first = make_contest(context, make_sheet("watch", COPY), make_sheet("official", DECLARED))
    second = dataclasses.replace(first, key="mayor/../x")
    page = read_page(station_page(Desk(context, "en"), make_view(first, second)))
    assert {"lists-copy-1", "lists-contest"} <= set(page.ids)
    prefix = links.anchor_prefix("mayor/../x", 2)
    assert f"{prefix}copy-1" in page.ids
    assert "/" not in prefix
    assert [level for level, _ in page.headings][:3] == [1, 2, 3]


def test_evidence_is_shown_linked_or_named(page_of, make_sheet, read_page) -> None:
    files = (
        EvidenceFile("1" * 64, "files/one.jpg", "picture"),
        EvidenceFile("2" * 64, "files/two.pdf", "pdf"),
        EvidenceFile("3" * 64, "", "absent"),
    )
    reply = Reply("Пересчитано.\n<b>Акт</b>", "ru", "2011-12-20", (), "4" * 64)
    text = page_of(
        make_sheet("watch", COPY, files=files),
        make_sheet("official", DECLARED),
        replies=(reply,),
        language="kk",
    )
    page = read_page(text)
    assert "../../files/one.jpg" in page.links
    assert "../../files/two.pdf" in page.links
    assert "3" * 64 in page.text
    assert '<blockquote class="reply" lang="ru">' in text
    assert "&lt;b&gt;Акт&lt;/b&gt;" in text
    without = read_page(page_of(make_sheet("watch", COPY), make_sheet("official", DECLARED)))
    assert "no photograph was given" in without.text
    assert "This site holds no replies of commissions." in without.text
    assert "Declared ties: a party." in without.text


def test_a_file_that_was_redacted_says_why(page_of, make_sheet, read_page) -> None:
    told = EvidenceFile("1" * 64, "", "redacted", "a <b>face</b>", "ru")
    bare = EvidenceFile("2" * 64, "", "redacted")
    sheets = (make_sheet("watch", COPY, files=(told, bare)), make_sheet("official", DECLARED))
    text = page_of(*sheets)
    page = read_page(text)
    assert '<q lang="ru">a &lt;b&gt;face&lt;/b&gt;</q>' in text and text.count("<q") == 1
    assert "removed by a redaction" in page.text and "the file is not on this site" not in page.text
    for file in (told, bare):
        assert f"../{links.WITHDRAWN}#file-{file.sha256}" in page.links
    assert "<q>a &lt;b&gt;" in page_of(*sheets, language="ru")
    assert "файл жойылды" in page_of(*sheets, language="kk")


def test_a_contest_of_which_everything_was_withdrawn_says_so(
    make_context, make_contest, make_sheet, make_view, read_page
) -> None:
    context = make_context(contests=("lists", "mayor"))
    first = make_contest(context, make_sheet("watch", COPY), make_sheet("official", DECLARED))
    gone = tuple(
        Withdrawn(kind, "b" * 64, "c" * 64, "a slip", contest="mayor") for kind in ("official", "copy")
    )
    for parts in ((first,), ()):
        page = read_page(station_page(Desk(context, "en"), make_view(*parts, withdrawn=gone)))
        assert RESULT_WITHDRAWN in page.text and COPY_WITHDRAWN in page.text
        assert "No protocol of this station has reached us." not in page.text
    elsewhere = tuple(dataclasses.replace(one, contest="lists") for one in gone)
    page = read_page(station_page(Desk(context, "en"), make_view(first, withdrawn=elsewhere)))
    assert RESULT_WITHDRAWN not in page.text


def test_findings_warnings_and_problems_are_named(page_of, make_sheet, read_page) -> None:
    def found(identity: str, kind: str, severity: str, check: str, lines, largest):
        return Found(
            identity, "f" * 64, kind, check, severity, "lists", "station", "1654",
            ("watch", "official"), (2, 2), lines, "A", False, largest,
        )  # fmt: skip

    findings = (
        found("abc", "official-differs", "error", "", {"apple": (12, 16)}, ("apple", 4)),
        found("", "arithmetic", "warning", "invalid_high", {"invalid": (9,)}, None),
    )
    problem = Problem("file-hash", "9" * 64, "1654", {"sha256": "8" * 64})
    page = read_page(
        page_of(
            make_sheet("watch", COPY),
            make_sheet("official", DECLARED),
            findings=findings,
            view={"problems": (problem,)},
        )
    )
    assert "../finding/abc.html" in page.links
    assert "Declared otherwise than on the copy: Copy – Declared; Apple ▲ +4" in page.text
    assert "Invalid ballots are 3% or more" in page.text
    assert "A file is not the one that the entry names" in page.text


def test_hostile_names_are_text_and_nothing_else(page_of, make_sheet, read_page) -> None:
    evil = "<script>alert(1)</script>\" onclick='x' \u202e&amp; עברית"
    areas = (
        AreaRef("region", "77", "77-region", Names(ru=evil), "77"),
        AreaRef("territory", "7", "7", Names(), "7"),
    )
    for short in ("", evil):
        view = {"names": Names(ru=evil), "name": evil, "address": evil, "short": short, "areas": areas}
        text = page_of(make_sheet("watch", COPY), make_sheet("official", DECLARED), view=view)
        page = read_page(text)
        assert "<script>" not in text
        assert "\u202e" not in text
        assert "[U+202E]" in page.text
        assert "Territory 7" in page.text
    assert "Polling station without a number" in page_of(view={"short": "", "name": "", "address": ""})


@pytest.mark.parametrize("law", profile_keys())
def test_every_line_and_level_of_every_profile_appears(
    law, make_context, make_contest, make_sheet, make_view
) -> None:
    context = make_context(law)
    profile = load_profile(law)
    base = profile.levels[0]
    keys = {line.key: place for place, line in enumerate(profile.forms[base.form].lines)}
    contest = make_contest(context, make_sheet("watch", keys), make_sheet("official", keys))
    areas = tuple(AreaRef(level.key, "1", "1", Names(), "1") for level in profile.levels[1:])
    for language in LANGUAGES:
        desk = Desk(context, language)
        # Long names may break between syllables.
        text = station_page(desk, make_view(contest, areas=areas)).replace("\u00ad", "")
        for line in profile.forms[base.form].lines:
            assert str(desk.said(line.name)) in text
        for level in profile.levels[1:]:
            assert f"{desk.said(level.name)} 1" in text


figures = st.one_of(st.integers(-5, 10**7), st.sampled_from(["empty", "unreadable", "different"]))
sheets = st.dictionaries(st.sampled_from([*COPY, "lost", "mystery", "<b>"]), figures)


@given(
    copies=st.lists(sheets, max_size=4),
    official=st.lists(sheets, max_size=2),
    language=st.sampled_from(LANGUAGES),
)
@settings(max_examples=60)
def test_any_sheets_make_a_sound_page_that_claims_no_more_than_they_show(
    copies, official, language, make_context, make_contest, make_sheet, make_view, read_page
) -> None:
    context = make_context()
    held = [make_sheet("watch", f, row=n + 1) for n, f in enumerate(copies)]
    held += [make_sheet(name, f) for name, f in zip(("official", "official2"), official, strict=False)]
    contest = make_contest(context, *held)
    desk = Desk(context, language)
    read_page(station_page(desk, make_view(contest)))
    seen = compare(contest)
    verdict = verdict_of(desk, contest, "station", seen)
    if official and copies:
        last = official[-1]
        compared = [(f[k], last.get(k)) for f in copies for k in f if isinstance(f[k], int)]
        differ = any(isinstance(d, int) and c != d for c, d in compared)
        assert (verdict.state == "differs") == differ
        assert not (seen.unknown and verdict.says == desk.gettext(
            "On every line, the copies and the declared result are the same."
        ))  # fmt: skip


@pytest.mark.data
def test_station_1654_of_moscow_shows_330_votes_more(
    shared_data, project, make_context, make_contest, make_sheet, make_view, read_page
) -> None:
    config = tomllib.loads((project / "examples" / "moscow-2011" / "election.toml").read_text("utf-8"))
    choices = tuple(
        ChoiceName(key=key, kind="list", name=Names(**choice["name"]))
        for key, choice in config["contests"]["lists"]["choices"].items()
    )
    context = make_context()
    rules = ContestRules(key="lists", law="lists", choices=choices)
    context = dataclasses.replace(
        context, election=context.election.model_copy(update={"contests": (rules,)})
    )
    sheets = []
    for name, source in (("gn", "watch"), ("official", "official")):
        columns = dict(config["sources"][name]["columns"])
        station = columns.pop("station")
        table = pl.read_parquet(shared_data / "moscow_2011" / config["sources"][name]["file"])
        row = table.filter(pl.col(station).cast(pl.String) == "1654").row(0, named=True)
        sheets.append(make_sheet(source, {key: int(row[column]) for key, column in columns.items()}))
    contest = make_contest(context, *sheets)
    for language, words in (
        ("en", "gives United Russia 330 votes more than the copy: 535 on the copy, 865"),
        ("ru", "Единая Россия: объявлено на 330 голосов больше, чем в копии."),
        ("kk", "жарияланған дауыс саны көшірмедегіден 330 дауысқа артық."),
    ):
        page = read_page(station_page(Desk(context, language), make_view(contest)))
        assert words in page.text
        assert page.text.index("▲ +330") < page.text.index(words)
