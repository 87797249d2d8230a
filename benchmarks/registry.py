"""What a benchmark is, and how whole processes are measured fairly.

A file ``bench_<subject>.py`` beside this one defines functions like::

    @bench("reading a table")
    def reading() -> list[Row]:
        measured = alternate({"haq": [...], "bare Polars": [...]}, times=5)
        return compare(measured, "haq", "bare Polars", bar=3.0)
"""

import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
LAUNCHER = Path(__file__).resolve().with_name("launch.py")


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure and the most it may be.

    Attributes:
        label: what was measured.
        value: the figure, in ``unit``.
        unit: ``s``, ``MiB`` or ``×`` (a ratio of two figures of the same run).
        bar: the largest value that is still good; None where the figure only informs.
    """

    label: str
    value: float
    unit: str
    bar: float | None = None

    @property
    def met(self) -> bool:
        """Tell whether the figure stays within its bar."""
        return self.bar is None or self.value <= self.bar


@dataclass(frozen=True)
class Run:
    """One whole process: wall time [s] and the most memory it held [MiB]."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Measured:
    """Several runs of one contestant: times [s] and the largest peak of memory [MiB]."""

    median: float
    fastest: float
    peak: float


Benchmark = Callable[[], list[Row]]
REGISTRY: dict[str, Benchmark] = {}


def bench(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a function that returns rows under a name that nobody else uses.

    Raises:
        ValueError: the name is taken.
    """

    def register(function: Benchmark) -> Benchmark:
        if name in REGISTRY:
            raise ValueError(f"two benchmarks are called {name!r}: rename one")
        REGISTRY[name] = function
        return function

    return register


def whole_process(command: Sequence[str | Path], *, cwd: Path | None = None) -> Run:
    """Run a command to its end and measure it, start-up included; its output is thrown away.

    Raises:
        subprocess.CalledProcessError: the command fails; its last words are in ``stderr``.
    """
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
    run = subprocess.run(
        [*launcher, *(str(part) for part in command)], cwd=cwd, capture_output=True, text=True, check=True
    )
    seconds, peak = run.stdout.split()
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return Run(float(seconds), int(peak) * unit / MIB)


def alternate(
    contestants: Mapping[str, Sequence[str | Path]], *, times: int = 5, cwd: Path | None = None
) -> dict[str, Measured]:
    """Measure commands in turns, so that a busy moment of the machine hits all of them.

    Args:
        contestants: name -> command.
        times: measured turns [>= 1]; one more, unmeasured, warms the file cache.
        cwd: folder in which the commands run.

    Returns:
        name -> figures, in the order given.
    """
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for turn in range(times + 1):
        for name, command in contestants.items():
            run = whole_process(command, cwd=cwd)
            if turn:
                runs[name].append(run)
    return {
        name: Measured(
            median=statistics.median(run.seconds for run in measured),
            fastest=min(run.seconds for run in measured),
            peak=max(run.peak for run in measured),
        )
        for name, measured in runs.items()
    }


def compare(
    measured: Mapping[str, Measured], ours: str, theirs: str, *, bar: float, memory: float | None = None
) -> list[Row]:
    """Lay out two contestants: their times, the ratio of the medians against its bar, our memory.

    Args:
        measured: what ``alternate`` returned.
        ours: name of the contestant that has to be quick.
        theirs: name of the one it is compared with.
        bar: largest good ratio ours / theirs.
        memory: the most memory that ours may hold [MiB].
    """
    return [
        Row(ours, measured[ours].median, "s"),
        Row(theirs, measured[theirs].median, "s"),
        Row(f"{ours} / {theirs}", measured[ours].median / measured[theirs].median, "×", bar),
        Row(f"{ours}, memory", measured[ours].peak, "MiB", memory),
        Row(f"{theirs}, memory", measured[theirs].peak, "MiB"),
    ]
