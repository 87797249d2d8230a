"""Entries: what can be published, one schema a kind, canonical JSON."""

from haq.entries.canonical import decode, digest, encode
from haq.entries.kinds import (
    AnyEntry,
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
    SourceFile,
    StationEntry,
    TotalEntry,
)

__all__ = [
    "AnyEntry",
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
    "SourceFile",
    "StationEntry",
    "TotalEntry",
    "decode",
    "digest",
    "encode",
]
