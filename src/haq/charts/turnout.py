"""Turnout against the share of a choice: every station, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from haq.charts.canvas import EDGE, LINE, SMALL, Canvas, exact, layer_of
from haq.charts.picture import Picture
from haq.charts.theme import Theme, choose
from haq.charts.words import Language, number, say
from haq.errors import HaqError

if TYPE_CHECKING:
    import polars as pl

# Fewest stations of each shade; cells differ by orders of magnitude.
SHADES = (1, 3, 10, 30, 100, 300)


@dataclass(frozen=True)
class Cells:
    """Stations counted in cells of turnout and share.

    Attributes:
        frame: x, y (lower edge of the cell [percent]; ``step`` above the last cell
            means more than 100) and stations.
        over: stations with a turnout above 100 %.
        over_share: stations with a share above 100 %.
        missing: stations that stand in no cell.
        of: stations in all.
    """

    frame: pl.DataFrame
    over: int
    over_share: int
    missing: int
    of: int


def count_cells(
    frame: pl.DataFrame, *, registered: str, took_part: str, votes: str, valid: str, step: int = 2
) -> Cells:
    """Count stations in cells of turnout and share, none left out and none sampled.

    Args:
        frame: one row a station.
        registered: column of registered voters [voters].
        took_part: column of voters who took part [voters].
        votes: column of the votes of one choice [votes].
        valid: column of all valid votes [votes].
        step: width of a cell [percent, a divisor of 100].

    Returns:
        The cells. 100 % belongs to the last cell below it; what is above stands in
        one cell of its own, at 100.

    Raises:
        HaqError: the step does not divide 100.
    """
    if step < 1 or 100 % step:
        raise HaqError(f"a step of {step} percent does not divide 100; take 1, 2, 4, 5 or 10")
    import polars as pl

    last = 100 - step

    def lower_edge(part: str, whole: str) -> pl.Expr:
        # Whole numbers only: a float would put 58 % of 50 into the cell below.
        cell = (pl.col(part) * 100).floordiv(pl.col(whole) * step) * step
        above = pl.col(part) > pl.col(whole)
        return pl.when(above).then(100).when(cell > last).then(last).otherwise(cell)

    usable = (pl.col(registered) > 0) & (pl.col(valid) > 0) & (pl.col(took_part) >= 0) & (pl.col(votes) >= 0)
    drawn = (
        frame.select(pl.col(registered, took_part, votes, valid).cast(pl.Int64))
        .filter(usable)
        .select(x=lower_edge(took_part, registered), y=lower_edge(votes, valid))
    )
    cells = drawn.group_by("x", "y").agg(stations=pl.len().cast(pl.Int64)).sort("x", "y")
    return Cells(
        frame=cells,
        over=int(cells.filter(pl.col("x") == 100)["stations"].sum()),
        over_share=int(cells.filter(pl.col("y") == 100)["stations"].sum()),
        missing=frame.height - drawn.height,
        of=frame.height,
    )


def turnout_share(
    frame: pl.DataFrame,
    *,
    registered: str,
    took_part: str,
    votes: str,
    valid: str,
    leader: str,
    language: Language,
    step: int = 2,
    width: int = 390,
    dark: bool = False,
) -> Picture:
    """Draw how many stations have which turnout and which share of one choice.

    Args:
        frame: one row a station.
        registered: column of registered voters [voters].
        took_part: column of voters who took part [voters].
        votes: column of the votes of the choice [votes].
        valid: column of all valid votes [votes].
        leader: name of the choice in the language of the picture.
        language: language of the fixed words.
        step: width of a cell [percent, a divisor of 100].
        width: width of the picture [pixels].
        dark: for a dark page.

    Returns:
        The picture. Stations above 100 % stand in an outer cell and are counted in
        words; those that have no turnout or share are counted in words.

    Raises:
        HaqError: the step does not divide 100.
    """
    cells = count_cells(
        frame, registered=registered, took_part=took_part, votes=votes, valid=valid, step=step
    )
    theme, title = choose(dark), say("turnout.title", language, leader=leader)
    canvas = Canvas(width, theme)
    drawn = cells.of - cells.missing
    sentences = [
        say("turnout.of", language, n=drawn, of=cells.of),
        say("turnout.over", language, n=cells.over),
    ]
    if cells.over_share:
        sentences.append(say("turnout.over_share", language, n=cells.over_share))
    if cells.missing:
        sentences.append(say("turnout.missing", language, n=cells.missing))
    if not drawn:
        empty = say("turnout.empty", language)
        canvas.heading(title, empty, *sentences)
        return canvas.finish(title, [empty, *sentences])
    limits = say("turnout.limits", language)
    canvas.heading(title, " ".join(sentences))
    _draw(canvas, cells, step, language)
    _legend(canvas, theme, language)
    canvas.paragraph(limits, color=theme.muted)
    x, y, most = cells.frame.sort("stations", "x", "y", descending=[True, False, False]).row(0)
    crowded = say("turnout.most", language, n=most, x=_span(x, step), y=_span(y, step))
    return canvas.finish(title, [*sentences, crowded, limits])


def _span(edge: int, step: int) -> str:
    return ">\u00a0100" if edge == 100 else f"{edge}\u2013{edge + step}"


def _draw(canvas: Canvas, cells: Cells, step: int, language: Language) -> None:
    theme = canvas.theme
    canvas.put(say("turnout.y", language), EDGE, canvas.y + LINE / 2, color=theme.muted)
    canvas.y += LINE + 4
    # A square, so that a percent is as long upward as across.
    side = min(canvas.width - 2 * EDGE - 34, 560)
    left, top = EDGE + 34, canvas.y + 10
    right, bottom = left + side, top + side
    # Beyond 100 % there is a gap and then one cell for everything above.
    gap = 2
    end = 100 + gap + max(step, 3)
    rows = [
        {
            "turnout": _span(x, step),
            "share": _span(y, step),
            "stations": stations,
            "x": x + gap if x == 100 else x,
            "x2": end if x == 100 else x + step,
            "y": y + gap if y == 100 else y,
            "y2": end if y == 100 else y + step,
            "fill": theme.steps[max(i for i, least in enumerate(SHADES) if stations >= least)],
        }
        for x, y, stations in cells.frame.iter_rows()
    ]
    across = {"domain": [0, end], "range": [left, right], "nice": False}
    upward = {"domain": [0, end], "range": [bottom, top], "nice": False}
    channels = {
        "x": {"field": "x", "type": "quantitative", "scale": across, "axis": None},
        "x2": {"field": "x2"},
        "y": {"field": "y", "type": "quantitative", "scale": upward, "axis": None},
        "y2": {"field": "y2"},
        "fill": exact("fill", "nominal", legend=None),
        "tooltip": [
            {"field": "turnout", "type": "nominal"},
            {"field": "share", "type": "nominal"},
            {"field": "stations", "type": "quantitative"},
        ],
    }
    canvas.add(layer_of(rows, {"type": "rect", "aria": False}, channels))
    for tick in (0, 20, 40, 60, 80, 100):
        x, y = left + tick * side / end, bottom - tick * side / end
        canvas.patch(x - 0.5, x + 0.5, top, bottom, theme.hairline)
        canvas.patch(left, right, y - 0.5, y + 0.5, theme.hairline)
        canvas.put(str(tick), x, bottom + 10, color=theme.muted, align="center")
        canvas.put(str(tick), left - 6, y, color=theme.muted, align="right")
    if cells.over:
        canvas.put(">100", right, top - 8, color=theme.accent, align="right")
    if cells.over_share:
        canvas.put(">100", left - 6, top + 2, color=theme.accent, align="right")
    canvas.y = bottom + 20
    canvas.put(say("turnout.x", language), right, canvas.y + LINE / 2, color=theme.muted, align="right")
    canvas.y += LINE + 8


def _legend(canvas: Canvas, theme: Theme, language: Language) -> None:
    canvas.paragraph(say("turnout.cell", language), color=theme.muted)
    each = min(100, (canvas.width - 2 * EDGE) / len(SHADES))
    for index, (least, color) in enumerate(zip(SHADES, theme.steps, strict=True)):
        x = EDGE + index * each
        most = SHADES[index + 1] - 1 if index + 1 < len(SHADES) else None
        label = (
            f"{number(least, language)}\u2013{number(most, language)}"
            if most
            else f"{number(least, language)}+"
        )
        canvas.patch(x, x + each - 4, canvas.y, canvas.y + 8, color)
        canvas.put(label, x, canvas.y + 18, size=SMALL - 1, color=theme.muted)
    canvas.y += 34
