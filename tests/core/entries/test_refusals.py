"""What is no entry, or not in canonical form, is refused in one line."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.entries import (
    Entry,
    StationEntry,
    decode,
    encode,
)
from haq.errors import InputError

Plain = Callable[[Entry], dict[str, Any]]


def test_bytes_that_are_not_canonical_are_refused(entry: Entry, plain: Plain) -> None:
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


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a valid StationEntry: station"):
        StationEntry(election="e", station=text)
    with pytest.raises(InputError, match="not a valid StationEntry: areas"):
        StationEntry(election="e", station="s", areas={text: "x"})
    slipped_by = StationEntry.model_construct(election="e", station=text, areas={})
    with pytest.raises(InputError, match="a StationEntry cannot be written as JSON"):
        encode(slipped_by)


@given(data=st.data())
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
