"""Which files an entry names or erases, and which entries are withdrawn."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.entries import Entry, encode, files_named, files_redacted, withdrawn

HASH = "0123456789abcdef" * 4
ODD = [b"", b"7", b"[]", b"{", b'{"kind":"reveal"}', b'{"kind":"redaction","file":7}', b"[" * 100_000]


def test_every_kind_names_its_files_and_only_a_redaction_erases(entries: Mapping[str, Entry]) -> None:
    named = {kind: files_named(encode(entry)) for kind, entry in entries.items()}
    assert {kind for kind, files in named.items() if files} == {"election", "area", "copy", "reply", "reveal"}
    assert all(files in ([], [HASH]) for files in named.values())
    erased = {kind: files_redacted(encode(entry)) for kind, entry in entries.items()}
    assert {kind: files for kind, files in erased.items() if files} == {"redaction": [HASH]}


@pytest.mark.parametrize("data", ODD)
def test_of_what_is_no_entry_nothing_is_named(data: bytes) -> None:
    assert files_named(data) == files_redacted(data) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", HASH + "/..", HASH.upper(), HASH[1:], 7, None, [HASH]])
def test_what_is_no_hash_is_no_file(name: object) -> None:
    for tree in ({"kind": "reveal", "file": name}, {"kind": "redaction", "file": name}, {"files": [name]}):
        data = json.dumps(tree).encode()
        assert files_named(data) == files_redacted(data) == []


def test_a_retraction_that_is_withdrawn_has_no_effect() -> None:
    assert withdrawn({}) == {}
    assert withdrawn({"r1": "a"}) == {"a": "r1"}
    assert withdrawn({"r1": "a", "r2": "r1"}) == {"r1": "r2"}
    assert withdrawn({"r1": "a", "r2": "r1", "r3": "r2"}) == {"a": "r1", "r2": "r3"}
    # Two took it back, and one of them was withdrawn.
    assert withdrawn({"r1": "a", "r2": "a", "r3": "r1"}) == {"a": "r2", "r1": "r3"}
    # Of several that have effect the first in the order of digests speaks, whatever came first.
    assert withdrawn({"r2": "a", "r1": "a"}) == {"a": "r1"}


@given(st.lists(st.integers(0, 30), max_size=30))
def test_chains_of_any_form_agree_with_the_definition(targets: list[int]) -> None:
    """Entry ``n + 1`` withdraws an earlier one, or the entry 0 that is no retraction."""
    retractions = {str(n + 1): str(min(target, n)) for n, target in enumerate(targets)}

    def stands(key: str) -> bool:
        return not any(stands(other) for other, target in retractions.items() if target == key)

    found = withdrawn(retractions)
    assert found.keys() == {target for target in retractions.values() if not stands(target)}
    for target, key in found.items():
        assert retractions[key] == target and stands(key)


def test_a_chain_as_long_as_a_log_is_followed() -> None:
    count = 50_000
    found = withdrawn({str(n + 1): str(n) for n in range(count)})
    assert found.keys() == {str(n) for n in range(count - 1, -1, -2)}
