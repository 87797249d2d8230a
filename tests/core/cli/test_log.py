"""``haq log`` and ``haq witness``: a log begun, filled, co-signed and mirrored."""

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from haq.errors import LogError
from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.witness_server import WitnessServer
from haq.tlog.writer import Writer

Haq = Callable[..., Result]


def test_a_key_is_secret_and_never_overwritten(haq: Haq, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    said = haq("log", "init", folder, "--name", "example.org/log").output
    key = tmp_path / "log.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text(encoding="utf-8")
    assert secret.split("+", 4)[-1].strip() not in said  # base64 may hold a plus
    haq("log", "init", tmp_path / "other", "--name", "b", "--key", key, code=2)
    assert key.read_text(encoding="utf-8") == secret
    key.chmod(0o640)
    result = haq("log", "checkpoint", folder, "--key", key, code=2)
    assert "chmod 600" in result.output
    assert secret.strip() not in result.output


def test_only_what_is_new_is_appended_and_files_are_kept(
    haq: Haq, log: Path, source: Path, a_copy: Callable[..., bytes]
) -> None:
    def append() -> dict[str, object]:
        said = haq("log", "append", log, source, "--key", f"{log}.key", "--json").output
        found: dict[str, object] = json.loads(said)
        return found

    again = append()
    assert (again["appended"], again["held"], again["gone"], again["size"]) == (0, 300, 0, 300)
    entries = source / "entries.jsonl"
    lines = entries.read_text(encoding="utf-8").splitlines(keepends=True)
    # Two equal lines are two entries: two people who read the same.
    entries.write_text("".join([*lines[1:], lines[5], a_copy("new").decode()]), encoding="utf-8")
    changed = append()
    assert (changed["appended"], changed["held"], changed["gone"], changed["size"]) == (2, 299, 1, 302)
    kept = [path.name for path in (log / "files").iterdir()]
    assert kept == [json.loads(lines[7])["files"][0]]


def test_a_proof_is_checked_offline(haq: Haq, log: Path, source: Path, tmp_path: Path) -> None:
    proof, entry = tmp_path / "7.tlog-proof", tmp_path / "7.json"
    haq("log", "prove", log, 7, "--out", proof)
    lines = (source / "entries.jsonl").read_bytes().splitlines(keepends=True)
    entry.write_bytes(lines[7])
    policy = shutil.copy(log / "policy", tmp_path / "policy")
    assert "place 7" in haq("log", "check", proof, entry, "--policy", policy).output
    entry.write_bytes(lines[8])
    haq("log", "check", proof, entry, "--policy", policy, code=2)
    haq("log", "prove", log, 300, code=2)


def test_a_mirror_names_a_rollback_and_a_split_view(
    haq: Haq, log: Path, a_copy: Callable[..., bytes], tmp_path: Path
) -> None:
    mirror, early = tmp_path / "mirror", tmp_path / "early"
    shutil.copytree(log, early)
    haq("log", "mirror", log, mirror)
    more = tmp_path / "more.jsonl"
    more.write_bytes(a_copy("new"))
    haq("log", "append", log, more, "--key", f"{log}.key")
    assert json.loads(haq("log", "mirror", log, mirror, "--json").output)["before"] == 300
    assert "rolled back" in haq("log", "mirror", early, mirror, code=2).output
    other = tmp_path / "other.jsonl"
    other.write_bytes(a_copy("another"))
    haq("log", "append", early, other, "--key", f"{log}.key")
    assert "two different logs" in haq("log", "mirror", early, mirror, code=2).output
    assert list((mirror / ".haq-mirror").glob("checkpoint-*"))


def test_three_of_three_then_two_then_too_few(
    haq: Haq, log: Path, witnesses: list[WitnessServer], a_copy: Callable[..., bytes], tmp_path: Path
) -> None:
    def ask(code: int = 0) -> dict[str, object]:
        said = haq("log", "checkpoint", log, "--key", f"{log}.key", "--json", code=code).stdout
        found: dict[str, object] = json.loads(said)
        return found

    assert sum(time is not None for time in ask()["witnesses"].values()) == 3  # type: ignore[attr-defined]
    more = tmp_path / "more.jsonl"
    for number, code in ((1, 0), (2, 1)):
        witnesses[number].shutdown()
        witnesses[number].server_close()
        more.write_bytes(a_copy(f"more {number}"))
        haq("log", "append", log, more, "--key", f"{log}.key")
        found = ask(code)
        assert sum(time is not None for time in found["witnesses"].values()) == 3 - number  # type: ignore[attr-defined]
        assert found["enough"] is (code == 0)
        assert f"w{number}" in found["refused"]  # type: ignore[operator]
    haq("log", "verify", log, code=1)
    haq("log", "mirror", log, tmp_path / "mirror", code=2)


def test_a_witness_does_not_sign_a_fork(
    haq: Haq, log: Path, witnesses: list[WitnessServer], tmp_path: Path
) -> None:
    haq("log", "checkpoint", log, "--key", f"{log}.key")
    forked = tmp_path / "forked"
    haq("log", "init", forked, "--name", "example.org/log", "--key", tmp_path / "unused.key")
    key = SigningKey.read((tmp_path / "log.key").read_text(encoding="utf-8"))
    assert key.public.kind == ED25519
    shutil.rmtree(forked)
    writer = Writer(forked, key)
    writer.create()
    writer.append([b"{}"] * 300)
    shutil.copy(log / "policy", forked / "policy")
    said = haq("log", "checkpoint", forked, "--key", f"{log}.key", code=1).output
    assert said.count("a fork") == 3


def test_a_witness_has_a_key_of_its_own(haq: Haq, tmp_path: Path) -> None:
    said = haq("witness", "init", tmp_path / "w.key", "--name", "w.example").output
    assert "witness w.example w.example+" in said
    assert "in the name of the witness" in said and "log's name" not in said
    with pytest.raises(LogError, match="key of a witness"):
        Writer(tmp_path, SigningKey.read((tmp_path / "w.key").read_text(encoding="utf-8")))
