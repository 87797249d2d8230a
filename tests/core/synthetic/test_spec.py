"""The specification is refused with the key and the reason, never with a traceback."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from haq.errors import InputError
from haq.synthetic import load_spec, parse_spec

NAME = {"kk": "а", "ru": "б", "en": "c"}
SMALL: dict[str, Any] = {
    "key": "small",
    "title": NAME,
    "seed": 1,
    "national": {"registered": 3000, "took_part": 1500, "invalid": 20},
    "choices": [{"key": "one", "votes": 1000, "name": NAME}, {"key": "two", "votes": 450, "name": NAME}],
    "regions": [
        {"key": "KZ-11", "name": NAME, "stations": 5, "districts": 2, "registered": 3000, "turnout": 0.5}
    ],
}


def changed(path: str, value: object) -> dict[str, Any]:
    data: Any = copy.deepcopy(SMALL)
    at, *keys = data, *path.split(".")
    for key in keys[:-1]:
        at = at[int(key) if key.isdigit() else key]
    at[keys[-1]] = value
    return data  # type: ignore[no-any-return]


ALTERATION = {"level": "station", "how": "moved", "count": 1, "gains": "one", "size": [1, 2]}


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("colour", "red", "colour: Extra inputs"),
        ("seed", "7", "seed: Input should be a valid integer"),
        ("choices.0.votes", -1, "choices.0.votes"),
        ("national.registered", 10**30, "national.registered: Input should be less than"),
        ("regions.0.turnout", "0.5", "regions.0.turnout: Input should be a valid number"),
        ("choices.1.key", "one", "choices: one stands there more than once"),
        ("choices.1.key", "registered", "registered is the name of a line"),
        ("national.registered", 2999, "registered adds up to 3000, national.registered is 2999"),
        ("national.took_part", 1469, "1469 took part, but votes and bad ballots are 1470"),
        ("national.took_part", 3001, "more than the 3000 registered"),
        ("regions.0.districts", 6, "needs from 1 to 5"),
        ("regions.0.turnout", 1.0, "regions.0.turnout"),
        ("kinds", [{"key": "ordinary", "share": 0.5}], "the first kind is what remains"),
        ("kinds", [{"key": "ordinary"}, {"key": "hospital"}], "give either share or stations"),
        ("kinds", [{"key": "ordinary"}, {"key": "hospital", "stations": 6}], "more stations than the 5"),
        ("kinds", [{"key": "ordinary", "shares": {"three": 1.0}}], "three cannot stand here"),
        ("slips", {"swap": 0.6, "empty": 0.6}, "more than 1"),
        ("organisations", [{"key": "o", "name": NAME, "coverage": 1.5}], "organisations.0.coverage"),
        (
            "organisations",
            [{"key": "o", "name": NAME, "coverage": 0.5, "grades": {"A": 0.5}}],
            "add up to 0.5, not 1",
        ),
        ("alterations", [{**ALTERATION, "gains": "three"}], "three cannot stand here; known are one, two"),
        ("alterations", [{**ALTERATION, "from": ["one"]}], "one cannot stand here; known are two"),
        ("alterations", [{**ALTERATION, "how": "added", "from": ["two"]}], "only votes that are moved"),
        ("alterations", [{**ALTERATION, "size": [3, 2]}], "3 is above 2"),
    ],
)
def test_a_contradiction_names_its_key_and_reason(path: str, value: object, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_spec(changed(path, value), "x.toml")
    message = str(caught.value)
    assert message.startswith("x.toml: ")
    assert reason in message
    assert "\n" not in message


def test_files_that_are_no_specification_are_refused_with_their_name(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"key = \xff")
    for path in (tmp_path / "missing.toml", tmp_path, broken):
        with pytest.raises(InputError, match=str(path)):
            load_spec(path)
    broken.write_text("key = [", encoding="utf-8")
    with pytest.raises(InputError, match="is not TOML"):
        load_spec(broken)
