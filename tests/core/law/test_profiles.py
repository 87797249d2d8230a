"""The profiles that come with haq: whole, sourced, honest about what is unconfirmed."""

from fractions import Fraction

import pytest

from haq.errors import LawError
from haq.law import BaseOf, ChoiceKind, Profile, Rule, load_profile, profile_keys
from haq.law.contradictions import rules_of

MAJILIS = ["2004", "2007", "2012", "2016", "2021", "2023"]


@pytest.fixture(params=profile_keys())
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(str(request.param))


def test_every_profile_that_is_promised_is_there() -> None:
    promised = {f"kz-majilis-{year}" for year in MAJILIS} | {
        "kz-maslikhat-2023",
        "ru-duma-2011",
        "ru-president-2018",
        "ru-duma-2021",
        "bo-general-2019",
        "ve-president-2024",
        "ge-parliament-2024",
        "pl-president-2025",
    }
    assert promised <= set(profile_keys())


def test_every_value_has_a_declared_source(profile: Profile) -> None:
    rules = [rule for _, rule in rules_of(profile)]
    assert len(rules) > 5
    assert all(isinstance(rule, Rule) and rule.source in profile.sources for rule in rules)
    assert all(not (rule.confirmed and profile.sources[rule.source].memory_only) for rule in rules)


def test_every_level_has_a_form_that_says_what_its_lines_mean(profile: Profile) -> None:
    for level in profile.levels:
        form = profile.form(level.key)
        assert {"valid", "invalid", "turnout"} <= set(form.quantities)
        assert form.line(form.lines[0].key) is form.lines[0]
    with pytest.raises(LawError, match="no level 'galaxy'"):
        profile.form("galaxy")


def test_names_are_three_different_languages(profile: Profile) -> None:
    for line in (line for form in profile.forms.values() for line in form.lines):
        assert len({line.name.kk, line.name.ru, line.name.en}) == 3
        assert line.name.en.isascii()


@pytest.mark.parametrize(
    ("year", "seats"), [("2004", 10), ("2007", 98), ("2012", 98), ("2021", 98), ("2023", 69)]
)
def test_seats_by_lists(year: str, seats: int) -> None:
    assert load_profile(f"kz-majilis-{year}").contests["lists"].seats == seats


def test_the_threshold_fell_and_against_all_came_back_between_2021_and_2023() -> None:
    before = load_profile("kz-majilis-2021").contests["lists"]
    after = load_profile("kz-majilis-2023").contests["lists"]
    assert before.seat_rule and before.seat_rule.threshold and before.seat_rule.base
    assert after.seat_rule and after.seat_rule.threshold and after.seat_rule.base
    assert (before.seat_rule.threshold.share, after.seat_rule.threshold.share) == (
        Fraction(7, 100),
        Fraction(1, 20),
    )
    assert ChoiceKind.AGAINST_ALL not in before.choice_kinds
    assert ChoiceKind.AGAINST_ALL in after.choice_kinds
    assert before.seat_rule.base.of is BaseOf.VALID_FOR_LISTS
    assert after.seat_rule.base.of is BaseOf.VALID_WITH_AGAINST_ALL


def test_what_nobody_has_confirmed_says_so() -> None:
    profile = load_profile("kz-majilis-2023")
    rule = profile.contests["lists"].seat_rule
    assert rule and rule.base and rule.ties and rule.too_few_lists
    assert rule.confirmed
    assert not any(part.confirmed for part in (rule.base, rule.ties, rule.too_few_lists))
    assert rule.too_few_lists.source == "law_2009"
    assert not any(line.confirmed or line.number for line in profile.form("station").lines)


def test_no_rule_for_too_few_lists_before_2009() -> None:
    rules = {year: load_profile(f"kz-majilis-{year}").contests["lists"].seat_rule for year in MAJILIS}
    assert {year for year, rule in rules.items() if rule and rule.too_few_lists is None} == {"2004", "2007"}


def test_half_of_a_regional_maslikhat_and_none_of_a_local_one_goes_by_lists() -> None:
    contests = load_profile("kz-maslikhat-2023").contests
    kinds = {key: contest.choice_kinds[0] for key, contest in contests.items()}
    assert kinds == {
        "region_lists": ChoiceKind.LIST,
        "region_districts": ChoiceKind.CANDIDATE,
        "local_districts": ChoiceKind.CANDIDATE,
    }
    assert contests["region_lists"].seats is None


def test_polls_are_silent_five_days_and_exit_polls_until_the_day_is_over() -> None:
    polls = load_profile("kz-majilis-2023").polls
    assert polls and polls.blackout and polls.exit_polls
    assert (polls.blackout.days_before, polls.blackout.polling_day) == (5, True)
    assert polls.exit_polls.release == "after_polling_day"
    assert {field.key for field in polls.disclosure} >= {"paid_by", "question", "error"}


def test_a_misspelt_key_is_answered_with_near_ones() -> None:
    with pytest.raises(LawError, match="did you mean kz-majilis-2023"):
        load_profile("kz-majlis-2023")
    with pytest.raises(LawError, match="there are bo-general-2019"):
        load_profile("atlantis")
