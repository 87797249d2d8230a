"""From votes to seats by the seat rule of a law profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from haq.errors import HaqError
from haq.law import ChoiceKind, Rule, SeatRule
from haq.seats.allocation import Allocation, Tie
from haq.seats.divisors import highest_averages
from haq.seats.majority import first_round, most_votes
from haq.seats.remainders import largest_remainder, with_runner_up
from haq.seats.shared import Shared
from haq.seats.threshold import Entrants, entrants


def allocate(
    votes: Mapping[str, int],
    *,
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    seats: int | None = None,
    turnout: int | None = None,
    registered: int | None = None,
    order: Sequence[str] | None = None,
) -> Allocation:
    """Share the seats of a contest as its law says, with the whole working.

    Args:
        votes: choice -> valid votes [votes, each >= 0], against all included.
        kinds: choice -> kind, for every choice of ``votes``.
        rule: the seat rule of the contest.
        seats: mandates to fill [seats, >= 1]; ``Contest.seats`` where the profile states them.
        turnout: voters who took part [voters]; needed where the threshold is a share of them.
        registered: registered voters [voters]; needed where the threshold is a share of them.
        order: choices as they were registered, the earliest first; used only to break a tie.

    Returns:
        Seats that sum to ``seats``, thresholds, quotas, remainders, and the unconfirmed rules beneath them.

    Raises:
        HaqError: the figures cannot be shared, or a second round decides.
        TieError: equal claims, and no rule or no registration order to decide between them.

    Source: the rules are the profile's, each with its own; see ``docs/methods/seats.md``.
    """
    filled = _usable(votes, kinds, rule, seats, order)
    entered = entrants(votes, kinds=kinds, rule=rule, turnout=turnout, registered=registered, order=order)
    taking_part = {c: votes[c] for c in votes if c in entered.passed or c in entered.admitted}
    shared = _shared(taking_part, filled, rule, entered, order)

    ties = tuple(tie for tie in (entered.tie, shared.tie) if tie is not None)
    unconfirmed = dict(_unconfirmed(rule, entered, ties))
    return Allocation(
        seats={choice: shared.seats.get(choice, 0) for choice in entered.margins},
        base=entered.base,
        base_of=entered.base_of,
        threshold=rule.threshold.share if rule.threshold else None,
        votes_needed=entered.votes_needed,
        margins=entered.margins,
        passed=entered.passed,
        admitted=entered.admitted,
        quota=shared.quota,
        quotas=shared.quotas,
        remainders=shared.remainders,
        claims=shared.claims,
        last_seat=shared.last_seat,
        next_in_line=shared.next_in_line,
        ties=ties,
        unconfirmed=tuple(unconfirmed),
        notes=(*unconfirmed.values(), *_tie_notes(ties)),
    )


def _shared(
    votes: Mapping[str, int],
    seats: int,
    rule: SeatRule,
    entered: Entrants,
    order: Sequence[str] | None,
) -> Shared:
    """Share the seats among those that take part."""
    if rule.too_few_lists is not None and entered.admitted:
        return with_runner_up(
            votes,
            seats,
            admitted=entered.admitted[0],
            too_few=rule.too_few_lists,
            rule=rule.ties,
            order=order,
        )
    if rule.method == "largest_remainder":
        return largest_remainder(votes, seats, rule.quota or "hare", rule=rule.ties, order=order)
    if rule.method == "plurality":
        return most_votes(votes, seats, rule=rule.ties, order=order)
    if rule.method == "two_round":
        return first_round(votes, entered.base, rule=rule.ties, order=order)
    return highest_averages(votes, seats, rule.method, rule=rule.ties, order=order)


def _usable(
    votes: Mapping[str, int],
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule,
    seats: int | None,
    order: Sequence[str] | None,
) -> int:
    """Check what no rule can work with, and give the number of seats."""
    if rule.method == "two_round" and seats not in (None, 1):
        raise HaqError(f"two rounds fill one seat, not {seats}")
    if seats is None or seats < 1:
        raise HaqError(f"cannot fill {seats} seats; give how many the contest has (seats=…)")
    for choice, count in votes.items():
        if count < 0:
            raise HaqError(f"{choice!r} has {count} votes; a total below zero cannot be shared into seats")
        if choice not in kinds:
            raise HaqError(f"{choice!r} has no kind; say list, candidate or against_all")
        if kinds[choice] is ChoiceKind.ANSWER:
            raise HaqError(f"{choice!r} is the answer to a question and cannot win a seat")
    if not any(count for choice, count in votes.items() if kinds[choice] is not ChoiceKind.AGAINST_ALL):
        raise HaqError(f"cannot share {seats} seats: there are no votes for any list or candidate")
    if order is not None and len(set(order)) != len(order):
        raise HaqError("the order of registration names a choice twice")
    return seats


def _unconfirmed(rule: SeatRule, entered: Entrants, ties: Sequence[Tie]) -> Iterator[tuple[str, str]]:
    """Name the unconfirmed parts of the rule on which this very result rests."""
    parts: list[tuple[str, Rule | None, str]] = [
        ("method", rule, f"the method ({rule.method}{f', {rule.quota} quota' if rule.quota else ''})"),
        ("threshold", rule.threshold, f"the threshold of {rule.threshold.share}" if rule.threshold else ""),
        ("base", rule.base if rule.threshold else None, f"the base of the threshold ({entered.base_of})"),
        ("too_few_lists", rule.too_few_lists if entered.admitted else None, "the rule for too few lists"),
        ("ties", rule.ties if ties else None, "the rule on ties"),
    ]
    for name, part, words in parts:
        if part is None or part.confirmed:
            continue
        effect = ""
        if name == "base" and entered.same_on:
            effect += f"; the same lists pass as a share of {', '.join(entered.same_on)}"
        if name == "base" and entered.other_on:
            effect += f"; as a share of {', '.join(entered.other_on)} other lists pass"
        yield name, f"{words[0].upper()}{words[1:]} is not confirmed (source: {part.source}){effect}."


def _tie_notes(ties: Sequence[Tie]) -> Iterator[str]:
    for tie in ties:
        yield f"{', '.join(tie.tied)} were equal; {', '.join(tie.winners)} preferred as {tie.broken_by}."
