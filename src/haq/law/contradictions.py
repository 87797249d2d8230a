"""Contradictions within a law profile that no single value can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from haq.law.expressions import CHOICES, Linear
from haq.law.profile import BaseOf, ChoiceKind, Contest, Form, Profile, Rule, SeatRule, Table


def first_contradiction(profile: Profile) -> str | None:
    """Find the first contradiction.

    Returns:
        ``dotted.key: reason``, or nothing where the profile holds together.
    """
    return next(_contradictions(profile), None)


def _contradictions(profile: Profile) -> Iterator[str]:
    if profile.valid_to is not None and profile.valid_to < profile.valid_from:
        yield f"valid_to: {profile.valid_to} lies before valid_from {profile.valid_from}"
    yield from _twice("levels", (level.key for level in profile.levels))
    yield from _twice("duties", (duty.key for duty in profile.duties))
    for n, level in enumerate(profile.levels):
        if level.form not in profile.forms:
            known = ", ".join(profile.forms)
            yield f"levels.{n}.form: no form is called {level.form!r}; there are {known}"
    for key, contest in profile.contests.items():
        yield from _in_contest(f"contests.{key}", contest)
    for key, form in profile.forms.items():
        yield from _in_form(f"forms.{key}", form)
    for n, duty in enumerate(profile.duties):
        if duty.due is not None and (duty.due.days is None) == (duty.due.hours is None):
            yield f"duties.{n}.due: give either days or hours"
    for dotted, rule in rules_of(profile):
        source = profile.sources.get(rule.source)
        if source is None:
            yield f"{_join(dotted, 'source')}: {rule.source!r} is not declared under sources"
        elif rule.confirmed and source.memory_only:
            yield (
                f"{_join(dotted, 'confirmed')}: true, but source {rule.source!r} is memory only; "
                "find the text or say false"
            )


def _in_contest(dotted: str, contest: Contest) -> Iterator[str]:
    yield from _twice(f"{dotted}.choice_kinds", contest.choice_kinds)
    if set(contest.choice_kinds) == {ChoiceKind.AGAINST_ALL}:
        yield f"{dotted}.choice_kinds: against_all alone is not a contest; add list, candidate or answer"
    if contest.seat_rule is not None:
        yield from _in_seat_rule(f"{dotted}.seat_rule", contest.seat_rule, contest)


def _in_seat_rule(dotted: str, rule: SeatRule, contest: Contest) -> Iterator[str]:
    if (rule.method == "largest_remainder") != (rule.quota is not None):
        yield f"{dotted}.quota: largest_remainder needs a quota, and no other method has one"
    if rule.threshold is not None and rule.base is None:
        yield f"{dotted}.base: missing; a threshold is a share of something, say of what"
    if rule.too_few_lists is not None and rule.threshold is None:
        yield f"{dotted}.too_few_lists: without a threshold no list can fail to pass"
    if rule.too_few_lists is not None and (rule.method, rule.quota) != ("largest_remainder", "hare"):
        yield f"{dotted}.too_few_lists: its factor is one on the quotients of the Hare quota"
    if rule.base is not None:
        in_base = rule.base.of is BaseOf.VALID_WITH_AGAINST_ALL
        if in_base and ChoiceKind.AGAINST_ALL not in contest.choice_kinds:
            yield f"{dotted}.base.of: against all is in the base, but not among the contest's choice_kinds"
        if rule.base.of is BaseOf.VALID_FOR_LISTS and ChoiceKind.LIST not in contest.choice_kinds:
            yield f"{dotted}.base.of: votes for lists are the base, but list is not among the choice_kinds"


def _in_form(dotted: str, form: Form) -> Iterator[str]:
    yield from _twice(f"{dotted}.lines", (line.key for line in form.lines))
    yield from _twice(f"{dotted}.lines", (line.number for line in form.lines if line.number))
    yield from _twice(f"{dotted}.relations", (relation.key for relation in form.relations))
    known = {line.key for line in form.lines}
    if CHOICES in known:
        yield f"{dotted}.lines: {CHOICES!r} is reserved for the sum of the choices' votes; rename the line"
    known.add(CHOICES)
    for n, relation in enumerate(form.relations):
        place = f"{dotted}.relations.{n}.expression"
        yield from _unknown_lines(place, known, relation.left, relation.right)
        if relation.left == relation.right or not relation.left.terms + relation.right.terms:
            yield f"{place}: {relation.text!r} says nothing about the sheet"
    for name, quantity in form.quantities.items():
        yield from _unknown_lines(f"{dotted}.quantities.{name}", known, quantity)


def _unknown_lines(dotted: str, known: set[str], *sums: Linear) -> Iterator[str]:
    for key in (key for linear in sums for key in linear.keys):
        if key not in known:
            yield f"{dotted}: the form has no line {key!r}"


def _twice(dotted: str, keys: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield f"{dotted}: {str(key)!r} stands twice"
        seen.add(key)


def rules_of(value: object, dotted: str = "") -> Iterator[tuple[str, Rule]]:
    """Walk over every rule of a profile with its dotted key."""
    if isinstance(value, Rule):
        yield dotted, value
    if isinstance(value, Table):
        inner: Iterable[tuple[object, object]] = (
            (name, getattr(value, name)) for name in type(value).model_fields
        )
    elif isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    else:
        return
    for name, item in inner:
        yield from rules_of(item, _join(dotted, str(name)))


def _join(dotted: str, name: str) -> str:
    return f"{dotted}.{name}" if dotted else name
