"""Thresholds, bases, ties, too few lists: by hand, by properties, and against another implementation."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haq.errors import HaqError, TieError
from haq.law import ChoiceKind, SeatRule
from haq.seats import Allocation, allocate

HEARD: dict[str, Any] = {"source": "act", "confirmed": False}
READ: dict[str, Any] = {"source": "act", "confirmed": True}


def rule(**parts: Any) -> SeatRule:
    return SeatRule.model_validate({"method": "largest_remainder", "quota": "hare", **READ, **parts})


def five_percent_of(base: str, share: str = "5/100", **more: Any) -> SeatRule:
    return rule(threshold={"share": share, **READ, **more}, base={"of": base, **HEARD})


RUNNER_UP = {"admit": "runner_up", "multiplier": "7/10", "minimum_seats": 2, **HEARD}
TIES = {"broken_by": "earlier_registered", **HEARD}


def with_runner_up(multiplier: str = "7/10", line: str = "5/100") -> SeatRule:
    parts = {"threshold": {"share": line, **READ}, "base": {"of": "valid_for_lists", **READ}}
    return rule(**parts, too_few_lists={**RUNNER_UP, "multiplier": multiplier}, ties=TIES)


def share(votes: dict[str, int], seats: int | None, by: SeatRule | None = None, **given: Any) -> Allocation:
    kinds = {c: ChoiceKind.AGAINST_ALL if c == "against" else ChoiceKind.LIST for c in votes}
    return allocate(votes, kinds=kinds, rule=by or rule(), seats=seats, **given)


def test_the_working_of_a_small_case() -> None:
    done = share({"A": 47, "B": 33, "C": 20}, 7)
    assert done.seats == {"A": 3, "B": 2, "C": 2}
    assert done.quota == Fraction(100, 7)
    assert done.quotas == {"A": Fraction(329, 100), "B": Fraction(231, 100), "C": Fraction(140, 100)}
    assert done.remainders == {"A": Fraction(29, 100), "B": Fraction(31, 100), "C": Fraction(40, 100)}
    assert done.next_in_line == "B"
    # 0.40 - 0.31 of a seat, at 100/7 votes a seat.
    assert done.last_seat and (done.last_seat.choice, done.last_seat.votes) == ("C", Fraction(9, 7))
    assert (done.threshold, done.votes_needed, done.unconfirmed, done.notes) == (None, 0, (), ())


def test_exactly_on_the_line_passes() -> None:
    """Floats shut out lists that stand exactly on the line, such as 7 of 100 at 7 %."""
    by = five_percent_of("valid_for_lists", "7/100")
    for total in range(100, 900):
        line = -(-total * 7 // 100)
        assert share({"A": total - line, "B": line}, 5, by, order=["A", "B"]).passed == ("A", "B")
        below = share({"A": total - line + 1, "B": line - 1}, 5, by)
        assert (below.passed, below.margins["B"], below.seats) == (("A",), -1, {"A": 5, "B": 0})


def test_a_line_that_must_be_exceeded() -> None:
    by = five_percent_of("valid_for_lists", inclusive=False)
    assert share({"A": 95, "B": 5}, 5, by).passed == ("A",)
    assert share({"A": 94, "B": 6}, 5, by).passed == ("A", "B")


def test_against_all_wins_nothing_and_raises_the_line() -> None:
    votes = {"A": 900, "B": 48, "against": 52}
    counted = share(votes, 10, five_percent_of("valid_with_against_all"))
    assert (counted.base, counted.votes_needed, counted.passed) == (1000, 50, ("A",))
    assert counted.seats == {"A": 10, "B": 0}
    assert "as a share of valid_for_lists other lists pass" in counted.notes[0]
    left_out = share(votes, 10, five_percent_of("valid_for_lists"))
    assert (left_out.base, left_out.passed) == (948, ("A", "B"))


def test_a_base_that_is_not_in_the_votes_must_be_given() -> None:
    votes = {"A": 900, "B": 52}
    with pytest.raises(HaqError, match=r"share of turnout, which is not given; give turnout="):
        share(votes, 10, five_percent_of("turnout"))
    assert share(votes, 10, five_percent_of("turnout"), turnout=1040).passed == ("A", "B")
    assert share(votes, 10, five_percent_of("turnout"), turnout=1041).passed == ("A",)
    assert share(votes, 10, five_percent_of("registered"), registered=1041).base == 1041


def test_a_tie_is_reported_never_broken() -> None:
    with pytest.raises(TieError, match="A, B tie for the last seat, and the law profile does not say") as tie:
        share({"A": 10, "B": 10}, 3)
    assert tie.value.tied == ["A", "B"]


def test_a_tie_needs_both_a_rule_and_the_order() -> None:
    votes = {"A": 10, "B": 10, "C": 10}
    by = rule(ties=TIES)
    for order in (None, ["A", "B"]):
        with pytest.raises(TieError, match="give the order in which they were registered"):
            share(votes, 4, by, order=order)
    done = share(votes, 4, by, order=["C", "A", "B"])
    assert done.seats == {"A": 1, "B": 1, "C": 2}
    assert done.ties[0].tied == ("A", "B", "C")
    assert (done.ties[0].winners, done.ties[0].confirmed) == (("C",), False)
    assert done.last_seat and done.last_seat.votes == 0
    assert done.unconfirmed == ("ties",)


def test_equal_remainders_that_both_win_are_no_tie() -> None:
    assert share({"A": 10, "B": 10, "C": 1}, 2).seats == {"A": 1, "B": 1, "C": 0}


def test_too_few_lists_admit_the_runner_up() -> None:
    done = share({"A": 960, "B": 40, "C": 0}, 100, with_runner_up())
    # 4 quotas times 0.7 are 2.8: two whole seats, and the larger fraction takes the first of the two left.
    assert (done.passed, done.admitted) == (("A",), ("B",))
    assert done.seats == {"A": 97, "B": 3, "C": 0}
    assert done.unconfirmed == ("too_few_lists",)


def test_the_runner_up_gets_two_seats_at_least() -> None:
    done = share({"A": 999, "B": 1}, 10, with_runner_up())
    assert done.seats == {"A": 8, "B": 2}
    assert (done.last_seat, done.next_in_line) == (None, None)


def test_two_equal_runners_up_are_a_tie() -> None:
    votes = {"A": 980, "B": 10, "C": 10}
    with pytest.raises(TieError, match="B, C tie for the place of the runner-up"):
        share(votes, 50, with_runner_up())
    done = share(votes, 50, with_runner_up(), order=["C", "B", "A"])
    assert done.admitted == ("C",)
    assert "B, C were equal; C preferred as earlier_registered." in done.notes


def test_a_list_without_a_single_vote_is_no_runner_up() -> None:
    done = share({"A": 980, "B": 0}, 50, with_runner_up())
    assert (done.admitted, done.seats) == ((), {"A": 50, "B": 0})


@pytest.mark.parametrize(
    ("votes", "seats", "reason"),
    [
        ({"A": -1, "B": 5}, 3, "'A' has -1 votes"),
        ({"A": 0}, 3, "no votes for any list"),
        ({"against": 9}, 3, "no votes for any list"),
        ({}, 3, "no votes for any list"),
        ({"A": 1}, 0, "cannot fill 0 seats"),
        ({"A": 1}, None, "give how many the contest has"),
        ({"A": 4, "B": 4, "against": 200}, 3, "nobody has the 11 votes"),
    ],
)
def test_what_cannot_be_shared_is_refused(votes: dict[str, int], seats: int | None, reason: str) -> None:
    with pytest.raises(HaqError, match=reason):
        share(votes, seats, five_percent_of("valid_with_against_all"))


def test_choices_need_a_kind_that_can_sit() -> None:
    with pytest.raises(HaqError, match="'A' has no kind"):
        allocate({"A": 1}, kinds={}, rule=rule(), seats=1)
    with pytest.raises(HaqError, match="answer to a question"):
        allocate({"yes": 1}, kinds={"yes": ChoiceKind.ANSWER}, rule=rule(), seats=1)
    with pytest.raises(HaqError, match="names a choice twice"):
        share({"A": 1}, 1, order=["A", "A"])


tallies = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 10**7), min_size=1)


@given(votes=tallies, seats=st.integers(1, 500))
def test_every_seat_is_given_and_nobody_strays_a_full_seat_from_quota(
    votes: dict[str, int], seats: int
) -> None:
    assume(any(votes.values()))
    order = sorted(votes)
    done = share(votes, seats, rule(ties=TIES), order=order)
    total = sum(votes.values())
    assert sum(done.seats.values()) == seats
    assert all(abs(done.seats[c] * total - n * seats) < total for c, n in votes.items())
    assert all(done.seats[a] >= done.seats[b] for a in votes for b in votes if votes[a] > votes[b])
    assert sum(done.quotas.values()) == seats


@given(votes=tallies, seats=st.integers(1, 200), extra=st.integers(1, 10**6))
def test_more_votes_never_cost_a_list_a_seat(votes: dict[str, int], seats: int, extra: int) -> None:
    assume(any(votes.values()))
    order, lucky = sorted(votes), min(votes)
    before = share(votes, seats, rule(ties=TIES), order=order)
    after = share({**votes, lucky: votes[lucky] + extra}, seats, rule(ties=TIES), order=order)
    assert after.seats[lucky] >= before.seats[lucky]


@given(votes=tallies, seats=st.integers(1, 200), share_=st.integers(0, 30), against=st.integers(0, 10**6))
def test_the_threshold_is_kept_to_the_vote(
    votes: dict[str, int], seats: int, share_: int, against: int
) -> None:
    by = five_percent_of("valid_with_against_all", f"{share_}/100").model_copy(
        update={"ties": rule(ties=TIES).ties}
    )
    try:
        done = share({**votes, "against": against}, seats, by, order=sorted(votes))
    except HaqError:
        assume(False)
    base = sum(votes.values()) + against
    for choice, count in votes.items():
        assert (choice in done.passed) == (100 * count >= share_ * base) == (done.margins[choice] >= 0)
        assert choice in done.passed or done.seats[choice] == 0
    assert "against" not in done.seats
    assert sum(done.seats.values()) == seats


@given(votes=tallies, seats=st.integers(1, 60), multiplier=st.integers(0, 10))
def test_with_a_runner_up_every_seat_is_given_too(votes: dict[str, int], seats: int, multiplier: int) -> None:
    assume(any(votes.values()))
    try:
        done = share(votes, seats, with_runner_up(f"{multiplier}/10", line="1/2"), order=sorted(votes))
    except HaqError:
        assume(False)
    assert sum(done.seats.values()) == seats
    assert all(won >= 0 for won in done.seats.values())
    assert all(done.seats[choice] >= min(2, seats) for choice in done.admitted)


@given(votes=tallies, seats=st.integers(1, 200))
def test_seats_agree_with_another_implementation(votes: dict[str, int], seats: int) -> None:
    methods = pytest.importorskip("apportionment.methods", reason="pip install 'haq[oracles]' to compare")
    assume(any(votes.values()))
    try:
        other = methods.compute("hamilton", list(votes.values()), seats, fractions=True, tiesallowed=False)
    except methods.TiesException:
        assume(False)
    assert list(share(votes, seats).seats.values()) == [int(won) for won in other]
