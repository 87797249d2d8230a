"""The seats of two counts of the same stations, beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from haq.errors import HaqError
from haq.law import ChoiceKind, SeatRule
from haq.seats.allocate import allocate


def allocate_both(
    copies: Mapping[str, int],
    declared: Mapping[str, int],
    *,
    kinds: Mapping[str, ChoiceKind],
    rule: SeatRule | None,
    seats: int | None,
) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
    """Share the seats out as if only some stations had voted: by their copies, and as declared.

    Args:
        copies: choice -> votes by the copies.
        declared: choice -> votes declared on the same stations.
        kinds: choice -> kind, for every choice on the ballot paper.
        rule: the seat rule of the contest, where its law has one.
        seats: mandates to fill, where the number is known.

    Returns:
        Seats by the copies and as declared; nothing where a choice has no sum, or either side cannot be
        shared out: seats that only one side has would compare with nothing.
    """
    if rule is None or seats is None or any(c not in copies or c not in declared for c in kinds):
        return None
    try:
        ours, theirs = (
            allocate({c: sums[c] for c in kinds}, kinds=kinds, rule=rule, seats=seats).seats
            for sums in (copies, declared)
        )
    except HaqError:
        return None
    return ours, theirs
