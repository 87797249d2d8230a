"""``haq log append`` and ``haq check --log``: what is withdrawn, brought back, kept beside and left out."""

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.cli.conftest import Haq, entries, standing, trees
from typer.testing import CliRunner

from haq.cli import app
from haq.cli.log.appending import append_entries
from haq.cli.log.difference import Withdrawing
from haq.cli.log.erasing import Erasing
from haq.cli.log.opening import writer_of
from haq.entries import (
    AreaEntry,
    CommitmentEntry,
    RedactionEntry,
    RetractionEntry,
    RevealEntry,
    StationEntry,
    decode,
    digest,
    encode,
)
from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.writer import Writer


@pytest.fixture
def photograph(village: Path) -> str:
    """The SHA-256 of the photograph."""
    (copy,) = [tree for tree in trees(village, "copy") if tree["files"]]
    sha256: str = copy["files"][0]
    assert (village / "files" / sha256).is_file()
    return sha256


# What an append withdraws


def change(election: Path, name: str, old: str, new: str) -> None:
    path = election / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def publish(haq: Haq, election: Path, village: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Check the election as its files are now, and publish into the log."""

    def run(*more: object) -> dict[str, Any]:
        result = haq("check", election, "--log", village, "--key", tmp_path / "key", "--json", *more)
        tree: dict[str, Any] = json.loads(result.stdout)["log"]
        haq("check", election, "--out", tmp_path / "found")
        return tree

    return run


def lines_of(folder: Path) -> set[bytes]:
    return set((folder / "entries.jsonl").read_bytes().splitlines())


def test_without_the_option_nothing_is_withdrawn_and_it_is_said(
    haq: Haq, election: Path, village: Path, tmp_path: Path, publish: Callable[..., dict[str, Any]]
) -> None:
    assert publish()["appended"] == 0
    change(election, "seen.csv", "20,5", "21,5")
    found = publish()
    # The election's entry, of which one table is another; a reading, and the finding that rests on it.
    assert (found["retracted"], found["gone"], found["appended"]) == (0, 3, 3)
    said = haq("log", "append", village, tmp_path / "found", "--key", tmp_path / "key").output
    assert "They still stand. To withdraw them: --retract REASON" in said


def test_a_log_follows_its_source_there_and_back(
    election: Path, village: Path, tmp_path: Path, publish: Callable[..., dict[str, Any]]
) -> None:
    """Changed, changed back, and changed again, always with the same words."""
    before = lines_of(tmp_path / "found")
    for times in range(4):
        old, new = ("20,5", "21,5") if times % 2 == 0 else ("21,5", "20,5")
        change(election, "seen.csv", old, new)
        found = publish("--retract", "A digit was read again.")
        assert standing(village) == lines_of(tmp_path / "found")
        assert found["gone"] == found["withdrawn"] == 0
        # After the first change nothing is new: what comes back stood in the log before.
        assert (found["appended"] > 0) is (times == 0)
        assert (found["restored"] > 0) is (times > 0)
    assert standing(village) == before


@given(st.lists(st.sets(st.integers(0, 11)), min_size=2, max_size=8))
@settings(deadline=None, max_examples=25)
def test_with_restore_the_log_says_what_the_source_says(sources: list[set[int]]) -> None:
    """Whatever came and went before: stations under two names, two of them alike for a while, none twice."""
    election = {"kind": "election", "law": "x", "law_sha256": "0" * 64, "date": "2021-01-10", "title": {}}
    contest = {"key": "c", "law": "c", "choices": []}
    common = {"format": 1, "election": "e"}
    first = rfc8785.dumps(common | election | {"contests": [contest], "organisations": [], "sources": []})
    everything = [
        encode(StationEntry(election="e", station=str(n % 6), name=str(n // 6), areas={})) for n in range(12)
    ]
    with TemporaryDirectory() as folder:
        log, file = Path(folder) / "log", Path(folder) / "entries.jsonl"
        writer = Writer(log, SigningKey("example.org/log", ED25519, bytes(32)))
        writer.create()
        for chosen in sources:
            lines = [first, *(everything[n] for n in chosen)]
            file.write_bytes(b"".join(line + b"\n" for line in lines))
            found = append_entries(writer, file, None, Withdrawing("The same words.", restore=True))
            assert standing(log) == set(lines)
            assert (found.gone, found.withdrawn) == (0, 0)
            assert len(entries(log)) == len(set(entries(log)))


def test_what_replaces_what(
    election: Path, village: Path, tmp_path: Path, publish: Callable[..., dict[str, Any]]
) -> None:
    before = {digest(line): json.loads(line) for line in lines_of(tmp_path / "found")}
    change(election, "seen.csv", "20,5", "21,5")
    change(election, "declared.csv", "3,1,2\n", "")
    publish("--retract", "A digit was read again.")
    after = {digest(line): json.loads(line) for line in lines_of(tmp_path / "found")}
    replaced = {}
    for retraction in trees(village, "retraction"):
        old, new = before[retraction["retracts"]], after.get(retraction.get("replaced_by", ""))
        if new is None:
            assert old.get("unit", old.get("station")) == "3"
            continue
        about = ("kind", "unit", "contest", "source", "finding", "station")
        assert [old.get(key) for key in about] == [new.get(key) for key in about]
        replaced[old["kind"]] = (old, new)
    assert replaced.keys() >= {"election", "reading", "finding", "total"}
    old, new = replaced["reading"]
    assert (old["lines"]["a"], new["lines"]["a"]) == (20, 21)


def test_what_was_withdrawn_by_hand_stays_so_unless_it_is_asked_for(
    village: Path,
    command: Callable[..., Any],
    publish: Callable[..., dict[str, Any]],
    haq: Haq,
    tmp_path: Path,
) -> None:
    line = entries(village)[3]
    command("retract", 3, "--reason", "A wrong copy.")
    for more in ((), ("--retract", "Every night.")):
        found = publish(*more)
        assert (found["withdrawn"], found["restored"]) == (1, 0)
        assert line not in standing(village)
    said = haq("log", "append", village, tmp_path / "found", "--key", tmp_path / "key").output
    assert "withdrawn in the log: 1" in said
    assert publish("--retract", "It was right.", "--restore")["restored"] == 1
    assert line in standing(village)


def test_only_entries_of_elections_of_the_source_are_withdrawn(
    haq: Haq, election: Path, village: Path, tmp_path: Path, command: Callable[..., Any]
) -> None:
    before = standing(village)
    change(election, "election.toml", 'key = "village"', 'key = "town"')
    haq("check", election, "--out", tmp_path / "town")
    found = command("append", tmp_path / "town", "--retract", "x")
    assert (found["retracted"], found["gone"]) == (0, 0) and before < standing(village)
    few = tmp_path / "few.jsonl"
    few.write_bytes(next(line for line in before if b'"kind":"copy"' in line) + b"\n")
    assert "no entry of an election" in command("append", few, "--retract", "x", code=2)


def test_the_log_s_own_entries_are_not_gone(
    village: Path, photograph: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    data = tmp_path / "answers.csv"
    data.write_bytes(b"answers")
    command("retract", 3, "--reason", "x")
    command("redact", photograph, "--reason", "x")
    command("commit", data, "--about", "answers", "--secret", tmp_path / "salt")
    command("reveal", data, "--secret", tmp_path / "salt")
    found = command("append", tmp_path / "found", "--retract", "x")
    assert (found["retracted"], found["gone"], found["appended"], found["withdrawn"]) == (0, 0, 0, 1)


def test_options_that_need_another_are_refused(
    haq: Haq, election: Path, village: Path, tmp_path: Path
) -> None:
    for command in (
        ("log", "append", village, tmp_path / "found", "--restore"),
        ("log", "append", village, tmp_path / "found", "--language", "kk"),
        ("check", election, "--retract", "x"),
        ("check", election, "--key", tmp_path / "key"),
        ("check", election, "--init", "--log", village),
    ):
        haq(*command, code=2)
    # A wrong key or reason is named before the long work begins, and nothing is written.
    haq("check", tmp_path / "nowhere", "--log", tmp_path / "no log", "--key", tmp_path / "key", code=2)
    said = haq(
        "check", election, "--log", village, "--key", tmp_path / "key", "--retract", " ", code=2
    ).output
    assert "the reason is empty" in said


# What is kept beside the log


def test_a_photograph_that_tells_where_is_left_out_and_named(
    haq: Haq, tmp_path: Path, picture: Callable[..., bytes], village: Path
) -> None:
    files = {
        "photograph-tells-where": picture(1, b"51.1 N 71.4 E"),
        "photograph-damaged": b"\xff\xd8\xff no photograph",
        "file-not-shown": b"\0\0\0\x18ftypheic with a place",
    }
    folder, line = tmp_path / "more", trees(village, "copy")[0]
    (folder / "files").mkdir(parents=True)
    names = {code: hashlib.sha256(data).hexdigest() for code, data in files.items()}
    for code, data in files.items():
        (folder / "files" / names[code]).write_bytes(data)
    (folder / "entries.jsonl").write_bytes(rfc8785.dumps(line | {"files": list(names.values())}) + b"\n")
    found = json.loads(haq("log", "append", village, folder, "--key", tmp_path / "key", "--json").stdout)
    assert found["held_back"] == {sha256: code for code, sha256 in names.items()}
    assert found["missing"] == []
    assert not {path.name for path in (village / "files").iterdir()} & set(names.values())
    assert json.loads((village / "held-back.json").read_text("utf-8")) == found["held_back"]
    said = haq("log", "append", village, folder, "--key", tmp_path / "key").output
    assert "what the camera noted: place, device, owner" in said
    assert all(sha256 in said for sha256 in names.values())
    mirror = tmp_path / "mirror"
    haq("log", "mirror", village, mirror)
    assert (mirror / "held-back.json").read_bytes() == (village / "held-back.json").read_bytes()


def test_a_file_may_come_after_its_entry(haq: Haq, village: Path, photograph: str, tmp_path: Path) -> None:
    (village / "files" / photograph).unlink()
    found = json.loads(
        haq("log", "append", village, tmp_path / "found", "--key", tmp_path / "key", "--json").stdout
    )
    assert (found["appended"], found["files"]) == (0, 1)
    assert (village / "files" / photograph).is_file()


def test_a_law_of_ones_own_lies_beside_the_log(
    haq: Haq, election: Path, village: Path, tmp_path: Path, project: Path
) -> None:
    assert (village / "law.toml").is_file()  # a later haq may have another one of that name
    law = (project / "src/haq/law/profiles/kz-majilis-2021.toml").read_text("utf-8")
    (election / "own.toml").write_text(law.replace("kz-majilis-2021", "own"), "utf-8")
    change(election, "election.toml", 'law = "kz-majilis-2021"', 'law = "own.toml"')
    haq("check", election, "--log", village, "--key", tmp_path / "key", "--out", tmp_path / "own")
    assert (village / "law.toml").read_bytes() == (tmp_path / "own" / "law.toml").read_bytes()
    haq("log", "mirror", village, tmp_path / "mirror")
    assert (tmp_path / "mirror" / "law.toml").read_bytes() == (village / "law.toml").read_bytes()


def test_several_who_append_the_same_at_once(haq: Haq, tmp_path: Path, election: Path) -> None:
    haq("check", election, "--out", tmp_path / "found")
    log = tmp_path / "log"
    haq("log", "init", log, "--name", "example.org/log")
    size = len(lines_of(tmp_path / "found"))

    def append(_: int) -> int:
        return append_entries(writer_of(log, Path(f"{log}.key")), tmp_path / "found").appended

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(append, range(4))) == [0, 0, 0, size]
    assert len(entries(log)) == size
    haq("log", "verify", log)


def test_a_failing_append_leaves_the_files_and_says_so(
    haq: Haq, village: Path, election: Path, tmp_path: Path
) -> None:
    """A file that is not what its name says stops everything before an entry is written."""
    folder = tmp_path / "more"
    shutil.copytree(tmp_path / "found", folder)
    (folder / "files" / ("1" * 64 + ".csv")).write_bytes(b"other")
    with (folder / "entries.jsonl").open("ab") as stream:
        stream.write(encode(AreaEntry(election="village", level="x", area="1", shape="1" * 64)) + b"\n")
    size = len(entries(village))
    result = CliRunner().invoke(
        app, ["log", "append", str(village), str(folder), "--key", str(tmp_path / "key")]
    )
    assert result.exit_code == 2 and "it was changed" in result.output
    assert len(entries(village)) == size


def test_a_retraction_has_its_canonical_form(village: Path, command: Callable[..., Any]) -> None:
    command("retract", 3, "--reason", "x")
    line = entries(village)[-1]
    assert encode(decode(line)) == line


# What may come into a log

GOOD = StationEntry(election="village", station="9")


def state_of(folder: Path) -> dict[str, bytes]:
    """Everything that a log publishes."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".haq-log" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def write_lines(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"not json", "is no JSON"),
        (b'{"kind":"copy"}', "is no valid entry"),
        (b"[]", "is no valid entry"),
        (b'{"election":"village","format":1,"kind":"rumour"}', "of a kind that haq does not know (rumour)"),
        (encode(GOOD).replace(b":", b": ", 1), "not in canonical form"),
        (encode(GOOD).replace(b'"station":"9"', b'"station":"9","station":"9"'), "not in canonical form"),
        (encode(GOOD)[:-1] + b',"watcher":"Somebody"}', "watcher: Extra inputs are not permitted"),
        (encode(GOOD).replace(b'"9"', b'"\xff"'), "is no JSON in UTF-8"),
        (encode(GOOD.model_copy(update={"name": "x" * 70_000})), "is longer than"),
        (
            encode(RetractionEntry(election="village", retracts="0" * 64, reason="ask +7 701 123 45 67")),
            "cannot forget",
        ),
        (encode(RedactionEntry(election="village", file="0" * 64, reason="ask @somebody")), "cannot forget"),
        (encode(CommitmentEntry(election="village", commitment="0" * 64, about="a\nb")), "say it in one"),
    ],
)
def test_a_line_that_is_no_clean_entry_stops_the_whole_batch(
    line: bytes, said: str, haq: Haq, village: Path, tmp_path: Path
) -> None:
    folder, before = tmp_path / "more", state_of(village)
    folder.mkdir()
    write_lines(folder / "entries.jsonl", encode(GOOD), b"", line, encode(GOOD))
    for more in ((), ("--with-withdrawals",)):
        result = haq("log", "append", village, folder, "--key", tmp_path / "key", *more, code=2)
        assert f"{folder / 'entries.jsonl'}, line 3: " in result.output
        assert said in result.output and "nothing was appended" in result.output
        assert state_of(village) == before


def test_what_a_log_holds_is_not_looked_at_again(haq: Haq, village: Path, tmp_path: Path) -> None:
    old = b'{"of":"an older haq"}'
    writer_of(village, tmp_path / "key").append([old])
    file = write_lines(tmp_path / "more.jsonl", old, encode(GOOD))
    found = json.loads(haq("log", "append", village, file, "--key", tmp_path / "key", "--json").stdout)
    assert (found["appended"], found["held"]) == (1, 1)


def test_what_withdraws_erases_or_promises_comes_only_where_it_is_asked_for(
    village: Path, photograph: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    target, before = digest(entries(village)[3]), state_of(village)
    own = [
        RetractionEntry(election="village", retracts=target, reason="x"),
        RetractionEntry(election="village", retracts=target, reason="y"),
        RedactionEntry(election="village", file=photograph, reason="x"),
        CommitmentEntry(election="village", commitment="0" * 64, about="x"),
        RevealEntry(election="village", commitment_entry="0" * 64, salt="0" * 64, file="0" * 64),
    ]
    file = write_lines(tmp_path / "more.jsonl", encode(GOOD), *map(encode, own))
    said = command("append", file, code=2)
    assert "(commitment: 1, redaction: 1, retraction: 2, reveal: 1)" in said and "--with-withdrawals" in said
    assert state_of(village) == before
    found = command("append", file, "--with-withdrawals")
    assert (found["appended"], found["erased"]) == (6, 1)
    assert not (village / "files" / photograph).exists()
    # What the log holds now needs no option.
    assert command("append", file)["appended"] == 0


def test_a_redaction_of_another_election_erases_nothing(
    haq: Haq, village: Path, photograph: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    line = encode(RedactionEntry(election="town", file=photograph, reason="x"))
    file, before = write_lines(tmp_path / "more.jsonl", line), state_of(village)
    said = command("append", file, "--with-withdrawals", code=2)
    assert photograph in said and "no entry of its election 'town' names" in said
    assert state_of(village) == before
    # Nor where it stands in the log, whoever let it in.
    writer_of(village, tmp_path / "key").append([line])
    found = command("append", tmp_path / "found")
    assert found["erased"] == 0 and (village / "files" / photograph).is_file()
    assert json.loads(haq("log", "verify", village, "--json").stdout)["files"]["not_erased"] == []
    mirror = tmp_path / "mirror"
    haq("log", "mirror", village, mirror)
    assert (mirror / "files" / photograph).is_file()
    found = command("redact", photograph, "--reason", "A face can be seen.")
    assert (found["removed"], found["already"]) == (True, False)
    haq("log", "mirror", village, mirror)
    assert not (mirror / "files" / photograph).exists()


def test_a_file_goes_in_whatever_order_it_is_named_and_erased() -> None:
    file = "1" * 64
    named = encode(AreaEntry(election="village", level="x", area="1", shape=file))
    redacted = encode(RedactionEntry(election="village", file=file, reason="x"))
    other = encode(RedactionEntry(election="town", file=file, reason="x"))
    for lines in ((named, other, redacted), (redacted, other, named)):
        erasing = Erasing()
        assert [erasing(line) for line in lines] == [[], [], [file]]


def test_a_batch_does_not_withdraw_the_only_description_of_the_election(
    village: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    (line,) = [line for line in entries(village) if b'"kind":"election"' in line]
    taken = encode(RetractionEntry(election="village", retracts=digest(line), reason="x"))
    file, before = write_lines(tmp_path / "more.jsonl", taken), state_of(village)
    assert "describe the election anew first" in command("append", file, "--with-withdrawals", code=2)
    assert state_of(village) == before
    other = rfc8785.dumps(json.loads(line) | {"title": {"en": "Another title"}})
    write_lines(file, taken, other)
    assert command("append", file, "--with-withdrawals")["appended"] == 2
