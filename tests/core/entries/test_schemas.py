"""What each kind of entry holds, and that no kind has a place for a person."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import rfc8785
from pydantic import BaseModel

from haq.entries import (
    AreaEntry,
    ChoiceName,
    ContestRules,
    Entry,
    Names,
    OrganisationTies,
    ReadingEntry,
    ReplyEntry,
    SourceFile,
    TotalEntry,
    decode,
)
from haq.errors import InputError

Plain = Callable[[Entry], dict[str, Any]]
HASH = "0123456789abcdef" * 4
LARGEST = 2**53 - 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"text": ""}, "text: String should have at least 1 character"),
        ({"language": "de"}, "language: Input should be"),
        ({"date": "27.03.2023"}, "date: Input should be a valid date"),
        ({"date": "2023-03-27T00:00:00"}, "not in canonical form"),
        ({"files": ["a.jpg"]}, r"files\.0"),
        ({"unit": ""}, "unit: String"),
    ],
)
def test_a_reply_is_held_to_its_schema(
    changed: dict[str, Any], message: str, entries: Mapping[str, Entry], plain: Plain
) -> None:
    with pytest.raises(InputError, match=message):
        decode(rfc8785.dumps(plain(entries["reply"]) | changed))


@pytest.mark.parametrize(
    ("kind", "changed", "message"),
    [
        ("retraction", {"reason": ""}, "reason: String should have at least 1 character"),
        ("retraction", {"reason": "x" * 1001}, "reason: String should have at most 1000 characters"),
        ("retraction", {"retracts": "77"}, "retracts: String should match pattern"),
        ("retraction", {"replaced_by": ""}, "replaced_by: String should match pattern"),
        ("redaction", {"file": "a.jpg"}, "file: String should match pattern"),
        ("redaction", {"language": "de"}, "language: Input should be"),
        ("commitment", {"opens": "20.03.2023"}, "opens: Input should be a valid date"),
        ("commitment", {"organisation": ""}, "organisation: String"),
        ("reveal", {"salt": "0" * 63}, "salt: String should match pattern"),
    ],
)
def test_what_withdraws_erases_or_promises_is_held_to_its_schema(
    kind: str, changed: dict[str, Any], message: str, entries: Mapping[str, Entry], plain: Plain
) -> None:
    with pytest.raises(InputError, match=message):
        decode(rfc8785.dumps(plain(entries[kind]) | changed))


def test_a_bare_area_and_a_bare_reply(plain: Plain) -> None:
    area = AreaEntry(election="e", level="region", area="KZ-11")
    assert plain(area) == {
        "format": 1,
        "kind": "area",
        "election": "e",
        "level": "region",
        "area": "KZ-11",
        "areas": {},
        "names": {},
    }
    reply = ReplyEntry(election="e", contest="c", level="l", unit="u", text="no")
    assert {"language", "date"}.isdisjoint(plain(reply))
    with pytest.raises(InputError, match="not a valid AreaEntry: shape"):
        AreaEntry(election="e", level="region", area="KZ-11", shape="map.geojson")


def test_an_unknown_key_is_refused(entry: Entry, plain: Plain) -> None:
    # What would name a person, above all.
    for key in ("observer", "read_by", "author", "phone", "email", "respondent", "extra"):
        with pytest.raises(InputError, match=f"{key}: Extra inputs are not permitted"):
            decode(rfc8785.dumps(plain(entry) | {key: "x"}))
        with pytest.raises(InputError, match=f"not a valid {type(entry).__name__}: {key}: Extra"):
            type(entry)(**{**dict(entry), key: "x"})


def test_no_kind_has_a_place_for_a_person(entries: Mapping[str, Entry]) -> None:
    # Add a field here only after asking whether it can ever tell who somebody is.
    fields: dict[str, set[str]] = {}
    waiting: list[type[BaseModel]] = [type(entry) for entry in entries.values()]
    waiting += [Names, ChoiceName, ContestRules, OrganisationTies, SourceFile]
    for kind in waiting:
        fields[kind.__name__] = set(kind.model_fields) - {"format", "election", "kind"}
    sheet = {"contest", "level", "unit", "source"}
    assert fields == {
        "ElectionEntry": {
            "title",
            "date",
            "law",
            "law_sha256",
            "contests",
            "organisations",
            "sources",
            "synthetic",
        },
        "StationEntry": {
            "station",
            "areas",
            "name",
            "address",
            "registered",
            "names",
            "addresses",
            "unlisted",
        },
        "AreaEntry": {"level", "area", "areas", "names", "shape"},
        "ReplyEntry": {"contest", "level", "unit", "text", "language", "date", "files"},
        "OfficialEntry": sheet | {"version", "row", "lines"},
        "CopyEntry": sheet | {"organisation", "row", "grade", "files"},
        "ReadingEntry": {"copy_entry", "reader", "lines"},
        "FindingEntry": {
            "finding",
            "check",
            "severity",
            "contest",
            "level",
            "unit",
            "sources",
            "rows",
            "lines",
            "grade",
            "waits",
        },
        "TotalEntry": {
            "contest",
            "level",
            "source",
            "stations",
            "of",
            "sums",
            "missing",
            "seats",
            "unconfirmed",
        },
        "RetractionEntry": {"retracts", "reason", "language", "replaced_by"},
        "RedactionEntry": {"file", "reason", "language"},
        "CommitmentEntry": {"commitment", "about", "organisation", "opens"},
        "RevealEntry": {"commitment_entry", "salt", "file"},
        "Names": {"kk", "ru", "en"},
        "ChoiceName": {"key", "name"},
        "ContestRules": {"key", "law", "seats", "choices", "covers"},
        "OrganisationTies": {"key", "name", "ties"},
        "SourceFile": {
            "key",
            "level",
            "contest",
            "organisation",
            "version",
            "file",
            "sha256",
            "extract",
            "columns",
            "layout",
        },
    }


@pytest.mark.parametrize(
    "figure", [LARGEST + 1, -LARGEST - 1, 10**400, 1.0, 1.5, "1", True, None, "zero", [1]]
)
def test_what_is_not_an_exact_figure_is_refused(figure: Any) -> None:
    with pytest.raises(InputError, match=r"not a valid ReadingEntry: lines\.a"):
        ReadingEntry(election="e", copy_entry=HASH, reader="file", lines={"a": figure})
    with pytest.raises(InputError, match=r"lines\.a"):
        decode(
            json.dumps(
                {
                    "copy_entry": HASH,
                    "election": "e",
                    "format": 1,
                    "kind": "reading",
                    "lines": {"a": figure},
                    "reader": "file",
                },
                separators=(",", ":"),
            ).encode()
        )


def test_a_sum_beyond_what_json_keeps_exact_is_refused(entries: Mapping[str, Entry]) -> None:
    tree = dict(entries["total"]) | {"sums": {"a": 2**53}}
    with pytest.raises(InputError, match=r"sums\.a: Input should be less than or equal to 9007199254740991"):
        TotalEntry(**tree)


@pytest.mark.parametrize("hash_", [HASH[:-1], HASH + "0", HASH.upper(), HASH + "\n", "z" * 64])
def test_a_hash_is_64_small_hexadecimal_digits(hash_: str) -> None:
    with pytest.raises(InputError, match="not a valid ReadingEntry: copy_entry"):
        ReadingEntry(election="e", copy_entry=hash_, reader="file", lines={})
