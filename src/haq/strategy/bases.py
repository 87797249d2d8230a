"""The bases of a threshold that may be the law, where nobody has confirmed which one is."""

from __future__ import annotations

from haq.law import BaseOf, SeatRule

#: What article 97-1 of Kazakhstan and published percentages speak of; of other laws nobody has doubted more.
_POSSIBLE = (BaseOf.VALID_WITH_AGAINST_ALL, BaseOf.TURNOUT)


def possible_rules(rule: SeatRule) -> tuple[SeatRule, ...]:
    """Give the seat rule under every base of its threshold that may be the law.

    Args:
        rule: of the law profile.

    Returns:
        The rule itself, and where its base is not confirmed the same with the other bases.
    """
    if rule.threshold is None or rule.base is None or rule.base.confirmed:
        return (rule,)
    others = [of for of in _POSSIBLE if of is not rule.base.of]
    return (rule, *(rule.model_copy(update={"base": rule.base.model_copy(update={"of": o})}) for o in others))
