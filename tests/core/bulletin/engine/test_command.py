"""``haq bulletin build``: a screen, a JSON document, one line for what cannot be used."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from haq.cli import app, main


def run(*arguments: str | Path, command: str = "build") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["bulletin", command, *map(str, arguments)], env={"LC_ALL": "C"})
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


def test_verify_names_what_is_not_as_it_was_built(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    _, built, _ = run(source, "--out", out, "--languages", "en", "--processes", "1")
    code, shown, _ = run(out, command="verify")
    sha256 = hashlib.sha256((out / "site.sha256").read_bytes()).hexdigest()
    assert code == 0 and "there are no others" in shown
    assert sha256 in shown and sha256 in built, "the number that both can be compared by"
    for number in range(1, 7):
        (out / f"en/station/{number:04}.html").write_bytes(b"forged")
    for number in range(12):
        (out / f"en/more-{number:02}.html").write_bytes(b"forged")
    (out / "index.html").unlink()
    code, shown, _ = run(out, "--language", "ru", command="verify")
    assert code == 1 and "Изменены: 6" in shown and "  index.html" in shown
    assert "more-09.html" in shown and "more-10.html" not in shown, "ten of each kind"
    code, shown, _ = run(out, "--json", command="verify")
    said = json.loads(shown)
    assert (code, said["whole"], said["missing"], len(said["extra"])) == (1, False, ["index.html"], 12)


def test_a_folder_without_a_list_is_one_line(tmp_path: Path) -> None:
    code, shown, error = run(tmp_path, command="verify")
    assert (code, shown) == (2, "") and "site.sha256" in error and error.count("\n") == 1


def test_a_fault_of_haq_does_not_claim_that_nothing_was_changed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("on fire")

    monkeypatch.setattr("haq.bulletin.overview.verify_page", fail)
    monkeypatch.delenv("HAQ_DEBUG", raising=False)
    arguments = ["bulletin", "build", str(source), "--out", str(tmp_path / "site"), "--languages", "en"]
    monkeypatch.setattr("sys.argv", ["haq", *arguments])
    with pytest.raises(SystemExit, match="70"):
        main()
    said = capsys.readouterr().err
    assert "on fire" in said and "may be unfinished" in said and "nothing was changed" not in said
    assert (tmp_path / "site/en/index.html").is_file(), "something was"
