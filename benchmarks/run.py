"""Run all benchmarks (or those whose names are given), print one table, write results.json.

Usage: python benchmarks/run.py [NAME ...]
Exit status 1 when a figure misses its bar.
"""

import importlib
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from registry import REGISTRY, Row
from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).resolve().parent


def main(wanted: list[str]) -> int:
    """Run the benchmarks and return the exit status."""
    for path in sorted(FOLDER.glob("bench_*.py")):
        importlib.import_module(path.stem)
    unknown = [name for name in wanted if name not in REGISTRY]
    if unknown:
        print(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(REGISTRY)}", file=sys.stderr)
        return 2

    console = Console(stderr=True)
    results: dict[str, list[Row]] = {}
    for name in wanted or REGISTRY:
        with console.status(f"measuring: {name}"):
            results[name] = REGISTRY[name]()

    Console().print(table(results))
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "results": {name: [asdict(row) | {"met": row.met} for row in rows] for name, rows in results.items()},
    }
    (FOLDER / "results.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0 if all(row.met for rows in results.values() for row in rows) else 1


def table(results: dict[str, list[Row]]) -> Table:
    """Lay out the rows: a figure, its bar, and whether it is met, in words."""
    shown = Table("benchmark", "", title="haq against its bars")
    for heading in ("figure", "bar"):
        shown.add_column(heading, justify="right")
    shown.add_column("")
    for name, rows in results.items():
        for position, row in enumerate(rows):
            shown.add_row(
                name if position == 0 else "",
                row.label,
                f"{row.value:,.2f} {row.unit}",
                "" if row.bar is None else f"≤ {row.bar:,.2f} {row.unit}",
                "" if row.bar is None else ("met" if row.met else "MISSED"),
            )
    return shown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
