"""``haq check --site``: the bulletin from what the check publishes, and from nothing else."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from haq.cli import app
from haq.cli.words import Words
from haq.entries import decode

Row = dict[str, object]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for the builder: remember what it was given, and write a page."""
    calls: list[dict[str, Any]] = []

    def build(source: Path, out: Path, *, languages: Sequence[str], progress: object = None) -> None:
        names = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
        entries = [decode(line) for line in (source / "entries.jsonl").read_bytes().splitlines()]
        calls.append({"source": source, "languages": tuple(languages), "names": names, "entries": entries})
        out.mkdir()
        (out / "index.html").touch()

    monkeypatch.setattr("haq.bulletin.build", build)
    return calls


@pytest.fixture
def folder(village, honest: Callable[..., Row]) -> Path:
    """An election of two stations and one copy."""
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3)])
    village.add("seen", [honest("1", 1, 2, 3)], kind="copies", organisation="citizens")
    path: Path = village.write()
    return path


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(
        app, ["check", *map(str, arguments)], env={"LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    )


def test_the_site_is_built_from_what_is_published(built, folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "the site"
    result = run(folder, "--site", site)
    assert result.exit_code == 0, result.output
    (call,) = built
    assert call["languages"] == ("kk", "ru", "en")
    assert [name.partition("/")[0] for name in call["names"]] == [
        "SHA256SUMS",
        "election.toml",
        "entries.jsonl",
        "files",
        "files",
        "law.toml",
    ]
    assert len(call["entries"]) > 6
    assert not call["source"].exists()  # a folder of passage
    last = result.output.strip().splitlines()[-2:]
    assert last[0] == f"The site, a page for every station: {site}"
    assert last[1] == Words("en")("site_serve", command=f"haq bulletin serve '{site}'")
    assert "--out FOLDER" not in result.output


def test_with_out_the_site_is_built_from_that_folder(built, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(folder, "--site", tmp_path / "site", "--out", out, "--languages", "ru, KK")
    assert result.exit_code == 0, result.output
    assert built[0]["source"] == out and built[0]["languages"] == ("ru", "kk")
    assert (out / "law.toml").is_file()
    assert str(out) in result.output and "haq bulletin serve" in result.output


def test_json_stays_one_document(built, folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--site", tmp_path / "site", "--json")
    assert json.loads(result.stdout)["election"] == "village"
    assert len(built) == 1


@pytest.mark.parametrize("languages", ["", "de", "kk,kk", "kk ru", "kk,,en"])
def test_other_languages_are_refused(built, folder: Path, tmp_path: Path, languages: str) -> None:
    result = run(folder, "--site", tmp_path / "site", "--languages", languages)
    assert result.exit_code == 2
    assert "kk, ru, en" in result.output and not built


def test_a_proposal_has_no_site(built, folder: Path, tmp_path: Path) -> None:
    result = run(folder / "seen.csv", "--init", "--site", tmp_path / "site")
    assert result.exit_code == 2 and "--site" in result.output and not built


def test_the_real_builder_makes_a_site(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--site", tmp_path / "site", "--languages", "en")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "site" / "index.html").is_file()
    assert len(list((tmp_path / "site" / "en" / "station").iterdir())) == 2
