"""A small synthetic election, for whatever needs one that is quickly made."""

from collections.abc import Callable
from typing import Any

import pytest

from haq.synthetic import Spec, parse_spec

NAME = {"kk": "а", "ru": "б", "en": "c"}


@pytest.fixture(scope="session")
def small() -> Callable[..., Spec]:
    """Make the specification of a small election, with some parts changed."""

    def specify(**changes: Any) -> Spec:
        data: dict[str, Any] = {
            "key": "small",
            "title": NAME,
            "seed": 3,
            "national": {"registered": 9000, "took_part": 6000, "invalid": 90},
            "choices": [
                {"key": "one", "votes": 4000, "name": NAME},
                {"key": "two", "votes": 1900, "name": NAME},
            ],
            "regions": [
                {
                    "key": "KZ-71",
                    "name": NAME,
                    "stations": 12,
                    "districts": 3,
                    "registered": 9000,
                    "turnout": 0.6,
                }
            ],
            "organisations": [{"key": "citizens", "name": NAME, "coverage": 1.0}],
            "slips": {"unreadable": 0.1, "empty": 0.1},
            "alterations": [
                {"level": "station", "how": "moved", "count": 4, "gains": "one", "size": [5, 20]}
            ],
        }
        return parse_spec({**data, **changes})

    return specify
