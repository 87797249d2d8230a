"""Draws a copy of a protocol as a picture: a typed sheet that says everywhere that it is synthetic."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from struct import pack, unpack_from
from xml.sax.saxutils import escape

import numpy as np

from haq.law import load_profile
from haq.synthetic.form import LINES
from haq.synthetic.records import Photograph
from haq.synthetic.spec import Spec

#: The law profile whose form the sheet follows.
LAW = "kz-majilis-2021"
#: Size of a picture [pixels].
WIDTH, HEIGHT = 560, 770
# Where the rows of figures begin and end.
_TOP, _BOTTOM = 178, HEIGHT - 50
_SYNTHETIC = "ЖАСАНДЫ ДЕРЕКТЕР · СИНТЕТИЧЕСКИЕ ДАННЫЕ · SYNTHETIC DATA"
_TITLES = ("Дауыс беру нәтижелерінің хаттамасы", "Протокол о результатах голосования")
_TABLE, _PAPER, _INK, _RULE = "#8d8a83", "#f6f3ea", "#1d1c1a", "#b9b5aa"


class Sheets:
    """Draws the sheets of one election: the printed form once, and on it what each copy says.

    Args:
        spec: the specification.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._rows = {key: number for number, (key, _, _) in enumerate(_labels(spec))}
        self._step = (_BOTTOM - _TOP) / len(self._rows)
        self._form = b64encode(_render(self._svg(self._printed()))).decode()

    def draw(
        self, one: Photograph, copy: Mapping[str, object], *, unreadable: Collection[str], place: str
    ) -> bytes:
        """Draw the sheet of a copy.

        Args:
            one: the picture.
            copy: row of the copy: figures by line and choice, None where there is none.
            unreadable: lines and choices whose figure cannot be read.
            place: where the station is.

        Returns:
            PNG of ``WIDTH`` by ``HEIGHT`` pixels; the same on the same machine. No person stands on it.
        """
        form = f'<image width="{WIDTH}" height="{HEIGHT}" href="data:image/png;base64,{self._form}"/>'
        return _grey(_render(self._svg([form, *self._typed(one, copy, unreadable, place)])))

    @staticmethod
    def _svg(parts: Iterable[str]) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
            f'<g font-family="Noto Sans, sans-serif">{"".join(parts)}</g></svg>'
        )

    def _printed(self) -> Iterator[str]:
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_TABLE}"/>'
        yield f'<rect x="14" y="14" width="{WIDTH - 28}" height="{HEIGHT - 28}" fill="{_PAPER}"/>'
        yield _text(40, _SYNTHETIC, size=13)
        yield _text(70, _TITLES[0], size=17)
        yield _text(92, _TITLES[1], size=17)
        for number, (_, kk, ru) in enumerate(_labels(self._spec), 1):
            base = _TOP + self._step * number
            yield f'<path d="M30 {base:.1f}H{WIDTH - 30}" stroke="{_RULE}"/>'
            yield _text(base - self._step / 2, f"{number}. {kk}", size=10.5, x=34, anchor="start")
            yield _text(base - self._step / 2 + 12, ru, size=10.5, x=34, anchor="start")
        yield _text(HEIGHT - 28, _SYNTHETIC, size=13)

    def _typed(
        self, one: Photograph, copy: Mapping[str, object], unreadable: Collection[str], place: str
    ) -> Iterator[str]:
        organisation = next(o.name for o in self._spec.organisations if o.key == one.organisation)
        yield _text(120, f"№ {one.station}", size=20)
        yield _text(141, place, size=12)
        yield _text(159, f"{organisation.kk} · {organisation.ru}", size=12)
        for key, row in self._rows.items():
            middle = _TOP + self._step * (row + 0.5)
            if copy[key] is not None:
                yield _text(middle + 7, str(copy[key]), size=18, x=WIDTH - 40, anchor="end")
            elif key in unreadable:
                # A blot: there was a figure, and nobody can say which.
                yield (
                    f'<path d="M{WIDTH - 90} {middle:.1f}q8 -12 14 0t12 -2t14 3t10 -4" stroke="{_INK}" '
                    'stroke-width="7" fill="none" stroke-linecap="round"/>'
                )


def _labels(spec: Spec) -> Iterator[tuple[str, str, str]]:
    names = {line.key: line.name for line in load_profile(LAW).form("station").lines}
    for line in LINES:
        yield line, names[line].kk, names[line].ru
    for choice in spec.choices:
        yield choice.key, choice.name.kk, choice.name.ru


def _text(y: float, text: str, *, size: float, x: int = WIDTH // 2, anchor: str = "middle") -> str:
    place = f'x="{x}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{_INK}">{escape(text)}</text>'


@cache
def _bring_font() -> None:
    """Make the font of ``fontpkg-noto-sans`` known, where it is installed: machines have other fonts."""
    if find_spec("fontpkg_noto_sans") is not None:
        import vl_convert

        vl_convert.register_font_directory(str(files("fontpkg_noto_sans") / "files"))


def _render(svg: str) -> bytes:
    import vl_convert  # slow to load

    _bring_font()
    return bytes(vl_convert.svg_to_png(svg))


def _grey(png: bytes) -> bytes:
    """Make a picture grey, as a photocopy is: a sixth of its bytes.

    The renderer writes RGBA in rows that are differences to the pixel on the left (filter 1); where it
    does not, the picture stays as it is.

    Source: W3C, Portable Network Graphics Specification (third edition), sections 5, 9 and 11.2.1.
    """
    width, height, depth, kind = unpack_from(">IIBB", png, 16)
    pixels, at = b"", 8
    while at < len(png):
        length, name = unpack_from(">I4s", png, at)
        pixels += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    rows = np.frombuffer(zlib.decompress(pixels), dtype=np.uint8).reshape(height, -1)
    if (depth, kind) != (8, 6) or (rows[:, 0] != 1).any():
        return png
    colours = np.cumsum(rows[:, 1:].reshape(height, width, 4), axis=1, dtype=np.uint8)
    grey = np.insert(colours[:, :, 1], 0, 0, axis=1)  # filter 0 before each row
    parts = (
        (b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(grey.tobytes(), 9)),
        (b"IEND", b""),
    )
    return png[:8] + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
