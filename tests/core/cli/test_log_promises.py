"""``haq log commit``, ``reveal`` and ``revealed``: a promise is kept or broken, and its salt stays secret."""

import json
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from haq.entries import CommitmentEntry, RevealEntry, digest, encode
from haq.tlog.commitments import commit
from haq.tlog.keyfiles import load_key, load_salt, write_salt
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.writer import Writer

Haq = Callable[..., Result]
DATA = b"station,answer\n1,yes\n"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Data to be promised."""
    path = tmp_path / "answers.csv"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def command(haq: Haq, village: Path, tmp_path: Path) -> Callable[..., Any]:
    """Run a command on the log of the village, and give its JSON, or what it said where it refused."""

    def run(name: str, *arguments: object, code: int = 0) -> Any:
        result = haq("log", name, village, *arguments, "--key", tmp_path / "key", "--json", code=code)
        return json.loads(result.stdout) if code == 0 else result.output

    return run


@pytest.fixture
def promised(command: Callable[..., Any], answers: Path, tmp_path: Path) -> dict[str, Any]:
    """The answers are promised; the salt lies in ``salt``."""
    found: dict[str, Any] = command(
        "commit", answers, "--about", "Answers at noon", "--organisation", "o", "--secret", tmp_path / "salt"
    )
    return found


def states(haq: Haq, log: object, code: int = 0) -> list[str]:
    found = json.loads(haq("log", "revealed", log, "--json", code=code).stdout)
    assert found["broken"] is (code == 1)
    return [promise["state"] for promise in found["promises"]]


def entry_at(log: Path, place: int) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(Reader(Folder(log)).entry(place))
    return tree


def test_a_promise_is_made_and_kept(
    haq: Haq,
    village: Path,
    promised: dict[str, Any],
    answers: Path,
    command: Callable[..., Any],
    tmp_path: Path,
) -> None:
    salt = load_salt(tmp_path / "salt")
    assert entry_at(village, promised["place"]) == {
        "format": 1,
        "kind": "commitment",
        "election": "village",
        "commitment": commit(salt, DATA),
        "about": "Answers at noon",
        "organisation": "o",
    }
    assert states(haq, village) == ["waiting"]
    # Nothing of the data or the salt is in the log, or beside it.
    files = [path for path in village.rglob("*") if path.is_file()]
    for secret in (DATA, salt, salt.hex().encode()):
        assert not any(secret in path.read_bytes() for path in files)
    found = command("reveal", answers, "--secret", tmp_path / "salt")
    assert found["commitment_entry"] == promised["entry"]
    assert (village / "files" / found["file"]).read_bytes() == DATA
    assert entry_at(village, found["place"])["salt"] == salt.hex()
    assert states(haq, village) == ["kept"]
    said = haq("log", "revealed", village).output
    assert "Answers at noon: kept" in said and "of which 1 are kept" in said
    mirror = tmp_path / "mirror"
    haq("log", "mirror", village, mirror)
    assert states(haq, mirror) == ["kept"]
    assert "was shown already" in command("reveal", answers, "--secret", tmp_path / "salt", code=2)


def test_the_salt_is_secret_and_never_overwritten(
    haq: Haq, village: Path, answers: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    secret = tmp_path / "salt"
    said = haq(
        "log", "commit", village, answers, "--about", "x", "--secret", secret, "--key", tmp_path / "key"
    ).output
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    text = secret.read_text("utf-8")
    assert text.split()[-1] not in said
    size = Reader(Folder(village)).checkpoint.size
    assert "never overwritten" in command("commit", answers, "--about", "x", "--secret", secret, code=2)
    assert (secret.read_text("utf-8"), Reader(Folder(village)).checkpoint.size) == (text, size)
    secret.chmod(0o644)
    said = command("reveal", answers, "--secret", secret, code=2)
    assert "chmod 600" in said and text.split()[-1] not in said
    secret.chmod(0o600)
    secret.write_text(text.upper(), "utf-8")
    said = command("reveal", answers, "--secret", secret, code=2)
    assert "holds no salt" in said and text.split()[-1].upper() not in said


def test_nothing_is_promised_where_the_log_refuses(
    haq: Haq, village: Path, answers: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    bundle = next((village / "tile/entries/000.p").iterdir())
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-1] + b"x")
    command("commit", answers, "--about", "x", "--secret", tmp_path / "salt", code=2)
    assert not (tmp_path / "salt").exists()
    bundle.write_bytes(data)
    said = command("commit", answers, "--about", "call 87011234567", "--secret", tmp_path / "salt", code=2)
    assert "cannot forget" in said and not (tmp_path / "salt").exists()


def test_other_data_or_another_salt_are_not_shown(
    promised: dict[str, Any], answers: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    command("commit", answers, "--about", "again", "--secret", tmp_path / "salt2")
    answers.write_bytes(DATA + b"2,no\n")
    for salt in ("salt", "salt2"):
        assert "promises these data" in command("reveal", answers, "--secret", tmp_path / salt, code=2)
    answers.write_bytes(DATA)
    assert command("reveal", answers, "--secret", tmp_path / "salt2")["commitment_entry"] != promised["entry"]


def test_an_embargo_is_kept(
    haq: Haq, village: Path, answers: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    arguments = ("commit", answers, "--about", "x", "--secret")
    found = command(*arguments, tmp_path / "late", "--opens", "2999-01-01")
    assert entry_at(village, found["place"])["opens"] == "2999-01-01"
    assert "may be shown from 2999-01-01" in command("reveal", answers, "--secret", tmp_path / "late", code=2)
    assert states(haq, village) == ["waiting"]
    assert "from 2999-01-01" in haq("log", "revealed", village).output
    command(*arguments, tmp_path / "early", "--opens", date(2020, 1, 1).isoformat())
    command("reveal", answers, "--secret", tmp_path / "early")
    assert states(haq, village) == ["waiting", "kept"]


def reveal_by_force(log: Path, key: Path, promise: str, salt: bytes, data: bytes) -> None:
    """Append a reveal that no command would make."""
    writer = Writer(log, load_key(key, "", {}))
    entry = RevealEntry(election="village", commitment_entry=promise, salt=salt.hex(), file=digest(data))
    (log / "files" / digest(data)).write_bytes(data)
    writer.append([encode(entry)])


def promise_by_force(log: Path, folder: Path, data: bytes) -> None:
    """Append a promise that no command would make; its salt lies in ``salt2``."""
    salt = bytes(32)
    write_salt(folder / "salt2", salt)
    entry = CommitmentEntry(election="village", commitment=commit(salt, data), about="by force")
    Writer(log, load_key(folder / "key", "", {})).append([encode(entry)])


def test_a_broken_promise_is_named_and_a_right_answer_does_not_mend_it(
    haq: Haq,
    village: Path,
    promised: dict[str, Any],
    answers: Path,
    command: Callable[..., Any],
    tmp_path: Path,
) -> None:
    salt = load_salt(tmp_path / "salt")
    reveal_by_force(village, tmp_path / "key", promised["entry"], salt, b"station,answer\n1,no\n")
    assert states(haq, village, code=1) == ["broken"]
    assert "BROKEN" in haq("log", "revealed", village, code=1).output
    reveal_by_force(village, tmp_path / "key", promised["entry"], salt, DATA)
    assert states(haq, village, code=1) == ["broken"]
    # What was shown by mistake can be withdrawn, for everybody to see.
    command("retract", Reader(Folder(village)).checkpoint.size - 2, "--reason", "The wrong file.")
    assert states(haq, village) == ["kept"]


def test_a_file_that_is_gone_changed_or_erased_says_nothing(
    haq: Haq,
    village: Path,
    promised: dict[str, Any],
    answers: Path,
    command: Callable[..., Any],
    tmp_path: Path,
) -> None:
    found = command("reveal", answers, "--secret", tmp_path / "salt")
    path = village / "files" / found["file"]
    for change in (lambda: path.write_bytes(b"changed"), path.unlink, lambda: path.write_bytes(DATA)):
        change()
        assert states(haq, village) == (
            ["kept"] if path.exists() and path.read_bytes() == DATA else ["file-missing"]
        )
    command("redact", found["file"], "--reason", "It names a person.")
    assert states(haq, village) == ["file-missing"]
    assert not path.exists()
    # And it is not shown again: not by another promise either, which is refused at once.
    arguments = ("commit", answers, "--about", "again", "--secret", tmp_path / "salt2")
    assert "redacted" in command(*arguments, code=2)
    promise_by_force(village, tmp_path, answers.read_bytes())
    assert "redacted" in command("reveal", answers, "--secret", tmp_path / "salt2", code=2)
    assert not path.exists()


def test_a_photograph_that_tells_where_is_not_shown(
    answers: Path, command: Callable[..., Any], tmp_path: Path, picture: Callable[..., bytes], village: Path
) -> None:
    answers.write_bytes(picture(0, b"51.1 N 71.4 E"))
    size = Reader(Folder(village)).checkpoint.size
    said = command("commit", answers, "--about", "x", "--secret", tmp_path / "salt", code=2)
    assert "tells-where" in said and "nothing was promised" in said
    assert not (tmp_path / "salt").exists() and Reader(Folder(village)).checkpoint.size == size
    promise_by_force(village, tmp_path, answers.read_bytes())
    assert "tells-where" in command("reveal", answers, "--secret", tmp_path / "salt2", code=2)
    assert not (village / "files" / digest(answers.read_bytes())).exists()


def test_of_which_election_is_asked_where_the_log_does_not_say(
    haq: Haq, tmp_path: Path, answers: Path
) -> None:
    log = tmp_path / "empty"
    haq("log", "init", log, "--name", "example.org/empty")
    arguments = ("log", "commit", log, answers, "--about", "x", "--key", f"{log}.key", "--secret")
    assert "--election" in haq(*arguments, tmp_path / "a", code=2).output
    assert not (tmp_path / "a").exists()
    haq(*arguments, tmp_path / "a", "--election", "later")
    assert entry_at(log, 0)["election"] == "later"


def test_promises_are_held_against_what_was_shown_over_http(
    haq: Haq,
    village: Path,
    promised: dict[str, Any],
    answers: Path,
    command: Callable[..., Any],
    tmp_path: Path,
    serving: Callable[[Path], Any],
) -> None:
    found = command("reveal", answers, "--secret", tmp_path / "salt")
    # A site keeps its files with endings.
    site = tmp_path / "site"
    shutil.copytree(village, site)
    (site / "files" / found["file"]).rename(site / "files" / f"{found['file']}.pdf")
    with serving(site) as address:
        assert states(haq, address) == ["kept"]
