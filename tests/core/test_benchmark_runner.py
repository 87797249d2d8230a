"""The measuring instrument measures: time, memory, failure, and whether a bar is met."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def registry(project: Path) -> ModuleType:
    """``benchmarks/registry.py``, which belongs to no package."""
    spec = importlib.util.spec_from_file_location("registry", project / "benchmarks" / "registry.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["registry"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_a_process_that_sleeps_and_hoards_is_seen_to(registry: ModuleType) -> None:
    # This process holds much, too; that must not count.
    ballast = bytearray(b"x") * 300_000_000
    hoard = "import time; hoard = bytearray(b'x') * 300_000_000; time.sleep(0.2)"
    idle, busy = (registry.whole_process([sys.executable, "-c", code]) for code in ("pass", hoard))
    assert busy.seconds >= 0.2
    assert busy.peak >= 300_000_000 / registry.MIB
    assert idle.peak < 100 < len(ballast)


def test_a_failing_contestant_is_never_taken_for_a_quick_one(registry: ModuleType) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        registry.whole_process([sys.executable, "-c", "raise SystemExit('no such file')"])
    assert failure.value.stderr == "no such file\n"


def test_the_ratio_is_ours_to_theirs_and_has_to_meet_its_bar(registry: ModuleType) -> None:
    measured = {
        "haq": registry.Measured(median=3.0, fastest=2.5, peak=900.0),
        "bare": registry.Measured(median=1.5, fastest=1.0, peak=100.0),
    }
    rows = registry.compare(measured, "haq", "bare", bar=1.9, memory=1000)
    (ratio,) = (row for row in rows if row.unit == "×")
    assert ratio.value == 2.0
    assert [row.label for row in rows if not row.met] == ["haq / bare"]


def test_two_benchmarks_never_share_a_name(registry: ModuleType) -> None:
    registry.bench("same")(list)
    with pytest.raises(ValueError, match="'same'"):
        registry.bench("same")(list)
