"""What a profile may not be: every refusal names file, key and reason in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.errors import LawError
from haq.law import load_profile

PROFILE = """
key = "zz-test"
country = "ZZ"
valid_from = 2024-01-01
source = "act"
confirmed = true
title = { kk = "Сынақ", ru = "Проба", en = "Test" }

[sources.act]
title = "An act"

[sources.hearsay]
title = "Somebody said so"
memory_only = true

[[levels]]
key = "station"
form = "sheet"
name = { kk = "Учаске", ru = "Участок", en = "Station" }
organ = { kk = "комиссия", ru = "комиссия", en = "commission" }

[contests.lists]
seats = 10
choice_kinds = ["list"]
title = { kk = "Тізімдер", ru = "Списки", en = "Lists" }

[contests.lists.seat_rule]
method = "largest_remainder"
quota = "hare"

[contests.lists.seat_rule.threshold]
share = "5/100"

[contests.lists.seat_rule.base]
of = "valid_for_lists"

[[forms.sheet.lines]]
key = "issued"
name = { kk = "Берілген", ru = "Выдано", en = "Issued" }

[[forms.sheet.lines]]
key = "invalid"
name = { kk = "Жарамсыз", ru = "Недействительные", en = "Invalid" }

[[forms.sheet.relations]]
key = "found"
expression = "choices + invalid <= issued"
severity = "error"
name = { kk = "Көп", ru = "Больше", en = "More" }

[forms.sheet.quantities]
issued = "issued"
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_profile(text: str = PROFILE, name: str = "zz-test.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_profile


def refusal(path: Path) -> str:
    with pytest.raises(LawError) as refused:
        load_profile(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_the_example_itself_is_read(write: Write) -> None:
    profile = load_profile(write())
    relation = profile.form("station").relations[0]
    assert str(relation.left) == "choices + invalid"
    assert (relation.op, str(relation.right), relation.tolerance) == ("<=", "issued", 0)
    assert relation.source == "act"


CASES = {
    "unknown key": ("seats = 10", "seats = 10\nseets = 11", "contests.lists.seets: unknown key"),
    "duplicate key": ("seats = 10", "seats = 10\nseats = 11", "not valid TOML"),
    "missing key": ('country = "ZZ"\n', "", "country: missing"),
    "no source": ('source = "act"\n', "", "no source here nor in any enclosing table"),
    "not said whether confirmed": ("confirmed = true\n", "", "no confirmed here"),
    "undeclared source": ('source = "act"', 'source = "lore"', "source: 'lore' is not declared"),
    "confirmed from memory": (
        'of = "valid_for_lists"',
        'of = "valid_for_lists"\nsource = "hearsay"',
        "contests.lists.seat_rule.base.confirmed: true, but source 'hearsay' is memory only",
    ),
    "ends before it starts": (
        "valid_from = 2024-01-01",
        "valid_from = 2024-01-01\nvalid_to = 2023-12-31",
        "valid_to: 2023-12-31 lies before",
    ),
    "unknown line": (
        "<= issued",
        "<= isued",
        "forms.sheet.relations.0.expression: the form has no line 'isued'",
    ),
    "unknown line in a quantity": (
        'issued = "issued"',
        'issued = "handed"',
        "forms.sheet.quantities.issued: the form has no line 'handed'",
    ),
    "unknown quantity": ('issued = "issued"', 'isued = "issued"', "quantities.isued"),
    "unreadable relation": ("<= issued", "= issued", "exactly one of =="),
    "empty relation": ("choices + invalid <= issued", "issued == issued", "says nothing about the sheet"),
    "line named choices": ('key = "issued"', 'key = "choices"', "'choices' is reserved"),
    "line twice": ('key = "invalid"', 'key = "issued"', "forms.sheet.lines: 'issued' stands twice"),
    "threshold without base": (
        '[contests.lists.seat_rule.base]\nof = "valid_for_lists"',
        "",
        "base: missing",
    ),
    "share above one": ('"5/100"', '"105/100"', "threshold.share: a share of 105/100 lies outside 0..1"),
    "share below zero": ('"5/100"', '"-5/100"', "write a share as a fraction"),
    "share by zero": ('"5/100"', '"5/0"', "divided by zero"),
    "share as a float": ('"5/100"', "0.05", 'write a share as a fraction in quotes, like "5/100"'),
    "unknown kind": ('["list"]', '["lists"]', "contests.lists.choice_kinds.0: Input should be 'list'"),
    "base without its kind": (
        'of = "valid_for_lists"',
        'of = "valid_with_against_all"',
        "against all is in the base, but not among the contest's choice_kinds",
    ),
    "against all alone": ('["list"]', '["against_all"]', "against_all alone is not a contest"),
    "no quota": ('quota = "hare"\n', "", "seat_rule.quota"),
    "text for a number": ("seats = 10", 'seats = "10"', "contests.lists.seats"),
    "yes for a number": ("seats = 10", "seats = true", "contests.lists.seats"),
    "unknown form": ('form = "sheet"', 'form = "page"', "levels.0.form: no form is called 'page'"),
    "empty name": ('en = "Issued"', 'en = " "', "forms.sheet.lines.0.name.en"),
    "a table is a text": ("[forms.sheet.quantities]", 'polls = "none"\n[forms.sheet.quantities]', "polls"),
    "extends nothing": (
        'key = "zz-test"',
        'key = "zz-test"\nextends = "zz-none"',
        "no law profile is called",
    ),
    "extends a number": ('key = "zz-test"', 'key = "zz-test"\nextends = 7', "extends: give the key"),
    "without nothing": ('key = "zz-test"', 'key = "zz-test"\nwithout = ["a"]', "without: unknown key"),
    "key spelt as a name": ('key = "zz-test"', 'key = "ZZ Test"', "key: String should match"),
}


@pytest.mark.parametrize(("old", "new", "reason"), CASES.values(), ids=CASES)
def test_a_wrong_profile_is_refused_with_file_key_and_reason(
    write: Write, old: str, new: str, reason: str
) -> None:
    assert old in PROFILE
    message = refusal(write(PROFILE.replace(old, new, 1)))
    assert message.startswith("zz-test.toml: ") or "no law profile" in message
    assert reason in message


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "absent.toml")
    assert "cannot be read" in refusal(tmp_path)
    assert "cannot be read" in refusal(Path("null\x00byte.toml"))
    latin = tmp_path / "latin.toml"
    latin.write_bytes("title = 'Проба'".encode("cp1251"))
    assert "not UTF-8" in refusal(latin)


def test_a_child_changes_tables_and_answers_for_what_it_changes(write: Write) -> None:
    write()
    child = """
extends = "zz-test"
key = "zz-child"
source = "new_act"
confirmed = false
[sources.new_act]
title = "A newer act"
[contests.lists.seat_rule.threshold]
share = "3/100"
"""
    profile = load_profile(write(child, "zz-child.toml"))
    rule = profile.contests["lists"].seat_rule
    assert rule and rule.threshold and rule.base
    assert (str(rule.threshold.share), rule.threshold.source, rule.threshold.confirmed) == (
        "3/100",
        "new_act",
        False,
    )
    # The child only passed through these two and never touched that one.
    assert (rule.source, rule.confirmed, rule.base.source) == ("act", True, "act")
    assert profile.form("station").lines[0].source == "act"
    assert profile.contests["lists"].seats == 10


def test_a_child_must_say_where_its_changes_come_from(write: Write) -> None:
    write()
    assert "no source" in refusal(write('extends = "zz-test"\nkey = "zz-child"\n', "zz-child.toml"))


def test_a_child_can_leave_a_table_out(write: Write) -> None:
    write()
    head = 'extends = "zz-test"\nkey = "zz-child"\nsource = "act"\nconfirmed = true\n'
    child = write(head + 'without = ["contests.lists.seat_rule"]\n', "zz-child.toml")
    assert load_profile(child).contests["lists"].seat_rule is None
    wrong = write(head + 'without = ["contests.list"]\n', "zz-child.toml")
    assert "zz-child.toml: without: the profile that it extends has no 'list'" in refusal(wrong)


def test_profiles_that_extend_each_other_in_a_circle_are_refused(write: Write) -> None:
    write(PROFILE.replace('key = "zz-test"', 'key = "zz-test"\nextends = "zz-other"'))
    other = write('extends = "zz-test"\nkey = "zz-other"', "zz-other.toml")
    assert "in a circle: zz-other -> zz-test -> zz-other" in refusal(other)


@pytest.mark.parametrize("text", ["a = " + "[" * 9000, "a = " + "9" * 5000, ".".join(["a"] * 4000) + " = 1"])
def test_absurd_files_are_refused_too(write: Write, text: str) -> None:
    refusal(write(text))


LINES = PROFILE.splitlines()
torn = st.lists(st.sampled_from(LINES), max_size=60).map("\n".join)
edited = st.tuples(st.integers(0, len(PROFILE)), st.integers(0, 12), st.text(max_size=6)).map(
    lambda edit: PROFILE[: edit[0]] + edit[2] + PROFILE[edit[0] + edit[1] :]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=(torn | edited).map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=200))
def test_no_file_gives_another_exception(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(data)
    try:
        load_profile(path)
    except LawError as error:
        assert "\n" not in str(error)
