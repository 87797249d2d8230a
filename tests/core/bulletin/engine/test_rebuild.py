"""A stranger builds the site again from nothing but what it publishes."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from haq.bulletin import build
from haq.bulletin.checksums import read_list, verify
from haq.law import profile_digest, profile_text

LAW = "kz-majilis-2021"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
OPTIONS = {"languages": ["en", "kk"], "processes": 1}


def outline(key: str) -> bytes:
    """Draw a square with an identity of its own."""
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    feature = {"type": "Feature", "id": key, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [feature | {"properties": {}}]}).encode()


@pytest.fixture
def published(v: SimpleNamespace, picture: Callable[..., bytes], tmp_path: Path) -> Path:
    """A site of a village with photographs, outlines and a law of its own, some of them unusable."""
    source = tmp_path / "found"
    files = source / "files"
    files.mkdir(parents=True)
    broken = b"{no geometry"
    photo = picture(1)
    lent = {"photo.PNG": photo, "script.svg": SVG, "region.geojson": outline("KZ-1"), "torn.geojson": broken}
    keys = {name: hashlib.sha256(data).hexdigest() for name, data in lent.items()}
    for name, data in lent.items():
        (files / f"{keys[name]}.{name.rpartition('.')[2]}").write_bytes(data)
    other = hashlib.sha256(b"what it was").hexdigest()
    (files / f"{other}.png").write_bytes(picture(2))
    gone = hashlib.sha256(b"nobody has it").hexdigest()
    law = source / "law.toml"
    law.write_text(f"# our own copy\n{profile_text(LAW)}", "utf-8")
    entries = []
    for entry in v.village():
        if entry.kind == "election":
            entry = v.election(law="our-law", law_sha256=profile_digest(law))
        elif entry.kind == "area":
            shape = keys["region.geojson" if entry.level == "region" else "torn.geojson"]
            entry = entry.model_copy(update={"shape": shape})
        entries.append(entry)
    shown = (keys["photo.PNG"], keys["script.svg"], other, gone)
    entries += v.copy("0005", v.figures(100, 50), row=9, files=shown)
    out = tmp_path / "site"
    built = build(v.write(entries, source), out, **OPTIONS)  # type: ignore[arg-type]
    codes = [problem.code for problem in built.problems]
    assert codes == ["file-hash", "file-missing", "file-not-shown", "file-not-shown", "file-not-shown"]
    return out


def public(v: SimpleNamespace, site: Path) -> dict[str, bytes]:
    """Read what a host of the site would publish."""
    return {path: data for path, data in v.files_of(site).items() if not path.startswith(".")}


def test_what_the_list_names_is_all_that_a_rebuild_needs(
    v: SimpleNamespace, published: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    listed = read_list((published / "data/rebuild.sha256").read_bytes(), published)
    for path, sha256 in listed.items():
        (taken / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(published / path, taken / path)
        assert hashlib.sha256((taken / path).read_bytes()).hexdigest() == sha256
    kinds = sorted(path.rpartition(".")[2] for path in listed if path.startswith("files/"))
    assert kinds == ["geojson", "png"]
    assert {p for p in listed if p.startswith("data/")} == {
        "data/entries.jsonl",
        "data/held-back.json",
        "data/law.toml",
    }
    again = build(taken, tmp_path / "again", **OPTIONS)  # type: ignore[arg-type]
    assert public(v, again.out) == public(v, published)
    assert b"<path" in (again.out / "en/index.html").read_bytes(), "with its map"
    assert verify(again.out, published / "site.sha256").whole


@pytest.mark.parametrize("source", ["site", "site/data", "site/data/entries.jsonl", "."])
def test_a_site_can_be_named_in_any_way(
    v: SimpleNamespace, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.chdir(published / "data" if source == "." else tmp_path)
    again = build(Path(source), tmp_path / "again", **OPTIONS)  # type: ignore[arg-type]
    assert public(v, again.out) == public(v, published)
    # And once more, now bringing it up to date from the same.
    assert not build(Path(source), tmp_path / "again", **OPTIONS).whole  # type: ignore[arg-type]
    assert public(v, again.out) == public(v, published)


def test_the_page_of_data_says_what_a_rebuild_needs(published: Path) -> None:
    page = (published / "en/data.html").read_text("utf-8")
    for path in ("data/rebuild.sha256", "site.sha256", "data/law.toml", "data/held-back.json"):
        assert f'href="../{path}"' in page, path
    assert "1 photograph or document" in page and "1 outline" in page
    for path in ("en/data.html", "en/verify.html"):
        text = (published / path).read_text("utf-8")
        assert "haq bulletin build site --out again --languages en,kk" in text, path


def test_what_is_held_back_no_longer_is_taken_as_it_is(
    picture: Callable[..., bytes], published: Path, tmp_path: Path
) -> None:
    """A file that lies there speaks for itself, whatever the list of the other site says of it."""
    sha256 = next((published / "files").glob("*.png")).stem
    held = json.loads((published / "data/held-back.json").read_bytes())
    (published / "data/held-back.json").write_text(json.dumps(held | {sha256: "file-hash", "x": 7}))
    again = build(published, tmp_path / "again", **OPTIONS)  # type: ignore[arg-type]
    assert (again.out / f"files/{sha256}.png").read_bytes() == picture(1)
    (published / "data/held-back.json").write_text("[")
    bare = build(published, tmp_path / "again", **OPTIONS)  # type: ignore[arg-type]
    assert bare.whole and {p.code for p in bare.problems} == {"file-missing"}
