"""Fuzzing: whatever stands in a profile, it loads or one LawError says what is wrong."""

import os
import random
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.errors import LawError
from haq.law import load_profile, parse_linear, parse_relation, profile_keys
from haq.law.loader import _FOLDER

FULL = 100_000
SHARE = 1.0 if os.environ.get("HAQ_PROVE") == "1" else 0.01
TEXTS = {key: (_FOLDER / f"{key}.toml").read_text("utf-8") for key in profile_keys()}
LINES = {key: text.splitlines() for key, text in TEXTS.items()}
PIECES = [
    "",
    "true",
    "-1",
    "0",
    "1e400",
    '""',
    '"x"',
    "[]",
    "{}",
    "1979-13-99",
    "9" * 30,
    '"5/0"',
    '"7/5"',
    "\x00",
]

pytestmark = pytest.mark.prove


def cases(part: float) -> settings:
    """Return the settings for a part of all cases."""
    return settings(max_examples=int(FULL * part * SHARE), suppress_health_check=list(HealthCheck))


def survive(data: bytes) -> None:
    """Load bytes as a profile: a profile or one line of LawError, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.toml"
        path.write_bytes(data)
        try:
            profile = load_profile(path)
        except LawError as error:
            assert "\n" not in str(error)
        else:
            assert profile.levels and profile.contests
            for level in profile.levels:
                profile.form(level.key)


@cases(0.2)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    survive(data)


@cases(0.2)
@given(st.lists(st.text(max_size=30), max_size=12).map("\n".join))
def test_any_lines(text: str) -> None:
    survive(text.encode("utf-8", "surrogatepass"))


@cases(0.2)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32), st.integers(1, 4))
def test_shipped_profiles_with_lines_lost_doubled_or_moved(key: str, seed: int, changes: int) -> None:
    dice, lines = random.Random(seed), list(LINES[key])
    for _ in range(changes):
        at, to = dice.randrange(len(lines)), dice.randrange(len(lines))
        match dice.randrange(3):
            case 0:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case _:
                lines[at], lines[to] = lines[to], lines[at]
    survive("\n".join(lines).encode())


@cases(0.2)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32), st.sampled_from(PIECES), st.integers(1, 3))
def test_shipped_profiles_with_values_replaced(key: str, seed: int, piece: str, changes: int) -> None:
    dice, lines = random.Random(seed), list(LINES[key])
    values = [i for i, line in enumerate(lines) if " = " in line]
    for _ in range(changes):
        at = dice.choice(values)
        name = lines[at].split(" = ", 1)[0]
        lines[at] = f"{name} = {piece}" if dice.random() < 0.7 else re.sub(r"\w+", "zz", lines[at], count=1)
    survive("\n".join(lines).encode())


@cases(0.2)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*"+-*=<> 019", "==", "<=", "choices", "a", "b_2", "\n"]), max_size=20).map(
            "".join
        ),
    )
)
def test_any_expression(text: str) -> None:
    for parse in (parse_linear, parse_relation):
        try:
            parse(text)
        except LawError as error:
            assert "\n" not in str(error)
