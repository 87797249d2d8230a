"""How long ``haq --help`` keeps somebody waiting."""

import sys
from pathlib import Path

from registry import Row, alternate, bench


@bench("haq --help")
def starting() -> list[Row]:
    """Measure the command from start to end, beside an empty Python for scale."""
    haq = Path(sys.executable).with_name("haq")
    measured = alternate({"haq --help": [haq, "--help"], "python -c pass": [sys.executable, "-c", "pass"]})
    return [
        Row("haq --help", measured["haq --help"].median, "s", bar=0.3),
        Row("python -c pass", measured["python -c pass"].median, "s"),
    ]
