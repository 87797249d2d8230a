"""The bases of a threshold that may be the law, where nobody has confirmed which one is."""

from __future__ import annotations

from haq.law import BaseOf, SeatRule

#: Where a base is in doubt, it is between the valid votes and the voters who took part.
_VALID = frozenset({BaseOf.VALID, BaseOf.VALID_FOR_LISTS, BaseOf.VALID_WITH_AGAINST_ALL})


def possible_rules(rule: SeatRule) -> tuple[SeatRule, ...]:
    """Give the seat rule under every base of its threshold that may be the law.

    Args:
        rule: of the law profile.

    Returns:
        The rule itself, and where its base is not confirmed the same with the other: voters who took part for
        valid votes, and all valid votes for those voters.
    """
    if rule.threshold is None or rule.base is None or rule.base.confirmed:
        return (rule,)
    other = BaseOf.TURNOUT if rule.base.of in _VALID else BaseOf.VALID_WITH_AGAINST_ALL
    return rule, rule.model_copy(update={"base": rule.base.model_copy(update={"of": other})})
