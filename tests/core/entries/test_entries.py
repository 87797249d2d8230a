"""Entries: every kind and its canonical bytes; the smallest change is another entry."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from haq.entries import (
    AnyEntry,
    ElectionEntry,
    Entry,
    OfficialEntry,
    StationEntry,
    decode,
    digest,
    encode,
)
from haq.errors import InputError

Plain = Callable[[Entry], dict[str, Any]]
HASH = "0123456789abcdef" * 4
LARGEST = 2**53 - 1


def test_every_kind_is_here(entries: Mapping[str, Entry]) -> None:
    union = get_args(get_args(AnyEntry)[0])
    kinds = {kind.model_fields["kind"].default: kind for kind in union}
    assert {kind: type(entry) for kind, entry in entries.items()} == kinds


def test_an_entry_comes_back_from_its_canonical_bytes(entry: Entry) -> None:
    data = encode(entry)
    assert decode(data) == entry
    assert type(decode(data)) is type(entry)
    assert data == rfc8785.dumps(json.loads(data))
    assert digest(data) == hashlib.sha256(data).hexdigest()
    assert b"\n" not in data


def test_the_bytes_of_an_entry_are_these(entries: Mapping[str, Entry]) -> None:
    assert encode(entries["reading"]).decode() == (
        f'{{"copy_entry":"{HASH}","election":"kz-2023","format":1,"kind":"reading",'
        '"lines":{"a":9007199254740991},"reader":"person"}'
    )
    # Keys stand in the order of UTF-16 code units: the clef (D834 DD1E) before E000.
    lines = {"\ue000": 1, "𝄞": 2}
    clef = OfficialEntry(
        election="e", contest="c", level="l", unit="u", version=1, source="s", row=1, lines=lines
    )
    assert '"lines":{"𝄞":2,"\ue000":1}' in encode(clef).decode()


def test_a_missing_figure_is_written_and_an_absent_part_is_not(
    entries: Mapping[str, Entry], plain: Plain
) -> None:
    assert plain(entries["finding"])["lines"] == {"a": [10, None], "b": [None, 4]}
    assert plain(entries["finding"])["rows"] == [3, None]
    bare = StationEntry(election="e", station="s")
    assert plain(bare) == {"format": 1, "kind": "station", "election": "e", "station": "s", "areas": {}}


def test_entries_from_before_areas_and_replies_are_read_as_they_were(
    entries: Mapping[str, Entry], plain: Plain
) -> None:
    election = plain(entries["election"])
    del election["synthetic"], election["contests"][0]["covers"], election["sources"][0]["extract"]
    station = plain(entries["station"])
    del station["names"], station["addresses"]
    for tree in (election, station):
        data = rfc8785.dumps(tree)
        assert encode(decode(data)) == data
    read = decode(rfc8785.dumps(election))
    assert isinstance(read, ElectionEntry)
    assert (read.contests[0].covers, read.synthetic) == ("whole", None)


def test_a_whole_country_is_not_written_and_a_part_is(entries: Mapping[str, Entry], plain: Plain) -> None:
    election = plain(entries["election"])
    assert election["contests"][0]["covers"] == "part"
    election["contests"][0]["covers"] = "whole"
    with pytest.raises(InputError, match="not in canonical form"):
        decode(rfc8785.dumps(election))
    with pytest.raises(InputError, match=r"contests\.0\.covers"):
        decode(rfc8785.dumps(election).replace(b'"covers":"whole"', b'"covers":"half"'))


def changes(tree: Any) -> list[tuple[Any, ...]]:
    """List the paths to all leaves of a tree."""
    if isinstance(tree, dict | list):
        items = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return [(key, *path) for key, inner in items for path in changes(inner)]
    return [()]


def test_the_smallest_change_changes_the_digest_or_is_refused(entry: Entry, plain: Plain) -> None:
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


def test_an_entry_cannot_be_changed(entries: Mapping[str, Entry]) -> None:
    with pytest.raises(ValueError, match="frozen"):
        entries["station"].election = "other"


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
