"""What is not published is said on the screen, in every language, and in the JSON document."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from haq.cli import app

Row = dict[str, object]


@pytest.fixture
def folder(village, honest: Callable[..., Row], picture) -> Path:
    """An election with a column that nobody mapped, a photograph with a place, a cut one and a scan."""
    village.add("declared", [honest("1", 1, 2, 3)])
    photos = "where.png;bare.png;cut.png;scan.pdf"
    village.add("seen", [honest("1", 1, 2, 3, photo=photos)], kind="copies", organisation="citizens")
    path: Path = village.folder / "seen.csv"
    head, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{head},observer\n{row},\n", "utf-8")
    (village.folder / "where.png").write_bytes(picture(1, note=b"43.25 N"))
    (village.folder / "bare.png").write_bytes(picture(2))
    (village.folder / "cut.png").write_bytes(picture(3)[:-4])
    (village.folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    written: Path = village.write()
    return written


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["check", *map(str, arguments)], env={"LC_ALL": "C.UTF-8"})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 of 4 photographs: place, device", "--with-pdf publishes", "not name: observer")),
        ("ru", ("Фотографии, 1 из 4: из публикуемых", "--with-pdf публикует", "не называет: observer")),
        ("kk", ("4 фотосуреттің 1 данасы", "--with-pdf соның өзінде", "атамаған бағандар: observer")),
    ],
)
def test_the_screen_says_what_is_not_published(
    folder: Path, tmp_path: Path, language: str, said: tuple[str, ...]
) -> None:
    shown = " ".join(run(folder, "--out", tmp_path / "out", "--language", language).split())
    assert all(text in shown for text in said)
    assert "cut.png" in shown and "it is cut off" in shown and "scan.pdf" in shown
    # Where nothing is published, nothing is said of it.
    assert "observer" not in run(folder, "--language", language)


def test_the_document_says_it_too_and_a_choice_is_respected(folder: Path, tmp_path: Path) -> None:
    def published(*choices: str) -> dict[str, Any]:
        tree = json.loads(run(folder, "--out", tmp_path / "out", "--json", *choices))["published"]
        assert isinstance(tree, dict)
        return tree

    assert published() == {
        "left_out": {"seen": ["observer"]},
        "photographs": 4,
        "cleaned": {str(folder / "where.png"): ["text"]},
        "held_back": {str(folder / "cut.png"): "it is cut off", str(folder / "scan.pdf"): "pdf"},
    }
    assert str(folder / "scan.pdf") not in published("--with-pdf", "--with-originals")["held_back"]
    names = [path.suffix for path in (tmp_path / "out" / "files").iterdir()]
    assert sorted(names) == [".csv", ".csv", ".csv", ".pdf", ".png", ".png"]
    assert "published" not in json.loads(run(folder, "--json"))
