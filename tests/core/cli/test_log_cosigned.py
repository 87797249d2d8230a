"""Whoever added entries is told to ask the witnesses: the new checkpoint bears none of their signatures."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from haq.tlog.witness_server import WitnessServer

Haq = Callable[..., Result]


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, str]:
    """The option that names the key of the village's log."""
    return "--key", str(tmp_path / "key")


@pytest.fixture
def signed(
    haq: Haq, village: Path, watched: Callable[[Path], list[WitnessServer]], key: tuple[str, str]
) -> list[WitnessServer]:
    """The log of the village, whose policy names three witnesses, all of whom signed."""
    servers = watched(village)
    haq("log", "checkpoint", village, *key)
    return servers


def hint(log: Path, *key: str, signed: int = 0) -> str:
    command = shlex.join(["haq", "log", "checkpoint", str(log), *key])
    return (
        f"Witnesses: {signed} of 3 signed; at least 2 are needed. "
        f"Now ask them, then build the site: {command}\n"
    )


@pytest.mark.parametrize("json_", [(), ("--json",)], ids=["text", "json"])
def test_every_command_that_adds_entries_ends_with_the_hint(
    haq: Haq,
    signed: list[WitnessServer],
    village: Path,
    election: Path,
    key: tuple[str, str],
    tmp_path: Path,
    json_: tuple[str, ...],
) -> None:
    def run(*words: object) -> Result:
        result = haq(*words, *key, *json_)
        if json_:
            json.loads(result.stdout)
        return result

    photograph = next(
        path.name for path in (village / "files").iterdir() if path.read_bytes()[:4] == b"\x89PNG"
    )
    (tmp_path / "data").write_bytes(b"promised")
    promised = (tmp_path / "data", "--secret", tmp_path / "salt")
    table = election / "declared.csv"
    for command in (
        ("log", "retract", village, 3, "--reason", "x"),
        ("log", "redact", village, photograph, "--reason", "x"),
        ("log", "commit", village, *promised, "--about", "x"),
        ("log", "reveal", village, *promised),
        ("check", election, "--log", village),
    ):
        table.write_text(table.read_text("utf-8").replace("7,8", "7,9"), "utf-8")
        assert run(*command).stderr == hint(village, *key), command
        haq("log", "checkpoint", village, *key)
    # Nothing is said where nothing was added.
    assert run("check", election, "--log", village).stderr == ""
    haq("check", election, "--out", tmp_path / "found")
    assert run("log", "append", village, tmp_path / "found").stderr == ""
    table.write_text(table.read_text("utf-8").replace("7,9", "7,6"), "utf-8")
    haq("check", election, "--out", tmp_path / "found")
    assert run("log", "append", village, tmp_path / "found").stderr == hint(village, *key)


def test_a_site_of_a_log_that_too_few_signed_comes_with_the_hint(
    haq: Haq, signed: list[WitnessServer], village: Path, key: tuple[str, str], tmp_path: Path
) -> None:
    build = ("bulletin", "build", village, "--out", tmp_path / "site", "--languages", "en")
    assert haq(*build).stderr == ""
    haq("log", "retract", village, 3, "--reason", "x", *key)
    assert haq(*build).stderr == hint(village)
    # A copy cannot publish a checkpoint: that is done where the log is written.
    assert haq("bulletin", "build", tmp_path / "site", "--out", tmp_path / "again").stderr == hint(
        Path("LOG")
    )
    for one in signed[:2]:
        one.shutdown()
        one.server_close()
    haq("log", "checkpoint", village, *key, code=1)
    assert json.loads(haq(*build, "--json").stdout)["site"]
    assert haq(*build).stderr == hint(village, signed=1)


def test_without_witnesses_nothing_is_said(
    haq: Haq, village: Path, key: tuple[str, str], tmp_path: Path
) -> None:
    assert haq("log", "retract", village, 3, "--reason", "x", *key).stderr == ""
    build = ("bulletin", "build", village, "--out", tmp_path / "site", "--languages", "en")
    assert haq(*build).stderr == ""
    # A policy that cannot be read is the trouble of whoever needs it.
    (village / "policy").write_text("nonsense", "utf-8")
    assert haq("log", "retract", village, 4, "--reason", "x", *key).stderr == ""
    assert haq("bulletin", "build", tmp_path / "found", "--out", tmp_path / "other").stderr == ""
