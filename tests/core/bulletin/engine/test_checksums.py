"""The list of all files with their hashes, and what it tells of a site that somebody changed."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.checksums import changed_list, list_of, verify
from haq.entries import encode
from haq.errors import InputError

PATHS = st.text("ab/-é", min_size=1, max_size=4).filter(lambda path: path[0] != "/")
SUMS = st.dictionaries(PATHS, st.binary(min_size=32, max_size=32), max_size=12)


@given(SUMS, SUMS, st.sets(PATHS, max_size=5))
def test_a_list_brought_up_to_date_is_the_list_of_everything(
    old: dict[str, bytes], new: dict[str, bytes], gone: set[str]
) -> None:
    after = {path: digest for path, digest in old.items() if path not in gone} | new
    assert changed_list(list_of(old), new, gone) == list_of(after)


def test_the_list_names_every_file_but_itself_and_the_builders(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, built = site(v.village())
    files = {path: data for path, data in v.files_of(out).items() if not path.startswith(".")}
    listed = files.pop("site.sha256")
    assert listed == list_of({path: hashlib.sha256(data).digest() for path, data in files.items()})
    assert built.sha256 == hashlib.sha256(listed).hexdigest()
    assert verify(out).whole


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_the_list_is_one_that_sha256sum_reads(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    command = ["sha256sum", "--check", "--strict", "--quiet", "site.sha256"]
    assert subprocess.run(command, cwd=out, check=False).returncode == 0
    (out / "en/station/0001.html").write_bytes(b"x")
    assert subprocess.run(command, cwd=out, check=False, capture_output=True).returncode == 1


def test_what_somebody_did_to_a_mirror_is_named(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    mirror = tmp_path / "mirror"
    shutil.copytree(out, mirror, ignore=shutil.ignore_patterns(".*"))
    assert verify(mirror).whole
    page = mirror / "en/station/0001.html"
    stat = page.stat()
    page.write_bytes(page.read_bytes().replace(b"110", b"100"))
    os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (mirror / "en/index.html").unlink()
    (mirror / "en/index.html").symlink_to(out / "en/index.html")
    (mirror / "data/check.zip").unlink()
    (mirror / "assets/more.js").write_text("alert(1)")
    (mirror / "results.html").write_text("other results")
    (mirror / "CNAME").write_text("example.org")
    (mirror / ".well-known").mkdir()
    (mirror / ".well-known/x").touch()
    found = verify(mirror, ignore=["CNAME"])
    assert found.changed == ("en/index.html", "en/station/0001.html")
    assert found.missing == ("data/check.zip",)
    assert found.extra == ("assets/more.js", "results.html")


def test_a_changed_list_is_found_by_one_from_elsewhere(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, built = site(v.village())
    elsewhere = Path(shutil.copy(out / "site.sha256", tmp_path / "list"))
    page = out / "en/index.html"
    old = hashlib.sha256(page.read_bytes()).hexdigest().encode()
    page.write_bytes(b"forged")
    listed = (out / "site.sha256").read_bytes()
    (out / "site.sha256").write_bytes(listed.replace(old, hashlib.sha256(b"forged").hexdigest().encode()))
    assert verify(out).whole and verify(out).sha256 != built.sha256
    assert verify(out, elsewhere).changed == ("en/index.html",)


def test_a_page_changed_by_hand_is_named_even_after_the_site_was_brought_up_to_date(
    v: SimpleNamespace, site
) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    (out / "en/station/0003.html").write_bytes(b"forged")
    copies = [encode(e) for e in v.copy("0005", v.figures(100, 50), row=77)]
    _, built = site([*v.village(), *copies])
    assert not built.whole and verify(out).changed == ("en/station/0003.html",)
    site([*v.village(), *copies], full=True)
    assert verify(out).whole


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"0" * 64 + b"  ../../etc/passwd",
        b"0" * 64 + b"  /etc/passwd",
        b"0" * 64 + b"  a//b",
        b"0" * 64 + b"  a\\b",
        b"0" * 64 + b"  \xff",
        b"0" * 64 + b"  a\n" + b"1" * 64 + b"  a",
    ],
)
def test_a_damaged_list_is_refused_with_its_line(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "site.sha256").write_bytes(line + b"\n")
    with pytest.raises(InputError, match=r"site\.sha256: line \d"):
        verify(tmp_path)
    with pytest.raises(InputError, match="folder of a site"):
        verify(tmp_path / "nowhere")
