"""Checking what a log published, without any input or output: bytes in, facts out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from haq.errors import LogError
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.keys import VerifierKey
from haq.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from haq.tlog.notes import Note, verify_note
from haq.tlog.policies import Policy
from haq.tlog.proofs import Proof


@dataclass(frozen=True)
class Signed:
    """A checkpoint whose log's signature was checked.

    Attributes:
        checkpoint: what was signed.
        log: key of the log.
        witnesses: name in the policy -> when it signed, in seconds since 1970; None where it did not sign.
        needed: the fewest witnesses that can be enough.
        enough: whether those that signed are enough for the policy.
    """

    checkpoint: Checkpoint
    log: VerifierKey
    witnesses: Mapping[str, int | None]
    needed: int
    enough: bool

    @property
    def cosigned(self) -> int:
        """How many witnesses signed."""
        return sum(time is not None for time in self.witnesses.values())


def check_checkpoint(data: bytes, policy: Policy, logs: Iterable[VerifierKey] = ()) -> Signed:
    """Check the signatures under a checkpoint.

    Args:
        data: the signed note.
        policy: whose signatures count.
        logs: keys of logs that are known besides those of the policy.

    Returns:
        What was signed and by whom; whether the witnesses are enough is for the caller to weigh.

    Raises:
        LogError: it is no checkpoint, the log did not sign it, or a signature of a known key is forged.
    """
    note = Note.read(data)
    checkpoint = Checkpoint.read(note.text)
    known = dict.fromkeys((*logs, *(log.key for log in policy.logs)))
    keys = [key for key in known if key.name == checkpoint.origin]
    if not keys:
        raise LogError(
            f"the checkpoint is of the log {checkpoint.origin!r}, of which no key is known; the policy needs "
            "its line, which begins with 'log '"
        )
    signed = verify_note(note, [*keys, *(w.key for w in policy.witnesses.values())])
    log = next((key for key in keys if key in signed), None)
    if log is None:
        raise LogError(f"the checkpoint is not signed by the log {checkpoint.origin!r}")
    witnesses = {name: signed.get(witness.key) for name, witness in policy.witnesses.items()}
    return Signed(checkpoint, log, witnesses, policy.needed, policy.met(signed.keys()))


def check_proof(proof: Proof, entry: bytes, policy: Policy, logs: Iterable[VerifierKey] = ()) -> Signed:
    """Check that an entry is in a log.

    Args:
        proof: as read from a file; its ``extra`` is not looked at.
        entry: the bytes of the entry.
        policy, logs: whose signatures count, see ``check_checkpoint``.

    Returns:
        The checkpoint under which it is.

    Raises:
        LogError: it proves nothing.
    """
    signed = check_checkpoint(proof.checkpoint, policy, logs)
    checkpoint = signed.checkpoint
    verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return signed


def check_growth(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that a log only grew between two checkpoints.

    Raises:
        LogError: the later does not begin with the earlier, or they are of two logs.
    """
    if old.origin != new.origin:
        raise LogError(f"checkpoints of two logs: {old.origin!r} and {new.origin!r}")
    verify_consistency(old.size, new.size, old.root, new.root, proof, from_empty=True)
