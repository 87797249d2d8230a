"""Seats of a contest from the totals of its declared source, where that is honest."""

from __future__ import annotations

from collections.abc import Mapping

from haq.check.election import Election
from haq.check.report import Pair
from haq.check.sources import Source
from haq.errors import HaqError
from haq.protocols import Totals, value_of
from haq.seats import Allocation, allocate, allocate_both


def seats_of(
    election: Election, contest: str, totals: Totals | None, source: Source | None
) -> tuple[Allocation | None, str]:
    """Share out the seats of a contest.

    Args:
        election: the election.
        contest: key of the contest.
        totals: sums of the declared source, if there is one.
        source: that source.

    Returns:
        The allocation, or nothing and the reason: a part of the country, a missing list, or
        stations without a whole result would all give seats that nobody won.
    """
    config, rules = election.config.contests[contest], election.rules_of(contest)
    seats = config.seats or rules.seats
    if rules.seat_rule is None or totals is None or source is None:
        return None, ""
    if config.covers == "part":
        return None, "the files cover only a part of the country"
    if seats is None:
        return None, "the number of seats is not known; give contests.<key>.seats"
    missing = [c for c in config.choices if c not in source.choices]
    if missing:
        return None, f"no column holds {', '.join(missing)}"
    if totals.units < totals.of:
        return None, f"{totals.of - totals.units} of {totals.of} stations have no whole result"
    quantities = election.profile.form(source.level).quantities
    known: dict[str, int | None] = {}
    for name in ("turnout", "registered"):
        quantity = quantities.get(name)
        if quantity is not None and not quantity.constant:
            whole = all(not totals.missing.get(key) for key in quantity.keys)
            known[name] = value_of(quantity, totals.sums, source.choices) if whole else None
    try:
        allocation = allocate(
            {c: totals.sums[c] for c in config.choices},
            kinds={c: choice.kind for c, choice in config.choices.items()},
            rule=rules.seat_rule,
            seats=seats,
            turnout=known.get("turnout"),
            registered=known.get("registered"),
        )
    except HaqError as error:
        return None, str(error)
    return allocation, "; ".join(allocation.notes)


def seats_on_both(
    election: Election, contest: str, together: Pair | None
) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
    """Share out the seats twice on the stations that have copies: by the copies, and as declared.

    The two are to be read against each other: stations with copies are no random sample.

    Returns:
        Seats by the copies and as declared; nothing where a choice is missing or the files
        cover only a part of the country.
    """
    config, rules = election.config.contests[contest], election.rules_of(contest)
    if together is None or config.covers == "part":
        return None
    return allocate_both(
        together.same.copies,
        together.same.declared,
        kinds={c: choice.kind for c, choice in config.choices.items()},
        rule=rules.seat_rule,
        seats=config.seats or rules.seats,
    )
