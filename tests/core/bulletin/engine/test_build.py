"""A site on disk: whole, the same bytes every time, and nothing of anybody else's."""

import hashlib
import json
from pathlib import Path
from posixpath import normpath
from types import SimpleNamespace

import pytest

from haq.bulletin import build
from haq.bulletin.write import Writer
from haq.entries import encode
from haq.errors import HaqError, InputError

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def test_every_page_is_there(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, built = site(v.village(), languages=["kk", "ru", "en"])
    files = v.files_of(out)
    for language in ("kk", "ru", "en"):
        for number in range(1, 7):
            assert f"{language}/station/{number:04}.html" in files
        for page in ("index", "find", "findings", "data", "limits", "verify", "totals/lists"):
            assert f"{language}/{page}.html" in files
        for area in ("kz-1-region", "kz-1_1-district", "kz-1_2-district"):
            assert f"{language}/area/{area}.html" in files
    assert {"index.html", "assets/site.css", "data/entries.jsonl", "data/check.zip"} <= set(files)
    assert (built.stations, built.findings, built.whole, built.problems) == (6, 1, True, ())
    assert built.written + 2 == len(files)  # and the marker, and the lock
    assert all(path in files for path in built.look_at)


def test_every_link_inside_the_site_leads_somewhere(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village(), languages=["kk", "en"])
    files = v.files_of(out)
    seen = 0
    for path, data in files.items():
        if path.endswith(".html"):
            for part in data.decode().split('href="')[1:]:
                link = part.split('"')[0].split("#")[0].split("?")[0]
                if link and "://" not in link:
                    target = normpath(f"{path.rpartition('/')[0]}/{link}").lstrip("/")
                    # Pictures are left out of these tests.
                    assert target in files or target.startswith(("assets/cards/", "assets/pictures/"))
                    seen += 1
    assert seen > 200


def test_the_order_of_entries_and_processes_changes_nothing(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    first, _ = site(v.village(), "first")
    second, _ = site(v.village()[::-1], "second", processes=2)
    one, two = v.files_of(first), v.files_of(second)
    changed = {path for path in one if one[path] != two.get(path)}
    # Only what holds or names the entries themselves, in their order.
    assert one.keys() == two.keys()
    named = {"entries.jsonl", "datapackage.json", "rebuild.sha256"}
    assert changed <= {f"data/{name}" for name in named} | {
        "en/data.html",
        "site.sha256",
        ".haq-site.json",
        ".haq-state/facts.json",
    }


def test_processes_write_what_one_writes(v, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("haq.bulletin.work.FEW", 1)
    monkeypatch.setattr("haq.bulletin.work.CHUNK", 2)
    alone, _ = site(v.village(), "alone")
    together, built = site(v.village(), "together", processes=2)
    assert v.files_of(alone) == v.files_of(together)
    assert built.written + 2 == len(v.files_of(together))


def test_a_second_whole_build_touches_no_file(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, first = site(v.village())
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.name != ".haq-site.json"}
    _, second = site(v.village(), full=True)
    assert (second.written, second.unchanged, second.removed) == (0, first.written, 0)
    assert before == {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.name != ".haq-site.json"}


def test_a_site_can_be_built_again_from_what_it_publishes(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    build(out / "data" / "entries.jsonl", tmp_path / "again", languages=["en"], processes=1)
    assert v.files_of(tmp_path / "again") == v.files_of(out)


def test_what_is_no_longer_part_of_the_site_goes(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    (out / "en" / "station" / "stray.html").write_text("x", "utf-8")
    kept = [e for e in v.village() if getattr(e, "unit", getattr(e, "station", "")) != "0006"]
    _, built = site(kept, full=True)
    assert built.removed >= 2
    assert not (out / "en/station/stray.html").exists() and not (out / "en/station/0006.html").exists()


def test_somebody_elses_folder_is_refused(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    mine = tmp_path / "site" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work", "utf-8")
    with pytest.raises(InputError, match=r"thesis\.txt"):
        site(v.village())
    assert v.files_of(tmp_path / "site") == {"thesis.txt": b"years of work"}


def test_an_interrupted_build_is_finished_by_the_next(v, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    whole, _ = site(v.village(), "whole")
    with monkeypatch.context() as patch:
        patch.setattr("haq.bulletin.overview.findings_index_page", fail)
        with pytest.raises(KeyboardInterrupt):
            site(v.village(), "cut")
    out, built = site(v.village(), "cut")
    assert built.whole and v.files_of(out) == v.files_of(whole)


def test_keys_of_strangers_stay_inside_the_site(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    evil = [
        "../../outside",
        "/etc/passwd",
        "CON",
        "a\\b",
        "x" * 400,
        '"><script>alert(1)</script>',
        "\u202eevil",
        ".",
    ]
    made = [v.election(), *(v.station(key, district=f"../{key}", name=key) for key in evil)]
    made += [v.official(key, v.figures(1, 2)) for key in evil]
    out, built = site(made)
    assert built.stations == len(evil)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site", "site-entries"]
    for path, data in v.files_of(out).items():
        if path.endswith(".html"):
            assert b"<script>alert" not in data and "\u202e".encode() not in data, path


def test_a_path_out_of_the_site_is_never_written(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "site")
    for path in ("../x", "/x", "a/../../x", "a\\x"):
        with pytest.raises(InputError, match="outside"):
            writer(f"{path}/y", b"")
    assert not (tmp_path / "x").exists()


def test_evidence_is_shown_only_if_it_is_what_it_says_and_tells_no_place(
    v: SimpleNamespace,
    site,
    picture,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    folder = tmp_path / "site-entries" / "files"
    folder.mkdir(parents=True)
    tells = picture(7, note=b"43.25 N 76.95 E, phone of A.")
    given = (picture(1), SVG, b"other", b"gone", tells, picture(2)[:-9], b"<html>" + picture(3), b"%PDF-1.7")
    good, script, wrong, gone, place, cut, inside, scan = names = [
        hashlib.sha256(x).hexdigest() for x in given
    ]
    for name, data in zip(names, given, strict=True):
        (folder / f"{name}.png").write_bytes(data)
    (folder / f"{wrong}.png").write_bytes(b"\xff\xd8\xff not what it was")
    (folder / f"{gone}.png").unlink()
    unused = hashlib.sha256(picture(4)).hexdigest()
    (folder / f"{unused}.png").write_bytes(picture(4))
    made = [v.election(), v.station("1"), *v.copy("1", v.figures(1, 2), files=tuple(names))]
    out, built = site(made)
    shown = [f"files/{good}.png", f"files/{scan}.pdf"]
    assert [path for path in v.files_of(out) if path.startswith("files/")] == sorted(shown)
    assert {(p.code, p.values["sha256"]) for p in built.problems} == {
        ("file-hash", wrong),
        ("file-missing", gone),
        ("file-not-shown", script),
        ("file-not-shown", inside),
        ("photograph-damaged", cut),
        ("photograph-tells-where", place),
    }
    page = (out / "en/station/1.html").read_text("utf-8")
    assert all(path in page for path in shown) and f"files/{script}" not in page
    assert "still carries what the camera noted" in page


@pytest.mark.parametrize("languages", [[], ["en", "en"], ["de"], ["EN"]])
def test_unknown_languages_are_refused(v, site, languages) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HaqError, match="kk, ru, en"):
        site(v.village(), languages=languages)


def test_long_lists_have_further_pages(v: SimpleNamespace, site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("haq.bulletin.assemble.areas.PAGE", 2)
    monkeypatch.setattr("haq.bulletin.update.PAGE", 2)
    out, _ = site(v.village())
    assert (out / "en/area/kz-1-region-3.html").exists() and (out / "en/area/kz-1_1-district-2.html").exists()
    assert not (out / "en/area/kz-1-region-4.html").exists()
    flat = [e for e in v.village() if e.kind not in ("area",) and getattr(e, "level", "") != "district"]
    flat = [v.station(e.station, areas={}) if e.kind == "station" else e for e in flat]
    out, _ = site(flat, "flat")
    assert (out / "en/area/all-3.html").exists() and not (out / "en/area/all-4.html").exists()
    # Without areas home lists the stations itself, the one that differs first.
    home = (out / "en/index.html").read_text("utf-8")
    assert "station/0001.html" in home and "station/0005.html" not in home


def test_the_outline_of_an_area_is_shown(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "id": "KZ-1", "geometry": shape, "properties": {}}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    key = hashlib.sha256(data).hexdigest()
    folder = tmp_path / "site-entries" / "files"
    folder.mkdir(parents=True)
    (folder / f"{key}.geojson").write_bytes(data)
    made = [
        e.model_copy(update={"shape": key}) if e.kind == "area" and e.level == "region" else e
        for e in v.village()
    ]
    out, built = site(made)
    assert not built.problems
    assert b"<path" in (out / "en/index.html").read_bytes()
    assert encode(made[0])  # the entries stay valid
