"""One look for all pictures: paper and ink, one accent, and colours in ballot order."""

from __future__ import annotations

from dataclasses import dataclass

FONT = "system-ui, Noto Sans, sans-serif"


@dataclass(frozen=True)
class Theme:
    """The colours of one variant, as hexadecimal RGB.

    Attributes:
        paper: background.
        ink: text, at least 4.5:1 on paper.
        muted: secondary text, at least 4.5:1 on paper.
        hairline: rules that carry no meaning.
        accent: differences, at least 4.5:1 on paper.
        choices: marks in ballot order, at least 3:1 on paper, told apart with any
            colour vision; beyond them the order starts again, and the name tells.
        steps: from few to many in a cell.
    """

    paper: str
    ink: str
    muted: str
    hairline: str
    accent: str
    choices: tuple[str, ...]
    steps: tuple[str, ...]


LIGHT = Theme(
    paper="#fbfaf6",
    ink="#1d1c1a",
    muted="#5d5a53",
    hairline="#d9d5cb",
    accent="#9a3412",
    choices=("#0072b2", "#934319", "#499b9b", "#6b183a", "#a88822", "#202d8f"),
    steps=("#cfdfea", "#9fc3dc", "#69a2c9", "#3a7fb0", "#175b8c", "#08365a"),
)

DARK = Theme(
    paper="#16181b",
    ink="#eceae4",
    muted="#aaa69c",
    hairline="#3a3d42",
    accent="#f4a26c",
    choices=("#56b4e9", "#e8d44d", "#4d8060", "#cdeff0", "#9bad55", "#5a74d8"),
    steps=("#22394a", "#2c5876", "#3b7ba5", "#5fa3cf", "#9ccbea", "#e3f2fc"),
)


def choose(dark: bool) -> Theme:
    """Choose the dark or the light variant."""
    return DARK if dark else LIGHT
