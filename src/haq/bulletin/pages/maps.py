"""The small map of an area's children, as the template draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaRef, AreaRow
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.charts.map import Map, draw_map

#: Largest share of compared stations that differ, in percent, of each step but the last.
STEPS = (0, 2, 5, 10)
#: Width that a digit of a label needs [pixels].
DIGIT = 9


@dataclass(frozen=True)
class Land:
    """An area on the map."""

    href: str
    title: str
    path: str
    step: str
    hatched: bool
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Legend:
    """What a shade means."""

    step: str
    hatched: bool
    words: Markup


@dataclass(frozen=True)
class DrawnMap:
    """A map with its links and words."""

    width: int
    height: int
    label: Markup
    shapes: tuple[Land, ...]
    legend: tuple[Legend, ...]
    missing: Markup


def map_of(
    desk: Desk, shapes: Sequence[tuple[AreaRef, Mapping[str, object]]], rows: Sequence[AreaRow]
) -> DrawnMap | None:
    """Draw the children of an area.

    Args:
        desk: the desk.
        shapes: their outlines.
        rows: their figures in one contest.

    Returns:
        The map; None where no outline is known. An area without figures is hatched like one without
        copies, because neither can be compared.
    """
    drawn: Map | None = draw_map([(ref.key, shape) for ref, shape in shapes]) if shapes else None
    if drawn is None:
        return None
    refs = {ref.key: ref for ref, _ in shapes}
    figures = {row.ref.key: row for row in rows}
    lands, used = [], set()
    for shape in drawn.shapes:
        ref, row = refs[shape.key], figures.get(shape.key)
        step = step_of(row)
        used.add(step)
        label = desk.number(row.differ_choices) if row is not None and row.compared else ""
        fits = len(label) * DIGIT + 4 <= shape.room
        lands.append(
            Land(
                links.area_path(ref.slug),
                desk.plain(_title(desk, ref, row)),
                shape.path,
                step,
                step == "step-none",
                label if fits else "",
                shape.x,
                shape.y,
            )
        )
    undrawn = [refs[key] for key in drawn.missing]
    undrawn += [row.ref for row in rows if row.ref.key not in refs]
    return DrawnMap(
        drawn.width,
        drawn.height,
        desk.gettext("Map of the areas"),
        tuple(lands),
        tuple(_legend(desk, used)),
        Markup(", ").join(desk.area(ref) for ref in undrawn),
    )


def step_of(row: AreaRow | None) -> str:
    """Choose the shade of an area: the share of its compared stations on which a choice differs."""
    if row is None or not row.compared:
        return "step-none"
    for step, most in enumerate(STEPS):
        if row.differ_choices * 100 <= most * row.compared:
            return f"step-{step}"
    return f"step-{len(STEPS)}"


def _title(desk: Desk, ref: AreaRef, row: AreaRow | None) -> Markup:
    if row is None or not row.compared:
        return Markup("{}: {}").format(desk.area(ref), desk.gettext("nothing to compare"))
    return desk.gettext(
        "%(area)s: %(n)s of %(of)s stations differ",
        area=desk.area(ref),
        n=row.differ_choices,
        of=row.compared,
    )


def _legend(desk: Desk, used: set[str]) -> list[Legend]:
    _ = desk.gettext
    words = {"step-none": _("no copies, or nothing to compare"), "step-0": _("no station differs")}
    shares = [desk.percent(most, 100, 0) for most in STEPS]
    words["step-1"] = _("up to %(share)s differ", share=shares[1])
    for step in range(2, len(STEPS)):
        # No share may stand in two steps.
        words[f"step-{step}"] = _(
            "over %(low)s and up to %(share)s differ", low=shares[step - 1], share=shares[step]
        )
    words[f"step-{len(STEPS)}"] = _("more than %(share)s differ", share=shares[-1])
    return [Legend(step, step == "step-none", said) for step, said in words.items() if step in used]
