"""What every page knows, and the parts that several pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from haq.entries import ElectionEntry, Names
from haq.law import Profile

Language = Literal["kk", "ru", "en"]
#: A figure of a sheet; ``different`` where the readings of one copy do not agree on it.
Figure = int | Literal["empty", "unreadable", "different"]


@dataclass(frozen=True)
class Problem:
    """Something in the entries that could not be used as it stands, by name.

    Attributes:
        code: what is wrong; pages and the command line have a sentence for each code.
        where: ``line 12`` of the entries, or the digest of an entry.
        unit: station or area that it belongs to; empty where it belongs to none.
        values: what the sentence names.
    """

    code: str
    where: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AreaRef:
    """An area as pages link to it.

    Attributes:
        level: key of its level in the law profile.
        key: its key; empty for the whole election.
        slug: name of its page without ending, ``area/<slug>.html``.
        names: what is known of its name.
        short: its key without the key of the area above; shown where no name is known.
    """

    level: str
    key: str
    slug: str
    names: Names
    short: str


@dataclass(frozen=True)
class EvidenceFile:
    """A file of a copy or a reply: its hash, and where it lies in the site.

    Attributes:
        sha256: hash of the file.
        path: path in the site (``files/<sha256>.jpg``); empty where the file was not given to the build
            or is of a kind that the bulletin does not show.
        kind: ``picture``, ``pdf``, ``absent``, or ``redacted``: a redaction removed it.
        reason, language: why it was redacted, where that is known; the language is empty where unknown.
    """

    sha256: str
    path: str
    kind: Literal["picture", "pdf", "absent", "redacted"]
    reason: str = ""
    language: str = ""


@dataclass(frozen=True)
class Reply:
    """What the commission answered."""

    text: str
    language: str
    date: str
    files: tuple[EvidenceFile, ...]
    entry: str


@dataclass(frozen=True)
class Withdrawn:
    """An entry that was retracted: it is shown as withdrawn, and no figure rests on it.

    Attributes:
        kind: of the entry.
        entry: its digest.
        by: digest of the retraction.
        reason, language: why, in the words of whoever withdrew it; the language is empty where unknown.
        replaced_by: digest of the entry in its place; empty where there is none.
        contest, source: of the entry; empty where it has none.
        page: of a finding, name of its page ``finding/<page>.html``; empty where it has none.
    """

    kind: str
    entry: str
    by: str
    reason: str
    language: str = ""
    replaced_by: str = ""
    contest: str = ""
    source: str = ""
    page: str = ""


@dataclass(frozen=True)
class Redacted:
    """A file that was removed from every site and mirror: its hash stays.

    Attributes:
        file: SHA-256 of the file.
        entry: digest of the redaction.
        reason, language: why, in the words of whoever asked for it; the language is empty where unknown.
    """

    file: str
    entry: str
    reason: str
    language: str = ""


@dataclass(frozen=True)
class Promise:
    """Data that were promised by a salted hash.

    Attributes:
        entry: digest of the commitment.
        commitment: the salted hash.
        about: what the data are.
        organisation: whose they are; empty where unknown.
        opens: ISO date from which they may be shown; empty where none is stated.
        state: ``waiting``; ``kept``: what was shown is what was promised; ``broken``: it is not;
            ``file-missing``: shown, but the file is not there, so nobody here can tell.
        file: SHA-256 of what was shown; empty where nothing was.
    """

    entry: str
    commitment: str
    about: str
    organisation: str
    opens: str
    state: Literal["waiting", "kept", "broken", "file-missing"]
    file: str = ""


@dataclass(frozen=True)
class LogView:
    """The public log that a site is built from, at the checkpoint that stands in the site.

    Attributes:
        origin: name of the log.
        key: its public key, as it is published.
        size: entries in it.
        root: of the tree, in base64.
        witnesses: name in the policy -> when it signed [seconds since 1970]; None where it did not.
        needed: the fewest witnesses that can be enough.
        enough: whether those that signed are enough.
        promises: data that were promised, in the order of the log.
    """

    origin: str
    key: str
    size: int
    root: str
    witnesses: Mapping[str, int | None]
    needed: int
    enough: bool
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class Context:
    """What every page needs and no page changes.

    Attributes:
        election: the election's entry.
        profile: its law profile.
        digest: of the election's entry.
        stands_in: contest -> organisation whose copies stand where nothing official was declared.
        languages: of the site, in order.
        base_url: address of the site with a slash at the end, or empty; only for share cards.
        synthetic: whether the data were made up, so that every page says so.
        log: name of the public log that the site is built from; empty where it is built from a file.
    """

    election: ElectionEntry
    profile: Profile
    digest: str
    stands_in: Mapping[str, str]
    languages: tuple[Language, ...]
    base_url: str = ""
    synthetic: bool = False
    log: str = ""


@dataclass(frozen=True)
class Place:
    """A station as the search knows it: where its page is, and every text that it can be found by."""

    unit: str
    slug: str
    short: str
    names: Names
    addresses: Names
    name: str
    address: str
    areas: tuple[AreaRef, ...]
