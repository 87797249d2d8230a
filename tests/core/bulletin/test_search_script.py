"""The search script, and how the build of the package makes it."""

import gzip
import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

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
    said = build.build_script(source)
    assert "npm ci failed (npm error code ECONNREFUSED npm error no registry)" in said
    assert "HAQ_WITHOUT_FRONTEND=1" in said and "\n" not in said
    assert not (source / build.SCRIPT).exists()


def test_a_script_of_the_same_sources_is_kept_and_of_others_made_again(
    build: ModuleType, source: Path
) -> None:
    stamp = f"/* built from {build.digest_of(source / 'frontend')} */\n"
    (source / build.SCRIPT).write_text(f"{stamp}ready")
    assert build.build_script(source) == ""
    assert not (source / "frontend" / "called").exists()
    with (source / "frontend" / "bulletin" / "main.ts").open("a") as main:
        main.write("// changed\n")
    assert "npm ci failed" in build.build_script(source)


def test_tests_are_no_source_of_the_script(build: ModuleType, source: Path) -> None:
    before = build.digest_of(source / "frontend")
    (source / "frontend" / "bulletin" / "fold.test.ts").write_text("changed")
    assert build.digest_of(source / "frontend") == before


def test_the_script_can_be_left_out(build: ModuleType, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source / build.SCRIPT).write_text("old")
    monkeypatch.setenv("HAQ_WITHOUT_FRONTEND", "1")
    assert build.build_script(source) == ""
    assert not (source / build.SCRIPT).exists() and not (source / "frontend" / "called").exists()


def test_a_source_without_frontend_needs_the_script_itself(build: ModuleType, source: Path) -> None:
    shutil.rmtree(source / "frontend")
    assert "both missing" in build.build_script(source)
    (source / build.SCRIPT).write_text("shipped")
    assert build.build_script(source) == ""


def test_the_script_is_small_and_writes_no_markup() -> None:
    built = script()
    if built is None:
        pytest.skip("haq was built with HAQ_WITHOUT_FRONTEND=1")
    assert len(gzip.compress(built, 9, mtime=0)) < 6_000
    text = built.decode("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?:", text)


def test_npm_packages_are_pinned_by_hash_and_without_addresses(project: Path) -> None:
    lock = json.loads((project / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/vite", "node_modules/typescript"} <= set(packages)
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package.get("integrity")] == []
    assert "dependencies" not in lock["packages"][""]
