"""The picture that goes along when somebody shares a page: 1200 by 630, as telephones show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from haq.charts.lettering import the_font
from haq.charts.painter import png_of
from haq.charts.theme import LIGHT
from haq.charts.words import Language, number

WIDTH, HEIGHT = 1200, 630
EDGE = 64
#: Strokes around bold letters, as a share of the em.
BOLD = 0.03
#: Height of the band over the whole width [pixels].
BAND = 48
#: Heights of a line of a choice's name, and of its two bars with the space around them [pixels].
NAME, PAIR = 34, 64


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
        return png_of(self.svg)


def share_card(
    title: str,
    under: str,
    coverage: str,
    bars: Sequence[CardBar],
    language: Language,
    *,
    words: tuple[str, str],
    makers: str = "",
    note: str = "",
    band: str = "",
    shown_of: Callable[[int], str] | None = None,
) -> Card:
    """Draw a share card: what it is about, n of N, and two bars for each of a few choices.

    Args:
        title: the election, or an area of it.
        under: what stands below the title, such as the day.
        coverage: how many protocols of how many there are copies of.
        bars: the choices, in the order to draw them; only as many as fit, at most three.
        language: how numbers are written.
        words: what the two bars of a choice are called: copies, declared.
        makers: whose copies these are.
        note: last line.
        band: what nobody may miss, over the whole width: that the data are made up.
        shown_of: says how many choices are shown of how many there are; called with the former.

    Returns:
        The card. It is drawn on light paper, because whoever shows it chooses the surroundings. What is
        cut on it stands whole in its words.
    """
    sheet = _Sheet()
    y = 44.0
    if band:
        sheet.band(band)
        y = BAND + 18.0
    for line in sheet.wrap(title, 44, lines=2):
        y += 38
        sheet.put(line, EDGE, y, 44, bold=True)
        y += 16
    if under:
        y += 22
        sheet.put(under, EDGE, y, 28, color=LIGHT.muted)
        y += 10
    if makers:
        y += 22
        sheet.put(makers, EDGE, y, 22, color=LIGHT.muted)
        y += 10
    y += 12
    sheet.rule(y)
    y += 44
    sheet.put(coverage, EDGE, y, 32)
    y += 12
    room = HEIGHT - (72 if note or shown_of else 28) - y
    shown = _fitting(sheet, bars[:3], room)
    sentences = [band, title, under, makers, coverage]
    largest = max((1, *(abs(v) for bar in shown for v in (bar.copies, bar.declared))))
    # A long name of an organisation is cut rather than let the bars shrink to nothing.
    label = min(300.0, max(sheet.font.width(word, 22) for word in words))
    left = EDGE + 12 + label
    right = WIDTH - EDGE - 170
    for bar in shown:
        ink = LIGHT.muted if bar.copies == bar.declared else LIGHT.accent
        sheet.put(bar.difference, WIDTH - EDGE, y + NAME, 28, bold=True, color=ink, right=True)
        size, lines = _name(sheet, bar)
        for place, line in enumerate(lines):
            y += NAME
            # Only the first line has the difference beside it.
            sheet.put(line, EDGE, y, size, bold=True, room=WIDTH - 2 * EDGE if place else _room(sheet, bar))
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
    notes = [shown_of(len(shown))] if shown_of and shown else []
    if note:
        notes.append(note)
    if notes:
        sheet.put(" ".join(notes), EDGE, HEIGHT - 36, 22, color=LIGHT.muted)
        sentences += notes
    text = ". ".join(sentence.rstrip(".: ") for sentence in sentences if sentence) + "."
    return Card(sheet.svg(text), text)


def _room(sheet: _Sheet, bar: CardBar) -> float:
    """Say how much room the name of a choice has beside its difference [pixels]."""
    return WIDTH - 2 * EDGE - sheet.width(bar.difference, 28) - 32


def _name(sheet: _Sheet, bar: CardBar) -> tuple[int, list[str]]:
    """Break the name of a choice into at most two lines, smaller where that keeps it whole."""
    for size in (28, 24, 20):
        lines = sheet.wrap(bar.name, size, lines=2, room=_room(sheet, bar))
        if sheet.width(lines[-1], size) <= (_room(sheet, bar) if len(lines) == 1 else WIDTH - 2 * EDGE):
            break
    return size, lines


def _fitting(sheet: _Sheet, bars: Sequence[CardBar], room: float) -> list[CardBar]:
    """Keep the first choices that fit, and at least one."""
    shown: list[CardBar] = []
    for bar in bars:
        room -= NAME * len(_name(sheet, bar)[1]) + PAIR
        if shown and room < 0:
            break
        shown.append(bar)
    return shown


class _Sheet:
    """A card in the making."""

    def __init__(self) -> None:
        self.font = the_font()
        self._parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT.paper}"/>']
        self._parts.append(f'<rect width="12" height="{HEIGHT}" fill="{LIGHT.accent}"/>')

    def wrap(self, text: str, size: float, lines: int, room: float = WIDTH - 2 * EDGE) -> list[str]:
        """Break a text into lines that fit; what is too long for the last one is cut there."""
        found: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.font.width(longer, size) > room and len(found) < lines - 1:
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
        while size > 20 and self.width(text, size) > room:
            size -= 1
        if self.width(text, size) > room:
            while text and self.width(text + "…", size) > room:
                text = text[:-1]
            text = text.rstrip() + "…"
        width = self.width(text, size)
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

    def width(self, text: str, size: float) -> float:
        """Measure a line of text with its marks [pixels]."""
        marks = sum(sign in "▲▼" for sign in text)
        return self.font.width("".join(s for s in text if s not in "▲▼"), size) + marks * 0.9 * size

    def bar(self, x: float, y: float, width: float, height: float, color: str, open_bar: bool) -> None:
        """Put a bar; an open one is an outline."""
        fill = LIGHT.paper if open_bar else color
        self._parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:g}" '
            f'fill="{fill}" stroke="{color}" stroke-width="3"/>'
        )

    def band(self, text: str) -> None:
        """Put a band with a text over the whole width at the top."""
        self._parts.append(f'<rect width="{WIDTH}" height="{BAND}" fill="{LIGHT.accent}"/>')
        self.put(text, EDGE, BAND - 15, 26, color=LIGHT.paper, bold=True)

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
