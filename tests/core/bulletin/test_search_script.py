"""The scripts of the pages, and how the build of the package makes them."""

import gzip
import importlib.util
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from haq.bulletin.pages.scripts import check_script
from haq.bulletin.search import script


@pytest.fixture
def build(project: Path) -> ModuleType:
    """The build hook of the package."""
    spec = importlib.util.spec_from_file_location("hatch_build", project / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources of the script, with an npm that notes its calls and fails."""
    monkeypatch.delenv("HAQ_WITHOUT_FRONTEND", raising=False)
    skipped = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(project / "frontend", tmp_path / "frontend", ignore=skipped)
    (tmp_path / "src" / "haq" / "bulletin" / "assets").mkdir(parents=True)
    (tmp_path / "frontend" / "npm.py").write_text(
        "import pathlib, sys\n"
        "pathlib.Path(__file__).with_name('called').touch()\n"
        "sys.exit('npm error code ECONNREFUSED\\nnpm error no registry')\n"
    )
    return tmp_path


def test_a_build_without_npm_says_in_one_line_what_to_do(build: ModuleType, source: Path) -> None:
    said = build.build_scripts(source)
    assert "npm ci failed (npm error code ECONNREFUSED npm error no registry)" in said
    assert "HAQ_WITHOUT_FRONTEND=1" in said and "\n" not in said
    assert not [path for path in build.SCRIPTS if (source / path).exists()]


@pytest.mark.parametrize("changed", ["main.ts", "log/check.ts"])
def test_a_script_of_the_same_sources_is_kept_and_of_others_made_again(
    build: ModuleType, source: Path, changed: str
) -> None:
    stamp = f"/* built from {build.digest_of(source / 'frontend')} */\n"
    for path in build.SCRIPTS:
        assert "npm ci failed" in build.build_scripts(source), "one of them is missing"
        (source / path).write_text(f"{stamp}ready")
    (source / "frontend" / "called").unlink()
    assert build.build_scripts(source) == ""
    assert not (source / "frontend" / "called").exists()
    with (source / "frontend" / "bulletin" / changed).open("a") as main:
        main.write("// changed\n")
    assert "npm ci failed" in build.build_scripts(source)


def test_tests_are_no_source_of_the_script(build: ModuleType, source: Path) -> None:
    before = build.digest_of(source / "frontend")
    (source / "frontend" / "bulletin" / "fold.test.ts").write_text("changed")
    assert build.digest_of(source / "frontend") == before


def test_the_script_can_be_left_out(build: ModuleType, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in build.SCRIPTS:
        (source / path).write_text("old")
    monkeypatch.setenv("HAQ_WITHOUT_FRONTEND", "1")
    assert build.build_scripts(source) == ""
    assert not [path for path in build.SCRIPTS if (source / path).exists()]
    assert not (source / "frontend" / "called").exists()


def test_a_source_without_frontend_needs_the_script_itself(build: ModuleType, source: Path) -> None:
    shutil.rmtree(source / "frontend")
    assert "search.js, check.js and frontend/ are both missing" in build.build_scripts(source)
    for path in build.SCRIPTS:
        (source / path).write_text("shipped")
    assert build.build_scripts(source) == ""


@pytest.mark.parametrize(("read", "most"), [(script, 6_000), (check_script, 9_000)], ids=["search", "check"])
def test_the_script_is_small_and_writes_no_markup(read: Callable[[], bytes | None], most: int) -> None:
    built = read()
    if built is None:
        pytest.skip("haq was built with HAQ_WITHOUT_FRONTEND=1")
    assert len(gzip.compress(built, 9, mtime=0)) < most
    text = built.decode("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?:", text)


def test_npm_packages_are_pinned_by_hash_and_without_addresses(project: Path) -> None:
    lock = json.loads((project / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/vite", "node_modules/typescript"} <= set(packages)
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package.get("integrity")] == []
    assert "dependencies" not in lock["packages"][""]
