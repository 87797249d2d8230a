"""Asking witnesses for their signatures under a log's checkpoint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from haq.errors import LogError
from haq.tlog.checkpoints import number_at
from haq.tlog.http import ask, check_address
from haq.tlog.keys import to_base64
from haq.tlog.notes import Note, Signature, verify_note
from haq.tlog.policies import Party, Policy
from haq.tlog.reader import Reader
from haq.tlog.witness import request_of, signatures_in


@dataclass(frozen=True)
class Asked:
    """What a witness answered.

    Attributes:
        name: in the policy.
        signature: None where it did not sign.
        why: the reason it did not, in words.
    """

    name: str
    signature: Signature | None
    why: str = ""


def ask_witnesses(reader: Reader, policy: Policy) -> list[Asked]:
    """Ask every witness of a policy that has an address, at the same time.

    Args:
        reader: the log at the checkpoint to sign.
        policy: with the witnesses.

    Returns:
        What each answered, in the order of the policy; signatures are checked.
    """
    asked = [(name, party) for name, party in policy.witnesses.items()]
    if not asked:
        return []
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda pair: _ask(reader, *pair), asked))


def _ask(reader: Reader, name: str, witness: Party) -> Asked:
    if not witness.url:
        return Asked(name, None, "the policy does not say where it answers")
    own = Reader(reader.source, reader.note)
    try:
        return Asked(name, _signature(own, witness))
    except LogError as error:
        return Asked(name, None, str(error))


def _signature(reader: Reader, witness: Party) -> Signature:
    url = f"{check_address(witness.url)}/add-checkpoint"
    old = 0
    # The first answer says what the witness knows; more would mean that somebody else asks as well.
    for _ in range(3):
        if old > reader.checkpoint.size:
            raise LogError(
                f"it has signed {old} entries and is asked for {reader.checkpoint.size}: "
                "this log was cut, or another asked meanwhile"
            )
        proof = map(to_base64, reader.grown_from(old))
        status, body = ask(url, 100_000, request_of(old, proof, reader.note))
        if status == 409:
            known = number_at(body.decode("ascii", "replace").strip())
            if known == old:
                raise LogError(f"it has signed another log of {old} entries under this name: a fork")
            old = known
            continue
        if status != 200:
            reason = body.decode("utf-8", "replace").strip().replace("\n", " ")[:200]
            raise LogError(f"it answered {status}: {reason}")
        for signature in signatures_in(body):
            if (signature.name, signature.id) == (witness.key.name, witness.key.id):
                verify_note(Note(Note.read(reader.note).text, (signature,)), [witness.key])
                return signature
        raise LogError("it signed with a key that the policy does not name")
    raise LogError("it is asked by several at once; try again")
