"""A visitor on a phone, with and without scripts: find, read, follow, take away, check again."""

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def photographed(kazakh_folder: Path) -> dict[str, str]:
    """A station with a photographed copy that differs from what was declared, and its address.

    Its street is not called after a school: that word is in half of all addresses.
    """
    differing = pl.read_parquet(kazakh_folder / "data" / "differences.parquet")
    listed = pl.read_parquet(kazakh_folder / "data" / "stations.parquet")
    stations = {row["unit"]: row for row in listed.iter_rows(named=True)}
    for unit, line, copy, declared in differing.select("unit", "line", "copy", "declared").rows():
        if unit in stations:
            station = stations[unit]
            page = kazakh_folder / "en" / "station" / f"{station['slug']}.html"
            told = "Мектеп" not in (station["address_kk"] or "Мектеп")
            if told and "../../files/" in page.read_text("utf-8"):
                return {"line": line, "copy": str(copy), "declared": str(declared)} | station
    raise AssertionError("no photographed copy differs")


def latin(text: str) -> str:
    """Spell Kazakh letters the way people do on a phone without Kazakh keys."""
    letters = dict(zip("абвгдежзийклмнопрстуфхцыіәғқңөұүһ", "abvgdejziyklmnoprstufhcyiagqnouuh", strict=True))
    letters |= {"ш": "sh", "щ": "sh", "ч": "ch", "ю": "yu", "я": "ya", "э": "e", "ё": "yo", "ь": "", "ъ": ""}
    return "".join(letters.get(letter, letter) for letter in text.lower())


def test_a_station_is_found_by_its_address_in_latin_letters(
    kazakh: str, phone: Page, scripts: bool, photographed: dict[str, str]
) -> None:
    street = photographed["address_kk"].split(",")
    words = re.findall(r"\w+", latin(" ".join(street)))
    phone.goto(f"{kazakh}kk/index.html")
    phone.get_by_role("search").or_(
        phone.locator("form[action$='find.html']")
    ).first.scroll_into_view_if_needed()
    wanted = f"/station/{photographed['slug']}.html"
    if scripts:
        phone.locator("form[action$='find.html'] input[name=q]").fill(" ".join(words))
        phone.keyboard.press("Enter")
        expect(phone).to_have_url(re.compile("find.html"))
        expect(phone.locator("[data-search-results] a").first).to_be_visible()
        phone.locator(f"[data-search-results] a[href$='{wanted[1:]}']").first.click()
    else:
        phone.locator("nav a[href$='find.html']").first.click()
        expect(phone.locator("form")).to_be_hidden()
        assert follow_letters(phone, words, wanted), f"no way to {wanted} by the letters of {words}"
    expect(phone).to_have_url(re.compile(re.escape(wanted)))
    expect(phone.get_by_role("heading", level=1)).to_contain_text(photographed["unit"])


def follow_letters(page: Page, words: list[str], wanted: str) -> bool:
    """Go from the first two letters of a word to its stations and to the station, by links alone."""
    word = max(words, key=len)
    for link in page.locator(".find-letters a").all():
        if any(word.startswith(part.strip()) for part in link.inner_text().split(",")):
            link.click()
            break
    # A word of many stations has a list of its own, in parts by area.
    lists = [page.url, *(link.evaluate("a => a.href") for link in page.locator("a.find-more").all())]
    seen = set()
    while lists:
        page.goto(lists.pop(0))
        seen.add(page.url)
        stations = page.locator(f"a[href$='{wanted}']")
        if stations.count():
            stations.first.click()
            return True
        parts = [part.evaluate("a => a.href") for part in page.locator(".find-parts a").all()]
        lists += [part for part in parts if part not in seen and part not in lists]
    return False


@pytest.mark.data
def test_a_voter_understands_station_1654_of_moscow(moscow: str, phone: Page) -> None:
    phone.goto(f"{moscow}en/station/1654.html")
    verdict = phone.locator(".verdict")
    expect(verdict).to_contain_text("+330")
    expect(verdict).to_contain_text("United Russia")
    box = verdict.bounding_box()
    assert box is not None and box["y"] + box["height"] < 844, "the answer is in the first screenful"
    row = phone.get_by_role("row").filter(has_text="United Russia")
    cells = [" ".join(cell.split()) for cell in row.first.get_by_role("cell").all_inner_texts()]
    # The words stand for the shape, for whoever cannot see it.
    assert cells == ["535", "865", "▲ +330 declared above"]


def test_a_difference_is_read_and_followed_to_its_copy(
    kazakh: str, phone: Page, photographed: dict[str, str]
) -> None:
    phone.goto(f"{kazakh}ru/station/{photographed['slug']}.html")
    phone.locator("a[href*='/finding/']").first.click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.locator("a[href*='#copy-']").first.click()
    expect(phone).to_have_url(re.compile(r"station/.*#copy-\d+"))
    picture = phone.locator(".origin img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert phone.locator(".origin a[href*='/files/']").first.get_attribute("href")
    with phone.expect_navigation():
        phone.locator(".origin a[href*='/files/']").first.click()
    assert re.search(r"/files/[0-9a-f]{64}\.png$", phone.url)


def test_what_was_downloaded_is_checked_again(
    kazakh: str, kazakh_folder: Path, phone: Page, tmp_path: Path, haq: list[str]
) -> None:
    phone.goto(f"{kazakh}en/data.html")
    with phone.expect_download() as download:
        phone.locator("a[href$='data/check.zip']").first.click()
    saved = tmp_path / "check.zip"
    download.value.save_as(saved)
    with zipfile.ZipFile(saved) as packed:
        packed.extractall(tmp_path / "again")
    folder = next(tmp_path.joinpath("again").rglob("election.toml")).parent
    done = subprocess.run([*haq, "check", str(folder), "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout)["contests"]["lists"]
    assert checked["together"]["same_stations"]["stations"] == 5_805
    assert checked["seats"] == {"nur_otan": 76, "ak_zhol": 12, "npk": 10, "auyl": 0, "adal": 0}
    published = pl.read_parquet(kazakh_folder / "data" / "totals.parquet")
    sums = dict(published.filter(pl.col("source") == "official").select("line", "sum").rows())
    assert {k: sums[k] for k in checked["totals"]["choices"]} == checked["totals"]["choices"]


@pytest.fixture
def pages(kazakh_folder: Path) -> Iterator[list[Path]]:
    """Every page of the site in English."""
    yield sorted((kazakh_folder / "en").rglob("*.html"))


def test_no_link_leads_nowhere(kazakh_folder: Path, pages: list[Path]) -> None:
    known = {path for path in kazakh_folder.rglob("*") if path.is_file()}
    broken = set()
    # Every page of the few kinds, and every fiftieth of the many stations.
    for page in [p for p in pages if p.parent.name != "station"] + [
        p for p in pages if p.parent.name == "station"
    ][::50]:
        for link in set(re.findall(r'(?:href|src|srcset|action)="([^"#?]+)', page.read_text("utf-8"))):
            if not link.startswith(("http:", "https:", "mailto:")):
                target = Path(*page.parent.parts, link)
                if target.resolve() not in known:
                    broken.add((page.name, link))
    assert not broken
