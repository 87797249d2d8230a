"""Broken rules of one sheet in one line: one wrong figure breaks several of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from haq.bulletin.model import Found
from haq.bulletin.pages.environment import Desk

#: Lines named at the most; more of them point at nothing.
_MOST = 2


def folded_words(desk: Desk, broken: Sequence[Found]) -> Markup:
    """Say how many rules a sheet breaks, and which line all of them share.

    Args:
        desk: of the page.
        broken: findings of broken rules on the same sheet, two at least.
    """
    count = desk.ngettext("%(num)s rule is broken", "%(num)s rules are broken", len(broken))
    shared = shared_lines(desk, broken)
    if not shared:
        return count
    return desk.gettext(
        "%(rules)s, each with the line: %(lines)s", rules=count, lines=Markup(", ").join(shared)
    )


def shared_lines(desk: Desk, broken: Sequence[Found]) -> list[Markup]:
    """Name the lines that stand in every one of these rules; nothing where they are too many to tell."""
    first = broken[0]
    keys = [key for key in first.lines if all(key in other.lines for other in broken)]
    rules = desk.rules(first.contest)
    choices = {choice.key for choice in rules.choices} if rules else set()
    # Whoever breaks two rules on the votes has not every choice wrong.
    lines = [key for key in keys if key not in choices]
    if not lines and len(keys) == len(choices) > 1:
        return [desk.gettext("all votes")]
    named = lines or keys
    return [desk.label(first.contest, first.level, key) for key in named] if len(named) <= _MOST else []
