"""Seats of a contest on three bases, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable

from haq.bulletin.assemble.sums import ContestSums
from haq.bulletin.model import SeatsView
from haq.bulletin.setting import Setting
from haq.entries import TotalEntry
from haq.law import ChoiceKind
from haq.seats import allocate_both


def seats_of(setting: Setting, contest: str, sums: ContestSums, totals: Iterable[TotalEntry]) -> SeatsView:
    """Share the seats out on the stations that have copies, and read what the published total gives.

    Args:
        setting: the election.
        contest: key of the contest.
        sums: its sums.
        totals: all published totals.

    Returns:
        The seats; None on a basis on which haq gives none, with the code of the reason.
    """
    rules = next(c for c in setting.context.election.contests if c.key == contest)
    law = setting.context.profile.contests.get(rules.law)
    seats = rules.seats or (law.seats if law else None)
    rule = law.seat_rule if law else None
    source = setting.declared.get((contest, setting.base))
    published = next(
        (t for t in totals if source and t.contest == contest and t.source == source.key and t.seats), None
    )
    root = (setting.top, "")
    by_choice = {c.key: sums.sums(root, c.key) for c in rules.choices if c.key in sums.choices}
    shared = {key: s for key, s in by_choice.items() if s.stations}
    both = None
    if rules.covers == "whole":
        both = allocate_both(
            {c: s.copies for c, s in shared.items()},
            {c: s.declared for c, s in shared.items()},
            kinds={c.key: ChoiceKind(c.kind) for c in rules.choices},
            rule=rule,
            seats=seats,
        )
    note = ""
    if rule is None:
        note = "no-rule"
    elif rules.covers == "part":
        note = "part"
    elif seats is None:
        note = "no-number"
    elif both is None or published is None:
        note = "missing"
    return SeatsView(
        copies=both[0] if both else None,
        declared=both[1] if both else None,
        official=published.seats if published else None,
        seats=seats,
        unconfirmed=published.unconfirmed if published else (),
        note=note,
    )
