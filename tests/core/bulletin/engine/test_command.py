"""``haq bulletin build``: a screen, a JSON document, one line for what cannot be used."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from haq.cli import app


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["bulletin", "build", *map(str, arguments)], env={"LC_ALL": "C"})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def source(v: SimpleNamespace, tmp_path: Path) -> Path:
    """A village's entries in a folder."""
    folder: Path = v.write(v.village(), tmp_path / "in")
    return folder


def test_the_screen_says_what_was_done_and_where_to_look(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    code, shown, _ = run(source, "--out", out, "--languages", "en", "--processes", "1")
    assert code == 0
    assert "stations 6, findings 1" in shown and "0 unchanged" in shown and "Problems" not in shown
    assert str(out / "en" / "index.html") in shown and "haq bulletin serve" in shown
    code, shown, _ = run(source, "--out", out, "--languages", "en", "--language", "kk")
    assert code == 0 and "0 файл жазылды" in shown


def test_json_has_everything_that_the_screen_has(source: Path, tmp_path: Path) -> None:
    with (source / "entries.jsonl").open("ab") as stream:
        stream.write(b"{broken\n")
    code, shown, _ = run(source / "entries.jsonl", "--out", tmp_path / "site", "--languages", "ru", "--json")
    said = json.loads(shown)
    assert code == 0 and said["languages"] == ["ru"] and said["whole"] is True
    assert said["files"]["written"] > 20 and said["files"]["removed"] == 0
    (problem,) = said["problems"]
    assert problem["code"] == "not-json"
    assert problem["values"]["line_number"] == str((source / "entries.jsonl").read_bytes().count(b"\n"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--out", "site"], "haq check ELECTION --out FOLDER"),
        (["in", "--out", "in"], "no site of haq's"),
        (["in", "--out", "site", "--languages", "de"], "kk, ru, en"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, shown, error = run(*arguments)
    assert (code, shown) == (2, "")
    assert said in error and error.count("\n") == 1
