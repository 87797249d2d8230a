"""The contracts of both staircases cover every room, and they bite."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def contracts(project: Path) -> dict[str, dict[str, Any]]:
    """The import contracts by id."""
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    """A copy of both packages and the contracts, to be spoilt."""
    pytest.importorskip("importlinter", reason="import-linter is not installed: make test brings it")
    for package in ("haq", "haq_web"):
        shutil.copytree(
            project / "src" / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(project / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on the packages in this folder."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("haq/errors.py", "import haq.law", "The core's staircase"),
        ("haq/seats/climbing.py", "import haq.cli", "The core's staircase"),
        ("haq/seats/sideways.py", "import haq.protocols", "The core's staircase"),
        ("haq/new_room/__init__.py", "", "The core's staircase"),
        ("haq_web/common/climbing.py", "import haq_web.accounts", "The application's staircase"),
        ("haq_web/new_room/__init__.py", "", "The application's staircase"),
        ("haq/seats/impure.py", "import django", "The core knows neither"),
        ("haq/cli/impure.py", "import haq_web", "The core knows neither"),
    ],
)
def test_a_wrong_import_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as module:
        module.write(f"\n{line}\n")
    run = lint_imports(copy)
    assert run.returncode == 1
    verdicts = [shown for shown in run.stdout.splitlines() if shown.endswith((" KEPT", " BROKEN"))]
    assert [shown for shown in verdicts if shown.startswith(contract) and shown.endswith("BROKEN")], (
        run.stdout
    )


def test_the_files_of_a_room_form_no_circle(copy: Path) -> None:
    (copy / "haq/seats/chicken.py").write_text("import haq.seats.egg\n")
    (copy / "haq/seats/egg.py").write_text("import haq.seats.chicken\n")
    assert "No cycles are allowed in haq.seats" in lint_imports(copy).stdout


@pytest.mark.parametrize("room", ["cases", "smartvote"])
def test_a_removable_room_is_protected_as_soon_as_it_exists(
    project: Path, contracts: dict[str, dict[str, Any]], room: str
) -> None:
    # The tool refuses a contract about a module that does not exist yet.
    protected = [
        module
        for contract in contracts.values()
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    ]
    built = (project / "src" / "haq_web" / room).exists()
    assert (f"haq_web.{room}" in protected) == built


def test_help_needs_no_heavy_library(project: Path) -> None:
    """``haq --help`` stays quick because what is slow to import is imported late."""
    command = "import sys, haq.cli; print(sorted({'altair', 'scipy', 'vl_convert'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
