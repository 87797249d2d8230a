"""The picture that goes along when somebody shares a page: 1200 by 630, as telephones show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from haq.charts.lettering import the_font
from haq.charts.theme import LIGHT
from haq.charts.words import Language, number

WIDTH, HEIGHT = 1200, 630
EDGE = 64
#: Strokes around bold letters, as a share of the em.
BOLD = 0.03


@dataclass(frozen=True)
class CardBar:
    """Votes of one choice on the stations that have copies.

    Attributes:
        name: of the choice, in the language of the card.
        copies: votes by the copies [votes].
        declared: votes declared on the same stations [votes].
        difference: declared minus copies, in words of that language, beginning with its sign.
        place: place on the ballot paper from 0, for the colour.
    """

    name: str
    copies: int
    declared: int
    difference: str
    place: int = 0


@dataclass(frozen=True)
class Card:
    """A share card.

    Attributes:
        svg: the card with its letters as outlines.
        text: the same in words.
    """

    svg: str
    text: str

    def png(self) -> bytes:
        """Turn the card into a PNG of 1200 by 630 pixels; the same card gives the same bytes."""
        import vl_convert  # slow to load

        return bytes(vl_convert.svg_to_png(self.svg))


def share_card(
    title: str,
    under: str,
    coverage: str,
    bars: Sequence[CardBar],
    language: Language,
    *,
    words: tuple[str, str],
    note: str = "",
) -> Card:
    """Draw a share card: what it is about, n of N, and two bars for each of a few choices.

    Args:
        title: the election, or an area of it.
        under: what stands below the title, such as the day.
        coverage: how many protocols of how many there are copies of.
        bars: the choices, in the order to draw them; only as many as fit, at most three.
        language: how numbers are written.
        words: what the two bars of a choice are called: copies, declared.
        note: last line.

    Returns:
        The card. It is drawn on light paper, because whoever shows it chooses the surroundings.
    """
    sheet = _Sheet()
    y = 44.0
    for line in sheet.wrap(title, 44, lines=2):
        y += 38
        sheet.put(line, EDGE, y, 44, bold=True)
        y += 16
    if under:
        y += 22
        sheet.put(under, EDGE, y, 28, color=LIGHT.muted)
        y += 10
    y += 12
    sheet.rule(y)
    y += 44
    sheet.put(coverage, EDGE, y, 32)
    y += 12
    room = HEIGHT - (76 if note else 28) - y
    shown = list(bars[: max(1, min(3, int(room // 98)))])
    sentences = [title, under, coverage]
    largest = max((1, *(abs(v) for bar in shown for v in (bar.copies, bar.declared))))
    # A long name of an organisation is cut rather than let the bars shrink to nothing.
    label = min(300.0, max(sheet.font.width(word, 22) for word in words))
    left = EDGE + 12 + label
    right = WIDTH - EDGE - 170
    for bar in shown:
        y += 34
        ink = LIGHT.muted if bar.copies == bar.declared else LIGHT.accent
        taken = sheet.put(bar.difference, WIDTH - EDGE, y, 28, bold=True, color=ink, right=True)
        sheet.put(bar.name, EDGE, y, 28, bold=True, room=WIDTH - 2 * EDGE - taken - 32)
        y += 10
        color = LIGHT.choices[bar.place % len(LIGHT.choices)]
        for word, votes, open_bar in ((words[0], bar.copies, False), (words[1], bar.declared, True)):
            sheet.put(word, EDGE, y + 20, 22, color=LIGHT.muted, room=label + 1)
            length = (right - left) * abs(votes) / largest
            sheet.bar(left, y + 3, length, 20, color, open_bar)
            sheet.put(number(votes, language), WIDTH - EDGE, y + 21, 24, right=True)
            y += 27
        sentences.append(
            f"{bar.name}: {words[0]} {number(bar.copies, language)}, "
            f"{words[1]} {number(bar.declared, language)}; {bar.difference}"
        )
    if note:
        sheet.put(note, EDGE, HEIGHT - 40, 22, color=LIGHT.muted)
        sentences.append(note)
    text = ". ".join(sentence.rstrip(".: ") for sentence in sentences if sentence) + "."
    return Card(sheet.svg(text), text)


class _Sheet:
    """A card in the making."""

    def __init__(self) -> None:
        self.font = the_font()
        self._parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT.paper}"/>']
        self._parts.append(f'<rect width="12" height="{HEIGHT}" fill="{LIGHT.accent}"/>')

    def wrap(self, text: str, size: float, lines: int) -> list[str]:
        """Break a text into lines that fit; what is too long for the last one is cut there."""
        found: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.font.width(longer, size) > WIDTH - 2 * EDGE and len(found) < lines - 1:
                found.append(line)
                longer = word
            line = longer
        return [*found, line]

    def put(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        color: str = LIGHT.ink,
        bold: bool = False,
        right: bool = False,
        room: float = WIDTH - 2 * EDGE,
    ) -> float:
        """Put a line of text on the baseline ``y``, smaller or cut where it does not fit; give its width."""
        while size > 20 and self._width(text, size) > room:
            size -= 1
        if self._width(text, size) > room:
            while text and self._width(text + "…", size) > room:
                text = text[:-1]
            text = text.rstrip() + "…"
        width = self._width(text, size)
        x = x - width if right else x
        scale = size / self.font.em
        look = f'fill="{color}"'
        if bold:
            look += f' stroke="{color}" stroke-width="{BOLD * self.font.em:g}" stroke-linejoin="round"'
        self._parts.append(f"<g {look}>")
        for sign in text:
            if sign in "▲▼":  # no font of letters has them
                self._parts.append(_triangle(sign, x, y, size))
                x += 0.9 * size
                continue
            letter = self.font.letter(sign)
            if letter.path:
                place = f"translate({x:.2f} {y:.2f}) scale({scale:g})"
                self._parts.append(f'<path transform="{place}" d="{letter.path}"/>')
            x += letter.advance * scale
        self._parts.append("</g>")
        return width

    def _width(self, text: str, size: float) -> float:
        marks = sum(sign in "▲▼" for sign in text)
        return self.font.width("".join(s for s in text if s not in "▲▼"), size) + marks * 0.9 * size

    def bar(self, x: float, y: float, width: float, height: float, color: str, open_bar: bool) -> None:
        """Put a bar; an open one is an outline."""
        fill = LIGHT.paper if open_bar else color
        self._parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:g}" '
            f'fill="{fill}" stroke="{color}" stroke-width="3"/>'
        )

    def rule(self, y: float) -> None:
        """Put a hairline over the whole width."""
        self._parts.append(
            f'<rect x="{EDGE}" y="{y:g}" width="{WIDTH - 2 * EDGE}" height="2" fill="{LIGHT.hairline}"/>'
        )

    def svg(self, text: str) -> str:
        """Close the card."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(text)}">'
            f"{''.join(self._parts)}</svg>"
        )


def _triangle(sign: str, x: float, y: float, size: float) -> str:
    wide, high = 0.66 * size, 0.6 * size
    foot, tip = (y, y - high) if sign == "▲" else (y - high, y)
    d = f"M{x:.2f} {foot:.2f}L{x + wide:.2f} {foot:.2f}L{x + wide / 2:.2f} {tip:.2f}Z"
    return f'<path stroke="none" d="{d}"/>'
