"""``haq log`` and ``haq witness``: a log begun, filled, co-signed, mirrored, and every attack named."""

import hashlib
import json
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner, Result

from haq.cli import app
from haq.errors import LogError
from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey, VerifierKey
from haq.tlog.witness import Witness
from haq.tlog.witness_server import WitnessServer
from haq.tlog.writer import Writer

Haq = Callable[..., Result]


@pytest.fixture
def haq() -> Haq:
    """Run a command; what it raises is raised."""

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments], env={"LC_ALL": "C.UTF-8"})
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Entries of which one names a photograph that is there, and one a photograph that is not."""
    photograph = b"\xff\xd8\xff a photograph"
    sha256 = hashlib.sha256(photograph).hexdigest()
    folder = tmp_path / "found"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / f"{sha256}.jpg").write_bytes(photograph)
    lines = [{"kind": "copy", "unit": str(n), "files": []} for n in range(300)]
    lines[7]["files"], lines[8]["files"] = [sha256], ["0" * 64]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (folder / "entries.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def log(haq: Haq, source: Path, tmp_path: Path) -> Path:
    """A log with entries; its key lies beside it."""
    folder = tmp_path / "log"
    haq("log", "init", folder, "--name", "example.org/log")
    haq("log", "append", folder, source, "--key", f"{folder}.key")
    return folder


def test_a_key_is_secret_and_never_overwritten(haq: Haq, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    said = haq("log", "init", folder, "--name", "example.org/log").output
    key = tmp_path / "log.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text(encoding="utf-8")
    assert secret.split("+")[-1].strip() not in said
    haq("log", "init", tmp_path / "other", "--name", "b", "--key", key, code=2)
    assert key.read_text(encoding="utf-8") == secret
    key.chmod(0o640)
    result = haq("log", "checkpoint", folder, "--key", key, code=2)
    assert "chmod 600" in result.output
    assert secret.strip() not in result.output


def test_only_what_is_new_is_appended_and_files_are_kept(haq: Haq, log: Path, source: Path) -> None:
    def append() -> dict[str, object]:
        said = haq("log", "append", log, source, "--key", f"{log}.key", "--json").output
        found: dict[str, object] = json.loads(said)
        return found

    again = append()
    assert (again["appended"], again["held"], again["gone"], again["size"]) == (0, 300, 0, 300)
    entries = source / "entries.jsonl"
    lines = entries.read_text(encoding="utf-8").splitlines(keepends=True)
    # Two equal lines are two entries: two people who read the same.
    entries.write_text("".join([*lines[1:], lines[5], '{"kind":"copy"}\n']), encoding="utf-8")
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


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_verify_names_each_kind_of_tampering(haq: Haq, log: Path, tmp_path: Path) -> None:
    assert json.loads(haq("log", "verify", log, "--json").output)["sound"] is True

    def codes(change: Callable[[Path], object]) -> set[str]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(log, copy)
        change(copy)
        found = json.loads(haq("log", "verify", copy, "--json", code=1).output)
        return {damage["code"] for damage in found["damages"]}

    assert codes(lambda f: flip(f / "tile/entries/000", 30)) == {"entry-changed"}
    assert codes(lambda f: (f / "tile/entries/000").unlink()) == {"missing"}
    assert codes(lambda f: flip(f / "tile/0/000", 40)) == {"tile-changed"}
    assert codes(lambda f: (f / "tile/0/001.p/44").write_bytes(b"")) == {"damaged"}
    flip(log / "checkpoint", -20)
    assert "forged or damaged" in haq("log", "verify", log, code=2).output


def test_a_mirror_names_a_rollback_and_a_split_view(
    haq: Haq, log: Path, source: Path, tmp_path: Path
) -> None:
    mirror, early = tmp_path / "mirror", tmp_path / "early"
    shutil.copytree(log, early)
    haq("log", "mirror", log, mirror)
    more = tmp_path / "more.jsonl"
    more.write_text('{"kind":"copy","unit":"new"}\n', encoding="utf-8")
    haq("log", "append", log, more, "--key", f"{log}.key")
    assert json.loads(haq("log", "mirror", log, mirror, "--json").output)["before"] == 300
    assert "rolled back" in haq("log", "mirror", early, mirror, code=2).output
    other = tmp_path / "other.jsonl"
    other.write_text('{"kind":"copy","unit":"another"}\n', encoding="utf-8")
    haq("log", "append", early, other, "--key", f"{log}.key")
    assert "two different logs" in haq("log", "mirror", early, mirror, code=2).output
    assert list((mirror / ".haq-mirror").glob("checkpoint-*"))
    assert "two different logs" in haq("log", "verify", early, "--against", mirror, code=1).output
    assert "very same" in haq("log", "verify", log, "--against", mirror).output


@pytest.fixture
def witnesses(log: Path, tmp_path: Path) -> Iterator[list[WitnessServer]]:
    """Three witnesses on loopback, named in the log's policy, which asks for two of them."""
    line = (log / "policy").read_text(encoding="utf-8").splitlines()[0]
    watched = VerifierKey.read(line.removeprefix("log "))
    servers, lines = [], [line]
    for n in range(3):
        key = SigningKey(f"w{n}.example", COSIGNATURE, bytes([n + 1]) * 32)
        witness = Witness(key, [watched], tmp_path / f"w{n}.sqlite3", lambda: int(time.time()))
        server = WitnessServer(witness, "127.0.0.1", 0)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        lines.append(f"witness w{n} {key.public} {server.url}")
    text = "\n".join([*lines, "group two 2 w0 w1 w2", "quorum two", ""])
    (log / "policy").write_text(text, encoding="utf-8")
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


def test_three_of_three_then_two_then_too_few(
    haq: Haq, log: Path, witnesses: list[WitnessServer], tmp_path: Path
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
        more.write_text(f'{{"kind":"copy","unit":"{number}"}}\n', encoding="utf-8")
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
    with pytest.raises(LogError, match="key of a witness"):
        Writer(tmp_path, SigningKey.read((tmp_path / "w.key").read_text(encoding="utf-8")))
