"""Witnesses: every answer of the specification, no rollback whatever happens, and asking them."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from haq.errors import LogError
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.cosigning import ask_witnesses
from haq.tlog.keys import SigningKey, to_base64
from haq.tlog.merkle import root_of
from haq.tlog.notes import Note, sign_text, verify_note
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.verify import check_checkpoint
from haq.tlog.witness import Answer, Witness, request_of, signatures_in
from haq.tlog.writer import Writer

NOW = 1_700_000_000


@pytest.fixture
def witness(tmp_path: Path, key: SigningKey, witness_keys: list[SigningKey]) -> Witness:
    """A witness that knows one log and has seen nothing."""
    return Witness(witness_keys[0], [key.public], tmp_path / "witness.sqlite3", lambda: NOW)


@pytest.fixture
def states(log: Callable[..., Writer], entries: Callable[..., list[bytes]]) -> dict[int, Reader]:
    """A log at several sizes."""
    writer, found = log("log"), {}
    for size in (0, 5, 300):
        writer.append(entries(Reader(Folder(writer.root)).checkpoint.size, size))
        found[size] = Reader(Folder(writer.root))
    return found


def ask(witness: Witness, reader: Reader, old: int) -> Answer:
    """Ask for a signature with an honest proof."""
    return witness.add_checkpoint(request_of(old, map(to_base64, reader.grown_from(old)), reader.note))


def test_it_signs_what_continues(witness: Witness, states: dict[int, Reader]) -> None:
    for old, new in ((0, 0), (0, 5), (5, 5), (5, 300), (300, 300)):
        answer = ask(witness, states[new], old)
        assert (answer.status, answer.type) == (200, "text/plain; charset=utf-8")
        signatures = signatures_in(answer.body)
        note = Note(Note.read(states[new].note).text, tuple(signatures))
        assert verify_note(note, [witness.key.public]) == {witness.key.public: NOW}
        assert list(witness.seen()) == [states[new].note]


def test_it_answers_as_the_specification_says(
    witness: Witness, states: dict[int, Reader], key: SigningKey, witness_keys: list[SigningKey]
) -> None:
    assert ask(witness, states[5], 0).status == 200
    note = states[300].note
    proof = [to_base64(one) for one in states[300].grown_from(5)]
    text = Note.read(note).text

    def status(old: object, proof: list[str], note: bytes) -> int:
        before = list(witness.seen())
        answer = witness.add_checkpoint(
            f"old {old}\n{''.join(f'{p}{chr(10)}' for p in proof)}\n".encode() + note
        )
        assert answer.status == 200 or list(witness.seen()) == before
        assert answer.status == 200 or b"\xe2\x80\x94" not in answer.body
        return answer.status

    # 400: it cannot be read, or the earlier size is the larger one.
    for old in ("", "05", "-1", "x", "5 ", 2**63):
        assert status(old, proof, note) == 400
    assert status(5, ["no base64"], note) == 400
    assert status(5, [to_base64(bytes(31))], note) == 400
    assert status(5, [to_base64(bytes(32))] * 64, note) == 400
    assert status(5, proof, text) == 400
    assert status(301, proof, note) == 400
    # 404: another log.
    stranger = SigningKey("stranger.example/log", key.public.kind, bytes(32))
    other = bytes(Checkpoint("stranger.example/log", 300, bytes(32)))
    assert status(5, proof, bytes(Note(other, (sign_text(other, stranger),)))) == 404
    # 403: nobody known signed, or the signature is forged.
    assert status(5, proof, bytes(Note(text, (sign_text(text, stranger),)))) == 403
    assert status(5, proof, note.replace(b"\n300\n", b"\n299\n")) == 403
    same_name = SigningKey(key.public.name, key.public.kind, bytes(32))
    assert status(5, proof, bytes(Note(text, (sign_text(text, same_name),)))) == 403
    # 422: the proof is damaged.
    assert status(5, proof[:-1], note) == 422
    assert status(5, [*proof[:-1], to_base64(bytes(32))], note) == 422
    assert status(5, [], note) == 422
    # 409: it knows another size, and says which.
    for old, reader in ((0, states[300]), (4, states[300]), (300, states[300]), (0, states[0])):
        answer = witness.add_checkpoint(request_of(old, [], reader.note))
        assert (answer.status, answer.body, answer.type) == (409, b"5\n", "text/x.tlog.size")
    # 409: another tree of the same size.
    fork = bytes(Checkpoint(key.public.name, 5, root_of([bytes(32)] * 5)))
    answer = witness.add_checkpoint(request_of(5, [], bytes(Note(fork, (sign_text(fork, key),)))))
    assert (answer.status, answer.body) == (409, b"5\n")
    # And the honest way is still open.
    assert status(5, proof, note) == 200


def test_a_new_log_needs_no_proof(witness: Witness, states: dict[int, Reader]) -> None:
    assert witness.add_checkpoint(request_of(0, [to_base64(bytes(32))], states[5].note)).status == 422
    assert ask(witness, states[5], 0).status == 200


def test_racing_requests_sign_no_rollback_and_no_fork(
    witness: Witness, key: SigningKey, states: dict[int, Reader]
) -> None:
    """Of many different trees of one size, all asked for at once, one is signed."""
    assert ask(witness, states[0], 0).status == 200
    notes = []
    for n in range(16):
        text = bytes(Checkpoint(key.public.name, 1 + n % 2, root_of([bytes([n]) * 32] * (1 + n % 2))))
        notes.append(bytes(Note(text, (sign_text(text, key),))))
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda note: witness.add_checkpoint(request_of(0, [], note)), notes))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 15
    signed = next(note for note, answer in zip(notes, answers, strict=True) if answer.status == 200)
    assert list(witness.seen()) == [signed]


#: Ends before the k-th statement or signature, for every k: what was signed is always known.
DYING = """
import itertools, os, sqlite3, sys
from pathlib import Path
from haq.tlog import witness as module
from haq.tlog.keys import SigningKey, VerifierKey
folder, secret, log = sys.argv[1:]
request = (Path(folder) / "request").read_bytes()
for step in itertools.count():
    state = Path(folder) / f"{step}.sqlite3"
    said = Path(folder) / f"{step}.said"
    if not (child := os.fork()):
        left = [step]
        def counted(call):
            def ticking(*args, **named):
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)
                return call(*args, **named)
            return ticking
        class Connection(sqlite3.Connection):
            execute = counted(sqlite3.Connection.execute)
        connect = sqlite3.connect
        sqlite3.connect = lambda *args, **named: connect(*args, **named, factory=Connection)
        sign = module.sign_text
        def signing(*args):
            signature = sign(*args)
            said.write_text(str(signature), "utf-8")
            return signature
        module.sign_text = counted(signing)
        witness = module.Witness(SigningKey.read(secret), [VerifierKey.read(log)], state, lambda: 7)
        witness.add_checkpoint(request)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
"""


def test_it_remembers_before_it_signs(
    states: dict[int, Reader], key: SigningKey, witness_keys: list[SigningKey], tmp_path: Path
) -> None:
    folder = tmp_path / "dying"
    folder.mkdir()
    (folder / "request").write_bytes(request_of(0, [], states[5].note))
    command = [sys.executable, "-c", DYING, str(folder), witness_keys[0].secret(), str(key.public)]
    subprocess.run(command, check=True)
    seen = []
    for step in range(len(list(folder.glob("*.sqlite3")))):
        witness = Witness(witness_keys[0], [key.public], folder / f"{step}.sqlite3", lambda: NOW)
        seen.append(len(list(witness.seen())))
        assert seen[-1] or not (folder / f"{step}.said").exists()
    # The one death between the two keeps a checkpoint that nobody got a signature for: no harm.
    assert seen == sorted(seen)
    assert seen[-2:] == [1, 1]
    assert not (folder / f"{len(seen) - 2}.said").exists()


def test_a_state_that_cannot_be_kept_signs_nothing(witness: Witness, states: dict[int, Reader]) -> None:
    witness.state.mkdir()
    with pytest.raises(LogError, match=r"witness\.sqlite3"):
        ask(witness, states[5], 0)
    witness.state.rmdir()
    witness.state.write_bytes(b"no database" * 100)
    with pytest.raises(LogError, match="damaged"):
        ask(witness, states[5], 0)


def test_keys_of_the_wrong_kind(key: SigningKey, witness_keys: list[SigningKey], tmp_path: Path) -> None:
    with pytest.raises(LogError, match="key of its own"):
        Witness(key, [], tmp_path / "s", lambda: NOW)
    with pytest.raises(LogError, match="no log"):
        Witness(witness_keys[0], [witness_keys[1].public], tmp_path / "s", lambda: NOW)
    with pytest.raises(LogError, match="key of its own"):
        Writer(tmp_path, witness_keys[0])


# Asking


def handler(answer: Callable[[bytes], Answer]) -> type[BaseHTTPRequestHandler]:
    """Serve a witness, or what pretends to be one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/w/add-checkpoint"
            found = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(found.status)
            self.send_header("Content-Type", found.type)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def policy_at(key: SigningKey, witness: SigningKey, address: str) -> Policy:
    """A policy with one witness at an address."""
    return Policy.read(f"log {key.public}\nwitness w {witness.public} {address}/w\nquorum w\n".encode())


def test_asking_a_witness(
    witness: Witness, states: dict[int, Reader], key: SigningKey, serving: Callable[..., Any]
) -> None:
    writer = Writer(Path(str(states[0].source)), key)
    with serving(handler(witness.add_checkpoint)) as address:
        policy = policy_at(key, witness.key, address)
        for reader in (states[5], states[300], states[300]):
            (asked,) = ask_witnesses(reader, policy)
            assert asked.signature, asked.why
        note = writer.add_signatures(300, [asked.signature])
        assert check_checkpoint(note, policy).enough
        assert (writer.root / "checkpoint").read_bytes() == note
        (asked,) = ask_witnesses(states[5], policy)
        assert not asked.signature
        assert "300" in asked.why
    (asked,) = ask_witnesses(states[300], policy)
    assert "no answer" in asked.why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(200, b""), "no line of a signature"),
        (Answer(200, b"\xff\n"), "UTF-8"),
        (Answer(200, b"<html>\n"), "no line of a signature"),
        (Answer(409, b"many\n"), "no number"),
        (Answer(409, b"9" * 10_000), "no number"),
        (Answer(409, b"999\n"), "has signed 999 entries"),
        (Answer(409, b"0\n"), "fork"),
        (Answer(422, b"the proof\nis wrong"), "answered 422: the proof is wrong"),
        (Answer(500, b"x" * 1_000_000), "answered 500"),
        (Answer(200, b"x" * 1_000_000), "longer than"),
    ],
)
def test_a_witness_that_answers_wrongly(
    answer: Answer,
    why: str,
    states: dict[int, Reader],
    key: SigningKey,
    witness_keys: list[SigningKey],
    serving: Callable[..., Any],
) -> None:
    with serving(handler(lambda _: answer)) as address:
        (asked,) = ask_witnesses(states[300], policy_at(key, witness_keys[0], address))
    assert asked.signature is None
    assert why in asked.why
    assert len(asked.why) < 500


def test_a_witness_that_signs_something_else(
    states: dict[int, Reader], key: SigningKey, witness_keys: list[SigningKey], serving: Callable[..., Any]
) -> None:
    text, other = Note.read(states[300].note).text, Note.read(states[5].note).text
    for signature, why in (
        (sign_text(other, witness_keys[0], NOW), "forged"),
        (sign_text(text, witness_keys[1], NOW), "the policy does not name"),
        (Note.read(states[300].note).signatures[0], "the policy does not name"),
    ):
        answer = Answer(200, f"{signature}\n".encode())
        with serving(handler(lambda _, answer=answer: answer)) as address:
            (asked,) = ask_witnesses(states[300], policy_at(key, witness_keys[0], address))
        assert asked.signature is None
        assert why in asked.why


def test_signatures_do_not_replace_the_log_s_own(
    states: dict[int, Reader], key: SigningKey, witness_keys: list[SigningKey]
) -> None:
    writer = Writer(Path(str(states[300].source)), key)
    note = Note.read(states[300].note)
    forged = sign_text(b"another text\n", key)
    crowd = [sign_text(note.text, SigningKey(f"w{n}", 4, bytes([n]) * 32), NOW) for n in range(120)]
    for signatures in ([forged], crowd):
        with pytest.raises(LogError):
            writer.add_signatures(300, signatures)
        assert writer.show() == states[300].note
    assert writer.append([b"it goes on"]) == [range(300, 301)]
    # Signatures that come too late are left out.
    assert Note.read(writer.add_signatures(300, crowd[:1])).signatures == (
        sign_text(Note.read(writer.show()).text, key),
    )
