"""Share cards: n of N, both bars, signed differences, and the same bytes on any machine."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from haq.charts.card import HEIGHT, WIDTH, Card, CardBar, share_card
from haq.charts.lettering import the_font
from haq.charts.theme import LIGHT

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
BARS = [
    CardBar("Қыран", 3000, 3330, "▲ +330 declared above the copies", 0),
    CardBar("Бүркіт", 640, 500, "▼ −140 declared below the copies", 1),
    CardBar("Third", 70, 70, "= 0 the same on both", 2),
    CardBar("Fourth", 7, 7, "= 0 the same on both", 3),
]


def card(title: str = "Election", bars: list[CardBar] = BARS, note: str = "No sample.") -> Card:
    return share_card(
        title,
        "10 January 2021",
        "Copies of 97 of 3,374.",
        bars,
        "en",
        words=("copies", "declared"),
        note=note,
    )


def rectangles(one: Card) -> list[dict[str, str]]:
    root = ET.fromstring(one.svg)  # noqa: S314  (our own text)
    return [node.attrib for node in root.iter() if node.tag.endswith("rect")]


def test_the_font_has_every_letter_that_a_card_needs() -> None:
    font = the_font()
    needed = KAZAKH + "АБВЯабвяёЁABCabc0123456789+−–—«»№·…()%.,:áñż"
    assert [letter for letter in needed if not font.has(letter)] == []
    assert not font.has("▲")  # which is why cards draw it themselves


def test_letters_are_outlines_and_kazakh_ones_differ_from_the_empty_box() -> None:
    font = the_font()
    box = font.letter("\ue000").path
    paths = {letter: font.letter(letter).path for letter in KAZAKH}
    assert all(path and path != box for path in paths.values())
    # A look-alike of a Latin letter is drawn like it.
    assert font.letter("һ").advance == font.letter("h").advance
    assert font.width("10", 20) == 2 * font.width("1", 20)  # tabular figures
    # "ё" is made of two parts: its outline holds that of "е".
    assert paths and font.letter("е").path in font.letter("ё").path


def test_no_text_is_left_to_the_fonts_of_a_machine() -> None:
    assert "<text" not in card(KAZAKH).svg


def test_a_card_is_a_png_of_the_size_that_telephones_show() -> None:
    png = card(KAZAKH).png()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert png == card(KAZAKH).png()


def test_bars_are_as_long_as_the_votes_and_copies_are_filled() -> None:
    bars = [r for r in rectangles(card()) if r.get("stroke-width") == "3"]
    widths = [float(r["width"]) for r in bars]
    assert len(bars) == 6  # three choices fit
    assert abs(widths[0] / widths[1] - 3000 / 3330) < 1e-3
    assert abs(widths[2] / widths[1] - 640 / 3330) < 1e-3
    assert [r["fill"] == LIGHT.paper for r in bars] == [False, True] * 3


def test_the_words_of_a_card_say_all_of_it() -> None:
    text = card().text
    assert text.startswith(
        "Election. 10 January 2021. Copies of 97 of 3,374. Қыран: copies 3,000, declared 3,330;"
    )
    assert "▼ −140 declared below the copies" in text
    assert "Fourth" not in text
    assert text.endswith("No sample.")


def test_a_card_without_copies_has_no_bars() -> None:
    one = card(bars=[])
    assert [r for r in rectangles(one) if r.get("stroke-width") == "3"] == []
    assert "Copies of 97 of 3,374." in one.text


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=200), st.integers(-5, 10**9), st.integers(-5, 10**9))
def test_nothing_leaves_the_sheet(title: str, copies: int, declared: int) -> None:
    one = share_card(
        "".join(c for c in title if c.isprintable()),
        "",
        "",
        [CardBar("N" * 90, copies, declared, "▲ +1", 7)],
        "ru",
        words=("M" * 60, "declared"),
    )
    for r in rectangles(one):
        assert float(r["width"]) >= 0
        assert float(r.get("x", 0)) + float(r["width"]) <= WIDTH
    for x, y in re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", one.svg):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT


def test_a_band_runs_over_the_whole_width_and_comes_first_in_words() -> None:
    one = share_card("Election", "", "1 of 2", BARS, "en", words=("copies", "declared"), band="Made-up data.")
    bands = [r for r in rectangles(one) if float(r["width"]) == WIDTH and float(r["height"]) != HEIGHT]
    assert [r["fill"] for r in bands] == [LIGHT.accent]
    assert one.text.startswith("Made-up data. Election")
    assert LIGHT.accent not in {r["fill"] for r in rectangles(card()) if float(r["width"]) == WIDTH}


def test_a_card_says_how_many_choices_it_leaves_out() -> None:
    def shown(title: str) -> str:
        return share_card(
            title, "A day", "1 of 2", BARS, "en", words=("copies", "declared"), note="No sample.",
            band="Made-up data.", shown_of=lambda n: f"{n} of 4 lists.",
        ).text  # fmt: skip

    assert shown("Election").endswith("3 of 4 lists. No sample.")
    # A title of two lines leaves room for fewer, and the card counts those that it has.
    assert "2 of 4 lists" in shown(
        "The election of the deputies of the lower chamber of the parliament of 2021"
    )


def test_a_long_name_takes_two_lines_and_stands_whole_in_words() -> None:
    name = (
        "The party of all who live in the valley and on the hills around it, and of their friends and heirs"
    )
    one = card(bars=[CardBar(name, 5, 3, "▼ −2 declared below the copies", 0)])
    assert name in one.text
    letters = re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", one.svg)
    lines = {float(y) for x, y in letters if float(x) == 64.0}
    plain = {float(y) for x, y in re.findall(
        r"translate\(([-\d.]+) ([-\d.]+)\)", card(bars=[CardBar("P", 5, 3, "▼ −2", 0)]).svg
    ) if float(x) == 64.0}  # fmt: skip
    assert len(lines) == len(plain) + 1
