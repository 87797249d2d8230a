"""A whole log examined: who signed it, every entry, every tile, every file, and another copy of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from haq.cli.log.contents import Contents
from haq.entries import files_named
from haq.errors import LogError
from haq.tlog import audit
from haq.tlog.compare import compare
from haq.tlog.files import Served, file_path
from haq.tlog.keys import Forged
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Missing, Source
from haq.tlog.verify import Signed, check_checkpoint

Code = Literal[
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
]
#: How another copy stands to this one -> what is wrong then. A log that has fewer entries than somebody has
#: seen is an old copy, or entries were taken back: nobody can tell which.
_AGAINST: Final[dict[str, Code]] = {"longer": "rolled-back", "fork": "split-view", "other": "other-log"}
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wrong:
    """Something that is not as it should be.

    Attributes:
        code: what kind of thing.
        message: in words, with where it stands.
        where: the file, the other copy, or whose signature.
        entries: places of entries, where they are known.
    """

    code: Code
    message: str
    where: str
    entries: tuple[int, ...] = ()


@dataclass
class Examined:
    """What came out.

    Attributes:
        wrong: everything that is not as it should be.
        signed: the checkpoint; None where a signature is forged.
        contents: what the log says of its own entries.
        files: how many files that entries name are there, and as they were.
        missing: SHA-256 of those that are not there.
        not_erased: SHA-256 of files that were redacted and are there all the same.
        relation: how another copy stands to this one; empty if it was not asked.
    """

    wrong: list[Wrong] = field(default_factory=list)
    signed: Signed | None = None
    contents: Contents = field(default_factory=Contents)
    files: int = 0
    missing: list[str] = field(default_factory=list)
    not_erased: list[str] = field(default_factory=list)
    relation: str = ""

    def document(self) -> dict[str, object]:
        """Write it as plain values that JSON can carry."""
        return {
            "problems": [{**vars(one), "entries": list(one.entries)} for one in self.wrong],
            "files": {"there": self.files, "missing": self.missing, "not_erased": self.not_erased},
            "against": self.relation or None,
            "sound": not self.wrong,
        }


def examine(
    source: Source,
    policy: Policy,
    *,
    against: Source | None = None,
    with_files: bool = True,
    tell: Tell | None = None,
) -> Examined:
    """Examine a log and name everything that is wrong.

    Args:
        source: the log.
        policy: whose signatures count.
        against: another copy of it.
        with_files: whether the files that entries name are read.
        tell: told of what has been done.

    Raises:
        LogError: there is no checkpoint that could be read, or the other copy cannot be believed itself.
    """
    found = Examined()
    reader = Reader(source)
    try:
        found.signed = check_checkpoint(reader.note, policy)
    except Forged as error:
        code: Code = "forged-signature"
        if error.key in [witness.key for witness in policy.witnesses.values()]:
            code = "forged-cosignature"
        found.wrong.append(Wrong(code, f"{source}: {error}", error.key.name))
        return found
    if not found.signed.enough:
        said = f"{found.signed.cosigned} of {len(found.signed.witnesses)} witnesses signed"
        message = f"{source}: {said}; the policy asks for {found.signed.needed}"
        found.wrong.append(Wrong("too-few-witnesses", message, "checkpoint"))
    step = None if tell is None else lambda done, of: tell("entries", done, of)
    for damage in audit.audit(reader, step):
        found.wrong.append(Wrong(damage.code, damage.message, damage.path, damage.entries))
    if with_files:
        _look_at_files(found, reader, tell or (lambda *_: None))
    if against is not None:
        _hold_against(found, reader, policy, against)
    return found


def _look_at_files(found: Examined, reader: Reader, tell: Tell) -> None:
    named: dict[str, None] = {}
    try:
        for place, data in reader.entries():
            named.update(dict.fromkeys(files_named(data)))
            found.contents.take(data, place)
        found.contents.look_for_named(data for _, data in reader.entries())
    except LogError:
        return  # the bundle was named; which files the others name says nothing of the whole
    served, erased = Served(reader.source), found.contents.erased
    for done, sha256 in enumerate(named, start=1):
        try:
            served.check(sha256)
        except Missing:
            if sha256 not in erased:
                found.missing.append(sha256)
        except LogError as error:
            if sha256 not in erased:
                found.wrong.append(Wrong("file-changed", str(error), file_path(sha256)))
        else:
            found.files += sha256 not in erased
            if sha256 in erased:
                found.not_erased.append(sha256)
        tell("files", done, len(named))


def _hold_against(found: Examined, reader: Reader, policy: Policy, against: Source) -> None:
    other = Reader(against)
    if other.checkpoint.origin == reader.checkpoint.origin:
        try:
            check_checkpoint(other.note, policy)
        except LogError as error:
            raise LogError(
                f"{against}: cannot be believed, so nothing is compared with it: {error}"
            ) from error
    found.relation = compare(reader, other)
    if found.relation in _AGAINST:
        sizes = f"{other.checkpoint.size} entries there, {reader.checkpoint.size} here"
        message = f"{against}: {found.relation}: {sizes}"
        found.wrong.append(Wrong(_AGAINST[found.relation], message, str(against)))
