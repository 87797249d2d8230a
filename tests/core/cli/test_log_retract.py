"""``haq log retract`` and ``redact``: by hand, one at a time, and never undone in silence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.core.cli.conftest import Haq, entries, standing, trees

from haq.entries import digest

# By hand


def test_an_entry_is_withdrawn_by_its_place_or_its_digest(village: Path, command: Callable[..., Any]) -> None:
    lines = entries(village)
    found = command("retract", 3, "--reason", " Көшірме басқа учаскеден. ", "--language", "kk")
    assert (found["retracted"], found["places"], found["retraction"]) == (digest(lines[3]), [3], len(lines))
    assert trees(village, "retraction") == [
        {
            "format": 1,
            "kind": "retraction",
            "election": "village",
            "retracts": digest(lines[3]),
            "reason": "Көшірме басқа учаскеден.",
            "language": "kk",
        }
    ]
    said = command("retract", digest(lines[3]), "--reason", "again", code=2)
    assert f"withdrawn already, by entry {len(lines)}" in said


def test_only_an_entry_about_the_same_stands_in_the_place_of_another(
    haq: Haq, election: Path, village: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    seen = (election / "seen.csv").read_text("utf-8")
    (election / "seen.csv").write_text(seen.replace("20,5", "21,5"), "utf-8")
    haq("check", election, "--log", village, "--key", tmp_path / "key")
    lines = entries(village)
    kinds = [json.loads(line)["kind"] for line in lines]
    readings = [place for place, kind in enumerate(kinds) if kind == "reading"]
    about = {place: json.loads(lines[place])["copy_entry"] for place in readings}
    new = readings[-1]
    (old,) = [place for place in readings[:-1] if about[place] == about[new]]
    (other,) = [place for place in readings[:-1] if about[place] != about[new]]
    copy, finding = kinds.index("copy"), kinds.index("finding")
    for wrong in (copy, finding, other, kinds.index("election")):
        said = command("retract", old, "--reason", "x", "--replaced-by", wrong, code=2)
        assert "not of the same kind about the same thing" in said
    two = [place for place, kind in enumerate(kinds) if kind == "official"][:2]
    assert "about the same thing" in command(
        "retract", two[0], "--reason", "x", "--replaced-by", two[1], code=2
    )
    assert len(entries(village)) == len(lines)
    found = command("retract", old, "--reason", "x", "--replaced-by", new)
    assert found["replaced_by"] == digest(lines[new])
    assert len(entries(village)) == len(lines) + 1


def test_the_only_description_of_the_election_is_not_withdrawn(
    haq: Haq, election: Path, village: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    size = len(entries(village))
    (first,) = [n for n, line in enumerate(entries(village)) if json.loads(line)["kind"] == "election"]
    assert "describe the election anew first" in command("retract", first, "--reason", "x", code=2)
    assert len(entries(village)) == size
    description = (election / "election.toml").read_text("utf-8")
    (election / "election.toml").write_text(description.replace('"Village"', '"A village"'), "utf-8")
    haq("check", election, "--log", village, "--key", tmp_path / "key")
    (_, new) = [n for n, line in enumerate(entries(village)) if json.loads(line)["kind"] == "election"]
    found = command("retract", first, "--reason", "A better title.", "--replaced-by", new)
    # Now the new one is the only one; and what withdrew the old one can be taken back.
    assert "describe the election anew first" in command("retract", new, "--reason", "x", code=2)
    back = command("retract", found["retraction"], "--reason", "It was right.")
    command("retract", new, "--reason", "x")
    # To take that back would leave none, for all that no description is named.
    assert "anew first" in command("retract", back["retraction"], "--reason", "x", code=2)


def test_what_cannot_be_withdrawn_is_refused(village: Path, command: Callable[..., Any]) -> None:
    size = len(entries(village))
    assert "no entry 99" in command("retract", 99, "--reason", "x", code=2)
    assert "no entry of the log has" in command("retract", "0" * 64, "--reason", "x", code=2)
    assert "neither a place" in command("retract", "third", "--reason", "x", code=2)
    assert "does not stand itself" in command("retract", 3, "--reason", "x", "--replaced-by", 3, code=2)
    assert "no entry of the log" in command("retract", 3, "--reason", "x", "--replaced-by", "f" * 64, code=2)
    assert "the reason is empty" in command("retract", 3, "--reason", " ", code=2)
    assert len(entries(village)) == size


@pytest.mark.parametrize(
    "reason",
    [
        "ask +7 701 123 45 67",
        "ИИН 900101300123",
        "write to observer@example.org",
        "8(701)1234567",
        "call 701 123 456",
        "call 701–123–456",
        "ask @observer",
        "see t.me/observer",
        "see https://T.ME/observer",
    ],
)
def test_nothing_personal_stands_in_a_reason(reason: str, village: Path, command: Callable[..., Any]) -> None:
    size = len(entries(village))
    assert "cannot forget" in command("retract", 3, "--reason", reason, code=2)
    assert "cannot forget" in command("redact", "0" * 64, "--reason", reason, code=2)
    assert len(entries(village)) == size


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028"])
def test_a_reason_stands_in_one_line(end: str, village: Path, command: Callable[..., Any]) -> None:
    size = len(entries(village))
    assert "in one" in command("retract", 3, "--reason", f"one{end}two", code=2)
    assert len(entries(village)) == size


@pytest.mark.parametrize(
    "reason",
    [
        "Read again on 2026-12-01 13:15.",
        "Хаттама 10.01.2021 15:30 қайта қаралды",
        f"Stands as {'1234567890' * 6}abcd.",
        "Stations 01.10, 01.11 and 01.12 of 10,061.",
    ],
)
def test_dates_and_digests_are_nobody_s(reason: str, command: Callable[..., Any]) -> None:
    command("retract", 3, "--reason", reason)


def test_a_withdrawal_is_taken_back_and_said_again(village: Path, command: Callable[..., Any]) -> None:
    """Withdrawn, brought back, withdrawn with the very same words: the entry is withdrawn each other time."""
    line = entries(village)[3]
    place = 3
    for times in range(5):
        stands = times % 2 == 1
        if stands:
            # What takes it back is the newest retraction that has effect on it.
            found = command("retract", place, "--reason", "same")
        else:
            found = command("retract", 3, "--reason", "same")
        place = found["retraction"]
        assert (line in standing(village)) is stands


def test_equal_entries_are_withdrawn_together(
    haq: Haq, village: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    lines = (tmp_path / "found" / "entries.jsonl").read_text("utf-8").splitlines(keepends=True)
    reading = next(line for line in lines if '"kind":"reading"' in line)
    (tmp_path / "found" / "entries.jsonl").write_text("".join([*lines, reading]), "utf-8")
    command("append", tmp_path / "found")
    found = command("retract", digest(reading.strip().encode()), "--reason", "x")
    assert found["places"] == [lines.index(reading), len(lines)]


def test_another_key_or_no_log_is_refused(haq: Haq, village: Path, tmp_path: Path) -> None:
    haq("log", "init", tmp_path / "other", "--name", "example.org/other")
    said = haq("log", "retract", village, 3, "--reason", "x", "--key", tmp_path / "other.key", code=2).output
    assert "example.org/other" in said and "PRIVATE" not in said
    haq("log", "retract", tmp_path / "nowhere", 3, "--reason", "x", "--key", tmp_path / "key", code=2)


# Redaction


@pytest.fixture
def photograph(village: Path) -> str:
    """The SHA-256 of the photograph."""
    (copy,) = [tree for tree in trees(village, "copy") if tree["files"]]
    sha256: str = copy["files"][0]
    assert (village / "files" / sha256).is_file()
    return sha256


def test_a_redacted_file_goes_and_never_comes_back(
    haq: Haq, village: Path, photograph: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    found = command("redact", photograph, "--reason", "A face can be seen.", "--language", "en")
    assert (found["removed"], found["already"]) == (True, False)
    said = haq("log", "redact", village, photograph, "--reason", "x", "--key", tmp_path / "key").output
    assert "The folder that the entries came from may still hold the file" in said
    assert not (village / "files" / photograph).exists()
    again = command("append", tmp_path / "found")
    assert (again["appended"], again["files"], again["missing"], again["erased"]) == (0, 0, [], 0)
    assert not (village / "files" / photograph).exists()
    # Whoever was stopped between the entry and the file says it again.
    (village / "files" / photograph).write_bytes(b"left over")
    found = command("redact", photograph, "--reason", "other words")
    assert (found["removed"], found["already"]) == (True, True)
    assert len(trees(village, "redaction")) == 1
    # So does the next append.
    (village / "files" / photograph).write_bytes(b"left over")
    assert command("append", tmp_path / "found")["erased"] == 1
    # A redaction is no figure that could have been wrong: it is not taken back.
    assert "cannot be taken back" in command("retract", found["redaction"], "--reason", "x", code=2)


def test_only_a_file_that_an_entry_names_is_redacted(village: Path, command: Callable[..., Any]) -> None:
    assert "no entry of" in command("redact", "0" * 64, "--reason", "x", code=2)
    assert "is no SHA-256" in command("redact", "../key", "--reason", "x", code=2)
    assert trees(village, "redaction") == []


def test_a_mirror_obeys_even_where_the_file_is_still_offered(
    haq: Haq, village: Path, photograph: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    mirror, data = tmp_path / "mirror", (village / "files" / photograph).read_bytes()
    haq("log", "mirror", village, mirror)
    assert (mirror / "files" / photograph).read_bytes() == data
    command("redact", photograph, "--reason", "A face can be seen.")
    (village / "files" / photograph).write_bytes(data)
    found = json.loads(haq("log", "verify", village, "--json").stdout)
    assert found["files"]["not_erased"] == [photograph]
    haq("log", "mirror", village, mirror)
    assert not (mirror / "files" / photograph).exists()
    new = tmp_path / "new"
    haq("log", "mirror", village, new)
    assert not (new / "files" / photograph).exists()
