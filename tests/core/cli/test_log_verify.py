"""``haq log verify`` and ``prove``: every attack has a code and a sentence, and what is proven is said."""

import base64
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haq.cli import app
from haq.cli.log.opening import writer_of
from haq.cli.words import LANGUAGES, Words
from haq.tlog.merkle import leaf_hash
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.tiles import Tile, unpack
from haq.tlog.witness_server import WitnessServer

Haq = Callable[..., Result]
BUNDLE, TILE = "tile/entries/000", "tile/0/000"
CODES = (
    "forged-signature",
    "forged-cosignature",
    "too-few-witnesses",
    "entry-changed",
    "entry-removed",
    "tile-changed",
    "root-changed",
    "missing",
    "damaged",
    "file-changed",
    "rolled-back",
    "split-view",
    "other-log",
)


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def take_out(path: Path) -> None:
    """Take the first entry out of a full bundle."""
    data = path.read_bytes()
    first = unpack(Tile(-1, 0), data)[0]
    path.write_bytes(data[2 + len(first) :])


def forge(path: Path, line: int) -> None:
    """Change the signature in one of the last lines of a checkpoint."""
    lines = path.read_text("utf-8").split("\n")
    name, _, body = lines[line].rpartition(" ")
    signed = bytearray(base64.b64decode(body))
    signed[-1] ^= 1
    lines[line] = f"{name} {base64.b64encode(signed).decode()}"
    path.write_text("\n".join(lines), "utf-8")


@pytest.fixture
def codes(haq: Haq, log: Path, tmp_path: Path) -> Callable[..., set[str]]:
    """Change a copy of the log, and give the codes of what is found; each has its sentence on the screen."""

    def find(change: Callable[[Path], object], *more: object) -> set[str]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(log, copy)
        change(copy)
        found = json.loads(haq("log", "verify", copy, "--json", *more, code=1).stdout)
        assert found["sound"] is False
        problems = {problem["code"] for problem in found["problems"]}
        screen = haq("log", "verify", copy, *more, code=1).output
        assert all(Words("en")(f"log_wrong_{code}") in screen for code in problems)
        assert Words("en")("log_sound") not in screen
        return problems

    return find


def test_each_kind_of_tampering_is_named(haq: Haq, log: Path, codes: Callable[..., set[str]]) -> None:
    (photograph,) = (log / "files").iterdir()
    assert json.loads(haq("log", "verify", log, "--json").output)["sound"] is True
    assert codes(lambda f: flip(f / BUNDLE, 30)) == {"entry-changed"}
    assert codes(lambda f: take_out(f / BUNDLE)) == {"entry-removed"}
    assert codes(lambda f: (f / BUNDLE).unlink()) == {"missing"}
    assert codes(lambda f: flip(f / TILE, 40)) == {"tile-changed"}
    assert codes(lambda f: (f / "tile/0/001.p/44").write_bytes(b"")) == {"damaged"}
    everything = (BUNDLE, TILE, "tile/1/000.p/1")
    assert "root-changed" in codes(lambda f: [flip(f / path, 30) for path in everything])
    assert codes(lambda f: flip(f / "files" / photograph.name, 40)) == {"file-changed"}
    assert codes(lambda f: forge(f / "checkpoint", -2)) == {"forged-signature"}
    (log / "files" / photograph.name).unlink()
    found = json.loads(haq("log", "verify", log, "--json").output)
    assert (found["sound"], len(found["files"]["missing"])) == (True, 2)


def test_the_places_of_changed_and_removed_entries_are_said(haq: Haq, log: Path) -> None:
    take_out(log / BUNDLE)
    found = json.loads(haq("log", "verify", log, "--json", code=1).stdout)
    assert [(p["where"], p["entries"]) for p in found["problems"]] == [(BUNDLE, [0])]
    assert "entry 0" in haq("log", "verify", log, code=1).output


def test_files_may_be_left_out(haq: Haq, log: Path) -> None:
    (photograph,) = (log / "files").iterdir()
    flip(photograph, 40)
    haq("log", "verify", log, "--without-files")
    haq("log", "verify", log, code=1)


def test_a_forged_cosignature_and_too_few(
    haq: Haq, log: Path, witnesses: list[WitnessServer], codes: Callable[..., set[str]]
) -> None:
    assert codes(lambda _: None) == {"too-few-witnesses"}
    haq("log", "checkpoint", log, "--key", f"{log}.key")
    haq("log", "verify", log)
    assert codes(lambda f: forge(f / "checkpoint", -2)) == {"forged-cosignature"}
    assert codes(lambda f: forge(f / "checkpoint", -5)) == {"forged-signature"}
    screen = haq("log", "verify", log).output
    assert "3 of 3" in screen


def test_a_rollback_and_a_split_view_are_named(
    haq: Haq, log: Path, a_copy: Callable[..., bytes], tmp_path: Path
) -> None:
    early, more = tmp_path / "early", tmp_path / "more.jsonl"
    shutil.copytree(log, early)

    def add(folder: Path, unit: str) -> None:
        more.write_bytes(a_copy(unit))
        haq("log", "append", folder, more, "--key", f"{log}.key")

    def against(ours: Path, theirs: Path, code: int) -> tuple[str, list[str]]:
        said = haq("log", "verify", ours, "--against", theirs, code=code).output
        found = json.loads(haq("log", "verify", ours, "--against", theirs, "--json", code=code).stdout)
        return said, [problem["code"] for problem in found["problems"]]

    add(log, "new")
    said, found = against(early, log, 1)
    assert found == ["rolled-back"] and "entries may have been taken back" in said
    assert "not the log as it is now" in said and "cannot be believed" not in said
    said, found = against(log, early, 0)
    assert found == [] and "earlier state" in said
    add(early, "another")
    said, found = against(early, log, 1)
    assert found == ["split-view"] and "two different logs" in said and "cannot be believed" in said
    assert "very same" in against(log, log, 0)[0]


def test_what_is_compared_with_has_to_be_signed_itself(haq: Haq, log: Path, tmp_path: Path) -> None:
    """Else anybody could make a true log look like a fork."""
    other = tmp_path / "other"
    shutil.copytree(log, other)
    forge(other / "checkpoint", -2)
    result = haq("log", "verify", log, "--against", other, code=2)
    assert "nothing is compared" in result.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_of_its_own_in_every_language(language: str) -> None:
    words = Words(language)
    said = {code: words(f"log_wrong_{code}") for code in CODES}
    assert len(set(said.values())) == len(CODES)
    assert all(text.endswith(":") or code == "too-few-witnesses" for code, text in said.items())


def test_a_tampered_log_speaks_the_language_of_the_terminal(log: Path) -> None:
    flip(log / BUNDLE, 30)
    for language, said in (("kk_KZ", "ӨЗГЕРТІЛГЕН ЖАЗБА"), ("ru_RU", "ИЗМЕНЕНА ЗАПИСЬ")):
        result = CliRunner().invoke(app, ["log", "verify", str(log)], env={"LC_ALL": f"{language}.UTF-8"})
        assert result.exit_code == 1 and said in result.output


# Proofs


def test_prove_says_what_is_proven_and_prints_the_entry(haq: Haq, log: Path, tmp_path: Path) -> None:
    entry = Reader(Folder(log)).entry(7)
    leaf, out = leaf_hash(entry).hex(), tmp_path / "7.tlog-proof"
    result = haq("log", "prove", log, 7, "--leaf", leaf)
    assert result.stdout.startswith("c2sp.org/tlog-proof@v1\n") and "Proven" not in result.stdout
    assert "Proven" in result.stderr and "very entry that the page" in result.stderr
    assert entry.decode() in result.stderr and "Not proven" in result.stderr
    said = haq("log", "prove", log, 7, "--out", out)
    assert entry.decode() in said.stdout and said.stderr == ""
    assert out.read_text("utf-8") == result.stdout
    found = json.loads(haq("log", "prove", log, 7, "--json").stdout)
    assert (found["leaf"], found["entry"], found["proof"]) == (leaf, entry.decode(), result.stdout)


def test_prove_says_that_an_entry_was_withdrawn(haq: Haq, village: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    said = haq("log", "prove", village, 3, "--out", tmp_path / "proof").stdout
    size = Reader(Folder(village)).checkpoint.size
    assert "A later entry may withdraw it" in said and f"None of the {size} entries" in said
    assert json.loads(haq("log", "prove", village, 3, "--json").stdout)["withdrawn"] == {}
    haq("log", "retract", village, 3, "--reason", "A wrong copy.", "--key", key)
    said = haq("log", "prove", village, 3, "--out", tmp_path / "proof").stdout
    assert f"WITHDRAWN by entry {size}: A wrong copy." in said
    found = json.loads(haq("log", "prove", village, 3, "--json").stdout)["withdrawn"]
    assert found == {"entry": size, "reason": "A wrong copy.", "replaced_by": None}
    # A retraction that is taken back has no effect.
    haq("log", "retract", village, size, "--reason", "It was right.", "--key", key)
    assert json.loads(haq("log", "prove", village, 3, "--json").stdout)["withdrawn"] == {}


def test_prove_says_where_nobody_looked_for_withdrawals(
    haq: Haq, village: Path, serving: Callable[[Path], AbstractContextManager[str]], tmp_path: Path
) -> None:
    with serving(village) as address:
        said = haq("log", "prove", address, 3, "--out", tmp_path / "proof").stdout
        assert "was not looked for" in said
        assert json.loads(haq("log", "prove", address, 3, "--json").stdout)["withdrawn"] is None


def test_only_addresses_that_can_be_read_are_taken(haq: Haq, log: Path, tmp_path: Path) -> None:
    for address in ("ftp://example.org/log", "file:///log"):
        said = haq("log", "mirror", address, tmp_path / "mirror", code=2).output
        assert "only addresses that begin with https:// or http://" in said
        haq("log", "verify", address, code=2)
    assert not (tmp_path / "mirror").exists()


def test_a_log_is_not_mirrored_into_itself(haq: Haq, log: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(log)
    for folder in (log, tmp_path / "link", log.parent / "." / log.name):
        assert "is the log itself" in haq("log", "mirror", log, folder, code=2).output
    assert not (log / ".haq-mirror").exists()


def test_prove_refuses_what_the_page_does_not_show(haq: Haq, log: Path) -> None:
    other = leaf_hash(Reader(Folder(log)).entry(8)).hex()
    assert "not what the page shows" in haq("log", "prove", log, 7, "--leaf", other, code=2).output
    haq("log", "prove", log, 7, "--leaf", "77", code=2)
    flip(log / BUNDLE, 30)
    assert "was changed" in haq("log", "prove", log, 0, code=2).output


def test_prove_holds_the_checkpoint_against_a_policy(
    haq: Haq, log: Path, witnesses: list[WitnessServer], tmp_path: Path
) -> None:
    result = haq("log", "prove", log, 7, code=1)
    assert "Fewer signed" in result.stderr
    haq("log", "checkpoint", log, "--key", f"{log}.key")
    assert "3 of 3" in haq("log", "prove", log, 7).stderr
    strange = tmp_path / "policy"
    haq("log", "init", tmp_path / "strange", "--name", "example.org/log")
    shutil.copy(tmp_path / "strange" / "policy", strange)
    assert "not signed by" in haq("log", "prove", log, 7, "--policy", strange, code=2).output
    (log / "policy").unlink()
    assert "--policy" in haq("log", "prove", log, 7, code=2).output


def test_an_entry_does_not_steer_the_terminal(haq: Haq, log: Path) -> None:
    # No command appends such a line, but logs are also written by others.
    writer_of(log, Path(f"{log}.key")).append([b'{"kind":"copy","unit":"\x1b[2J"}'])
    result = haq("log", "prove", log, 300)
    assert "\x1b" not in result.output and "\\x1b[2J" in result.stderr
