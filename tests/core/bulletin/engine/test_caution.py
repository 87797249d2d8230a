"""Findings that do not stand by themselves say why and are never ranked; what nobody named is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.assemble.weights import differences_of, heaviest
from haq.entries import FindingEntry

#: Sheets of station 0002 on which alpha was declared 90 votes above the copy.
DECLARED, COPIED = (190, 50), (100, 50)
WORDS = {
    "waits": "It waits for a second source.",
    "one-reading": "One reading so far; a second person has not read the copy yet.",
    "contradicted": "Another copy of the same protocol has another number on this line.",
    "own-sum": "With the other number on this line it would break it less, or not at all.",
    "no-figures": "Its figures stand on no sheet among the entries.",
}


def village_with(v: SimpleNamespace, doubt: str) -> list[object]:
    """Make a village in which 0001 differs by 10 firmly, and 0002 by 90 with or without a doubt."""
    made = [e for e in v.village() if "0002" not in (getattr(e, "unit", ""), getattr(e, "station", ""))]
    made = [e for e in made if e.kind != "total"]  # it is of another village
    readings = {e.copy_entry for e in made if e.kind == "reading"}
    kept = {v.digest(v.encode(e)) for e in made if e.kind == "copy"}
    made = [e for e in made if e.kind != "reading" or e.copy_entry in kept & readings]
    made += [v.station("0002", "KZ-1/1"), v.official("0002", v.figures(*DECLARED), row=3)]
    copied = v.figures(*COPIED)
    if doubt == "own-sum":
        copied["ballots_in_boxes"] = v.figures(*DECLARED)["ballots_in_boxes"]
    if doubt == "elsewhere":
        copied["ballots_in_boxes"] -= 40  # broken, and broken more with the declared votes
    copy, reading = v.copy("0002", copied, row=3)
    if doubt == "one-reading":
        reading = v.reading(copy, copied, "person")
    made += [copy, reading]
    if doubt == "contradicted":
        made += v.copy("0002", v.figures(*DECLARED), "students", row=3)
    made.append(
        v.finding("0002", 7 if doubt == "no-figures" else 100, 190, rows=(3, 3), waits=doubt == "waits")
    )
    return made


def cards(page: str) -> list[str]:
    """List the stations on the cards of a home page."""
    return re.findall(r'card-title"><a href="[^"]*">Polling station (\d+)', page)


@pytest.mark.parametrize("doubt", ["firm", "elsewhere"])
def test_a_firm_difference_is_ranked_by_its_size(v: SimpleNamespace, site, doubt: str) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(village_with(v, doubt))
    home = (out / "en/index.html").read_text("utf-8")
    assert cards(home) == ["0002", "0001"]
    assert "to be read with care" not in home
    assert "To be read with care" not in (out / "en/findings/official-differs-1.html").read_text("utf-8")


@pytest.mark.parametrize("doubt", WORDS)
def test_a_doubtful_difference_says_why_and_is_never_ranked(v: SimpleNamespace, site, doubt: str) -> None:  # type: ignore[no-untyped-def]
    out, built = site(village_with(v, doubt))
    home = (out / "en/index.html").read_text("utf-8")
    assert cards(home) == ["0001"]
    assert "1 difference stands apart and is to be read with care" in home
    listed = (out / "en/findings/official-differs-1.html").read_text("utf-8")
    firm, _, careful = listed.partition('id="care"')
    assert "station 0001" in firm and "station 0002" not in firm
    assert "station 0002" in careful and WORDS[doubt] in careful
    assert built.look_at[1] in [
        f"en/finding/{name}.html" for name in re.findall(r"finding/(\w+)\.html", home)
    ]
    station = (out / "en/station/0002.html").read_text("utf-8")
    identity = re.findall(r"finding/(\w+)\.html", careful)[0]
    for page in (station, (out / f"en/finding/{identity}.html").read_text("utf-8")):
        assert WORDS[doubt] in page
    area = (out / "en/area/kz-1-region.html").read_text("utf-8")
    places = re.findall(r"station/(000\d)\.html", area.partition('id="stations"')[2])
    assert places[:2] == (["0002", "0001"] if doubt == "no-figures" else ["0001", "0002"])


def test_a_finding_without_figures_is_named_once(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, built = site(village_with(v, "no-figures"))
    codes = [problem.code for problem in built.problems]
    # The forged figure names nothing, so the true difference of 0002 is named by nobody.
    assert codes == ["difference-without-finding", "finding-without-figures"]
    assert dict(built.problems[0].values) == {"stations": "1", "units": "0002"}
    data = (out / "en/data.html").read_text("utf-8")
    assert "The figures of this finding stand on no sheet" in data
    assert "no finding among the entries says so" in data


def test_differences_that_no_finding_names_are_counted_by_station(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    whole = village_with(v, "firm")
    bare = [entry for entry in whole if not isinstance(entry, FindingEntry)]
    _, built = site(bare, "bare")
    assert [(p.code, dict(p.values)) for p in built.problems] == [
        ("difference-without-finding", {"stations": "2", "units": "0001, 0002"})
    ]
    assert site(whole, "whole")[1].problems == ()


def rules(v: SimpleNamespace, source: str, unit: str, row: int) -> list[object]:
    """Make two findings of broken rules on one sheet, with a line in common."""
    keys = {"found_valid_invalid": ("ballots_in_boxes", "alpha", "beta"), "one_more": ("ballots_in_boxes",)}
    return [
        v.finding(
            unit,
            0,
            0,
            finding="arithmetic",
            check=check,
            sources=(source,),
            rows=(row,),
            lines={line: (v.figures(100, 50)[line],) for line in lines},
        )
        for check, lines in keys.items()
    ]


def test_broken_rules_of_one_sheet_are_one_line(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    out, _ = site([*v.village(), *rules(v, "citizens", "0003", 4), *rules(v, "official", "0004", 5)])
    index = (out / "en/findings.html").read_text("utf-8")
    assert "counting every broken rule; on 1 of 6 copies" in index  # of six copies of four stations
    assert "counting every broken rule; on 1 of 6 declared sheets" in index  # five stations and a district
    assert "on 1 of 4 protocols that have a copy and a declared result" in index
    for code, unit in (("copies", "0003"), ("declared", "0004")):
        page = (out / f"en/findings/arithmetic-{code}-1.html").read_text("utf-8")
        assert page.count(f"station/{unit}.html") == 0 and page.count('<th scope="row">') == 1
        assert "2 rules are broken, each with the line: Ballots found in the boxes" in page
        assert len(re.findall(r"finding/\w+\.html", page)) == 3  # the line itself, and each rule
    station = (out / "en/station/0003.html").read_text("utf-8")
    assert station.count("2 rules are broken, each with the line: Ballots found in the boxes") == 1
    assert not (out / "en/findings/arithmetic-1.html").exists()


def test_lists_follow_what_findings_are_counted_out_of(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    site(v.village())
    more = [*v.village(), *v.copy("0005", v.figures(100, 50), row=6)]
    out, built = site(more)
    whole, _ = site(more, "whole")
    assert not built.whole
    assert "on 1 of 5 protocols" in (out / "en/findings/official-differs-1.html").read_text("utf-8")
    assert v.files_of(out) == v.files_of(whole)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]),
            st.none() | st.integers(0, 9),
            st.none() | st.integers(0, 9),
        ),
        max_size=8,
    )
)
def test_the_weight_of_one_station_is_what_brute_force_says(
    rows: Sequence[tuple[str | None, int | None, int | None]],
) -> None:
    frame = pl.DataFrame(
        [(f"{n}", *row) for n, row in enumerate(rows)],
        schema={"unit": pl.String, "area:x": pl.String, "copy=c": pl.Int64, "decl=c": pl.Int64},
        orient="row",
    )
    expected = {}
    for place, here in ((("top", ""), rows), (("x", "a"), None), (("x", "b"), None)):
        held = [
            (f"{n}", declared - copied)
            for n, (area, copied, declared) in enumerate(rows)
            if copied is not None and declared is not None and (here is rows or area == place[1])
        ]
        differ = [(unit, size) for unit, size in held if size]
        if len(differ) > 1:
            unit, alone = max(differ, key=lambda item: abs(item[1]))
            if 2 * abs(alone) > sum(abs(size) for _, size in differ):
                expected[place] = (("c", sum(size for _, size in differ), unit, alone, len(differ)),)
    setting = SimpleNamespace(top="top", above=("x",))
    assert heaviest(differences_of(frame, setting, ["c"]), setting, ["c"]) == expected  # type: ignore[arg-type]
