"""Effects on the worked case, aims, advice and silence; pivotal votes against published figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest
from tests.core.majilis_2023 import VOTES

from haq.errors import HaqError
from haq.law import BaseOf, Blackout, ChoiceKind, SeatRule, load_profile
from haq.seats.batch import allocate_batch
from haq.strategy.advice import advise, agreed, undecided
from haq.strategy.aims import aim_of
from haq.strategy.bases import possible_rules
from haq.strategy.beliefs import dirichlet_votes
from haq.strategy.blocs import split_of
from haq.strategy.effects import SPOILED, STAY, Effects, effects_of
from haq.strategy.pivotal import pivotal_probabilities
from haq.strategy.silence import is_silent
from haq.strategy.trust import trust_of

KINDS = {c: ChoiceKind.AGAINST_ALL if c == "against_all" else ChoiceKind.LIST for c in VOTES}
LISTS = [c for c in VOTES if c != "against_all"]
INVALID = 155_419
READ: dict[str, Any] = {"source": "act", "confirmed": True}


def rule() -> SeatRule:
    found = load_profile("kz-majilis-2023").contests["lists"].seat_rule
    assert found is not None
    return found


def effects(text: str, by: SeatRule, seed: int = 1, invalid: int = INVALID, bloc: int = 50_000) -> Effects:
    drawn = dirichlet_votes(VOTES, 800, 100_000, seed)
    aim = aim_of(text, LISTS, 69)
    return effects_of(drawn, KINDS, rule=by, seats=69, aim=aim, bloc=bloc, invalid=invalid)


@pytest.fixture(scope="module")
def worked() -> list[Effects]:
    return [effects("fewest-seats:Amanat", by) for by in possible_rules(rule())]


#: Published: Dirichlet precision 800, 100,000 draws, 50,000 votes more for each action.
PUBLISHED = {
    "OSDP": -0.93,
    "NPK": -0.33,
    "Auyl": -0.30,
    "Respublica": -0.30,
    "Ak Zhol": -0.30,
    "Baytaq": 0.046,
    "against_all": 0.048,
    "Amanat": 0.29,
}


def test_the_worked_case_within_the_error_of_the_simulation(worked: list[Effects]) -> None:
    valid = worked[0]
    assert valid.base_of is BaseOf.VALID_WITH_AGAINST_ALL
    assert valid.before == pytest.approx(40.51, abs=0.03)
    for action, mean in PUBLISHED.items():
        effect = valid.effects[action]
        # Four errors of ours and of theirs, and half a unit of the last digit that was printed.
        printed = 0.0005 if abs(mean) < 0.1 else 0.005
        assert effect.mean == pytest.approx(mean, abs=4 * 2**0.5 * effect.se + printed), action
    ranked = sorted(LISTS, key=lambda c: valid.effects[c].mean)
    assert ranked[:2] == ["OSDP", "NPK"] and ranked[-1] == "Amanat"


def test_a_spoiled_ballot_does_nothing_on_valid_votes_and_something_on_turnout(worked: list[Effects]) -> None:
    valid, turnout = worked
    assert (turnout.base_of, valid.effects[SPOILED].mean) == (BaseOf.TURNOUT, 0)
    assert not valid.effects[SPOILED].values.any()
    with_invalid = turnout.effects[SPOILED]
    alone = effects("fewest-seats:Amanat", possible_rules(rule())[1], invalid=0).effects[SPOILED]
    # Published without the 155,419 ballots that were invalid anyway: +0.049.
    assert alone.mean == pytest.approx(0.049, abs=6 * alone.se + 0.0005)
    assert with_invalid.mean == pytest.approx(0.054, abs=6 * with_invalid.se)
    assert undecided(worked) == (SPOILED,)


def test_the_advice_is_what_both_bases_say(worked: list[Effects]) -> None:
    aim = aim_of("fewest-seats:Amanat", LISTS, 69)
    advice = agreed([advise(found, aim) for found in worked])
    assert (advice.best, advice.reason) == ("OSDP", "")
    assert advice.cost == pytest.approx(0.6, abs=0.05)
    assert worked[0].effects[STAY].mean == 0 and worked[0].effects["OSDP"].harm < 0.01


def test_haq_abstains_where_actions_cannot_be_told_apart() -> None:
    votes = {"A": 500, "B": 300, "C": 300}
    kinds = dict.fromkeys(votes, ChoiceKind.LIST)
    by = SeatRule.model_validate({"method": "sainte_lague", **READ})
    drawn = dirichlet_votes(votes, 50, 2_000, 1)
    # What B and C do to A is the same but for chance.
    aim = aim_of("fewest-seats:A", list(votes), 10)
    advice = advise(effects_of(drawn, kinds, rule=by, seats=10, aim=aim, bloc=100), aim)
    assert advice.best is None and advice.reason == "close" and set(advice.close) == {"B", "C"}
    # Who has every seat anyway cannot be helped.
    alone = {"A": 500, "B": 0}
    aim = aim_of("most-seats:A", list(alone), 1)
    drawn = dirichlet_votes(alone, 50, 100, 1)
    found = effects_of(drawn, dict.fromkeys(alone, ChoiceKind.LIST), rule=by, seats=1, aim=aim, bloc=1)
    assert advise(found, aim).reason == "nothing-helps"


def test_effects_scale_with_the_bloc() -> None:
    means = [
        effects("fewest-seats:Amanat", rule(), bloc=bloc).effects["NPK"].mean / bloc
        for bloc in (12_500, 25_000, 50_000)
    ]
    assert max(means) / min(means) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    ("text", "unit", "better"),
    [
        ("most-seats:Auyl,NPK", "seats", 1),
        ("majority:Amanat", "probability", 1),
        ("no-majority:Amanat@46", "probability", -1),
        ("passes:OSDP", "probability", 1),
        ("fewest-wasted", "share", -1),
    ],
)
def test_every_aim_is_measured(text: str, unit: str, better: int) -> None:
    aim = aim_of(text, LISTS, 69)
    assert (aim.unit, aim.better) == (unit, better)
    found = effects(text, rule())
    assert 0 <= found.before <= 69
    if unit == "probability" and "OSDP" in aim.choices:
        assert found.effects["OSDP"].mean > 0.1 > abs(found.effects["NPK"].mean)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("win", "haq knows fewest-seats"),
        ("fewest-seats:Nobody", "no choice 'Nobody'"),
        ("fewest-seats", "of whom?"),
        ("majority:Auyl@70", "a number from 1 to 69"),
        ("majority:Auyl@x", "a number from 1 to 69"),
    ],
)
def test_an_unknown_aim_says_which_there_are(text: str, message: str) -> None:
    with pytest.raises(HaqError, match=message.replace("?", r"\?")):
        aim_of(text, LISTS, 69)


@pytest.mark.parametrize(
    ("votes", "precision", "draws", "message"),
    [
        ({"A": 0}, 800, 10, "needs votes"),
        ({"A": 1}, 0, 10, "above 0"),
        ({"A": 1}, 800, 0, "at least one draw"),
    ],
)
def test_a_belief_that_is_none_is_refused(
    votes: dict[str, int], precision: float, draws: int, message: str
) -> None:
    with pytest.raises(HaqError, match=message):
        dirichlet_votes(votes, precision, draws, 1)


def test_draws_are_the_same_for_the_same_seed_and_keep_who_has_nothing() -> None:
    one, other = (dirichlet_votes({"A": 60, "B": 0, "C": 40}, 100, 1_000, seed=4) for _ in range(2))
    assert np.array_equal(one, other) and not one[:, 1].any()
    assert abs(one[:, 0].mean() - 60) < 1


def test_pivotal_probabilities_of_the_published_example() -> None:
    alpha = {"a": 0.4 * 85, "b": 0.35 * 85, "c": 0.25 * 85}
    found = pivotal_probabilities(alpha, 15_000)
    for pair, expected in ((("a", "b"), 2.327e-4), (("a", "c"), 2.365e-5), (("b", "c"), 1.360e-5)):
        assert found[pair] == pytest.approx(expected, rel=0.003)
    # Ten times as many voters: a tenth of the probability, not a third.
    more = pivotal_probabilities(alpha, 150_000)
    assert more["a", "b"] == pytest.approx(found["a", "b"] / 10, rel=1e-12)


def test_pivotal_probabilities_of_four_and_two_against_a_simulation() -> None:
    shares = np.array([0.35, 0.3, 0.2, 0.15])
    drawn = np.random.default_rng(1).dirichlet(shares * 85, 1_000_000)
    found = pivotal_probabilities(dict(zip("abcd", shares * 85, strict=True)), 15_000)
    near = 0.005
    for one, other in ((0, 1), (0, 2), (1, 2)):
        ahead = np.minimum(drawn[:, one], drawn[:, other]) > np.delete(drawn, [one, other], 1).max(1)
        hits = np.mean((abs(drawn[:, one] - drawn[:, other]) < near) & ahead)
        assert found["abcd"[one], "abcd"[other]] == pytest.approx(hits / (2 * near) / 15_000, rel=0.06)
    # Two choices: the density of a beta distribution in the middle, over twice the voters.
    two = pivotal_probabilities({"a": 30.0, "b": 20.0}, 1_000)["a", "b"]
    share = np.random.default_rng(2).beta(30, 20, 2_000_000)
    assert two == pytest.approx(np.mean(abs(2 * share - 1) < 0.01) / 0.02 / 1_000, rel=0.03)


def test_a_group_that_divides_itself_does_at_least_as_well_as_one_that_votes_alike() -> None:
    drawn = dirichlet_votes(VOTES, 800, 10_000, 1)
    aim = aim_of("fewest-seats:Amanat", LISTS, 69)
    given: dict[str, Any] = {"rule": rule(), "seats": 69, "aim": aim}
    split = split_of(drawn, KINDS, **given, supporters=600_000, steps=12)
    assert split.curve[0] == (0, 0.0) and split.curve[-1][0] == 600_000
    assert sum(split.votes.values()) <= 600_000 and len(split.votes) > 1
    assert split.curve[-1][1] <= split.together[1]
    # The curve is what the division really does on these draws.
    after = drawn.copy()
    for name, count in split.votes.items():
        after[:, list(KINDS).index(name)] += count
    seats = [
        allocate_batch(votes, list(KINDS), kinds=KINDS, rule=rule(), seats=69).seats[:, 0].mean()
        for votes in (drawn, after)
    ]
    assert split.curve[-1][1] == pytest.approx(seats[1] - seats[0])
    with pytest.raises(HaqError, match="cannot be divided"):
        split_of(drawn, KINDS, **given, supporters=3, steps=4)


def test_a_pivotal_vote_needs_a_race() -> None:
    for alpha, voters in (({"a": 1.0}, 10), ({"a": 1.0, "b": 0.0}, 10), ({"a": 1.0, "b": 1.0}, 0)):
        with pytest.raises(HaqError):
            pivotal_probabilities(alpha, voters)


def test_days_of_silence_count_wherever_it_is_such_a_day() -> None:
    blackout = Blackout.model_validate(
        {"days_before": 5, "polling_day": True, "covers": ("poll", "forecast"), **READ}
    )
    day = date(2023, 3, 19)
    for text, silent in (
        ("2023-03-13T09:00+00:00", False),
        ("2023-03-13T11:00+00:00", True),  # the 14th has begun somewhere
        ("2023-03-19T10:00+05:00", True),
        ("2023-03-20T11:00+00:00", True),  # it is the 19th somewhere
        ("2023-03-20T13:00+00:00", False),
    ):
        assert is_silent(blackout, day, datetime.fromisoformat(text)) is silent, text


def test_trust_is_exact_and_never_cut_off() -> None:
    found = trust_of({"A": 300, "against_all": 100}, registered=1_000, came=500)
    assert (str(found["A"].of_registered), str(found["A"].of_came)) == ("3/10", "3/5")
    with pytest.raises(HaqError, match="at most the next"):
        trust_of({"A": 600}, registered=1_000, came=500)
