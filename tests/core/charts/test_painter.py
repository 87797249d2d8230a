"""Cards are painted by a process of their own, and nothing is lost where it ends."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from haq.charts import painter
from haq.charts.painter import Painter, png_of

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='{}' height='9'/></svg>"
DRAWINGS = [SVG.format(width) for width in range(1, 9)]


def test_it_paints_what_is_painted_here() -> None:
    beside = Painter()
    assert [beside.png(svg) for svg in DRAWINGS] == [png_of(svg) for svg in DRAWINGS]
    assert beside._process is not None
    beside.close()


def test_a_process_that_was_ended_costs_no_picture() -> None:
    beside = Painter()
    first = beside.png(DRAWINGS[0])
    assert beside._process is not None
    beside._process.kill()
    assert beside.png(DRAWINGS[1]) == png_of(DRAWINGS[1]) != first
    assert beside.png(DRAWINGS[2]) == png_of(DRAWINGS[2])
    beside.close()


def test_a_process_that_hangs_is_ended_and_costs_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painter, "_PATIENCE", 0.5)
    beside = Painter()
    beside.png(DRAWINGS[0])
    assert beside._process is not None
    beside._process.send_signal(signal.SIGSTOP)
    assert beside.png(DRAWINGS[1]) == png_of(DRAWINGS[1])
    assert beside._process.wait(5) != 0
    beside.close()


def test_no_process_where_none_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("haq.charts.painter.subprocess.Popen", refuse)
    beside = Painter()
    assert beside.png(DRAWINGS[0]) == png_of(DRAWINGS[0])
    beside.close()


def test_with_one_core_there_is_no_process() -> None:
    here = Painter(beside=False)
    assert here.png(DRAWINGS[0]) == png_of(DRAWINGS[0])
    assert here._process is None
    here.close()


def test_the_process_loads_nothing_of_haq() -> None:
    code = f"import runpy, sys; runpy.run_path({painter.__file__!r}); print('haq' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
