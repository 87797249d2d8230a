"""What was withdrawn or removed is said where its figures were, and counted up to the first page."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from haq.bulletin import Built
from haq.bulletin.assemble.station import assemble_station
from haq.bulletin.assemble.upper import assemble_upper, read_upper, removed_files
from haq.bulletin.model import Context, Redacted
from haq.bulletin.setting import Setting
from haq.check import check_election, load_election
from haq.entries import Entry, RedactionEntry, RetractionEntry, digest, encode
from haq.law import load_profile

Site = Callable[..., tuple[Path, Built]]
KEY = "village"
RESULT = "The declared result was withdrawn by those who published it (see below)."
COPY = "The copy of this protocol was withdrawn by those who published it (see below)."


def retraction(entry: Entry, reason: str = "typed at another row", **more: object) -> RetractionEntry:
    values = {"election": KEY, "retracts": digest(encode(entry)), "reason": reason}
    return RetractionEntry.model_validate(values | more)


def about(entries: list[Entry], unit: str, *kinds: str) -> list[Entry]:
    """Pick the entries of a station."""
    kind = {digest(encode(e)): e for e in entries}
    return [
        e
        for e in kind.values()
        if unit in (getattr(e, "unit", ""), getattr(e, "station", "")) and getattr(e, "kind", "") in kinds
    ]


def words(site: Path, path: str) -> str:
    """Read a page as text."""
    text = re.sub(r"<[^>]+>", " ", (site / path).read_text())
    return re.sub(r"\s+", " ", text)


def test_every_page_above_says_how_much_was_withdrawn(v: SimpleNamespace, site: Site) -> None:
    entries = v.village()
    gone = [
        *about(entries, "0001", "official", "finding"),  # district KZ-1/2
        *about(entries, "0002", "official"),  # district KZ-1/1
        *(e for e in entries if getattr(e, "level", "") == "district" and e.kind == "official"),
    ]
    assert len(gone) == 4
    out, _ = site([*entries, *map(retraction, gone)], languages=["en", "ru", "kk"])
    whole = "3 entries of 2 stations were withdrawn."
    above = "1 entry about areas or the whole election was withdrawn."
    for path in ("index", "totals/lists", "data", "verify", "withdrawn", "area/kz-1-region"):
        said = words(out, f"en/{path}.html")
        assert whole in said and above in said, path
        if path != "withdrawn":
            root = "../" * path.count("/")
            assert f'href="{root}withdrawn.html"' in (out / f"en/{path}.html").read_text(), path
    assert "2 entries of 1 station were withdrawn." in words(out, "en/area/kz-1_2-district.html")
    other = words(out, "en/area/kz-1_1-district.html")
    assert "One entry of one station was withdrawn." in other and above not in other
    assert "Отозвано записей: 3, на 2 участках." in words(out, "ru/index.html")
    assert "2 учаскенің 3 жазбасы қайтарып алынды." in words(out, "kk/index.html")
    listed = (out / "en/withdrawn.html").read_text()
    for href in ("station/0001.html", "station/0002.html", "area/kz-1_2-district.html"):
        assert f'href="{href}"' in listed
    assert listed.count("typed at another row") == 4
    # The headline has it: before the first figures.
    home = (out / "en/index.html").read_text()
    assert home.index("withdrawn.html") < home.index('class="coverage"')


def test_where_nothing_was_withdrawn_no_page_counts_it(v: SimpleNamespace, site: Site) -> None:
    out, _ = site(v.village())
    assert "No entry was withdrawn, and no file was removed." in words(out, "en/withdrawn.html")
    assert "withdrawn" not in words(out, "en/index.html")
    assert "withdrawn" not in words(out, "en/area/kz-1-region.html")


def test_a_retraction_that_was_taken_back_withdraws_nothing(v: SimpleNamespace, site: Site) -> None:
    entries = v.village()
    taken = retraction(about(entries, "0001", "official")[0])
    out, _ = site([*entries, taken, retraction(taken)])
    assert "No entry was withdrawn" in words(out, "en/withdrawn.html")


def test_a_verdict_tells_what_was_withdrawn_from_what_never_came(v: SimpleNamespace, site: Site) -> None:
    entries = v.village()
    gone = [
        *about(entries, "0003", "official"),  # its copy stands
        *about(entries, "0004", "copy"),  # its result stands
        *about(entries, "0005", "official"),  # nothing else is known of it
        *about(entries, "0001", "copy")[:1],  # another copy stands
        *about(entries, "0002", "station"),
    ]
    out, _ = site([*entries, *map(retraction, gone)], languages=["en", "ru", "kk"])
    three, four, five = (words(out, f"en/station/000{n}.html") for n in (3, 4, 5))
    assert RESULT in three and "Nothing has been declared" not in three
    assert COPY in four and "No copy of this protocol" not in four
    assert RESULT in five and "No protocol of this station" not in five and COPY not in five
    one = words(out, "en/station/0001.html")
    assert "1 sheet of this protocol was withdrawn, see below." in one
    assert RESULT not in one and COPY not in one
    two = words(out, "en/station/0002.html")
    assert "Its entry in the list of stations was withdrawn." in two and "No list of stations" not in two
    assert "Объявленный результат отозван теми, кто его опубликовал" in words(out, "ru/station/0003.html")
    assert "Жарияланған нәтижені жариялағандар қайтарып алды" in words(out, "kk/station/0003.html")
    # The area in which the station was listed says that its entry went.
    assert "2 entries of 2 stations were withdrawn." in words(out, "en/area/kz-1_1-district.html")
    # A station of which nothing was withdrawn speaks as before.
    assert "Nothing has been declared" not in words(out, "en/station/0006.html")


def test_a_finding_says_that_its_figures_were_withdrawn(v: SimpleNamespace, site: Site) -> None:
    entries = v.village()
    (found,) = about(entries, "0001", "finding")
    path = f"finding/{digest(encode(found))[:24]}.html"
    copy = about(entries, "0001", "copy")[0]
    out, _ = site([*entries, retraction(copy)], languages=["en", "ru", "kk"])
    said = words(out, f"en/{path}")
    assert "A figure that it rests on was withdrawn by those who published it." in said
    assert "stand on no sheet among the entries" not in said
    assert "отозвано теми, кто его опубликовал" in words(out, f"ru/{path}")
    assert "сүйенген санды жариялағандар қайтарып алды" in words(out, f"kk/{path}")
    # Figures that never stood anywhere are another matter.
    other = v.finding("0002", 7, 8)
    out, _ = site([*entries, other, retraction(copy)], "other")
    said = words(out, f"en/finding/{digest(encode(other))[:24]}.html")
    assert "stand on no sheet among the entries" in said and "was withdrawn" not in said


def test_a_removed_file_is_listed_with_its_reason(
    v: SimpleNamespace,
    site: Site,
    picture: Callable[[int], bytes],
) -> None:
    sha256 = hashlib.sha256(picture(1)).hexdigest()
    reason = "a face <b> can be seen"
    removal = RedactionEntry(election=KEY, file=sha256, reason=reason, language="ru")
    again = RedactionEntry(election=KEY, file=sha256, reason="asked twice")
    entries = [*v.village(), *v.copy("0006", v.figures(9, 9), row=8, files=(sha256,)), removal, again]
    out, built = site(entries)
    assert "file-redacted" in {p.code for p in built.problems}
    listed = (out / "en/withdrawn.html").read_text()
    assert '<blockquote class="reply" lang="ru"><p>a face &lt;b&gt; can be seen</p>' in listed
    assert "asked twice" in listed and listed.count(f'id="file-{sha256}"') == 1
    assert "1 file was removed by a redaction." in words(out, "en/data.html")
    assert "1 file was removed by a redaction." in words(out, "en/verify.html")
    station = (out / "en/station/0006.html").read_text()
    assert f'href="../withdrawn.html#file-{sha256}"' in station and "removed by a redaction" in station
    assert "the file is not on this site" not in station


def test_redactions_are_read_once_a_file(v: SimpleNamespace) -> None:
    election = v.election()
    reasons = ("a face can be seen", "a name can be read")
    removals = [RedactionEntry(election=KEY, file="1" * 64, reason=reason) for reason in reasons]
    lines = sorted(map(encode, [election, *removals]))
    read, problems = read_upper(lines, election)
    first = min(digest(encode(removal)) for removal in removals)
    assert removed_files(read)["1" * 64].entry == first
    assert assemble_upper([], problems, None).redacted == []  # type: ignore[arg-type]
    assert isinstance(removed_files(read)["1" * 64], Redacted)


def test_a_station_says_why_its_file_was_removed_where_the_reason_is_given(v: SimpleNamespace) -> None:
    files = {"1" * 64: "file-redacted", "2" * 64: "file-redacted", "3" * 64: "file-hash"}
    redacted = {"1" * 64: Redacted("1" * 64, "4" * 64, "a face can be seen", "ru")}
    context = Context(v.election(), load_profile("kz-majilis-2021"), "e" * 64, {}, ("en",))
    setting = Setting(context, {}, files, redacted)
    copied = v.copy("0001", v.figures(9, 9), files=tuple(files))
    view, _ = assemble_station("0001", sorted(map(encode, copied)), setting)
    assert view is not None
    (sheet,) = view.contests[0].sheets
    assert [(f.kind, f.reason, f.language) for f in sheet.files] == [
        ("redacted", "a face can be seen", "ru"),
        ("redacted", "", ""),
        ("absent", "", ""),
    ]
    reasons = [p.values.get("reason") for p in view.problems if p.code == "file-redacted"]
    assert sorted(map(str, reasons)) == ["None", "a face can be seen"]


def test_n_says_which_stations_it_lost(v: SimpleNamespace, site: Site) -> None:
    entries = v.village()
    again = v.station("0003", "KZ-1/2", registered=9)
    moved = v.station("0005", "KZ-1/2", registered=9)
    gone = [*about(entries, "0002", "station"), *about(entries, "0003", "station"), again]
    gone += about(entries, "0005", "station")  # another entry of it stands
    out, _ = site([*entries, again, moved, *map(retraction, gone)], languages=["en", "ru", "kk"])
    whole = "protocols. 2 more stations were withdrawn from the list and are not counted."
    one = "protocols. 1 more station was withdrawn from the list and is not counted."
    for path in ("index", "totals/lists", "area/kz-1-region"):
        assert f"of 4 {whole}" in words(out, f"en/{path}.html"), path
    assert f"of 2 {one}" in words(out, "en/area/kz-1_1-district.html")
    assert f"of 2 {one}" in words(out, "en/area/kz-1_2-district.html")
    assert words(out, "en/area/kz-1-region.html").count("1 station withdrawn from the list") == 2
    assert "Ещё 2 участка отозваны из списка и не посчитаны." in words(out, "ru/index.html")
    assert "Тағы 2 учаске тізімнен қайтарып алынған және есепке кірмейді." in words(out, "kk/index.html")


def test_n_lost_no_station_where_it_counts_no_list(v: SimpleNamespace, site: Site) -> None:
    sources = tuple(s for s in v.election().sources if s.kind != "stations")
    entries = [v.election(sources=sources), *v.village()[1:]]
    out, _ = site([*entries, *map(retraction, about(entries, "0002", "station"))])
    assert "withdrawn from the list" not in words(out, "en/index.html")


def test_a_list_of_stations_tells_what_was_withdrawn_from_what_never_came(
    v: SimpleNamespace, site: Site
) -> None:
    entries = v.village()
    gone = [
        *about(entries, "0001", "copy")[:1],  # another copy stands
        *about(entries, "0003", "official"),  # its copy stands
        *about(entries, "0004", "copy"),  # its result stands
        *about(entries, "0005", "official"),  # nothing else is known of it
    ]
    out, _ = site([*entries, *map(retraction, gone)], languages=["en", "ru", "kk"])

    def row(unit: str, district: int, language: str = "en") -> str:
        text = (out / f"{language}/area/kz-1_{district}-district.html").read_text()
        assert "&lt;" not in text
        start = text.index(f'<tr><th scope="row"><a href="../station/{unit}.html">')
        return re.sub(r"<[^>]+>", " ", text[start : text.index("</tr>", start)])

    assert "1 copy was withdrawn" in row("0001", 2) and "differs" in row("0001", 2)
    assert "result withdrawn" in row("0003", 2) and "not declared" not in row("0003", 2)
    assert "copy withdrawn" in row("0004", 1) and "no copy" not in row("0004", 1)
    assert "result withdrawn" in row("0005", 2) and "no copy" not in row("0005", 2)
    for unit, district in (("0003", 2), ("0004", 1), ("0005", 2)):
        assert "was withdrawn" not in row(unit, district)
    assert "withdrawn" not in row("0002", 1) + row("0006", 1)
    assert "результат отозван" in row("0003", 2, "ru") and "копия отозвана" in row("0004", 1, "ru")
    assert "отозвано копий: 1" in row("0001", 2, "ru") and "1 көшірме қайтарып алынды" in row("0001", 2, "kk")
    assert "нәтиже қайтарып алынған" in row("0003", 2, "kk")


def test_tables_say_which_findings_and_totals_rest_on_withdrawn_figures(
    v: SimpleNamespace, site: Site, tmp_path: Path
) -> None:
    entries = v.village()
    other = v.finding("0002", 7, 8)
    seats = entries[-1].model_copy(update={"seats": {"alpha": 7, "beta": 3}})
    entries = [*entries[:-1], seats, other]
    copy, result = about(entries, "0001", "copy")[0], about(entries, "0004", "official")[0]
    out, _ = site([*entries, retraction(copy), retraction(result)], languages=["en", "ru", "kk"])

    def column(site: Path, name: str, key: str) -> dict[object, bool]:
        held = pl.read_csv(site / f"data/{name}.csv")
        exact = pl.read_parquet(site / f"data/{name}.parquet")["withdrawn"]
        assert exact.dtype == pl.Boolean and held["withdrawn"].equals(exact)
        return dict(held.select(key, "withdrawn").iter_rows())

    (found,) = (e for e in about(entries, "0001", "finding"))
    assert column(out, "findings", "entry") == {
        digest(encode(found)): True,
        digest(encode(other)): False,
    }
    assert column(out, "totals", "line") == {"alpha": True, "beta": True}
    said = words(out, "en/totals/lists.html")
    assert "1 published total rests on figures that were withdrawn; the sums in these tables do not." in said
    seated = "The seats from the published total rest on figures that were withdrawn."
    assert seated in said and seated in words(out, "en/index.html")
    assert "1 опубликованный итог основан на отозванных числах" in words(out, "ru/totals/lists.html")
    assert "1 жарияланған қорытынды қайтарып алынған сандарға сүйенеді" in words(out, "kk/totals/lists.html")
    # What the check reads has no such columns, and is read as before.
    with zipfile.ZipFile(out / "data/check.zip") as archive:
        archive.extractall(tmp_path / "check")
    (inside,) = (tmp_path / "check").iterdir()
    assert check_election(load_election(inside), inside).contests
    # The same sheet at another row stands in its place: the total holds.
    better = result.model_copy(update={"row": 77})
    out, _ = site([*entries, better, retraction(result)], "better")
    assert column(out, "totals", "line") == {"alpha": False, "beta": False}
    assert "figures that were withdrawn" not in words(out, "en/totals/lists.html")
    # Of copies nobody can tell whether a total was made before or after.
    copied = entries[-1] if entries[-1].kind == "total" else seats
    of_copies = copied.model_copy(update={"source": "citizens", "seats": None})
    out, _ = site([*entries, of_copies, retraction(copy)], "copies")
    held = pl.read_parquet(out / "data/totals.parquet").filter(pl.col("source") == "citizens")
    assert held["withdrawn"].to_list() == [None, None]
    assert "figures that were withdrawn" not in words(out, "en/totals/lists.html")
    out, _ = site(entries, "nothing")
    assert set(column(out, "findings", "entry").values()) == {False}
    assert set(column(out, "totals", "line").values()) == {False}
    assert "figures that were withdrawn" not in words(out, "en/totals/lists.html")


def test_a_withdrawn_finding_keeps_a_page_that_says_so(
    v: SimpleNamespace, site: Site, read_page: Callable[[str], Any]
) -> None:
    of_area = v.finding("KZ-1/2", 310, 3111, level="district", finding="sum-differs", rows=(None, 2))
    of_all = v.finding("KZ", 510, 5111, level="centre", finding="sum-differs", rows=(None, 2))
    weak = v.finding("0002", 7, 8111, severity="warning", finding="arithmetic", sources=("citizens",))
    entries = [*v.village(), of_area, of_all, weak]
    (found,) = about(entries, "0001", "finding")
    all_gone = (found, of_area, of_all, weak)
    taken = [retraction(e, "read <twice>", language="ru") for e in all_gone]
    out, _ = site([*entries, *taken], languages=["en", "ru", "kk"])
    pages = sorted(path.name for path in (out / "en/finding").iterdir())
    assert pages == sorted(f"{digest(encode(e))[:24]}.html" for e in (found, of_area, of_all))
    places = ("station/0001.html", "area/kz-1_2-district.html", "index.html")
    for entry, by, place in zip(all_gone, taken, places, strict=False):
        path = f"finding/{digest(encode(entry))[:24]}.html"
        text = (out / f"en/{path}").read_text()
        page = read_page(text)
        assert "This finding was withdrawn" in page.text
        assert f"Entry {digest(encode(entry))}, withdrawn by entry {digest(encode(by))}." in page.text
        assert '<blockquote class="reply" lang="ru"><p>read &lt;twice&gt;</p>' in text
        assert f"../{place}" in page.links and "../withdrawn.html" in page.links
        for number in ("100", "110", "3,111", "5,111"):
            assert number not in re.sub(r"[0-9a-f]{24,}", "", page.text)
        assert "Это расхождение отозвано" in words(out, f"ru/{path}")
        assert "Бұл сәйкессіздік қайтарып алынды" in words(out, f"kk/{path}")
    # No list leads there.
    for listed in ((out / "en/findings.html"), *(out / "en").glob("findings/*.html")):
        assert "finding/" not in listed.read_text(), listed
    assert "keeps a page that says so" in words(out, "404.html")
