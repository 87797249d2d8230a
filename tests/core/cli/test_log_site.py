"""A log, its site, and strangers who mirror either over HTTP and build the very same site again, offline."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import Result

from haq.cli.server import open_server
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.witness_server import WitnessServer

Haq = Callable[..., Result]
Serving = Callable[[Path], AbstractContextManager[str]]
SHAPES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "R",
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        }
    ],
}


def tree_of(site: Path) -> dict[str, bytes]:
    """Give the files of a site, without what is of the folder alone."""
    paths = (path for path in site.rglob("*") if path.is_file())
    names = {path.relative_to(site).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(".haq-")}


@contextmanager
def as_haq_serves(site: Path) -> Iterator[str]:
    """Serve a site as ``haq bulletin serve`` does."""
    with open_server(site, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def with_areas(election: Path) -> Path:
    """The election with an area that has an outline, and a reply of its commission."""
    (election / "areas.csv").write_text("key,name\nR,Region\n", "utf-8")
    (election / "stations.csv").write_text("s,r\n1,R\n2,R\n3,R\n", "utf-8")
    (election / "shapes.geojson").write_text(json.dumps(SHAPES), "utf-8")
    (election / "replies.csv").write_text("s,text\n1,We counted again.\n", "utf-8")
    more = """
[sources.areas]
kind = "areas"
level = "region"
file = "areas.csv"
shapes = "shapes.geojson"
[sources.areas.columns]
region = "key"
name_en = "name"
[sources.stations]
kind = "stations"
file = "stations.csv"
[sources.stations.columns]
station = "s"
region = "r"
[sources.replies]
kind = "replies"
file = "replies.csv"
[sources.replies.columns]
station = "s"
reply = "text"
"""
    with (election / "election.toml").open("a", encoding="utf-8") as stream:
        stream.write(more)
    return election


@pytest.fixture
def log(haq: Haq, tmp_path: Path) -> Path:
    """A log without entries."""
    haq("log", "init", tmp_path / "public", "--name", "example.org/village", "--key", tmp_path / "key")
    return tmp_path / "public"


@pytest.fixture
def published(haq: Haq, with_areas: Path, log: Path, tmp_path: Path) -> Path:
    """The site of a log in which an entry was withdrawn, a file erased, and data promised and shown."""
    (tmp_path / "answers.csv").write_bytes(b"answers")
    own = ("--key", tmp_path / "key")
    haq("check", with_areas, "--log", log, *own)
    haq("log", "commit", log, tmp_path / "answers.csv", "--about", "x", "--secret", tmp_path / "salt", *own)
    haq("log", "reveal", log, tmp_path / "answers.csv", "--secret", tmp_path / "salt", *own)
    seen = with_areas / "seen.csv"
    seen.write_text(seen.read_text("utf-8").replace("20,5", "21,5"), "utf-8")
    found = haq("check", with_areas, "--log", log, "--retract", "Read again.", "--json", *own)
    assert json.loads(found.stdout)["log"]["retracted"] > 0
    return site_of(haq, log, tmp_path / "site")


def site_of(haq: Haq, log: Path, site: Path) -> Path:
    haq("bulletin", "build", log, "--out", site, "--languages", "en,kk")
    return site


def rebuilt(haq: Haq, mirror: Path, out: Path) -> dict[str, bytes]:
    said = haq("log", "rebuild", mirror, "--out", out, "--languages", "en,kk", "--json").stdout
    found = json.loads(said)
    assert found["log"]["sound"] is True and found["site"] == str(out)
    return tree_of(out)


def test_a_stranger_builds_the_same_site_from_the_log_or_from_the_site(
    haq: Haq, published: Path, log: Path, tmp_path: Path, serving: Serving
) -> None:
    expected = tree_of(published)
    assert {"checkpoint", "policy", "site.sha256", "en/verify.html"} <= expected.keys()
    kinds = {Path(name).suffix for name in expected if name.startswith("files/")}
    assert kinds == {".png", ".geojson", ".bin"}
    for number, (folder, serve) in enumerate(
        ((log, serving), (published, serving), (published, as_haq_serves))
    ):
        mirror = tmp_path / f"mirror{number}"
        with serve(folder) as address:
            haq("log", "mirror", address, mirror)
        again = tmp_path / f"again{number}"
        assert rebuilt(haq, mirror, again) == expected
        haq("bulletin", "verify", again, "--list", published / "site.sha256")


def test_it_stays_the_same_as_the_log_grows(
    haq: Haq, published: Path, log: Path, with_areas: Path, tmp_path: Path, serving: Serving
) -> None:
    mirror, again = tmp_path / "mirror", tmp_path / "again"
    with serving(published) as address:
        haq("log", "mirror", address, mirror)
        rebuilt(haq, mirror, again)
        haq("log", "retract", log, 2, "--reason", "Twice.", "--key", tmp_path / "key")
        site_of(haq, log, published)
        haq("log", "mirror", address, mirror)
    assert rebuilt(haq, mirror, again) == tree_of(published)


def test_the_site_of_a_check_is_that_of_its_log(
    haq: Haq, with_areas: Path, log: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    said = haq("check", with_areas, "--log", log, "--key", tmp_path / "key", "--site", site).output
    assert "New entries:" in said and "haq bulletin serve" in said
    shown = tree_of(site)
    assert shown["checkpoint"] == (log / "checkpoint").read_bytes()
    haq("bulletin", "build", log, "--out", tmp_path / "other")
    assert tree_of(tmp_path / "other") == shown


def test_a_rebuild_obeys_a_redaction_where_the_mirror_kept_the_file(
    haq: Haq, published: Path, log: Path, tmp_path: Path
) -> None:
    mirror, again = tmp_path / "mirror", tmp_path / "again"
    haq("log", "mirror", log, mirror)
    (photograph,) = [path for path in (published / "files").iterdir() if path.suffix == ".png"]
    name, data = photograph.stem, photograph.read_bytes()
    rebuilt(haq, mirror, again)
    haq("log", "redact", log, name, "--reason", "A face can be seen.", "--key", tmp_path / "key")
    haq("log", "mirror", log, mirror)
    for kept in (name, f"{name}.png"):
        (mirror / "files" / kept).write_bytes(data)
    shown = rebuilt(haq, mirror, again)
    assert shown == tree_of(site_of(haq, log, published))
    assert not any(name in path.name for root in (mirror, again, published, log) for path in root.rglob("*"))
    assert data not in shown.values()
    new = tmp_path / "new"
    assert rebuilt(haq, mirror, new) == shown


def test_nothing_is_built_from_a_damaged_mirror(haq: Haq, log: Path, published: Path, tmp_path: Path) -> None:
    mirror, out = tmp_path / "mirror", tmp_path / "again"
    haq("log", "mirror", log, mirror)
    bundle = next((mirror / "tile/entries/000.p").iterdir())
    evidence = next(path for path in (mirror / "files").iterdir())
    for path, code in ((bundle, "entry-changed"), (evidence, "file-changed")):
        data = path.read_bytes()
        changed = bytearray(data)
        changed[-1] ^= 1
        path.write_bytes(changed)
        found = json.loads(haq("log", "rebuild", mirror, "--out", out, "--json", code=1).stdout)
        assert [problem["code"] for problem in found["log"]["problems"]] == [code]
        assert "CHANGED" in haq("log", "rebuild", mirror, "--out", out, code=1).output
        assert not out.exists()
        path.write_bytes(data)
    haq("log", "rebuild", mirror, "--out", out, "--languages", "en")


def test_a_policy_of_ones_own_decides(haq: Haq, log: Path, published: Path, tmp_path: Path) -> None:
    haq("log", "init", tmp_path / "other", "--name", "example.org/village")
    policy = tmp_path / "other" / "policy"
    said = haq("log", "rebuild", log, "--out", tmp_path / "again", "--policy", policy, code=2).output
    assert "not signed by" in said and not (tmp_path / "again").exists()


def test_three_witnesses_sign_then_two(
    haq: Haq,
    with_areas: Path,
    log: Path,
    watched: Callable[[Path], list[WitnessServer]],
    tmp_path: Path,
) -> None:
    """The site states who signed against the policy that it shows, on its first page and that of checks."""
    own = ("--key", tmp_path / "key")
    witnesses = watched(log)
    haq("check", with_areas, "--log", log, *own)

    def said(count: int) -> None:
        assert "quorum two" in (log / "policy").read_text("utf-8")
        site = site_of(haq, log, tmp_path / "site")
        assert (site / "policy").read_bytes() == (log / "policy").read_bytes()
        for page in ("index.html", "verify.html"):
            text = re.sub("<[^>]+>", "", (site / "en" / page).read_text("utf-8"))
            assert f"Witnesses that signed: {count} of 3" in text, page
        found = json.loads(haq("log", "verify", site, "--json").stdout)
        assert sum(time is not None for time in found["witnesses"].values()) == count
        assert (found["enough"], found["needed"]) == (True, 2)

    haq("log", "checkpoint", log, *own)
    said(3)
    witnesses[1].shutdown()
    witnesses[1].server_close()
    haq("log", "retract", log, 2, "--reason", "One more entry.", *own)
    haq("log", "checkpoint", log, *own)
    said(2)


@pytest.mark.prove
def test_a_whole_country_is_built_again_by_strangers(
    haq: Haq, project: Path, log: Path, tmp_path: Path, prove_share: float, serving: Serving
) -> None:
    """Ten thousand stations, over HTTP, file by file."""
    if prove_share < 1:
        pytest.skip("a whole country: `make prove` builds it again")
    example, data = project / "examples" / "kazakhstan-2021", tmp_path / "data"
    haq("synthetic", example / "synthetic.toml", "--out", data)
    site, mirror, again = tmp_path / "site", tmp_path / "mirror", tmp_path / "again"
    own = ("--key", tmp_path / "key")
    haq("check", example, "--data", data, "--log", log, *own, "--site", site, "--languages", "en")
    with serving(site) as address:
        haq("log", "mirror", address, mirror)
    haq("log", "rebuild", mirror, "--out", again, "--languages", "en")
    assert tree_of(again) == tree_of(site)
    assert Reader(Folder(mirror)).checkpoint.size > 30_000
    shutil.rmtree(again)
