"""Lines to stations: what is about whom, without believing anything."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import haq.law
from haq.bulletin.decoding import LineError, read_entry
from haq.bulletin.opening import open_entries
from haq.bulletin.reader import find_election, find_profile, lines_with, sort_lines
from haq.entries import decode, encode
from haq.errors import HaqError, InputError


def test_a_reading_follows_its_copy(v: SimpleNamespace) -> None:
    lines = [encode(entry) for entry in v.village()]
    piles = sort_lines(lines, "station")
    kinds = [json.loads(line)["kind"] for line in piles.stations["0001"]]
    assert sorted(kinds) == ["copy", "copy", "finding", "official", "reading", "reading", "station"]
    assert {json.loads(line)["kind"] for line in piles.upper} == {"election", "area", "official", "total"}
    assert sum(map(len, piles.stations.values())) + len(piles.upper) == len(lines)


def test_the_order_of_the_file_does_not_matter(v: SimpleNamespace) -> None:
    lines = [encode(entry) for entry in v.village()]
    assert sort_lines(lines, "station") == sort_lines(lines[::-1], "station")


def test_a_line_that_imitates_another_station_stays_where_it_belongs(v: SimpleNamespace) -> None:
    liar = encode(v.station("0009", name='","unit":"0001","x":"'))
    assert list(sort_lines([liar], "station").stations) == ["0009"]


def test_another_spelling_of_a_key_is_noticed(v: SimpleNamespace) -> None:
    line = encode(v.station("0001")).replace(b'"station":"0001"', b'"station":"000\\u0031"')
    piles = sort_lines([line], "station")
    assert list(piles.stations) == ["0001"] and piles.odd


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "not-json"),
        (b"\xff", "not-json"),
        (b"[" * 5000, "not-json"),
        (b'{"kind":"rumour"}', "unknown-kind"),
        (b'{"kind":["station"]}', "not-valid"),
        (b'{"kind":"station"}', "not-valid"),
        (b"[1]", "not-valid"),
    ],
)
def test_what_is_no_entry_is_named(line: bytes, code: str) -> None:
    with pytest.raises(LineError) as error:
        read_entry(line)
    assert error.value.code == code


def test_an_entry_with_a_space_is_not_canonical(v: SimpleNamespace) -> None:
    with pytest.raises(LineError, match="not-canonical"):
        read_entry(encode(v.station("1")).replace(b'":', b'": ', 1))


@given(
    st.dictionaries(st.text(min_size=1, max_size=6), st.integers(-5, 5), max_size=6),
    st.text(max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_quick_way_agrees_with_the_slow_one(v, lines, name, random) -> None:  # type: ignore[no-untyped-def]
    """Hold the two checks of the canonical form against each other, on entries and on damaged ones."""
    for entry in (v.official("1", lines), v.station("1", name=name)):
        data = encode(entry)
        shuffled = json.loads(data)
        keys = list(shuffled)
        random.shuffle(keys)
        for candidate in (
            data,
            json.dumps({k: shuffled[k] for k in keys}, separators=(",", ":"), ensure_ascii=False).encode(),
            json.dumps(shuffled, separators=(",", ":"), sort_keys=True).encode(),
        ):
            try:
                slow = decode(candidate)
            except HaqError:
                with pytest.raises(LineError):
                    read_entry(candidate)
            else:
                assert read_entry(candidate) == slow


def test_lines_are_found_by_what_they_hold() -> None:
    assert lines_with(b"ab\ncd\nab\nxab", b"ab") == [b"ab", b"ab", b"xab"]


def test_without_an_election_there_is_no_site(v: SimpleNamespace) -> None:
    with pytest.raises(InputError, match="no entry of an election"):
        find_election(encode(v.station("1")))


def test_of_two_elections_the_one_that_most_lines_carry_speaks(v: SimpleNamespace) -> None:
    data = b"\n".join(encode(e) for e in [v.election(election="other"), *v.village()])
    found, _, problems = find_election(data)
    assert found.election == "village"
    assert [p.values for p in problems] == [{"election": "other"}]


def test_a_changed_law_is_refused_unless_it_lies_beside(v: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(HaqError, match=r"law\.toml"):
        find_profile(v.election(law_sha256="1" * 64), None)
    law = tmp_path / "law.toml"
    shipped = Path(haq.law.__file__).parent / "profiles" / "kz-majilis-2021.toml"
    law.write_bytes(shipped.read_bytes() + b"\n# somebody's own\n")
    changed = v.election(law="own-rules")
    assert find_profile(changed, law).key == "kz-majilis-2021"
    with pytest.raises(HaqError, match="own-rules"):
        find_profile(changed.model_copy(update={"law_sha256": "1" * 64}), law)


def test_a_missing_file_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="haq check"):
        open_entries(tmp_path)


def test_only_files_named_by_a_hash_are_evidence(v: SimpleNamespace, tmp_path: Path) -> None:
    v.write([], tmp_path)
    (tmp_path / "files").mkdir()
    for name in ("a" * 64 + ".jpg", "b" * 64, "note.txt", "c" * 63):
        (tmp_path / "files" / name).write_bytes(b"x")
    assert set(open_entries(tmp_path).files) == {"a" * 64, "b" * 64}
    assert open_entries(tmp_path / "entries.jsonl").count == 0
