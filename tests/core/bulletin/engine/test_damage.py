"""Damaged or contradictory entries: named, and everything else built."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.bulletin import build
from haq.entries import AreaEntry, encode
from haq.errors import HaqError

TWO_READERS = "readings-differ"


def about(entries, kind: str, unit: str):  # type: ignore[no-untyped-def]
    return next(
        e for e in entries if e.kind == kind and unit in (getattr(e, "unit", ""), getattr(e, "station", ""))
    )


def broken(v: SimpleNamespace, code: str) -> list[object]:
    """Make a village in which one thing is wrong, at station 0003 where a station is concerned."""
    made: list[object] = list(v.village())
    result = about(made, "official", "0003")
    copied = about(made, "copy", "0003")
    extra: dict[str, list[object]] = {
        "not-json": [b'{"kind":"official","level":"station","unit":"0003"'],
        "not-valid": [encode(result).replace(b'"row":4', b'"row":"4"')],
        "not-canonical": [encode(result).replace(b'"row":4', b'"row": 5')],
        "unknown-kind": [encode(result).replace(b'"kind":"official"', b'"kind":"oracle"')],
        "other-election": [v.official("0003", {}, election="elsewhere")],
        "twice": [result],
        "two-elections": [v.election(title={"en": "Another"})],
        "two-officials": [v.official("0003", v.figures(1, 1), row=77)],
        "reading-without-copy": [v.reading(v.copy("0003", {}, row=50)[0], v.figures(1, 1))],
        "copy-without-reading": [v.copy("0003", {}, row=50)[0]],
        TWO_READERS: [v.reading(copied, v.figures(1, 50))],
        "two-stations": [v.station("0003", registered=5)],
        "unknown-contest": [v.official("0003", {}, contest="mayor")],
        "unknown-source": [v.official("0003", v.figures(100, 50), source="rumours")],
        "unknown-organisation": [
            *v.copy("0003", v.figures(100, 50), source="citizens", organisation="x", row=60)
        ],
        "unknown-line": [*v.copy("0003", {**v.figures(100, 50), "zeta": 5}, row=60)],
        "unknown-level": [v.official("0003", {}, level="galaxy")],
        "two-parents": [
            AreaEntry(election="village", level="district", area="KZ-1/1", areas={"region": "KZ-9"})
        ],
        "unknown-unit": [v.finding("0999", 1, 2)],
        "too-long": [v.station("0003", name="x" * 65_536)],
        "file-missing": [*v.copy("0003", v.figures(100, 50), files=("f" * 64,), row=60)],
    }
    return made + extra[code]


CODES = (
    "not-json", "not-valid", "not-canonical", "unknown-kind", "other-election", "twice",
    "two-elections", "two-officials", "reading-without-copy", "copy-without-reading", "readings-differ",
    "two-stations", "unknown-contest", "unknown-source", "unknown-organisation", "unknown-line",
    "unknown-level", "two-parents", "unknown-unit", "file-missing", "too-long",
)  # fmt: skip
#: Lines that name their station in a way that can be trusted: its page names the problem too.
AT_STATION = (
    "not-valid", "not-canonical", "other-election", "twice", "two-officials", "copy-without-reading",
    "readings-differ", "two-stations", "unknown-contest", "unknown-source", "unknown-organisation",
    "unknown-line", "file-missing", "too-long",
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_what_is_wrong_is_named_and_the_rest_is_built(v: SimpleNamespace, site, code: str) -> None:  # type: ignore[no-untyped-def]
    whole, _ = site(v.village(), "whole")
    out, built = site(broken(v, code), "broken")
    assert code in [problem.code for problem in built.problems]
    assert {p.code for p in built.problems} <= {code, "two-officials", "two-areas", "wrong-source"}
    named = next(p for p in built.problems if p.code == code)
    data = (out / "en/data.html").read_text("utf-8")
    assert named.where in data
    page = (out / "en/station/0003.html").read_text("utf-8")
    assert (named.where in page) == (code in AT_STATION)
    before, after = v.files_of(whole), v.files_of(out)
    for number in (1, 2, 4, 5, 6):
        path = f"en/station/{number:04}.html"
        if code not in ("two-elections", "two-parents"):
            assert before[path] == after[path]


def test_two_different_readings_leave_the_figure_open(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(broken(v, TWO_READERS))
    table = (out / "data" / "citizens.csv", *(out / "data").glob("*citizens*.csv"))
    text = next(path for path in table if path.exists()).read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("0003"))
    assert row.endswith(",different,50") and "100" not in row.split(",")


def test_two_people_who_read_the_same_agree(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    copied, _ = v.copy("1", {})
    read = v.reading(copied, v.figures(4, 5), "person")
    made = [v.election(), v.station("1"), v.official("1", v.figures(4, 5)), copied, read, read]
    _, built = site(made)
    assert built.problems == ()


def test_both_versions_of_a_contradiction_stand_on_the_page(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site([*v.village(), v.official("0003", v.figures(777, 888), row=77)])
    page = (out / "en/station/0003.html").read_text("utf-8")
    assert "777" in page and "100" in page


def test_a_finding_about_nothing_known_still_has_its_page(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, built = site(broken(v, "unknown-unit"))
    assert (out / "en/station/0999.html").exists() and built.findings == 2


def test_no_election_is_one_clear_error(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HaqError, match="no entry of an election"):
        site(v.village()[1:])
    with pytest.raises(HaqError, match="damaged"):
        site([encode(v.village()[0]).replace(b'"format":1', b'"format":9'), *v.village()[1:]])


def test_a_law_that_is_not_there_is_one_clear_error(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HaqError, match=r"law\.toml"):
        site([v.election(law_sha256="0" * 64), *v.village()[1:]])
    assert not (tmp_path / "site").exists()


#: What may stand where something else should.
ODD = (None, True, 0, -1, 1.5, 2**53 - 1, "", "0004", "empty", [], ["0004"], {}, {"kk": 1}, [[[]]])


def other_tree(line: bytes, data: st.DataObject, *, drop: bool) -> bytes:
    """Drop a key or an item somewhere in an entry, or put another value there; canonical all the same."""
    try:
        tree = json.loads(line)
    except ValueError:
        return line  # damaged before
    place = tree
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            place = inner
            continue
        if drop:
            del place[key]
        else:
            place[key] = data.draw(st.sampled_from(ODD))
        break
    return rfc8785.dumps(tree)


@settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_stops_the_rest(v: SimpleNamespace, tmp_path_factory, data) -> None:  # type: ignore[no-untyped-def]
    """Flip bytes, drop, duplicate and swap lines, drop keys, change values and their types.

    Pages of stations without a touched line stay the same.
    """
    folder: Path = tmp_path_factory.mktemp("fuzz")
    lines = [encode(entry) for entry in v.village()]
    touched: set[str] = set()

    def units(line: bytes) -> set[str]:
        """Name every station whose number a line may mention, and whose copy it may read."""
        found = {f"{n:04}" for n in range(1, 7) if b'"%04d"' % n in line}
        if b'"kind":"reading"' in line:
            found |= {f"{n:04}" for n in range(1, 7)}
        return found

    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(1, len(lines) - 1))
        touched |= units(lines[place])
        kind = data.draw(st.sampled_from(["flip", "drop", "twice", "swap", "cut", "key", "value"]))
        if kind == "drop":
            del lines[place]
        elif kind == "twice":
            lines.append(lines[place])
        elif kind == "swap":
            other = data.draw(st.integers(1, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
        elif kind in ("key", "value"):
            lines[place] = other_tree(lines[place], data, drop=kind == "key")
            touched |= units(lines[place])
        else:
            at = data.draw(st.integers(0, len(lines[place]) - 1)) if lines[place] else 0
            byte = bytes([data.draw(st.integers(0, 255))])
            lines[place] = lines[place][:at] + byte + lines[place][at + 1 :]
            for line in lines[place].split(b"\n"):
                touched |= units(line)
    names = [line for line in lines if b'"kind":"area"' in line]
    build(v.write(v.village(), folder / "good"), folder / "one", languages=["en"], processes=1)
    try:
        build(v.write(lines, folder / "bad"), folder / "two", languages=["en"], processes=1)
    except HaqError:
        return  # the one clear error, of the election's own entry
    if len(names) < 3 or any(encode(e) not in lines for e in v.village() if e.kind == "area"):
        return  # a name of an area stands on every page in it
    for number in range(1, 7):
        if f"{number:04}" not in touched:
            path = f"en/station/{number:04}.html"
            assert (folder / "one" / path).read_bytes() == (folder / "two" / path).read_bytes()


def test_problems_are_counted_by_the_command(v: SimpleNamespace, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    from haq.cli.bulletin import document, show
    from haq.cli.words import Words

    made = [*v.village(), b"{", b"[", v.official("0003", {}, election="elsewhere")]
    built = build(v.write(made, tmp_path / "in"), tmp_path / "site", languages=["en"], processes=1)
    for language, said in (("en", "Problems with entries: 3"), ("ru", "Проблемы"), ("kk", "ақаулар")):
        show(built, Words(language))
        shown = capsys.readouterr().out
        assert said in shown and "2 ×" in shown and str(tmp_path / "site") in shown
    assert "line 31" in json.dumps(document(built)) or document(built)["problems"]
