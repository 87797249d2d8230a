"""Entries: every kind, its canonical bytes, and everything that is refused."""

import hashlib
import json
from datetime import date
from typing import Any, get_args

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from haq.entries import (
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
    decode,
    digest,
    encode,
)
from haq.errors import InputError

HASH = "0123456789abcdef" * 4
LARGEST = 2**53 - 1

ENTRIES: dict[str, Entry] = {
    "election": ElectionEntry(
        election="kz-2023",
        title=Names(kk="Мәжіліс", en="Majilis"),
        date=date(2023, 3, 19),
        law="kz-majilis-2023",
        law_sha256=HASH,
        contests=(
            ContestRules(
                key="lists",
                law="lists",
                seats=69,
                choices=(
                    ChoiceName(key="a", kind="list", name=Names(ru="Список")),
                    ChoiceName(key="none", kind="against_all", name=Names(ru="Против всех")),
                ),
                covers="part",
            ),
        ),
        organisations=(OrganisationTies(key="obs", name=Names(en="Observers"), ties=("party a",)),),
        sources=(
            SourceFile(key="s", kind="official", level="station", contest="lists", file="a.csv", sha256=HASH),
        ),
        synthetic=True,
    ),
    "station": StationEntry(
        election="kz-2023",
        station="01.10",
        areas={"district": "7", "region": "KZ-75"},
        name="№ 10",
        address="Абай к-сі, 1",
        registered=1200,
        names=Names(kk="№ 10 мектеп", en="School No. 10"),
        addresses=Names(ru="ул. Абая, 1"),
    ),
    "area": AreaEntry(
        election="kz-2023",
        level="district",
        area="7",
        areas={"region": "KZ-75"},
        names=Names(kk="Алмалы ауданы"),
        shape=HASH,
    ),
    "official": OfficialEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        version=2,
        source="s",
        row=7,
        lines={"registered": 1200, "a": -3, "b": "empty", "c": "unreadable", "d": 0},
    ),
    "copy": CopyEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        organisation="obs",
        source="copies",
        row=3,
        grade="C",
        files=(HASH,),
    ),
    "reading": ReadingEntry(election="kz-2023", copy_entry=HASH, reader="person", lines={"a": LARGEST}),
    "reply": ReplyEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        text="Хаттамада техникалық қате жіберілді.",
        language="kk",
        date=date(2023, 3, 27),
        files=(HASH,),
    ),
    "finding": FindingEntry(
        election="kz-2023",
        finding="official-differs",
        severity="error",
        contest="lists",
        level="station",
        unit="01.10",
        sources=("copies", "s"),
        rows=(3, None),
        lines={"a": (10, None), "b": (None, 4)},
        grade="C",
        waits=True,
    ),
    "total": TotalEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        source="s",
        stations=9,
        of=10,
        sums={"a": 5, "b": 0},
        missing={"b": 1},
        seats={"a": 69},
        unconfirmed=("the base of the threshold",),
    ),
}
every_kind = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


def plain(entry: Entry) -> dict[str, Any]:
    tree = json.loads(encode(entry))
    assert isinstance(tree, dict)
    return tree


def test_every_kind_is_here() -> None:
    union = get_args(get_args(AnyEntry)[0])
    kinds = {kind.model_fields["kind"].default: kind for kind in union}
    assert {kind: type(entry) for kind, entry in ENTRIES.items()} == kinds


@every_kind
def test_an_entry_comes_back_from_its_canonical_bytes(entry: Entry) -> None:
    data = encode(entry)
    assert decode(data) == entry
    assert type(decode(data)) is type(entry)
    assert data == rfc8785.dumps(json.loads(data))
    assert digest(data) == hashlib.sha256(data).hexdigest()
    assert b"\n" not in data


def test_the_bytes_of_an_entry_are_these() -> None:
    assert encode(ENTRIES["reading"]).decode() == (
        f'{{"copy_entry":"{HASH}","election":"kz-2023","format":1,"kind":"reading",'
        '"lines":{"a":9007199254740991},"reader":"person"}'
    )
    # Keys stand in the order of UTF-16 code units: the clef (D834 DD1E) before E000.
    lines = {"\ue000": 1, "𝄞": 2}
    clef = OfficialEntry(
        election="e", contest="c", level="l", unit="u", version=1, source="s", row=1, lines=lines
    )
    assert '"lines":{"𝄞":2,"\ue000":1}' in encode(clef).decode()


def test_a_missing_figure_is_written_and_an_absent_part_is_not() -> None:
    assert plain(ENTRIES["finding"])["lines"] == {"a": [10, None], "b": [None, 4]}
    assert plain(ENTRIES["finding"])["rows"] == [3, None]
    bare = StationEntry(election="e", station="s")
    assert plain(bare) == {"format": 1, "kind": "station", "election": "e", "station": "s", "areas": {}}


def test_entries_from_before_areas_and_replies_are_read_as_they_were() -> None:
    election = plain(ENTRIES["election"])
    del election["synthetic"], election["contests"][0]["covers"]
    station = plain(ENTRIES["station"])
    del station["names"], station["addresses"]
    for tree in (election, station):
        data = rfc8785.dumps(tree)
        assert encode(decode(data)) == data
    read = decode(rfc8785.dumps(election))
    assert isinstance(read, ElectionEntry)
    assert (read.contests[0].covers, read.synthetic) == ("whole", None)


def test_a_whole_country_is_not_written_and_a_part_is() -> None:
    election = plain(ENTRIES["election"])
    assert election["contests"][0]["covers"] == "part"
    election["contests"][0]["covers"] = "whole"
    with pytest.raises(InputError, match="not in canonical form"):
        decode(rfc8785.dumps(election))
    with pytest.raises(InputError, match=r"contests\.0\.covers"):
        decode(rfc8785.dumps(election).replace(b'"covers":"whole"', b'"covers":"half"'))


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
def test_a_reply_is_held_to_its_schema(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(rfc8785.dumps(plain(ENTRIES["reply"]) | changed))


def test_a_bare_area_and_a_bare_reply() -> None:
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


def changes(tree: Any) -> list[tuple[Any, ...]]:
    """List the paths to all leaves of a tree."""
    if isinstance(tree, dict | list):
        items = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return [(key, *path) for key, inner in items for path in changes(inner)]
    return [()]


@every_kind
def test_the_smallest_change_changes_the_digest_or_is_refused(entry: Entry) -> None:
    data = encode(entry)
    for path in changes(plain(entry)):
        tree = plain(entry)
        place = tree
        for step in path[:-1]:
            place = place[step]
        old = place[path[-1]]
        place[path[-1]] = {str: lambda x: x + "1", int: lambda x: x + 1, bool: lambda x: not x}.get(
            type(old), lambda _: 1
        )(old)
        other = rfc8785.dumps(tree) if place[path[-1]] != LARGEST + 1 else data.replace(b"740991", b"740992")
        assert digest(other) != digest(data)
        try:
            changed = decode(other)
        except InputError:
            continue
        assert changed != entry
        assert encode(changed) == other


@every_kind
def test_an_unknown_key_is_refused(entry: Entry) -> None:
    # What would name a person, above all.
    for key in ("observer", "read_by", "author", "phone", "email", "respondent", "extra"):
        with pytest.raises(InputError, match=f"{key}: Extra inputs are not permitted"):
            decode(rfc8785.dumps(plain(entry) | {key: "x"}))
        with pytest.raises(InputError, match=f"not a valid {type(entry).__name__}: {key}: Extra"):
            type(entry)(**{**dict(entry), key: "x"})


def test_no_kind_has_a_place_for_a_person() -> None:
    # Add a field here only after asking whether it can ever tell who somebody is.
    fields: dict[str, set[str]] = {}
    waiting: list[type[BaseModel]] = [type(entry) for entry in ENTRIES.values()]
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
        "StationEntry": {"station", "areas", "name", "address", "registered", "names", "addresses"},
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
            "columns",
            "layout",
        },
    }


@every_kind
def test_bytes_that_are_not_canonical_are_refused(entry: Entry) -> None:
    data, tree = encode(entry), plain(entry)
    others = [
        data + b"\n",
        b" " + data,
        data.replace(b'"kz-2023"', b'"kz-2023" ', 1),
        data.replace(b'"kz-2023"', b'"\\u006bz-2023"', 1),
        data.replace(b'"format":1', b'"format":1.0', 1),
        data.replace(b'"format":1', b'"format":1,"format":1', 1),
        json.dumps(tree).encode(),
        json.dumps(dict(reversed(tree.items())), separators=(",", ":"), ensure_ascii=False).encode(),
        b"\xef\xbb\xbf" + data,
        data[:-1],
    ]
    for other in others:
        assert other != data
        with pytest.raises(InputError):
            decode(other)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an entry: the whole: Invalid JSON"),
        (b"[]", "not an entry: the whole"),
        (b"null", "not an entry: the whole"),
        (b"\xff", "not an entry: the whole: Invalid JSON"),
        (b"[" * 100_000, "recursion limit"),
        (b"{}", "Unable to extract tag"),
        (b'{"kind":"two\\nlines"}', "Input tag 'two lines' found"),
        (b'{"election":"e","format":2,"kind":"station","station":"s"}', "format: Input should be 1"),
        (b'{"election":"e","format":1,"kind":"station","station":"\\ud800"}', "Invalid JSON"),
        (
            b'{"areas":{},"election":"e","format":1,"kind":"station","station":"s","name":null}',
            "not in canonical",
        ),
        (b'{"election":"e","format":1,"kind":"station","station":"s"}', "not in canonical form"),
    ],
)
def test_what_is_no_entry_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


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


def test_a_sum_beyond_what_json_keeps_exact_is_refused() -> None:
    tree = dict(ENTRIES["total"]) | {"sums": {"a": 2**53}}
    with pytest.raises(InputError, match=r"sums\.a: Input should be less than or equal to 9007199254740991"):
        TotalEntry(**tree)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a valid StationEntry: station"):
        StationEntry(election="e", station=text)
    with pytest.raises(InputError, match="not a valid StationEntry: areas"):
        StationEntry(election="e", station="s", areas={text: "x"})
    slipped_by = StationEntry.model_construct(election="e", station=text, areas={})
    with pytest.raises(InputError, match="a StationEntry cannot be written as JSON"):
        encode(slipped_by)


@pytest.mark.parametrize("hash_", [HASH[:-1], HASH + "0", HASH.upper(), HASH + "\n", "z" * 64])
def test_a_hash_is_64_small_hexadecimal_digits(hash_: str) -> None:
    with pytest.raises(InputError, match="not a valid ReadingEntry: copy_entry"):
        ReadingEntry(election="e", copy_entry=hash_, reader="file", lines={})


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ENTRIES["station"].election = "other"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
figures = st.integers(-LARGEST, LARGEST) | st.sampled_from(["empty", "unreadable"])


@given(unit=texts, version=st.integers(1, LARGEST), lines=st.dictionaries(texts, figures, max_size=6))
def test_any_figures_under_any_keys_come_back(unit: str, version: int, lines: dict[str, Any]) -> None:
    entry = OfficialEntry(
        election="e", contest="c", level="l", unit=unit, version=version, source="s", row=1, lines=lines
    )
    data = encode(entry)
    assert decode(data) == entry
    backwards = entry.model_copy(update={"lines": dict(reversed(lines.items()))})
    assert encode(backwards) == data == rfc8785.dumps(json.loads(data))


@given(entry=st.sampled_from(list(ENTRIES.values())), data=st.data())
def test_a_damaged_byte_never_passes_for_the_entry(entry: Entry, data: st.DataObject) -> None:
    whole = encode(entry)
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != whole[place]))
    damaged = whole[:place] + bytes([byte]) + whole[place + 1 :]
    try:
        read = decode(damaged)
    except InputError:
        return
    assert read != entry
    assert encode(read) == damaged
