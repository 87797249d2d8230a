"""The language of control relations: what it reads, and that it refuses the rest politely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.errors import LawError
from haq.law import Linear, parse_linear, parse_relation


def test_a_relation_of_a_russian_sheet_is_read() -> None:
    left, op, right = parse_relation("received == issued + cancelled + lost - unaccounted")
    assert left == Linear((("received", 1),))
    assert op == "=="
    assert right == Linear((("issued", 1), ("cancelled", 1), ("lost", 1), ("unaccounted", -1)))


@pytest.mark.parametrize(
    ("text", "terms", "constant"),
    [
        ("a", (("a", 1),), 0),
        ("-a + 3", (("a", -1),), 3),
        ("2*a + b - a", (("a", 1), ("b", 1)), 0),
        ("a - a", (), 0),
        ("3 * a\n - 10", (("a", 3),), -10),
        ("issued_1700", (("issued_1700", 1),), 0),
    ],
)
def test_sums_are_collected(text: str, terms: tuple[tuple[str, int], ...], constant: int) -> None:
    assert parse_linear(text) == Linear(terms, constant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a +",
        "a b",
        "2a",
        "a*2",
        "a*b",
        "2*3",
        "a - -b",
        "a ++ b",
        "(a)",
        "a.b",
        "__import__('os')",
        "A",
        "а",  # a Cyrillic letter
        "1.5*a",
        "٣",  # a digit, but not one of ours
        "9" * 13,
        "9" * 5000,
        "a+" * 1500 + "a",
        "choices\x00",
    ],
)
def test_anything_else_is_a_law_error(text: str) -> None:
    with pytest.raises(LawError) as refused:
        parse_linear(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("text", ["a", "a = b", "a == b == c", "a < b", "a != b", "== b", "a ==", "a === b"])
def test_a_relation_needs_one_operator_and_two_sums(text: str) -> None:
    with pytest.raises(LawError):
        parse_relation(text)


def test_a_value_needs_every_line() -> None:
    linear = parse_linear("2*a - b + 1")
    assert linear.keys == ("a", "b")
    assert linear.value({"a": 5, "b": 3, "c": 100}) == 8
    with pytest.raises(KeyError):
        linear.value({"a": 5})


@given(st.text(max_size=60) | st.text(alphabet="ab1 +-*=<>_\n", max_size=40))
def test_no_text_gives_another_exception(text: str) -> None:
    for parse in (parse_linear, parse_relation):
        try:
            parse(text)
        except LawError as error:
            assert "\n" not in str(error)


keys = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
factors = st.integers(-999, 999).filter(bool)


@given(terms=st.dictionaries(keys, factors, max_size=5), constant=st.integers(-(10**9), 10**9))
def test_a_sum_written_out_reads_back_the_same(terms: dict[str, int], constant: int) -> None:
    linear = Linear(tuple(terms.items()), constant)
    assert parse_linear(str(linear)) == linear
    assert linear.value(dict.fromkeys(terms, 1)) == sum(terms.values()) + constant
