"""Letters as outlines, so that a picture is the same on a machine with other fonts or none.

Reads the parts of a TrueType file that outlines need. Weight is added by stroking an outline,
and there is no kerning: enough for the few lines of a share card.

Source: OpenType specification 1.9, tables cmap, glyf, head, hmtx, loca.
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.resources import files
from typing import NamedTuple

#: The package that brings the font, and the file in it.
PACKAGE, FILE = "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"
Point = tuple[float, float, bool]
# Flags of a part of a composite glyph.
_WORDS, _XY, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x1, 0x2, 0x8, 0x20, 0x40, 0x80


class Letter(NamedTuple):
    """A letter: its outline as SVG path data with the baseline at 0, and how far it moves on.

    Both in units of the font, ``Font.em`` of them a font size. ``y`` points down.
    """

    path: str
    advance: int


class Font:
    """A TrueType font.

    Args:
        data: the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        count = struct.unpack_from(">H", data, 4)[0]
        self._tables = {}
        for index in range(count):
            tag, _, start, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
            self._tables[tag] = start
        head = self._tables[b"head"]
        self.em: int = struct.unpack_from(">H", data, head + 18)[0]
        self._long = struct.unpack_from(">h", data, head + 50)[0] == 1
        self._wide: int = struct.unpack_from(">H", data, self._tables[b"hhea"] + 34)[0]
        self._glyphs = self._read_cmap(self._tables[b"cmap"])
        self._letters: dict[str, Letter] = {}

    def has(self, letter: str) -> bool:
        """Tell whether the font has an outline for a letter."""
        return ord(letter) in self._glyphs

    def letter(self, letter: str) -> Letter:
        """Give a letter; one that the font does not have is an empty box."""
        if letter not in self._letters:
            glyph = self._glyphs.get(ord(letter), 0)
            last = min(glyph, self._wide - 1)
            advance = struct.unpack_from(">H", self._data, self._tables[b"hmtx"] + 4 * last)[0]
            path = "".join(_path(contour) for contour in self._contours(glyph))
            self._letters[letter] = Letter(path, advance)
        return self._letters[letter]

    def width(self, text: str, size: float) -> float:
        """Measure a line of text [pixels] at a font size [pixels]."""
        return sum(self.letter(letter).advance for letter in text) * size / self.em

    def _read_cmap(self, table: int) -> dict[int, int]:
        data = self._data
        starts = {}
        for index in range(struct.unpack_from(">H", data, table + 2)[0]):
            platform, encoding, start = struct.unpack_from(">HHL", data, table + 4 + 8 * index)
            starts[platform, encoding] = table + start
        at = starts.get((3, 1)) or starts[0, 3]
        # Format 4: segments of the characters up to U+FFFF.
        segments = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends, firsts, deltas, offsets = (
            struct.unpack_from(f">{segments}{kind}", data, at + 14 + 2 * segments * part + (2 if part else 0))
            for part, kind in enumerate("HHhH")
        )
        found = {}
        for index in range(segments):
            for code in range(firsts[index], min(ends[index], 0xFFFE) + 1):
                glyph = code
                if offsets[index]:
                    place = at + 16 + 6 * segments + 2 * index + offsets[index] + 2 * (code - firsts[index])
                    glyph = struct.unpack_from(">H", data, place)[0]
                    if not glyph:
                        continue
                if (glyph + deltas[index]) & 0xFFFF:
                    found[code] = (glyph + deltas[index]) & 0xFFFF
        return found

    def _contours(self, glyph: int) -> list[list[Point]]:
        step, kind = (4, ">LL") if self._long else (2, ">HH")
        start, end = struct.unpack_from(kind, self._data, self._tables[b"loca"] + step * glyph)
        if start == end:
            return []
        at = self._tables[b"glyf"] + (start if self._long else 2 * start)
        count = struct.unpack_from(">h", self._data, at)[0]
        return self._simple(at + 10, count) if count >= 0 else self._composite(at + 10)

    def _simple(self, at: int, count: int) -> list[list[Point]]:
        data = self._data
        ends = struct.unpack_from(f">{count}H", data, at)
        at += 2 * count
        at += 2 + struct.unpack_from(">H", data, at)[0]
        size = ends[-1] + 1 if ends else 0
        flags: list[int] = []
        while len(flags) < size:
            flag = data[at]
            at += 1
            repeat = 0
            if flag & 8:
                repeat, at = data[at], at + 1
            flags += [flag] * (repeat + 1)
        axes: list[list[int]] = []
        for short, same in ((2, 16), (4, 32)):
            values, value = [], 0
            for flag in flags:
                if flag & short:
                    value += data[at] if flag & same else -data[at]
                    at += 1
                elif not flag & same:
                    value += struct.unpack_from(">h", data, at)[0]
                    at += 2
                values.append(value)
            axes.append(values)
        points = [(float(x), float(-y), bool(f & 1)) for x, y, f in zip(*axes, flags, strict=True)]
        return [points[a:b] for a, b in zip((0, *(e + 1 for e in ends)), (e + 1 for e in ends), strict=False)]

    def _composite(self, at: int) -> list[list[Point]]:
        data, found = self._data, []
        more = True
        while more:
            flags, glyph = struct.unpack_from(">HH", data, at)
            dx, dy = struct.unpack_from(">hh" if flags & _WORDS else ">bb", data, at + 4)
            at += 8 if flags & _WORDS else 6
            a, b, c, d = 1.0, 0.0, 0.0, 1.0
            if flags & _SCALE:
                a = d = struct.unpack_from(">h", data, at)[0] / 16384
                at += 2
            elif flags & _XY_SCALE:
                a, d = (value / 16384 for value in struct.unpack_from(">hh", data, at))
                at += 4
            elif flags & _TWO_BY_TWO:
                a, b, c, d = (value / 16384 for value in struct.unpack_from(">hhhh", data, at))
                at += 8
            if not flags & _XY:  # placed by matching points, which no letter here needs
                dx = dy = 0
            # y already points down, so the mixed terms and the shift change their sign.
            found += [
                [(a * x - c * y + dx, d * y - b * x - dy, on) for x, y, on in contour]
                for contour in self._contours(glyph)
            ]
            more = bool(flags & _MORE)
        return found


def _path(contour: list[Point]) -> str:
    """Write a closed contour of quadratic curves; two handles in a row have a point between them."""
    if not contour:
        return ""
    whole: list[Point] = []
    for index, (x, y, on) in enumerate(contour):
        before = contour[index - 1]
        if not on and not before[2]:
            whole.append(((x + before[0]) / 2, (y + before[1]) / 2, True))
        whole.append((x, y, on))
    first = next(index for index, point in enumerate(whole) if point[2])
    whole = whole[first:] + whole[:first]
    steps = [f"M{whole[0][0]:g} {whole[0][1]:g}"]
    index = 1
    while index < len(whole):
        x, y, on = whole[index]
        if on:
            steps.append(f"L{x:g} {y:g}")
            index += 1
            continue
        to = whole[(index + 1) % len(whole)]
        steps.append(f"Q{x:g} {y:g} {to[0]:g} {to[1]:g}")
        index += 2
    return "".join(steps) + "Z"


@cache
def the_font() -> Font:
    """Read the font that all share cards are lettered in."""
    return Font(files(PACKAGE).joinpath(FILE).read_bytes())
