"""Seats of a contest on four bases, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from haq.bulletin.assemble.sums import ContestSums
from haq.bulletin.model import SeatsView, StationContest
from haq.bulletin.setting import Setting
from haq.entries import ContestRules, TotalEntry
from haq.errors import HaqError
from haq.law import ChoiceKind, SeatRule
from haq.protocols import value_of
from haq.seats import Allocation, allocate, allocate_both


def seats_of(
    setting: Setting,
    contest: str,
    sums: ContestSums,
    totals: Iterable[TotalEntry],
    summary: StationContest | None = None,
    resting: Sequence[TotalEntry] = (),
) -> SeatsView:
    """Share the seats out on the stations that have copies and on the sheet of the whole election.

    The seats on the sum of all stations are those of the published total.

    Args:
        setting: the election.
        contest: key of the contest.
        sums: its sums.
        totals: all published totals.
        summary: the sheet of the commission of the whole election, if there is one.
        resting: those of the totals that rest on withdrawn figures.

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
    on_sheet = _on_sheet(setting, rules, rule, seats, summary)
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
        unconfirmed=published.unconfirmed if published else tuple(on_sheet.notes) if on_sheet else (),
        note=note,
        sheet=on_sheet.seats if on_sheet else None,
        resting=any(total is published for total in resting),
    )


def _on_sheet(
    setting: Setting,
    rules: ContestRules,
    rule: SeatRule | None,
    seats: int | None,
    summary: StationContest | None,
) -> Allocation | None:
    """Share the seats out by the sheet of the whole election, where it has every figure that is needed."""
    if rule is None or seats is None or summary is None or rules.covers == "part":
        return None
    figures, choices = summary.against, [c.key for c in rules.choices]
    if any(choice not in figures for choice in choices):
        return None
    quantities = setting.context.profile.form(setting.top).quantities
    shares = {
        name: value_of(quantity, figures, choices)
        for name in ("turnout", "registered")
        if (quantity := quantities.get(name)) is not None
    }
    try:
        return allocate(
            {choice: figures[choice] for choice in choices},
            kinds={c.key: ChoiceKind(c.kind) for c in rules.choices},
            rule=rule,
            seats=seats,
            turnout=shares.get("turnout"),
            registered=shares.get("registered"),
        )
    except HaqError:
        return None
