"""What is published: entries, the rules, and every file that the entries name, under its hash."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from haq.check import check_election, document, load_election
from haq.check.hashes import Choices
from haq.check.output import write_report
from haq.check.publication import entries_of
from haq.check.publishing import publish
from haq.entries import AreaEntry, CopyEntry, ElectionEntry, ReplyEntry, decode, encode
from haq.errors import InputError
from haq.law import load_profile, profile_digest

Row = dict[str, object]


#: What only the organisation may know.
PERSON, PHONE, PLACE = "Observer Ivanova", "+7 700 000 00 00", b"43.25 N, PhoneMaker 9"


@pytest.fixture
def rich(village, honest: Callable[..., Row], picture):
    """An election with a file of every kind."""
    folder: Path = village.folder
    (folder / "a.JPG").write_bytes(picture(1))
    (folder / "same.jpeg").write_bytes(picture(1))
    (folder / "b.png").write_bytes(picture(2, note=PLACE))
    (folder / "odd.x y").write_bytes(b"odd")
    (folder / "letter.pdf").write_bytes(b"%PDF-1.7")
    (folder / "r.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"id": "r1", "geometry": {}}]}'
    )
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3)])
    rows = [honest("1", 1, 2, 3, photo="a.JPG;odd.x y"), honest("2", 1, 2, 3, photo="same.jpeg;b.png")]
    village.add("seen", rows, kind="copies", organisation="citizens")
    village.add("regions", [{"region": "r1"}], kind="areas", level="region", shapes="r.geojson")
    village.add("answers", [{"station": "1", "reply": "no", "photo": "letter.pdf"}], kind="replies")
    return village


def test_every_file_that_entries_name_is_there_under_its_hash(rich, tmp_path: Path) -> None:
    report = rich.check()
    written = publish(report, tmp_path / "out").written
    there = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted((*written, tmp_path / "out" / "SHA256SUMS")) == sorted(there)
    lines = (tmp_path / "out" / "entries.jsonl").read_bytes().splitlines()
    assert lines == [encode(entry) for entry in entries_of(report)]
    named: set[str] = set()
    for entry in map(decode, lines):
        if isinstance(entry, ElectionEntry):
            named |= {source.extract for source in entry.sources if source.extract}
        elif isinstance(entry, CopyEntry | ReplyEntry):
            named |= set(entry.files)
        elif isinstance(entry, AreaEntry) and entry.shape:
            named.add(entry.shape)
    files = {path.name.partition(".")[0]: path for path in (tmp_path / "out" / "files").iterdir()}
    assert files.keys() == named
    for digest, path in files.items():
        assert sha256(path.read_bytes()).hexdigest() == digest
    endings = sorted(path.suffix for path in files.values())
    assert endings == [".csv", ".csv", ".csv", ".csv", ".geojson", ".png", ".png"]


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
    first = publish(report, tmp_path / "a", link=link).written
    again = publish(report, tmp_path / "a", link=link).written
    other = publish(report, tmp_path / "b").written
    assert first == again
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in other]
    assert [path.name for path in first] == [path.name for path in other]


def test_a_copy_stays_what_it_is_and_a_link_takes_no_room(rich, picture, tmp_path: Path) -> None:
    report = rich.check()
    name, cleaned = (f"files/{sha256(picture(n)).hexdigest()}.png" for n in (1, 2))
    publish(report, tmp_path / "copied")
    publish(report, tmp_path / "linked", link=True)
    assert (tmp_path / "linked" / name).samefile(rich.folder / "a.JPG")
    assert not (tmp_path / "copied" / name).samefile(rich.folder / "a.JPG")
    assert (tmp_path / "linked" / cleaned).read_bytes() == picture(2)
    assert (rich.folder / "b.png").read_bytes() == picture(2, note=PLACE)
    (rich.folder / "a.JPG").write_bytes(b"changed")
    assert (tmp_path / "copied" / name).read_bytes() == picture(1)


def test_where_nothing_can_be_linked_files_are_copied(
    rich, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    written = publish(rich.check(), tmp_path / "out", link=True).written
    assert all(path.stat().st_nlink == 1 for path in written)


def test_a_table_that_changes_after_the_check_is_noticed(rich, tmp_path: Path) -> None:
    report = rich.check()
    (rich.folder / "seen.csv").write_text("station,alpha\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="was changed while haq was checking it"):
        publish(report, tmp_path / "out")
    assert not (tmp_path / "out" / "entries.jsonl").exists()


@pytest.mark.parametrize("name", ["a.JPG", "b.png"])
def test_a_photograph_that_changes_between_hash_and_copy_is_noticed(
    rich, picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    report = rich.check()

    def late(law: object) -> str:  # the law is written after the hashes and before the copies
        (rich.folder / name).write_bytes(picture(99, note=PLACE))
        return ""

    monkeypatch.setattr("haq.check.publishing.profile_text", late)
    with pytest.raises(InputError, match=f"{name}: was changed while haq was checking it"):
        publish(report, tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_named(rich, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="choose another folder"):
        publish(rich.check(), tmp_path / "file")


def test_out_holds_the_same_and_replaces_what_an_earlier_check_wrote(rich, picture, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(rich.check(), out)
    before = {path.name for path in (out / "files").iterdir()}
    (rich.folder / "a.JPG").write_bytes(picture(5))
    (rich.folder / "same.jpeg").write_bytes(picture(5))
    mine = {"mine.txt", f"{'0' * 64}.csv"}
    for name in mine:
        (out / "files" / name).touch()
    write_report(rich.check(), out)
    after = {path.name for path in (out / "files").iterdir()}
    assert f"{sha256(picture(5)).hexdigest()}.png" in after - before
    assert f"{sha256(picture(1)).hexdigest()}.png" in before - after
    assert mine <= after
    report = rich.check()
    published = {path.name: path.read_bytes() for path in publish(report, tmp_path / "other").written}
    written = {path.name: path.read_bytes() for path in write_report(report, out).written}
    assert published.items() <= written.items()


def with_people(village, honest: Callable[..., Row], picture) -> None:
    """Write a table of copies with columns that nobody mapped, a bad row, and names in every free place."""
    village.add("declared", [honest("1", 1, 2, 3), honest("2", 1, 2, 3), honest("2", 1, 2, 4)])
    rows = [honest("1", 1, 2, 3, photo=f"{PERSON}.png"), honest("2", 9, 2, 3, photo=f"{PERSON} 2.png")]
    village.add("seen", rows, kind="copies", organisation="citizens", layout={"skip_rows": 2})
    village.sources[-1] = village.sources[-1].replace(
        "{'skip_rows': 2}", "{ skip_rows = 2, separator = ',' }"
    )
    path: Path = village.folder / "seen.csv"
    head, *lines = path.read_text("utf-8").splitlines()
    lines = [f"{PHONE},{line},{PERSON}" for line in lines] + [f"{PERSON},{PHONE}"]
    path.write_text("\n".join([f"Table of {PERSON}", "", f"tel,{head},{PERSON}", *lines]) + "\n", "utf-8")
    (village.folder / f"{PERSON}.png").write_bytes(picture(1, note=PLACE))


def test_nothing_of_a_person_is_published(
    village, honest: Callable[..., Row], picture, tmp_path: Path
) -> None:
    with_people(village, honest, picture)
    report = village.check()
    published = write_report(report, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for secret in (PERSON.encode(), PHONE.encode(), PLACE):
            assert secret not in data, (path, secret)
    assert dict(published.left_out) == {"seen": ("tel", PERSON)}
    assert dict(published.cleaned) == {village.folder / f"{PERSON}.png": ("text",)}
    assert published.photographs == 1
    assert any(PERSON in note for note in report.notes)


def test_what_is_published_gives_the_same_figures_again(
    village, honest: Callable[..., Row], picture, tmp_path: Path
) -> None:
    with_people(village, honest, picture)
    first = village.check()
    write_report(first, tmp_path / "out")
    second = check_election(load_election(tmp_path / "out"), tmp_path / "out")
    one, two = (document(report, verbose=True, public=True) for report in (first, second))
    assert one["contests"] == two["contests"]
    for old, new in zip(one["rows"].values(), two["rows"].values(), strict=True):
        for rows in (old, new):
            for row in rows["refused_row_list"]:
                row["reason"] = row["reason"].partition("with other cells")[0][:8]
            for row in rows["skipped_row_list"]:
                del row["reason"]
    assert [row["row"] for row in one["rows"]["seen.csv"]["refused_row_list"]] == [6]
    assert [r["refused_row_list"][0]["row"] for r in one["rows"].values()] == [3, 6]
    counts = ("read", "accepted", "refused", "skipped", "refused_cells", "empty_cells")
    for old, new in zip(one["rows"].values(), two["rows"].values(), strict=True):
        assert [old[k] for k in counts] == [new[k] for k in counts]
        assert [r["row"] for r in old["refused_row_list"]] == [r["row"] for r in new["refused_row_list"]]
    # What is published of what was published is the same once more, photographs too.
    write_report(second, tmp_path / "again")
    names = [sorted(p.name for p in (tmp_path / out / "files").iterdir()) for out in ("out", "again")]
    assert names[0] == names[1]


def test_whole_files_and_pdf_are_published_only_by_choice(rich, tmp_path: Path) -> None:
    pdf = f"{sha256(b'%PDF-1.7').hexdigest()}.pdf"
    originals = {
        key: f"{sha256((rich.folder / f'{key}.csv').read_bytes()).hexdigest()}.csv"
        for key in ("declared", "seen", "answers", "regions")
    }

    def names(**chosen: bool) -> set[str]:
        found = publish(rich.check(), tmp_path / "out", choices=Choices(**chosen))
        assert (rich.folder / "letter.pdf" in found.held_back) is not chosen.get("pdf", False)
        assert "JPEG, PNG nor WebP" in found.held_back[rich.folder / "odd.x y"]
        return {path.name for path in (tmp_path / "out" / "files").iterdir()}

    assert names().isdisjoint({pdf, *originals.values()})
    assert pdf in names(pdf=True)
    assert {pdf, *originals.values()} & names(originals=True) == {originals["declared"]}


def test_the_list_of_what_was_written_is_right_and_cannot_lead_astray(rich, tmp_path: Path) -> None:
    out = tmp_path / "out"
    published = publish(rich.check(), out)
    listed = dict(
        reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    assert {out / name for name in listed} == set(published.written)
    assert all(sha256((out / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())
    outside = tmp_path / "outside.txt"
    outside.touch()
    (out / "own").mkdir()
    (out / "own" / "notes.txt").touch()
    (out / "tables").symlink_to(tmp_path)
    with (out / "SHA256SUMS").open("a", encoding="utf-8") as stream:
        for name in (
            "../outside.txt",
            str(outside),
            "files/../../outside.txt",
            "own/notes.txt",
            "files",
            "tables/outside.txt",
        ):
            stream.write(f"{'0' * 64}  {name}\n")
    publish(rich.check(), out)
    assert outside.exists() and (out / "own" / "notes.txt").exists() and (out / "files").is_dir()


def test_a_check_that_was_interrupted_leaves_nothing_behind_for_good(
    rich, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as broken:
        broken.setattr("haq.check.output.pictures_of", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_report(rich.check(), out)
    left = {path for path in out.rglob("*.*") if path.is_file()}
    (rich.folder / "a.JPG").unlink()
    rich.sources = rich.sources[:1]
    written = write_report(rich.check(), out).written
    assert left - set(written)
    assert {path for path in out.rglob("*") if path.is_file()} == {*written, out / "SHA256SUMS"}


def test_folders_are_not_published_because_they_may_be_called_after_people(
    village, honest: Callable[..., Row], tmp_path: Path
) -> None:
    folders = {"declared": "Declared/2021", "seen": f"{PERSON} 870123300123", "also": "other"}
    village.add("declared", [honest("1", 1, 2, 3)])
    # Cells and rows that are refused, and notes, name the file too.
    rows = [honest("1", 4, 5, 6, grade="Z"), {"station": "12", "alpha": "two"}, {"station": ""}]
    village.add("seen", rows, kind="copies", organisation="citizens")
    village.add("also", [honest("1", 7, 8, 9)], kind="copies", organisation="students")
    path = village.write() / "election.toml"
    text = path.read_text("utf-8")
    for key, folder in folders.items():
        (village.folder / folder).mkdir(parents=True)
        (village.folder / f"{key}.csv").rename(village.folder / folder / "protocols.csv")
        text = text.replace(f"'{key}.csv'", f"'{folder}/protocols.csv'")
    path.write_text(text, "utf-8")
    report = check_election(load_election(village.folder), village.folder)
    (election,) = [entry for entry in entries_of(report) if isinstance(entry, ElectionEntry)]
    # Files of one name are told apart by key and hash.
    assert [(source.key, source.file) for source in election.sources] == [
        (key, "protocols.csv") for key in folders
    ]
    assert len({source.sha256 for source in election.sources}) == len(folders)
    write_report(report, tmp_path / "out")
    said = json.loads((tmp_path / "out" / "check.json").read_bytes())
    assert any("protocols.csv" in note for note in said["notes"])
    assert list(said["rows"]) == [f"protocols.csv#{key}" for key in folders]
    for one in (tmp_path / "out").rglob("*"):
        assert PERSON not in one.name
        assert not one.is_file() or PERSON.encode() not in one.read_bytes(), one
    # What the checker itself sees says where each file lies.
    assert report.sources["seen"].name == f"{folders['seen']}/protocols.csv"
    assert any(folders["seen"] in note for note in document(report)["notes"])


def test_a_folder_of_windows_is_not_published_either(
    village, honest: Callable[..., Row], tmp_path: Path
) -> None:
    village.add("declared", [honest("1", 1, 2, 3)])
    path = village.write() / "election.toml"
    (tmp_path / "declared.csv").rename(tmp_path / f"{PERSON}\\declared.csv")
    path.write_text(path.read_text("utf-8").replace("'declared.csv'", f"'{PERSON}\\declared.csv'"), "utf-8")
    report = check_election(load_election(tmp_path), tmp_path)
    (election,) = [entry for entry in entries_of(report) if isinstance(entry, ElectionEntry)]
    assert [source.file for source in election.sources] == ["declared.csv"]
