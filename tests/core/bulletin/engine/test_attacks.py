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
