"""The public log on pages: what can be checked, what witnesses signed, what was promised and withdrawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from haq.bulletin.model import Context, DataView, Language, LogView, Promise, StationView, Withdrawn
from haq.bulletin.pages import area, data, home, station, totals, verify
from haq.bulletin.pages.check_words import TROUBLES, words_file
from haq.bulletin.pages.environment import Desk
from haq.law import profile_keys

LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
HOSTILE = "<script>alert(1)</script>\"'&\u202eabc"
NAME = "example.org/2021"
MakeContext = Callable[..., Context]
MakeView = Callable[..., StationView]
LOG = LogView(
    origin=NAME,
    key=f"{NAME}+12345678+AAAA",
    size=77012,
    root="cm9vdA==",
    witnesses={"w1.example": 1_767_225_600, "w2.example": 1_767_229_200, "w3.example": None},
    needed=2,
    enough=True,
)
#: Place and hash of the leaf of the station's entry and of a retraction.
PLACED = {"d" * 64: (77011, "1" * 64), "b" * 64: (5, "2" * 64), "c" * 64: (9, "3" * 64)}
GONE = Withdrawn("official", "b" * 64, "c" * 64, HOSTILE, "ru", "d" * 64)


@pytest.fixture
def desk_of(make_context: MakeContext) -> Callable[..., Desk]:
    """Give a function that makes a desk of a site that is built from a log."""

    def make(language: Language = "en", log: LogView | None = LOG, **changes: object) -> Desk:
        desk = Desk(make_context(contests=["lists"], log=NAME, **changes), language)
        desk.log, desk.placed = log, dict(PLACED)
        return desk

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_log_is_whole_in_each_language(
    views: SimpleNamespace, desk_of: Callable[..., Desk], language: Language
) -> None:
    view = views.whole(entries=(("area", "b" * 64),), withdrawn=(GONE,))
    inner = views.small(entries=(("area", "b" * 64),), withdrawn=(GONE,))
    for text in views.every_page(desk_of(language), view, inner):
        page = views.read(text)
        assert "None" not in page.text
        assert "<script>alert" not in text and "\u202e" not in text
        assert "entries.jsonl" not in text and "rebuild.sha256" not in text


def test_a_station_names_its_entries_by_their_place_and_leaf(
    read_page: Callable[[str], object], make_view: MakeView, desk_of: Callable[..., Desk]
) -> None:
    text = station.station_page(desk_of(), make_view())
    read_page(text)
    assert f'<li data-place="77011">station, entry 77011 <code>{"1" * 64}</code></li>' in text
    assert "d" * 64 not in text
    assert '<script src="../../assets/check.js" defer></script>' in text
    assert 'data-words="../../assets/check-en.json"' in text and 'data-site="../../"' in text
    assert "haq log mirror https://ADDRESS/ copy &amp;&amp; haq log verify copy" in text
    assert f"haq log prove https://ADDRESS/ 77011 --leaf {'1' * 64}" in text
    own = station.station_page(desk_of(base_url="https://example.org/x/"), make_view())
    assert "haq log mirror https://example.org/x/ copy" in own and "ADDRESS" not in own


def test_entries_stand_in_the_order_of_the_log(make_view: MakeView, desk_of: Callable[..., Desk]) -> None:
    entries = (("station", "d" * 64), ("official", "b" * 64), ("copy", "c" * 64))
    text = station.station_page(desk_of(), make_view(entries=entries))
    assert re.findall('data-place="(.*?)"', text) == ["5", "9", "77011"]


def test_a_site_of_a_file_is_as_it_was(
    make_context: MakeContext, make_view: MakeView, views: SimpleNamespace
) -> None:
    desk = Desk(make_context(contests=["lists"]), "en")
    text = station.station_page(desk, make_view())
    assert "check.js" not in text and "data-check" not in text and "haq log" not in text
    assert f"<li>station <code>{'d' * 64}</code></li>" in text and "data/entries.jsonl" in text
    whole = views.whole(entries=(("area", "b" * 64),))
    for page in (
        home.home_page(desk, whole),
        verify.verify_page(desk),
        totals.totals_page(desk, whole, "lists"),
    ):
        assert "check.js" not in page and "haq log" not in page and "log-line" not in page
    assert "sha256sum -c data/rebuild.sha256" in verify.verify_page(desk)


def test_without_the_script_the_commands_are_open(
    make_view: MakeView, desk_of: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, views: SimpleNamespace
) -> None:
    monkeypatch.setattr("haq.bulletin.pages.environment.check_script", lambda: None)
    text = station.station_page(desk_of(), make_view())
    assert "check.js" not in text and "data-check-button" not in text
    assert "<details open>\n<summary>Check with commands" in text
    assert "data-check-button" not in verify.verify_page(desk_of())


@pytest.mark.parametrize(
    ("log", "mark", "says"),
    [
        (LOG, "same", "Public log example.org/2021: 77,012 entries. Witnesses that signed: 2 of 3."),
        (
            replace(LOG, enough=False, needed=3),
            "differs",
            "Witnesses that signed: 2 of 3. Too few witnesses: the policy asks for 3.",
        ),
        (replace(LOG, size=1, witnesses={}, needed=0), "no-copy", "1 entry. No witness signs it."),
    ],
)
def test_the_first_page_has_the_log_in_a_line(
    views: SimpleNamespace, desk_of: Callable[..., Desk], log: LogView, mark: str, says: str
) -> None:
    text = home.home_page(desk_of(log=log), views.whole())
    assert says in views.read(text).text
    assert f'<p class="log-line"><span class="state state-{mark}">' in text
    inner = area.area_page(desk_of(log=log), views.small())
    assert "log-line" not in inner and "77,012" not in inner, "an area would change with every checkpoint"


def test_sums_are_said_to_come_from_more_than_the_entries_below(
    views: SimpleNamespace, desk_of: Callable[..., Desk]
) -> None:
    desk = desk_of()
    view = views.whole(entries=(("area", "b" * 64),))
    for text in (home.home_page(desk, view), totals.totals_page(desk, view, "lists")):
        assert "data-sums" in text and "which their own pages name" in text
    assert "data-check=" not in area.area_page(desk, views.small(entries=()))


def test_the_page_of_the_log_says_who_signed_when(
    views: SimpleNamespace, desk_of: Callable[..., Desk]
) -> None:
    page = views.read(verify.verify_page(desk_of()))
    for said in (
        "Witnesses that signed: 2 of 3; the policy asks for 2.",
        "w1.example: signed 1 January 2026, 00:00 UTC",
        "w3.example: did not sign",
        "77,012",
        LOG.root,
        LOG.key,
        "haq log rebuild copy --out again --languages kk,ru,en",
        "diff again/site.sha256 site.sha256",
    ):
        assert said in page.text, said
    assert {"../checkpoint", "../policy"} <= set(page.links)
    assert "Too few witnesses" not in page.text
    russian = views.read(verify.verify_page(desk_of("ru"))).text
    assert "подпись: 1 января 2026 г., 00:00 UTC" in russian
    few = views.read(verify.verify_page(desk_of(log=replace(LOG, enough=False, needed=3)))).text
    assert "Too few witnesses: the policy asks for 3." in few and "nobody vouches" in few
    alone = views.read(verify.verify_page(desk_of(log=replace(LOG, witnesses={}, needed=0)))).text
    assert "No witness signs it: that everybody is shown the same log rests on its owner alone." in alone


def test_a_witness_may_state_any_time(views: SimpleNamespace, desk_of: Callable[..., Desk]) -> None:
    log = replace(LOG, witnesses={HOSTILE: 2**64 - 1, "w2": 0})
    page = views.read(verify.verify_page(desk_of(log=log)))
    assert str(2**64 - 1) in page.text and "1 January 1970" in page.text and "[U+202E]" in page.text


def test_promises_say_how_they_stand(views: SimpleNamespace, desk_of: Callable[..., Desk]) -> None:
    def promise(state: str, **more: str) -> Promise:
        values = {"about": f"{state} {HOSTILE}", "organisation": "watch", "opens": "", "file": ""} | more
        return Promise(entry="b" * 64, commitment="7" * 64, state=state, **values)  # type: ignore[arg-type]

    promises = (
        promise("waiting", opens="2021-01-11"),
        promise("kept", file="8" * 64),
        promise("broken", file="9" * 64),
        promise("file-missing", organisation=""),
    )
    page = views.read(verify.verify_page(desk_of(log=replace(LOG, promises=promises))))
    for said in (
        "not shown yet to be shown from 11 January 2021",
        f"shown, and it is what was promised SHA-256 {'8' * 64}",
        "shown, and it is NOT what was promised",
        "shown, but the file is not here",
        "entry 5",
        "Watch",
    ):
        assert said in page.text, said
    assert "promised" not in views.read(verify.verify_page(desk_of())).text.replace("was promised", "")


def test_the_page_of_data_leads_to_the_log(views: SimpleNamespace, desk_of: Callable[..., Desk]) -> None:
    page = views.read(data.data_page(desk_of(), DataView((), (), 77012, "", ())))
    assert f"All entries stand in the public log {NAME}" in page.text
    assert 'haq log mirror "$site" copy' in page.text and "haq log rebuild copy" in page.text
    assert "../site.sha256" in page.links and "SHA-256 of all entries" not in page.text


def test_what_was_withdrawn_is_shown_with_its_reason(
    read_page: Callable[[str], object],
    make_view: MakeView,
    make_context: MakeContext,
    desk_of: Callable[..., Desk],
    views: SimpleNamespace,
) -> None:
    text = station.station_page(desk_of(), make_view(withdrawn=(GONE,)))
    read_page(text)
    assert '<blockquote class="reply" lang="ru"><p>&lt;script&gt;' in text and "[U+202E]" in text
    assert "Entry <code>5</code>, withdrawn by entry <code>9</code>." in text
    assert "Entry <code>77011</code> was named in its place." in text
    own = replace(GONE, language="en", replaced_by="")
    file = station.station_page(
        Desk(make_context(contests=["lists"]), "en"),
        make_view(withdrawn=(own, replace(own, kind="new-kind"))),
    )
    read_page(file)
    assert f"Entry <code>{'b' * 64}</code>, withdrawn by entry <code>{'c' * 64}</code>." in file
    assert '<blockquote class="reply"><p>' in file and "In its place" not in file and "new-kind" in file
    for page in (
        home.home_page(desk_of(), views.whole(withdrawn=(GONE,))),
        area.area_page(desk_of(), views.small(withdrawn=(GONE,))),
    ):
        assert "Withdrawn" in views.read(page).text
    assert "Withdrawn" not in station.station_page(desk_of(), make_view())
    assert "Withdrawn" not in area.area_page(desk_of(), views.small(withdrawn=(GONE,), page=2, pages=2))


def test_the_script_has_words_for_everything_that_it_says(
    desk_of: Callable[..., Desk], project: Path
) -> None:
    folder = project / "frontend" / "bulletin" / "log"
    source = "".join(file.read_text("utf-8") for file in folder.glob("*.ts") if ".test." not in file.name)
    troubles = re.findall(r'"([a-z-]+)"', source.partition("TROUBLES = [")[2].partition("]")[0])
    assert set(troubles) == set(TROUBLES)
    said = set(re.findall(r'\.say\(\s*"([a-z-]+)"', source)) | {
        "did-sign",
        "did-not-sign",
        "first",
        "forgetful",
    }
    assert len(said) > 15
    for language in LANGUAGES:
        words = json.loads(words_file(desk_of(language)))
        assert words["language"] == language
        assert said <= set(words["words"]), said - set(words["words"])
        assert {f"{trouble}{part}" for trouble in troubles for part in ("", "-means", "-do")} <= set(
            words["words"]
        )
        assert set(words["counted"]) == set(re.findall(r'\.count\("([a-z-]+)"', source))
        texts = [
            *words["words"].values(),
            *(t for forms in words["counted"].values() for t in forms.values()),
        ]
        assert not [text for text in texts if "%" in text or "<" in text or "&" in text]


def test_the_months_are_those_of_the_language(desk_of: Callable[..., Desk]) -> None:
    said = {language: json.loads(words_file(desk_of(language)))["months"] for language in LANGUAGES}
    assert [said[language][0] for language in LANGUAGES] == [
        "{year}\u202fж. {day} қаңтар",
        "{day} января {year}\u202fг.",
        "{day} January {year}",
    ]
    assert all(len(set(months)) == 12 for months in said.values())


def test_words_have_the_holes_of_the_english_ones(desk_of: Callable[..., Desk]) -> None:
    def holes(language: Language) -> dict[str, list[str]]:
        words = json.loads(words_file(desk_of(language)))
        counted = {key: " ".join(forms.values()) for key, forms in words["counted"].items()}
        texts = words["words"] | counted
        return {key: sorted(set(re.findall(r"\{(\w+)\}", text))) for key, text in texts.items()}

    english = holes("en")
    assert english["grown"] == ["before", "when"]
    for language in ("kk", "ru"):
        assert holes(language) == english


@pytest.mark.parametrize("law", profile_keys())
def test_lines_and_choices_of_every_law_are_named(make_context: MakeContext, law: str) -> None:
    context = make_context(law, log=NAME)
    desk = Desk(context, "kk")
    words = json.loads(words_file(desk))
    contest = context.election.contests[0].key
    assert words["lines"][contest] == {"apple": "Алма", "pear": "Груша"}
    form = desk.form(desk.base_level)
    assert form is not None
    assert {line.key for line in form.lines} <= set(words["lines"][""])
    assert set(words["names"]["level"]) == {level.key for level in context.profile.levels}
