"""Rows of text and bars on a sheet of fixed width.

Positions are laid out here in pixels, so a picture looks the same whatever fonts the
machine has, and long names wrap instead of being cut off.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from haq.charts.picture import Picture
from haq.charts.theme import FONT, Theme

EDGE = 12
LINE = 17
SMALL = 12
BODY = 13
HEAD = 16
# Mean width of a letter in wide system fonts, as a share of the font size.
LETTER = {"normal": 0.56, "bold": 0.61}
Weight = Literal["normal", "bold"]
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
_OWN_SCALES: Final = {"scale": dict.fromkeys(("x", "y", "color", "fill", "size"), "independent")}


class Canvas:
    """A picture in the making: text and rectangles from top to bottom.

    Args:
        width: width of the picture [pixels, >= 240].
        theme: colours.
    """

    def __init__(self, width: int, theme: Theme) -> None:
        self.width = width
        self.theme = theme
        self.y = EDGE
        self._texts: list[dict[str, Any]] = []
        self._bars: list[dict[str, Any]] = []
        self._layers: list[dict[str, Any]] = []

    def wrap(self, text: str, size: int, weight: Weight = "normal") -> list[str]:
        """Break a text into lines that fit between the edges."""
        room = (self.width - 2 * EDGE) / (size * LETTER[weight])
        return textwrap.wrap(text, max(8, int(room))) or [""]

    def put(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: int = SMALL,
        color: str | None = None,
        weight: Weight = "normal",
        align: Literal["left", "right", "center"] = "left",
    ) -> None:
        """Put one line of text with its middle at ``y``."""
        self._texts.append(
            {
                "text": text,
                "x": x,
                "y": y,
                "size": size,
                "color": color or self.theme.ink,
                "weight": weight,
                "align": align,
            }
        )

    def paragraph(
        self,
        text: str,
        *,
        size: int = SMALL,
        color: str | None = None,
        weight: Weight = "normal",
    ) -> None:
        """Put a wrapped text over the whole width and move down below it."""
        step = LINE + size - SMALL
        for line in self.wrap(text, size, weight):
            self.put(line, EDGE, self.y + step / 2, size=size, color=color, weight=weight)
            self.y += step

    def heading(self, title: str, *subtitles: str) -> None:
        """Put the title and what it is out of."""
        self.paragraph(title, size=HEAD, weight="bold")
        for subtitle in subtitles:
            self.paragraph(subtitle, color=self.theme.muted)
        self.y += 8

    def bar(
        self,
        x: float,
        x2: float,
        y: float,
        height: float,
        color: str,
        *,
        open: bool = False,
        **facts: int | str,
    ) -> None:
        """Put a bar from ``x`` to ``x2``; an open one is an outline. ``facts`` go along as data."""
        self._rectangle(x, x2, y, y + height, self.theme.paper if open else color, color, facts)

    def patch(self, x: float, x2: float, y: float, y2: float, color: str) -> None:
        """Put a patch without an outline: a hairline, or a shade of the legend."""
        self._rectangle(x, x2, y, y2, color, "transparent", {})

    def _rectangle(
        self, x: float, x2: float, y: float, y2: float, fill: str, stroke: str, facts: Mapping[str, int | str]
    ) -> None:
        place = {"x": min(x, x2), "x2": max(x, x2), "y": y, "y2": y2}
        self._bars.append({**facts, **place, "fill": fill, "stroke": stroke})

    def add(self, layer: dict[str, Any]) -> None:
        """Add a layer with scales of its own, see ``layer_of``."""
        self._layers.append(layer)

    def finish(self, title: str, sentences: Sequence[str]) -> Picture:
        """Close the picture.

        Args:
            title: its title.
            sentences: the same in words.

        Returns:
            The picture, as high as what was put on it.
        """
        layers: list[dict[str, Any]] = []
        place = {"x": exact("x", "quantitative", axis=None), "y": exact("y", "quantitative", axis=None)}
        if self._bars:
            mark = {"type": "rect", "strokeWidth": 1.5, "aria": False}
            paint = {key: exact(key, "nominal", legend=None) for key in ("fill", "stroke")}
            layers.append(
                layer_of(self._bars, mark, {**place, "x2": {"field": "x2"}, "y2": {"field": "y2"}, **paint})
            )
        layers += self._layers
        # One layer for each look, because weight and alignment are no channels.
        looks = sorted({(text["align"], text["weight"]) for text in self._texts})
        for align, weight in looks:
            values = [
                {key: text[key] for key in ("text", "x", "y", "size", "color")}
                for text in self._texts
                if (text["align"], text["weight"]) == (align, weight)
            ]
            mark = {
                "type": "text",
                "align": align,
                "baseline": "middle",
                "font": FONT,
                "fontWeight": weight,
            }
            channels = {
                **place,
                "text": {"field": "text", "type": "nominal"},
                "size": exact("size", "quantitative", legend=None),
                "color": exact("color", "nominal", legend=None),
            }
            layers.append(layer_of(values, mark, channels))
        words = " ".join(sentences)
        spec = {
            "$schema": _SCHEMA,
            "layer": layers,
            "resolve": _OWN_SCALES,
            "width": self.width,
            "height": int(self.y + EDGE),
            "padding": 0,
            "autosize": {"type": "none"},
            "background": self.theme.paper,
            "description": f"{title}. {words}",
            # Everything about the look is said here, nothing is left to a global theme.
            "config": {"view": {"stroke": None}, "font": FONT, "axis": axis_look(self.theme)},
        }
        return Picture(spec=spec, title=title, text=f"{title}. {words}")


def exact(field: str, kind: Literal["quantitative", "nominal"], **more: object) -> dict[str, Any]:
    """Describe a channel that shows a column as it is: a position in pixels, a colour."""
    return {"field": field, "type": kind, "scale": None, **more}


def layer_of(
    values: Sequence[Mapping[str, Any]], mark: Mapping[str, Any], channels: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a layer of a picture in the words of Vega-Lite.

    Args:
        values: a row a mark.
        mark: what is drawn of each row.
        channels: how the columns decide its look.
    """
    return {"data": {"values": list(values)}, "mark": dict(mark), "encoding": dict(channels)}


def axis_look(theme: Theme) -> dict[str, Any]:
    """Describe axes: hairlines, and labels in muted ink."""
    return {
        "domainColor": theme.muted,
        "gridColor": theme.hairline,
        "tickColor": theme.muted,
        "labelColor": theme.muted,
        "titleColor": theme.ink,
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
    }
