"""One build at a time works in a folder, and only in one that is a site of haq's."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest

from haq.bulletin import build, state
from haq.bulletin.claim import Claim
from haq.errors import InputError

ROOT = Path(__file__).parents[4]
HOLD = """
import sys
from pathlib import Path
from haq.bulletin.claim import Claim
held = Claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_build(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Another process that is at work in the folder ``site``."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "site"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_build_is_told_to_wait(v: SimpleNamespace, site, tmp_path: Path, other_build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="another build is at work"):
        site(v.village())
    assert v.files_of(tmp_path / "site") == {".haq-lock": b""}
    other_build.kill()
    other_build.wait()
    _, built = site(v.village())
    assert built.whole


def test_a_build_that_failed_lets_the_next_one_in(v: SimpleNamespace, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("haq.bulletin.overview.verify_page", fail)
        with pytest.raises(KeyboardInterrupt):
            site(v.village())
    assert site(v.village())[1].whole


@pytest.mark.parametrize("held", [b"[", b"[]", b"{}", b"", b"\xff", b"[" * 100_000])
def test_a_marker_that_cannot_be_read_is_not_taken_for_a_new_folder(
    v: SimpleNamespace, site, held: bytes
) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    (out / ".haq-site.json").write_bytes(held)
    before = v.files_of(out)
    with pytest.raises(InputError, match="build into a new folder"):
        site(v.village())
    assert v.files_of(out) == before


def test_a_marker_or_lock_that_is_a_link_is_refused(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    for name in (".haq-site.json", ".haq-lock"):
        kept = (out / name).rename(tmp_path / name)
        (out / name).symlink_to(kept)
        with pytest.raises(InputError, match="link"):
            site(v.village())
        (out / name).unlink()
        kept.rename(out / name)
    assert not site(v.village())[1].whole


def test_a_link_in_the_way_of_a_file_is_not_followed(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    diary = tmp_path / "diary.txt"
    diary.write_text("mine")
    (out / "en" / "index.html").unlink()
    (out / "en" / "index.html.part").symlink_to(diary)
    with pytest.raises(InputError, match="cannot be written"):
        site(v.village(), full=True)
    assert diary.read_text() == "mine"


def test_a_folder_with_a_lock_alone_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".haq-lock").touch()
    claimed = Claim(tmp_path)
    assert claimed.notes == {}
    claimed.release()


def test_another_library_means_a_whole_build(v: SimpleNamespace, site, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    state.code_digest.cache_clear()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(state, "version", lambda name: "99" if name == "Jinja2" else "1")
            assert build(tmp_path / "site-entries", out, languages=["en"], processes=1).whole
    finally:
        state.code_digest.cache_clear()


def test_the_digest_of_the_code_covers_all_that_it_imports() -> None:
    rooms, libraries = set(), set()
    for room in state.PACKAGES:
        for file in (ROOT / "src" / room.replace(".", "/")).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                rooms |= {".".join(n.split(".")[:2]) for n in names if n.startswith("haq.")}
                libraries |= {n.split(".")[0] for n in names} - {"haq"} - sys.stdlib_module_names
    assert rooms - {"haq.errors"} <= set(state.PACKAGES)
    sold_as = packages_distributions()
    # What only reads tables of others writes nothing of a site.
    needed = {name.lower() for library in libraries for name in sold_as.get(library, [library])}
    assert needed - {"python-calamine"} <= {name.lower() for name in state.LIBRARIES}
