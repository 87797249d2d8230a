"""Every kind of page: valid HTML, nothing that axe finds, a content policy that holds, no sideways scroll."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
#: Kind of page -> pattern of its path inside a language; the first match is taken.
KINDS = {
    "home": "index.html",
    "area": "area/*-region.html",
    "area-list": "area/*-2.html",
    "district": "area/*-district.html",
    "station": "station/*.html",
    "finding": "finding/*.html",
    "findings": "findings.html",
    "findings-list": "findings/*.html",
    "totals": "totals/*.html",
    "find": "find.html",
    "find-words": "find/w-*.html",
    "find-word": "find/word-*.html",
    "find-numbers": "find/numbers-*.html",
    "find-all-numbers": "find/numbers.html",
    "data": "data.html",
    "limits": "limits.html",
    "verify": "verify.html",
    "withdrawn": "withdrawn.html",
}


@pytest.fixture(scope="module")
def kinds(kazakh_folder: Path) -> dict[str, str]:
    """One path of every kind of page in every language, methods and photographs included."""
    found = {"chooser": "index.html", "not-found": "404.html"}
    for language in ("kk", "ru", "en"):
        folder = kazakh_folder / language
        for kind, pattern in KINDS.items():
            found[f"{language}-{kind}"] = (
                sorted(folder.glob(pattern))[0].relative_to(kazakh_folder).as_posix()
            )
        for page in sorted((folder / "methods").glob("*.html")):
            found[f"{language}-method-{page.stem}"] = page.relative_to(kazakh_folder).as_posix()
        differing = next(
            page
            for page in sorted((folder / "station").glob("*.html"))
            if "verdict-differs" in (text := page.read_text("utf-8")) and "../../files/" in text
        )
        found[f"{language}-station-differs"] = differing.relative_to(kazakh_folder).as_posix()
    return found


def test_every_page_belongs_to_a_kind_that_is_looked_at(kazakh_folder: Path) -> None:
    known = {
        path
        for pattern in (*KINDS.values(), "methods/*.html")
        for path in (kazakh_folder / "en").glob(pattern)
    }
    known |= set((kazakh_folder / "en" / "area").glob("*.html"))
    assert set((kazakh_folder / "en").rglob("*.html")) - known == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    kazakh: str, kinds: dict[str, str], visit: Visit, axe: Callable[[Any], list[Any]], scheme: str
) -> None:
    found = []
    # The page's own policy would not let a test put its script in.
    with visit(color_scheme=scheme, bypass_csp=True) as page:
        for kind, path in kinds.items():
            page.goto(kazakh + path)
            found += [(kind, *one) for one in axe(page)]
    assert found == []


def test_every_kind_of_page_is_valid_html(
    kazakh_folder: Path, kinds: dict[str, str], validate: Callable[..., list[Any]]
) -> None:
    assert validate(kazakh_folder / path for path in kinds.values()) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path, validate: Callable[..., list[Any]]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><html lang=en><title>x</title><p><div style='color:red'>x</div></p></html>"
    )
    assert validate([page])


def test_the_content_policy_stops_what_a_page_would_do(
    kazakh: str, kinds: dict[str, str], visit: Visit
) -> None:
    """A page with inline script and style, a foreign picture and a foreign request: all four are stopped."""
    hostile = (
        "<script>window.ran = true</script><style>h1 { color: rgb(1, 2, 3) }</style>"
        "<img src='http://127.0.0.1:9/foreign.png' alt='x' onerror='window.failed = true'>"
        "<p style='color: rgb(4, 5, 6)' id='styled'>x</p></main>"
    )
    for kind in ("en-home", "en-station", "en-find", "chooser"):
        with visit(allow="ontent") as page:
            page.route(
                kazakh + kinds[kind],
                lambda route: (
                    (answer := route.fetch())
                    and route.fulfill(
                        # Without the server's own header: the page alone must protect, on any server.
                        headers={"content-type": "text/html; charset=utf-8"},
                        body=answer.text().replace("</main>", hostile),
                    )
                ),
            )
            page.goto(kazakh + kinds[kind])
            expect(page.locator("#styled")).to_be_visible()
            assert page.evaluate("[window.ran, window.failed]") == [None, None]
            assert page.locator("h1").first.evaluate("e => getComputedStyle(e).color") != "rgb(1, 2, 3)"
            assert page.locator("#styled").evaluate("e => getComputedStyle(e).color") != "rgb(4, 5, 6)"
            stopped = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', e => e.name)")
            assert stopped == "TypeError"


def test_the_server_sends_the_same_policy(kazakh: str, visit: Visit) -> None:
    with visit() as page:
        answer = page.goto(f"{kazakh}ru/index.html")
        assert answer is not None
        headers = answer.all_headers()
        meta = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert meta and set(meta.split("; ")) <= set(headers["content-security-policy"].split("; "))
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("width", [320, 390])
def test_no_page_scrolls_sideways(kazakh: str, kinds: dict[str, str], visit: Visit, width: int) -> None:
    wide = []
    with visit({"width": width, "height": 800}) as page:
        for kind, path in kinds.items():
            page.goto(kazakh + path)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(kind)
    assert wide == []


def test_what_a_finger_has_to_meet_is_44_pixels_high(
    kazakh: str, kinds: dict[str, str], visit: Visit, small: str
) -> None:
    found = {}
    with visit(has_touch=True, is_mobile=True) as page:
        for kind, path in kinds.items():
            page.goto(kazakh + path)
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            if faults := page.evaluate(small):
                found[kind] = faults
    assert found == {}


def test_everything_can_be_reached_and_seen_by_keyboard(kazakh: str, visit: Visit) -> None:
    with visit() as page:
        page.goto(f"{kazakh}kk/index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(5):
            page.keyboard.press("Tab")
            style = page.evaluate(
                "(e => [e.outlineStyle, e.outlineWidth])(getComputedStyle(document.activeElement))"
            )
            assert style[0] != "none" and style[1] != "0px"


def test_a_page_opened_from_a_folder_shows_itself(kazakh_folder: Path, visit: Visit) -> None:
    """Without a server: the style applies and the links lead on; the search says what it needs."""
    with visit(allow="file:") as page:
        page.goto((kazakh_folder / "ru" / "index.html").as_uri())
        assert "tabular" in page.locator("body").evaluate("e => getComputedStyle(e).fontVariantNumeric")
        page.locator("nav a[href$='find.html']").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert re.search("find.html$", page.url)


def test_print_is_ink_on_white(kazakh: str, kinds: dict[str, str], visit: Visit) -> None:
    with visit(color_scheme="dark") as page:
        page.goto(kazakh + kinds["kk-station-differs"])
        page.emulate_media(media="print")
        colours = page.locator("body").evaluate(
            "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        )
        assert colours[0] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        assert max(map(int, re.findall(r"\d+", colours[1])[:3])) < 60
        assert page.locator("nav.main-links").is_hidden()
        assert len(page.pdf()) > 10_000


def test_every_sheet_of_paper_names_its_page_and_nothing_is_cut(
    kazakh: str, kinds: dict[str, str], visit: Visit
) -> None:
    # A4 less its margins, at 96 dots an inch.
    with visit({"width": 687, "height": 1000}) as page:
        page.emulate_media(media="print")
        for kind, path in kinds.items():
            page.goto(kazakh + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 687, kind
            wide = page.locator(".scroll").evaluate_all(
                "all => all.filter(e => e.scrollWidth > e.clientWidth).length"
            )
            assert wide == 0, kind
            if kind in ("chooser", "not-found"):
                continue
            foot = page.locator("body > .paper")
            # The foot of a table is what a browser repeats on every sheet.
            assert foot.evaluate("e => getComputedStyle(e).display") == "table-footer-group", kind
            said = foot.inner_text()
            assert path in said and re.search(r"[0-9a-f]{64}", said) and "2021" in said, said
            for gone in ("nav.main-links", "nav.crumbs", ".languages", ".button"):
                assert page.locator(gone).count() == 0 or page.locator(gone).first.is_hidden(), (kind, gone)
