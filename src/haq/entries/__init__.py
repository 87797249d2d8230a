"""Entries: what can be published, one schema a kind, canonical JSON."""

from haq.entries.canonical import decode, digest, encode
from haq.entries.kinds import (
    AnyEntry,
    AreaEntry,
    ChoiceName,
    ContestRules,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    Names,
    OfficialEntry,
    OrganisationTies,
    ReadingEntry,
    ReplyEntry,
    SourceFile,
    StationEntry,
    TotalEntry,
)
from haq.entries.naming import files_named

__all__ = [
    "AnyEntry",
    "AreaEntry",
    "ChoiceName",
    "ContestRules",
    "CopyEntry",
    "ElectionEntry",
    "Entry",
    "FindingEntry",
    "Names",
    "OfficialEntry",
    "OrganisationTies",
    "ReadingEntry",
    "ReplyEntry",
    "SourceFile",
    "StationEntry",
    "TotalEntry",
    "decode",
    "digest",
    "encode",
    "files_named",
]
