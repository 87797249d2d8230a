"""A region of the synthetic election, read page by page as a visitor reads it, in each language."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from haq.bulletin import build
from haq.check import check_election, load_election, sources_in
from haq.check.publication import entries_of
from haq.entries import digest, encode

REGION = "59"
LANGUAGES = ("en", "ru", "kk")
#: Latin words that stand on pages of every language: parties, forms of files, names of programs and hashes.
LATIN = {"nur", "otan", "adal", "haq", "sha", "json", "csv", "parquet", "zip", "toml", "javascript", "script"}
LATIN |= {
    "nist",
    "frictionless",
    "png",
    "svg",
    "pdf",
    "reuters",
    "vii",
    "bulletin",
    "serve",
    "abay",
    "lines",
    "address",
    "mac",
    "shasum",
    "site",
    "mirror",
}
BLOCKS = {
    "p",
    "li",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "dd",
    "caption",
    "summary",
    "title",
    "figcaption",
}
SPOKEN = {"alt", "aria-label", "title", "placeholder", "content"}
#: Percentages are figures only beside what they are a share of.
WHOLES = {"en": "Percent", "ru": "роцент", "kk": "айыз"}


class Blocks(HTMLParser):
    """The texts of a page by blocks, without what is code, a file's name, or marked as another language's."""

    def __init__(self, language: str = "") -> None:
        super().__init__()
        self.language, self.found = language, [""]
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in BLOCKS or values.get("class") == "under":
            self.found.append("")
        named = "downloads" in (values.get("class") or "")
        own = not self.language or (values.get("lang") in (None, self.language) and not named)
        quiet = tag in ("script", "style", "svg", "code", "pre") or not own
        if not any(silent for _, silent in self.open) and not quiet:
            said = [values[key] or "" for key in SPOKEN & values.keys()]
            if tag == "meta" and values.get("name") != "description":
                said = []
            self.found[-1:] = [self.found[-1], *said, ""] if said else [self.found[-1]]
        if tag not in ("meta", "link", "br", "img", "input", "source", "hr"):
            self.open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        self.found[-1] += "¤" if any(silent for _, silent in self.open) else data.replace("\u00ad", "")


def blocks_of(page: Path, language: str = "") -> list[str]:
    parser = Blocks(language)
    parser.feed(page.read_text("utf-8"))
    return [re.sub(r"[ \t\r\n]+", " ", text).strip() for text in parser.found if text.strip()]


@pytest.fixture(scope="module")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages of one region: every kind of page, and findings of every kind."""
    election = load_election(project / "examples" / "kazakhstan-2021")
    with sources_in(election, None) as files:
        lines = [encode(entry) for entry in entries_of(check_election(election, files))]
    kept, copies = [], set()
    for line in lines:
        entry = json.loads(line)
        if entry["kind"] == "reading":
            own = entry["copy_entry"] in copies
        else:
            named = str(entry.get("unit") or entry.get("station") or entry.get("area") or "")
            own = not named or named.startswith((f"{REGION}-", f"KZ-{REGION}"))
        if own:
            kept.append(line)
            copies |= {digest(line)} if entry["kind"] == "copy" else set()
    folder = tmp_path_factory.mktemp("region")
    (folder / "entries.jsonl").write_bytes(b"\n".join(kept) + b"\n")
    build(folder / "entries.jsonl", folder / "site", languages=LANGUAGES)
    return folder / "site"


def pages_of(site: Path, language: str) -> list[str]:
    """List the pages of a language: all of a kind that has few, and some of each other kind."""
    kinds: dict[Path, list[Path]] = {}
    for page in sorted((site / language).rglob("*.html")):
        kinds.setdefault(page.parent, []).append(page)
    step = {folder: max(1, len(pages) // 40) for folder, pages in kinds.items()}
    few = (page for folder, pages in kinds.items() for page in pages[:: step[folder]])
    return [page.relative_to(site / language).as_posix() for page in few]


def test_every_language_has_every_page(site: Path) -> None:
    pages = [
        sorted(p.relative_to(site / lang).as_posix() for p in (site / lang).rglob("*.html"))
        for lang in LANGUAGES
    ]
    assert pages[0] == pages[1] == pages[2]
    assert {page.split("/")[0] for page in pages[0]} >= {"station", "finding", "area", "findings", "methods"}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_english_word_stands_on_a_page_of_another_language(site: Path, language: str) -> None:
    left: Counter[str] = Counter()
    for name in pages_of(site, language):
        if name.startswith("find"):  # it sorts words by Latin letters
            continue
        for text in blocks_of(site / language / name, language):
            words = re.sub(r"\S*[._/:=]\S+|\S*\d\S*", " ", text)
            for word in re.findall(r"[A-Za-z]{3,}", words):
                if word.lower() not in LATIN:
                    left[f"{word} ({name}: {text[:80]})"] += 1
    assert not left, "\n".join(sorted(left)[:10])


@pytest.mark.parametrize("language", LANGUAGES)
def test_punctuation_is_whole(site: Path, language: str) -> None:
    for name in pages_of(site, language):
        for text in blocks_of(site / language / name, language):
            assert not re.search(r"[\w)»”] [,.;:?!](\s|$)", text), f"{name}: {text}"
            assert not re.search(r"[.?!:;,]\s?[.:;,](\s|$)", text.replace("…", "")), f"{name}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_percentage_has_the_languages_form_and_says_of_what(site: Path, language: str) -> None:
    form = r"\d%" if language == "en" else "\\d\u00a0%"
    seen = 0
    for name in pages_of(site, language):
        source = (site / language / name).read_text("utf-8")
        blocks = blocks_of(site / language / name, language)
        shown = [text for text in blocks if re.search(r"\d\s*%", text)]
        seen += len(shown)
        raw = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", " ", source, flags=re.DOTALL)
        assert len(re.findall(r"\d\s*%", raw)) == len(re.findall(form, raw)), name
        if any(re.search(r"\d[.,]\d\s*%", text) for text in shown):
            assert any(WHOLES[language] in text for text in blocks), name
    assert seen


def test_every_language_gives_the_same_numbers(site: Path) -> None:
    def numbers(name: str, language: str) -> Counter[str]:
        text = "\n".join(blocks_of(site / language / name))
        text = re.sub(r"(?<=\d)[\u00a0\u202f,](?=\d{3}(?!\d))", "", text)
        return Counter(re.findall(r"\d+", re.sub(r"\b[0-9a-f]{64}\b", "", text)))

    for name in pages_of(site, "en"):
        if name.startswith("find") and not name.startswith("finding"):  # words of addresses differ
            continue
        english = numbers(name, "en")
        for language in ("ru", "kk"):
            other = numbers(name, language)
            assert other == english, (name, language, other - english, english - other)
