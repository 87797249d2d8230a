"""Every word of the pages in every language, and numbers and dates in each language's form."""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from haq.bulletin.pages import writing
from haq.bulletin.pages.catalogues import catalogue_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import FINDINGS, GRADES, MISSING, PROBLEMS, STATES, problem_sentence

BULLETIN = Path(__file__).parents[3] / "src" / "haq" / "bulletin"
TEMPLATES = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}
Message = str | tuple[str, ...]


@cache
def messages() -> dict[Message, str]:
    """Collect every message of templates and code, with a file that has it."""
    found: dict[Message, str] = {}
    for file in sorted((*BULLETIN.rglob("*.html"), *BULLETIN.rglob("*.py"))):
        template = file.suffix == ".html"
        extracted = extract_from_file(
            "jinja2.ext:babel_extract" if template else "python",
            file,
            options=TEMPLATES if template else {},
        )
        for _, message, _, _ in extracted:
            found[message] = file.name
    return found


@cache
def rooms(language: str) -> dict[str, Catalog]:
    """Read the catalogues of a language, one a room."""
    folder = BULLETIN / "locale" / language / "LC_MESSAGES"
    found = {}
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as text:
            found[file.stem] = read_po(text, locale=language, abort_invalid=True)
    return found


@cache
def translations(language: str) -> dict[Message, tuple[str, ...]]:
    """Give the translation of every message, all plural forms, from all rooms."""
    return {
        entry.id if isinstance(entry.id, str) else tuple(entry.id): (
            (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        )
        for catalogue in rooms(language).values()
        for entry in catalogue
        if entry.id and not entry.fuzzy
    }


def placeholders(text: str) -> set[str]:
    """Name what a message has to be filled with; a lone percent sign counts too, as it would break it."""
    return set(re.findall(r"%(?:\([a-z_]+\)s|%|.)", text))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated(language: str) -> None:
    held = translations(language)
    missing = {message: file for message, file in messages().items() if not all(held.get(message, ("",)))}
    assert len(messages()) > 100
    assert not missing


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_plural_forms_are_complete_and_placeholders_the_same(language: str) -> None:
    forms = {"kk": 2, "ru": 3}[language]
    for message, texts in translations(language).items():
        if isinstance(message, str):
            assert len(texts) == 1
            assert placeholders(texts[0]) == placeholders(message), message
        else:
            assert len(texts) == forms, message
            for text in texts:
                assert placeholders(text) == placeholders(message[1]), message
            assert placeholders(message[0]) <= placeholders(message[1])


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_is_left_over_or_contradicts_another_room(language: str) -> None:
    seen: dict[object, tuple[str, object]] = {}
    for room, catalogue in rooms(language).items():
        assert catalogue.num_plurals == {"kk": 2, "ru": 3}[language]
        for entry in catalogue:
            if entry.id:
                key = entry.id if isinstance(entry.id, str) else tuple(entry.id)
                assert key in messages(), f"{room}: nothing says {key!r}"
                other, text = seen.setdefault(key, (room, entry.string))
                assert text == entry.string, f"{other} and {room} translate {key!r} differently"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_are_in_their_own_letters(language: str) -> None:
    # A name or a format may stay in Latin letters; a sentence may not.
    for message, texts in translations(language).items():
        for text in texts:
            words = re.sub(r"<[^>]+>|%\([a-z_]+\)s|[A-Za-z0-9_.-]+\.[a-z]+", " ", text)
            if len(re.findall(r"[A-Za-z]{2,}", words)) > 3:
                cyrillic = len(re.findall(r"[а-яёәғқңөұүһі]", words, re.IGNORECASE))
                assert cyrillic > len(re.findall(r"[A-Za-z]", words)), message


def test_extraction_sees_every_message_of_the_code() -> None:
    # Babel looks into no f-string, and into no call of another name.
    known = {text for message in messages() for text in ([message] if isinstance(message, str) else message)}
    said = 0
    for file in sorted(BULLETIN.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                count = {"gettext": 1, "_": 1, "N_": 1, "ngettext": 2}.get(name, 0)
                for argument in node.args[:count]:
                    if isinstance(argument, ast.Constant):
                        assert argument.value in known, f"{file.name}:{node.lineno}"
                        said += 1
                    else:
                        assert not isinstance(argument, ast.JoinedStr), f"{file.name}:{node.lineno}"
    assert said > 100


def test_plurals_follow_the_language() -> None:
    russian = catalogue_of("ru")
    said = [russian.many("%(num)s line is shown.", "%(num)s lines are shown.", n) for n in (1, 2, 5, 21, 111)]
    assert [text.split()[0] for text in said] == ["Показана", "Показаны", "Показано", "Показана", "Показано"]
    english = catalogue_of("en")
    assert english.many("one", "many", 1) == "one"
    assert english.many("one", "many", 0) == english.many("one", "many", 21) == "many"


def test_numbers_dates_and_shares_have_the_form_of_the_language(make_context) -> None:
    desks = {language: Desk(make_context(), language) for language in ("kk", "ru", "en")}
    assert {k: d.number(10061) for k, d in desks.items()} == {
        "kk": "10\u00a0061",
        "ru": "10\u00a0061",
        "en": "10,061",
    }
    assert [desks["en"].signed(n) for n in (330, -140, 0)] == ["▲ +330", "▼ −140", "= 0"]
    assert {k: " ".join(d.date("2011-12-04").split()) for k, d in desks.items()} == {
        "kk": "2011 ж. 4 желтоқсан",
        "ru": "4 декабря 2011 г.",
        "en": "4 December 2011",
    }
    assert desks["ru"].date("yesterday") == "yesterday"
    assert {k: d.percent(487, 1000) for k, d in desks.items()} == {
        "kk": "48,7\u00a0%",
        "ru": "48,7\u00a0%",
        "en": "48.7%",
    }
    assert desks["en"].gettext("Entries of this page: %(n)s", n=12345) == "Entries of this page: 12,345"


@given(part=st.integers(-(10**9), 10**9), whole=st.integers(1, 10**9), digits=st.integers(0, 3))
def test_a_share_is_rounded_half_away_from_zero_and_exactly(part: int, whole: int, digits: int) -> None:
    text = writing.share(part, whole, "en", digits).removesuffix("%").replace("−", "-")
    written = int(text.replace(".", ""))
    assert abs(written * whole - part * 100 * 10**digits) * 2 <= whole


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.sampled_from(["kk", "ru", "en"]))
def test_a_date_names_its_year_and_day(day: date, language) -> None:
    numbers = [int(n) for n in re.findall(r"\d+", writing.day(day, language))]
    assert sorted(numbers) == sorted((day.year, day.day))


@given(st.text())
def test_a_strangers_text_can_be_nothing_but_text(value: str) -> None:
    shown = str(writing.text(value)).removeprefix("<bdi>").removesuffix("</bdi>")
    assert not re.search(r"[<>\"']", shown)
    assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;)", shown)
    assert not re.search(
        r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )
    shown.encode("utf-8")


def test_marks_of_direction_are_shown_and_letters_from_the_right_stay_by_themselves() -> None:
    assert writing.text("a\u202eb") == "a[U+202E]b"
    assert writing.text("\x00") == "[U+0000]"
    assert writing.text("שלום") == "<bdi>שלום</bdi>"
    assert writing.text("<b>") == "&lt;b&gt;"


def test_a_name_falls_back_to_the_next_best_language_and_says_which(make_context) -> None:
    context = make_context()
    assert Desk(context, "ru").choice("lists", "pear") == "Груша"
    assert Desk(context, "kk").choice("lists", "pear") == '<span lang="ru">Груша</span>'
    assert Desk(context, "en").choice("lists", "nobody") == '<code class="key">nobody</code>'


def test_every_table_of_words_can_be_said_in_every_language(make_context) -> None:
    for language in ("kk", "ru", "en"):
        desk = Desk(make_context(), language)
        tables = (GRADES, STATES, MISSING, PROBLEMS, {k: v[0] for k, v in FINDINGS.items()})
        for table in tables:
            said = [desk.gettext(message) for message in table.values()]
            assert len(set(said)) == len(said)


def test_a_problem_without_a_sentence_is_still_named(make_context) -> None:
    from haq.bulletin.model import Problem

    said = problem_sentence(Desk(make_context(), "en"), Problem("new-code", "line 3", values={"key": "<b>"}))
    assert "new-code" in said
    assert "line 3" in said
    assert "&lt;b&gt;" in said


@pytest.mark.parametrize(
    ("word", "broken"),
    [
        ("Пайдаланылмаған", "Пай-да-ла-ныл-ма-ған"),
        ("Жарияланған", "Жария-лан-ған"),
        ("Избирательный", "Изби-ра-тельный"),
        ("дауыстар", "дауыстар"),
        ("Shakhmardanovich", "Shakhmardanovich"),
    ],
)
def test_long_words_may_break_between_syllables_and_tags_never(word: str, broken: str) -> None:
    text = f'<b class="жарияланғанжарияланған">{word}</b>, 5'
    said = str(writing.hyphenated(Markup(text)))  # noqa: S704  (our own text)
    assert said.replace("\u00ad", "-") == text.replace(f">{word}<", f">{broken}<")


def test_no_kazakh_ending_hangs_on_a_number_or_a_name() -> None:
    # Which ending it would be depends on how the number or the name is read aloud.
    after = re.compile(r"%\(\w+\)s(-?[^\W\d_]\w*| (?:мен|бен|пен|да|де|та|те|дейін|астам|ішінен)\b)")
    nouns = {"фотосурет", "скан", "беті", "бет", "нұсқа", "нұсқадан", "нұсқада", "бап", "көшірме", "жол"}
    hung = [
        found[0]
        for texts in translations("kk").values()
        for text in texts
        for found in after.finditer(text)
        if found[1].removeprefix("-") not in nouns
    ]
    assert not hung


def test_kazakh_nouns_stay_singular_after_a_number() -> None:
    for message, texts in translations("kk").items():
        assert len(set(texts)) == 1, message


def test_russian_plurals_speak_of_no_single_thing_after_21() -> None:
    # The first form serves 21 and 101 too, so nothing in it may stand for one thing alone.
    for message, texts in translations("ru").items():
        if len(texts) > 1:
            assert not re.search(r"\b(?:его|её|он|она|оно|него|нему|котор(?:ый|ая|ого|ому))\b", texts[0]), (
                message
            )
