"""Control relations in words: what must add up on a protocol, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from haq.bulletin.model import Check, StationContest
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import sheet_name
from haq.bulletin.pages.words import check_name, missing_box
from haq.law import CHOICES, Linear, Relation

_SIGNS = {"==": "=", "<=": "≤", ">=": "≥"}
_BROKEN = {"==": "≠", "<=": ">", ">=": "<"}


def relation_of(desk: Desk, level: str, key: str) -> Relation | None:
    """Find a control relation of a level's form."""
    relations: dict[str, Relation] | None = desk.memory.get(("relations", level))
    if relations is None:
        form = desk.form(level)
        relations = {relation.key: relation for relation in form.relations} if form else {}
        desk.memory["relations", level] = relations
    return relations.get(key)


def side_in_words(
    desk: Desk, contest: str, level: str, side: Linear, figures: Mapping[str, object] | None = None
) -> Markup:
    """Write one side of a relation: ``Ballots in mobile boxes 9 + Ballots in fixed boxes 802``.

    Args:
        desk: of the page.
        contest: whose choices the votes are.
        level: whose form names the lines.
        side: the sum.
        figures: line -> figure on one sheet, put behind each name; None for names alone.

    Returns:
        Names joined by signs. A figure that is missing stands as a box.
    """
    parts: list[Markup] = []
    for key, factor in side.terms:
        name = desk.gettext("all votes") if key == CHOICES else desk.label(contest, level, key)
        sign = ("−" if factor < 0 else "") if not parts else (" − " if factor < 0 else " + ")
        times = f"{abs(factor)} × " if abs(factor) != 1 else ""
        parts.append(Markup("{}{}{}").format(sign, times, name))
        if figures is not None:
            figure = _votes(desk, contest, figures) if key == CHOICES else figures.get(key)
            shown = desk.number(figure) if isinstance(figure, int) else missing_box(desk, _why(figure))
            parts.append(Markup("\u00a0<b>{}</b>").format(shown))
    if side.constant or not parts:
        sign = ("−" if side.constant < 0 else "") if not parts else (" − " if side.constant < 0 else " + ")
        parts.append(Markup("{}{}").format(sign, desk.number(abs(side.constant))))
    return Markup("").join(parts)


def _votes(desk: Desk, contest: str, figures: Mapping[str, object]) -> int | None:
    rules = desk.rules(contest)
    total = 0
    for choice in rules.choices if rules else ():
        figure = figures.get(choice.key)
        if not isinstance(figure, int):
            return None
        total += figure
    return total


def _why(figure: object) -> str:
    return str(figure) if figure in ("empty", "unreadable", "different") else "unknown"


def rule_in_words(desk: Desk, contest: str, level: str, relation: Relation) -> Markup:
    """Write a control relation with names alone: what every protocol has to satisfy."""
    found: Markup | None = desk.memory.get(("rule", contest, level, relation.key))
    if found is None:
        found = Markup("{} {} {}").format(
            side_in_words(desk, contest, level, relation.left),
            _SIGNS[relation.op],
            side_in_words(desk, contest, level, relation.right),
        )
        desk.memory["rule", contest, level, relation.key] = found
    return found


def broken_in_words(
    desk: Desk, contest: str, level: str, relation: Relation, figures: Mapping[str, object], check: Check
) -> Markup:
    """Write a broken relation with the figures of the sheet on both sides and what they come to."""
    left = side_in_words(desk, contest, level, relation.left, figures)
    right = side_in_words(desk, contest, level, relation.right, figures)
    return Markup("{}{} {} {}{}").format(
        left,
        _sum(desk, relation.left, check.left),
        _BROKEN[relation.op],
        right,
        _sum(desk, relation.right, check.right),
    )


def _sum(desk: Desk, side: Linear, value: int | None) -> Markup:
    if len(side.terms) + bool(side.constant) < 2 or value is None:
        return Markup("")
    return Markup(" = <b>{}</b>").format(desk.number(value))


def _check_head(desk: Desk, contest: str, level: str, key: str) -> tuple[str, str]:
    """Write the beginning of a relation's row, the same at every station, and give its operator."""
    relation = relation_of(desk, level, key)
    if relation is None:
        words = check_name(desk, level, key)
    else:
        words = rule_in_words(desk, contest, level, relation)
    head = f'<tr><th scope="row">{words}</th>', relation.op if relation else "=="
    desk.memory["check", contest, level, key] = head
    return head


def check_cell(desk: Desk, op: str, check: Check | None) -> str:
    """Write how a relation stands on a sheet: ``811 = 811``, ``811 ≠ 812``, or a box.

    Args:
        desk: of the page.
        op: operator of the relation.
        check: on that sheet; None where the sheet lacks a line of it.
    """
    if check is None or check.left is None or check.right is None:
        why = "absent" if check is None else "unknown"
        found: str | None = desk.memory.get(("box", why))
        if found is None:
            found = desk.memory["box", why] = str(missing_box(desk, why))
        return found
    if check.broken:
        sign = _BROKEN[op]
        return f'<b class="diff">{desk.number(check.left)} {sign} {desk.number(check.right)}</b>'
    sign = "≈" if op == "==" and check.left != check.right else _SIGNS[op]
    return f"{desk.number(check.left)} {sign} {desk.number(check.right)}"


def checks_table(desk: Desk, contest: StationContest, level: str, prefix: str = "") -> Markup:
    """Write every control relation on every sheet as a table.

    Args:
        desk: of the page.
        contest: its sheets and checks.
        level: whose form has the relations.
        prefix: what the ids of this table begin with.

    Returns:
        A row a relation, a column a sheet; empty where no relation applies.
    """
    found = {(check.relation, check.sheet): check for check in contest.checks}
    keys = list(dict.fromkeys(check.relation for check in contest.checks))
    if not keys:
        return Markup("")
    caption = desk.gettext("What has to hold on every protocol, and both sides of it on each")
    rule = desk.gettext("Rule")
    parts = [
        f'<p class="caption" id="{prefix}checks">{caption}</p>'
        f'<section class="scroll sheets" tabindex="0" aria-labelledby="{prefix}checks">'
        f'<table class="many" aria-labelledby="{prefix}checks">'
        f'<thead><tr><th scope="col">{rule}</th>'
    ]
    parts += [
        f'<th scope="col" class="number">{sheet_name(desk, contest, i)}</th>'
        for i in range(len(contest.sheets))
    ]
    parts.append("</tr></thead><tbody>")
    sheets = range(len(contest.sheets))
    for key in keys:
        head, op = desk.memory.get(("check", contest.key, level, key)) or _check_head(
            desk, contest.key, level, key
        )
        parts.append(head)
        for index in sheets:
            parts.append(f'<td class="number">{check_cell(desk, op, found.get((key, index)))}</td>')
        parts.append("</tr>")
    parts.append("</tbody></table></section>")
    # Every part is markup of ours or was escaped where it was made.
    return Markup("".join(parts))  # noqa: S704
