"""Colours can be read on their paper and told apart with any colour vision."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from haq.charts.theme import DARK, LIGHT, Theme

# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(color: str) -> NDArray[np.float64]:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    light, dark = sorted((float(linear(color) @ LUMINANCE) for color in (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ottosson's space, in which distances are about as large as they look."""
    cones = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    lab = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])
    return np.asarray(lab @ np.cbrt(cones @ np.clip(rgb, 0, 1)))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_paper(theme: Theme) -> None:
    for text in (theme.ink, theme.muted, theme.accent):
        assert contrast(text, theme.paper) >= 4.5, text
    for mark in theme.choices:
        assert contrast(mark, theme.paper) >= 3, mark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_choices_are_told_apart(theme: Theme, vision: str) -> None:
    seen = {color: oklab(VISIONS[vision] @ linear(color)) for color in theme.choices}
    for first, second in combinations(theme.choices, 2):
        assert np.linalg.norm(seen[first] - seen[second]) > 0.1, (first, second)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_shades_run_away_from_the_paper(theme: Theme) -> None:
    steps = [contrast(step, theme.paper) for step in theme.steps]
    assert steps == sorted(steps)
    assert all(after / before > 1.2 for before, after in pairwise(steps))
