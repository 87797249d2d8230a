"""What somebody who wants the site to be wrong would add to the entries or lay into the folder."""

from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from haq.bulletin import build
from haq.errors import HaqError


def total_of(out: Path, source: str, line: str) -> int:
    return int(pl.read_parquet(out / "data" / f"source-{source}.parquet")[line].sum())


def codes_of(built) -> set[str]:  # type: ignore[no-untyped-def]
    return {problem.code for problem in built.problems}


def test_a_copy_that_names_the_official_source_moves_no_total(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    honest_out, _ = site(v.village(), "honest")
    forged_out, forged = site(
        [*v.village(), *v.copy("0003", v.figures(500_000, 1), source="official", row=99_999)], "forged"
    )
    assert "wrong-source" in codes_of(forged)
    assert total_of(forged_out, "official", "alpha") == total_of(honest_out, "official", "alpha")
    assert "500,000" in (forged_out / "en/station/0003.html").read_text("utf-8"), "shown as it is"


def test_an_official_entry_of_another_source_is_not_what_was_declared(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    forged_out, forged = site(
        [*v.village(), v.official("0001", v.figures(100, 50), source="citizens", row=9)]
    )
    assert "wrong-source" in codes_of(forged)
    page = (forged_out / "en/station/0001.html").read_text("utf-8")
    assert "verdict-differs" in page and "+10" in page


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":["official"],"level":"station","unit":"0003"}',
        b'{"kind":{},"level":"station","unit":"0003"}',
        b'{"kind":null}',
        b"[]",
        b"7",
    ],
)
def test_a_kind_that_is_no_word_stops_nothing(v: SimpleNamespace, site, line: bytes) -> None:  # type: ignore[no-untyped-def]
    built_out, built = site([*v.village(), line])
    assert codes_of(built)
    assert (built_out / "en/station/0003.html").is_file()


@pytest.mark.parametrize(
    "lines", [{"unit": 1, "unit_": 2}, {"^.*$": "unreadable", "alpha": 100}, {"row": 5, "entry": 6}]
)
def test_lines_called_like_columns_stop_nothing(v: SimpleNamespace, site, lines: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    _built_out, built = site([*v.village(), *v.copy("0003", lines, row=60)])
    assert "unknown-line" in codes_of(built)


def test_what_the_owner_keeps_beside_the_site_stays(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    built_out, _built = site(v.village())
    (built_out / ".git").mkdir()
    (built_out / ".git" / "HEAD").write_text("ref: x")
    (built_out / "CNAME").write_text("example.org")
    (built_out / "en" / "foreign.html").write_text("not of this site")
    again = build(tmp_path / "site-entries", built_out, languages=["en"], processes=1, full=True)
    assert (built_out / ".git" / "HEAD").is_file() and (built_out / "CNAME").is_file()
    assert not (built_out / "en" / "foreign.html").exists()
    assert again.removed == 1


def test_a_folder_of_the_site_that_leads_elsewhere_is_refused(
    v: SimpleNamespace, site, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    built_out, _built = site(v.village())
    precious = tmp_path / "precious"
    (built_out / "data").rename(precious)
    (precious / "diary.txt").write_text("mine")
    (built_out / "data").symlink_to(precious)
    with pytest.raises(HaqError, match="link"):
        build(tmp_path / "site-entries", built_out, languages=["en"], processes=1)
    assert (precious / "diary.txt").read_text() == "mine"


def test_a_law_that_the_entries_do_not_name_is_not_published(
    v: SimpleNamespace, site, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    built_out, _built = site(v.village())
    (tmp_path / "site-entries" / "law.toml").write_text("junk <<<")
    build(tmp_path / "site-entries", built_out, languages=["en"], processes=1, full=True)
    assert not (built_out / "data" / "law.toml").exists()


def test_a_second_description_of_the_election_takes_nobodys_place(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    for title in ("AAA", "zzz"):
        out, built = site([*v.village(), v.election(title={"en": title})], f"site-{title}")
        problem = next(p for p in built.problems if p.code == "two-elections")
        assert problem.values["line_number"] == str(len(v.village()) + 1), "the added one is named"
        assert title not in (out / "en/index.html").read_text("utf-8")


def test_entries_that_were_left_out_show_in_the_totals(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    whole = v.village()
    assert "total-differs" not in codes_of(site(whole, "whole")[1])
    cut = [e for e in whole if not (e.kind == "official" and e.unit == "0004")]
    _, built = site(cut, "cut")
    problem = next(p for p in built.problems if p.code == "total-differs")
    assert problem.values["lines"] == "official: alpha, beta"
    total = next(e for e in whole if e.kind == "total")
    changed = [e for e in whole if e is not total] + [total.model_copy(update={"sums": {"alpha": 9}})]
    assert "total-differs" in codes_of(site(changed, "changed")[1])


def test_a_finding_on_no_sheet_is_not_shared_as_a_fact(v: SimpleNamespace, site) -> None:  # type: ignore[no-untyped-def]
    forged = v.finding("0003", 1, 99_999)
    out, built = site([*v.village(), forged])
    assert "finding-without-figures" in codes_of(built)
    page = (out / f"en/finding/{v.digest(v.encode(forged))[:24]}.html").read_text("utf-8")
    shared = page.split('name="description" content="')[1].split('"')[0]
    assert "stand on no sheet" in shared
    assert "99,998" not in shared


def test_a_link_in_a_folders_place_leads_no_page_outside(v: SimpleNamespace, site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out, _ = site(v.village())
    outside = tmp_path / "outside"
    (out / "en" / "station").rename(outside)
    (out / "en" / "station").symlink_to(outside)
    before = v.files_of(outside)
    with pytest.raises(HaqError, match="a link stands in a folder's place"):
        build(tmp_path / "site-entries", out, languages=["en"], processes=1, full=True)
    assert v.files_of(outside) == before
