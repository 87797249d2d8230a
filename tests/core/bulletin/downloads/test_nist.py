"""The reports in the common data format: their shape, their sums, and what they leave out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.bulletin.downloads.nist import results_of
from haq.bulletin.downloads.nist.declared import declared_in
from haq.bulletin.downloads.nist.moving import moved
from haq.bulletin.downloads.nist.objects import escaped, quoted
from haq.bulletin.setting import Setting

# Class -> (attributes that must be there, attributes that may be). Taken from the JSON schema of version 2.
SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "ElectionReport": (
        {"Format", "GeneratedDate", "Issuer", "IssuerAbbreviation", "SequenceEnd", "SequenceStart", "Status"}
        | {"VendorApplicationId"},
        {"Election", "GpUnit", "IsTest", "Notes", "Party", "TestType"},
    ),
    "Election": (
        {"ElectionScopeId", "EndDate", "Name", "StartDate", "Type"},
        {"BallotCounts", "Candidate", "Contest", "ExternalIdentifier", "OtherType"},
    ),
    "ReportingUnit": (
        {"@id", "Type"},
        {"ComposingGpUnitIds", "CountStatus", "ExternalIdentifier", "Name", "OtherType", "SubUnitsReported"}
        | {"TotalSubUnits", "VotersParticipated", "VotersRegistered"},
    ),
    "BallotCounts": ({"GpUnitId", "Type"}, {"BallotsCast", "BallotsRejected", "OtherType"}),
    "VoteCounts": ({"Count", "GpUnitId", "Type"}, set()),
    "OtherCounts": ({"GpUnitId"}, {"Undervotes"}),
    "CountStatus": ({"Status", "Type"}, set()),
    "ExternalIdentifier": ({"Type", "Value"}, {"OtherType"}),
    "InternationalizedText": ({"Text"}, set()),
    "LanguageString": ({"Content", "Language"}, set()),
    "Party": ({"@id", "Name"}, {"ExternalIdentifier"}),
    "Candidate": ({"@id", "BallotName"}, {"ExternalIdentifier"}),
    "PartySelection": ({"@id", "PartyIds"}, {"SequenceOrder", "VoteCounts"}),
    "CandidateSelection": ({"@id"}, {"CandidateIds", "SequenceOrder", "VoteCounts"}),
    "BallotMeasureSelection": ({"@id", "Selection"}, {"ExternalIdentifier", "SequenceOrder", "VoteCounts"}),
}
CONTEST = (
    {"@id", "ElectionDistrictId", "Name"},
    {"BallotTitle", "ContestSelection", "ExternalIdentifier", "OtherCounts", "SubUnitsReported"}
    | {"TotalSubUnits", "VoteVariation"},
)
SHAPES["PartyContest"] = CONTEST
SHAPES["CandidateContest"] = (CONTEST[0] | {"VotesAllowed"}, CONTEST[1] | {"NumberElected"})
SHAPES["BallotMeasureContest"] = (CONTEST[0], CONTEST[1] | {"Type"})


def objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a report."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from objects(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from objects(value)


def check_shape(report: dict[str, Any]) -> None:
    """Hold a report against the standard: attributes, types of numbers, ids."""
    ids: list[str] = []
    named: set[str] = set()
    for thing in objects(report):
        kind = thing["@type"].removeprefix("ElectionResults.")
        needed, allowed = SHAPES[kind]
        assert needed <= thing.keys() <= needed | allowed | {"@type"}, (kind, thing.keys())
        for name, value in thing.items():
            assert value is not None
            assert value != []
            if name.endswith(("Count", "Votes", "Cast", "Rejected", "Reported", "SubUnits", "Registered")):
                assert type(value) is int
        ids += [thing["@id"]] if "@id" in thing else []
        named |= {thing[n] for n in ("GpUnitId", "ElectionScopeId", "ElectionDistrictId") if n in thing}
        named |= {i for n in ("ComposingGpUnitIds", "PartyIds", "CandidateIds") for i in thing.get(n, ())}
    assert len(ids) == len(set(ids))
    assert named <= set(ids)


def votes(report: dict[str, Any], contest: str) -> dict[str, dict[str, int]]:
    """Choice -> unit -> votes."""
    (found,) = (c for c in report["Election"][0]["Contest"] if c["@id"] == f"contest-{contest}")
    return {
        s["@id"].rpartition("-")[2]: {v["GpUnitId"]: v["Count"] for v in s.get("VoteCounts", ())}
        for s in found["ContestSelection"]
    }


def units(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Key of the entries -> unit; the whole election is ``all``."""
    return {
        u["ExternalIdentifier"][0]["Value"] if "ExternalIdentifier" in u else u["@id"]: u
        for u in report["GpUnit"]
    }


@pytest.mark.parametrize("name", ["kazakhstan", "village", pytest.param("moscow", marks=pytest.mark.data)])
def test_every_report_has_the_shape_of_the_standard(name: str, request: pytest.FixtureRequest) -> None:
    site = request.getfixturevalue(name).site()
    reports = [json.loads(data) for path, data in site.items() if path.startswith("data/nist/")]
    assert len(reports) > 1
    for report in reports[:4]:
        check_shape(report)


def test_stations_add_up_to_areas_and_to_the_totals_of_the_check(kazakhstan: Any) -> None:
    site = kazakhstan.site()
    summary = site.report("all")
    total = votes(summary, "lists")
    sums = kazakhstan.report.contests["lists"].totals["official"].sums
    assert {choice: counts["all"] for choice, counts in total.items()} == {c: sums[c] for c in total}
    parts = [p for p in site if p.startswith("data/nist/") and p != "data/nist/all.json"]
    assert len(parts) == 17
    for path in parts[:3]:
        report = json.loads(site[path])
        region = next(u for u in report["GpUnit"] if u.get("OtherType", "").startswith("Region"))
        for choice, counts in votes(report, "lists").items():
            assert sum(counts.values()) == total[choice][region["@id"]]
    assert summary["Status"] == "unofficial-complete"
    assert summary["GeneratedDate"] == "2021-01-10T00:00:00Z"
    whole = units(summary)
    assert whole["KZ-71"]["TotalSubUnits"] == whole["KZ-71"]["SubUnitsReported"] == 624
    assert sum(u["VotersRegistered"] for k, u in whole.items() if len(k) == 5) == sums["registered"]


def test_the_latest_version_counts_and_what_is_missing_is_left_out(village: Any) -> None:
    site = village.site()
    report = site.report("a-district")
    known = units(report)
    assert known.keys() == {"all", "R", "A", "1", "2"}
    counts = votes(report, "lists")
    assert counts["alpha"][known["1"]["@id"]] == 35
    assert known["2"]["@id"] not in counts["alpha"]
    assert counts["beta"][known["2"]["@id"]] == 20
    report = site.report("b-district")
    known, counts = units(report), votes(report, "lists")
    # Declared in the first version only: a second one that leaves it out takes nothing back.
    assert "CountStatus" not in known["3"]
    assert (counts["alpha"][known["3"]["@id"]], counts["beta"][known["3"]["@id"]]) == (10, 0)
    ballots = {b["GpUnitId"]: b for b in report["Election"][0]["BallotCounts"] if b["OtherType"] == "lists"}
    assert ballots[known['5, "x"']["@id"]].keys() == {"@type", "BallotsCast", "GpUnitId", "OtherType", "Type"}
    assert ballots[known['5, "x"']["@id"]]["BallotsCast"] == -3  # impossible, so it is evidence
    assert report["Status"] == "unofficial-partial"


def test_a_station_without_an_area_is_in_the_rest(village: Any) -> None:
    rest = village.site().report("_rest")
    assert units(rest).keys() == {"all", "4"}


def test_areas_say_out_of_how_many(village: Any) -> None:
    report = village.site().report("all")
    known = units(report)
    (lists, districts) = report["Election"][0]["Contest"]
    assert (lists["SubUnitsReported"], lists["TotalSubUnits"]) == (3, 5)
    counts = votes(report, "lists")
    assert counts["beta"] == {"all": 36, known["A"]["@id"]: 35, known["B"]["@id"]: 1, known["R"]["@id"]: 36}
    assert known["B"]["VotersRegistered"] == 140  # station 3 of the first version, and 5 of the second
    assert known["C"]["TotalSubUnits"] == 0
    assert known["C"]["Name"]["Text"][0]["Content"] == "Бос"
    assert districts["@type"].endswith("CandidateContest")


def test_against_all_is_an_answer_and_no_party(village: Any) -> None:
    report = village.site().report("all")
    selection = report["Election"][0]["Contest"][0]["ContestSelection"][2]
    assert selection["@type"] == "ElectionResults.BallotMeasureSelection"
    assert [t["Language"] for t in selection["Selection"]["Text"]] == ["kk", "ru"]
    assert len(report["Party"]) == 2
    assert [c["BallotName"]["Text"][0]["Content"] for c in report["Election"][0]["Candidate"]] == ["Gamma"]


def test_copies_never_stand_for_results(village: Any) -> None:
    sources = tuple(s for s in village.context.election.sources if s.kind != "official")
    election = village.context.election.model_copy(update={"sources": sources})
    context = type(village.context)(**vars(village.context) | {"election": election})
    published = type(village)(village.report, village.tables, context)
    site = published.site()
    for path in [p for p in site if p.startswith("data/nist/")]:
        report = json.loads(site[path])
        check_shape(report)
        assert not [thing for thing in objects(report) if thing["@type"].endswith("Counts")]
        assert report["Status"] == "unofficial-partial"


def test_a_source_of_no_contest_is_of_the_first_one_as_on_the_pages(village: Any) -> None:
    sources = tuple(s.model_copy(update={"contest": None}) for s in village.context.election.sources)
    election = village.context.election.model_copy(update={"sources": sources})
    context = type(village.context)(**vars(village.context) | {"election": election})
    lists, districts = (declared_in(village.tables, context, rules) for rules in election.contests)
    assert lists.frame.height == 4 and not districts.level
    setting = Setting(context, {}, {})
    for declared in (lists, districts):
        source = setting.declared.get((declared.rules.key, setting.base))
        assert (source is not None and source.kind == "official") == bool(declared.level)


def test_a_unit_that_was_declared_twice_has_no_figure(village: Any) -> None:
    second = village.tables.sources["second"]
    twice = pl.concat([second, second.filter(pl.col("unit") == "1").with_columns(row=pl.lit(9, pl.Int64))])
    tables = type(village.tables)(
        **vars(village.tables) | {"sources": village.tables.sources | {"second": twice}}
    )
    report = type(village)(village.report, tables, village.context).site().report("a-district")
    assert units(report)["1"]["@id"] not in votes(report, "lists")["alpha"]


def test_sums_of_the_largest_figures_do_not_wrap_around(village: Any) -> None:
    largest = 2**53 - 1
    many = pl.DataFrame(
        {
            "unit": [f"{n}" for n in range(2_000)],
            "row": list(range(2, 2_002)),
            "entry": ["0" * 64] * 2_000,
            "alpha": [largest] * 2_000,
        }
    )
    tables = type(village.tables)(
        **vars(village.tables) | {"sources": village.tables.sources | {"second": many}}
    )
    report = type(village)(village.report, tables, village.context).site().report("all")
    assert votes(report, "lists")["alpha"]["all"] == 2_000 * largest


def test_any_text_becomes_a_json_string() -> None:
    nasty = ['quote "', "back \\", "line \n", "nul \x00", "Қазақстан 🗳", "</script>", "\u2028", ""]
    frame = pl.DataFrame({"text": [*nasty, None]})
    assert [None if t is None else json.loads(t) for t in frame.select(escaped("text")).to_series()] == [
        *nasty,
        None,
    ]
    assert [json.loads(quoted(text)) for text in nasty] == nasty


CELLS = st.tuples(st.integers(0, 3), st.integers(0, 40), st.one_of(st.none(), st.integers(-3, 900)))


@pytest.mark.parametrize(
    ("name", "key"), [("kazakhstan", "official"), ("village", "second"), ("village", "one")]
)
def test_figures_that_move_are_moved_as_a_whole_report_has_them(
    name: str, key: str, request: pytest.FixtureRequest
) -> None:
    was = request.getfixturevalue(name)
    old, ways = was.site(), set()

    @settings(max_examples=25, deadline=None)
    @given(st.lists(CELLS, min_size=1, max_size=4))
    def hold(cells: list[tuple[int, int, int | None]]) -> None:
        frame, units = was.tables.sources[key], set()
        for row, column, value in cells:
            figures = [c for c, kind in frame.schema.items() if kind == pl.Int64 and c != "row"]
            unit, figure = frame["unit"][row % frame.height], figures[column % len(figures)]
            changed = pl.when(pl.col("unit") == unit).then(value).otherwise(figure)
            frame = frame.with_columns(changed.alias(figure))
            units.add(unit)
        tables = replace(was.tables, sources=was.tables.sources | {key: frame})
        last = old.last(was.tables, units)
        results = results_of(tables, was.context, last)
        whole = {path: result.make()[0] for path, result in results_of(tables, was.context).items()}
        assert {p: r.make()[0] if r.fresh else old[p] for p, r in results.items()} == whole
        ways.add(moved(last, tables, was.context) is None)

    hold()
    assert ways == {True, False}
