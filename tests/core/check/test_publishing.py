"""What is published: entries, the rules, and every file that the entries name, under its hash."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from haq.check.output import write_report
from haq.check.publication import entries_of
from haq.check.publishing import publish
from haq.entries import AreaEntry, CopyEntry, ElectionEntry, ReplyEntry, decode, encode
from haq.errors import InputError
from haq.law import load_profile, profile_digest

Row = dict[str, object]


@pytest.fixture
def rich(village, honest: Callable[..., Row]):
    """An election with a file of every kind."""
    folder: Path = village.folder
    (folder / "a.JPG").write_bytes(b"picture")
    (folder / "same.jpeg").write_bytes(b"picture")
    (folder / "odd.x y").write_bytes(b"odd")
    (folder / "letter.pdf").write_bytes(b"%PDF")
    (folder / "r.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"id": "r1", "geometry": {}}]}'
    )
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3)])
    rows = [honest("1", 1, 2, 3, photo="a.JPG;odd.x y"), honest("2", 1, 2, 3, photo="same.jpeg")]
    village.add("seen", rows, kind="copies", organisation="citizens")
    village.add("regions", [{"region": "r1"}], kind="areas", level="region", shapes="r.geojson")
    village.add("answers", [{"station": "1", "reply": "no", "photo": "letter.pdf"}], kind="replies")
    return village


def test_every_file_that_entries_name_is_there_under_its_hash(rich, tmp_path: Path) -> None:
    report = rich.check()
    written = publish(report, tmp_path / "out")
    assert sorted(written) == sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    lines = (tmp_path / "out" / "entries.jsonl").read_bytes().splitlines()
    assert lines == [encode(entry) for entry in entries_of(report)]
    named: set[str] = set()
    for entry in map(decode, lines):
        if isinstance(entry, ElectionEntry):
            named |= {source.sha256 for source in entry.sources}
        elif isinstance(entry, CopyEntry | ReplyEntry):
            named |= set(entry.files)
        elif isinstance(entry, AreaEntry) and entry.shape:
            named.add(entry.shape)
    files = {path.name.partition(".")[0]: path for path in (tmp_path / "out" / "files").iterdir()}
    assert files.keys() == named
    for digest, path in files.items():
        assert sha256(path.read_bytes()).hexdigest() == digest
    endings = sorted(path.suffix for path in files.values())
    assert endings == ["", ".csv", ".csv", ".csv", ".csv", ".geojson", ".jpg", ".pdf"]


def test_the_law_is_published_with_its_digest(rich, tmp_path: Path) -> None:
    publish(rich.check(), tmp_path)
    election = next(
        entry
        for entry in map(decode, (tmp_path / "entries.jsonl").read_bytes().splitlines())
        if isinstance(entry, ElectionEntry)
    )
    assert profile_digest(tmp_path / "law.toml") == election.law_sha256
    assert load_profile(tmp_path / "law.toml") == load_profile(election.law)


@pytest.mark.parametrize("link", [False, True])
def test_publishing_twice_gives_the_same_bytes(rich, tmp_path: Path, link: bool) -> None:
    report = rich.check()
    first = publish(report, tmp_path / "a", link=link)
    again = publish(report, tmp_path / "a", link=link)
    other = publish(report, tmp_path / "b")
    assert first == again
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in other]
    assert [path.name for path in first] == [path.name for path in other]


def test_a_copy_stays_what_it_is_and_a_link_takes_no_room(rich, tmp_path: Path) -> None:
    report = rich.check()
    name = f"files/{sha256(b'picture').hexdigest()}.jpg"
    publish(report, tmp_path / "copied")
    publish(report, tmp_path / "linked", link=True)
    assert (tmp_path / "linked" / name).samefile(rich.folder / "a.JPG")
    assert not (tmp_path / "copied" / name).samefile(rich.folder / "a.JPG")
    (rich.folder / "a.JPG").write_bytes(b"changed")
    assert (tmp_path / "copied" / name).read_bytes() == b"picture"


def test_where_nothing_can_be_linked_files_are_copied(
    rich, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    written = publish(rich.check(), tmp_path / "out", link=True)
    assert all(path.stat().st_nlink == 1 for path in written)


def test_a_table_that_changes_after_the_check_is_noticed(rich, tmp_path: Path) -> None:
    report = rich.check()
    (rich.folder / "seen.csv").write_text("station,alpha\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="was changed while haq was checking it"):
        publish(report, tmp_path / "out")
    assert not (tmp_path / "out" / "entries.jsonl").exists()


def test_a_photograph_that_changes_between_hash_and_copy_is_noticed(
    rich, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = rich.check()

    def late(law: object) -> str:  # the law is written after the hashes and before the copies
        (rich.folder / "a.JPG").write_bytes(b"another")
        (rich.folder / "same.jpeg").write_bytes(b"another")
        return ""

    monkeypatch.setattr("haq.check.publishing.profile_text", late)
    with pytest.raises(InputError, match="was changed while haq was checking it"):
        publish(report, tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_named(rich, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="choose another folder"):
        publish(rich.check(), tmp_path / "file")


def test_out_holds_the_same_and_replaces_what_an_earlier_check_wrote(rich, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(rich.check(), out)
    before = {path.name for path in (out / "files").iterdir()}
    (rich.folder / "a.JPG").write_bytes(b"another")
    (out / "files" / "mine.txt").touch()
    write_report(rich.check(), out)
    after = {path.name for path in (out / "files").iterdir()}
    assert f"{sha256(b'another').hexdigest()}.jpg" in after - before
    assert "mine.txt" in after
    report = rich.check()
    published = {path.name: path.read_bytes() for path in publish(report, tmp_path / "other")}
    written = {path.name: path.read_bytes() for path in write_report(report, out)}
    assert published.items() <= written.items()
