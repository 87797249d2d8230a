"""Agreement of two readings: every state, and everything that is refused."""

import polars as pl
import pytest

from haq.errors import HaqError
from haq.protocols import Agreement, Missing, Reader, Reading, State, agree, one_per_unit


def reading(by: str, reader: Reader = Reader.PERSON, /, **lines: int | Missing) -> Reading:
    return Reading(by, reader, lines)


FIRST = reading("p1", valid=100, a=60, b=40)
SAME = reading("p2", valid=100, a=60, b=40)
OTHER = reading("p2", valid=100, a=66, b=46)
MACHINE = reading("reader 1.0", Reader.MACHINE, valid=100, a=60, b=40)


def test_from_empty_to_first_to_agreed() -> None:
    assert agree([]) == Agreement(State.EMPTY, {}, ())
    assert agree([FIRST]) == Agreement(State.FIRST, {}, ())
    assert agree([FIRST, SAME]) == Agreement(State.AGREED, {"valid": 100, "a": 60, "b": 40}, ())


def test_where_they_differ_only_those_lines_wait() -> None:
    assert agree([FIRST, OTHER]) == Agreement(State.DIFFERENT, {"valid": 100}, ("a", "b"))


def test_a_third_person_decides_some_lines_or_all() -> None:
    some = agree([FIRST, OTHER], reading("p3", a=60))
    assert some == Agreement(State.DIFFERENT, {"valid": 100, "a": 60}, ("b",))
    every = agree([FIRST, OTHER], reading("p3", b=Missing.UNREADABLE, a=66))
    assert every == Agreement(State.AGREED, {"valid": 100, "a": 66, "b": Missing.UNREADABLE}, ())
    assert list(every.lines) == ["valid", "a", "b"]


def test_empty_unreadable_zero_and_not_read_are_four_different_things() -> None:
    figures = [{"a": 0}, {"a": Missing.EMPTY}, {"a": Missing.UNREADABLE}, {}]
    for left in figures:
        for right in figures:
            state = agree([Reading("p1", Reader.PERSON, left), Reading("p2", Reader.PERSON, right)]).state
            assert (state is State.AGREED) == (left == right)


def test_lines_that_only_one_of_them_read_differ() -> None:
    assert agree([reading("p1", a=1), reading("p2", b=2)]).different == ("a", "b")


def test_a_machine_may_be_one_of_the_two() -> None:
    assert agree([FIRST, MACHINE]).state is agree([MACHINE, FIRST]).state is State.AGREED


@pytest.mark.parametrize(
    ("readings", "decision", "message"),
    [
        ([FIRST, SAME, OTHER], None, "a copy takes two readings, not 3"),
        ([], reading("p3", a=1), "a decision needs two readings first"),
        ([FIRST], reading("p3", a=1), "a decision needs two readings first"),
        ([FIRST, FIRST], None, "both readings are by p1"),
        ([MACHINE, reading("reader 2.0", Reader.MACHINE, a=1)], None, "both readings are by machines"),
        ([FIRST, OTHER], reading("p1", a=60), "a third person decides"),
        ([FIRST, OTHER], reading("p2", a=60), "a third person decides"),
        ([FIRST, OTHER], reading("reader 1.0", Reader.MACHINE, a=60), "not a machine"),
        ([FIRST, OTHER], reading("p3", valid=101), "the two readings agree on valid"),
        ([FIRST, OTHER], reading("p3", c=1), "the two readings agree on c"),
    ],
)
def test_what_is_refused(readings: list[Reading], decision: Reading | None, message: str) -> None:
    with pytest.raises(HaqError, match=message):
        agree(readings, decision)


def test_copies_are_never_put_to_a_vote() -> None:
    copies = pl.DataFrame({"unit": ["s", "s", "s", "t"], "a": [5, 5, 6, 1], "b": [None, 7, None, None]})
    assert one_per_unit(copies, ["a", "b"]).rows() == [("s", None, 7), ("t", 1, None)]
