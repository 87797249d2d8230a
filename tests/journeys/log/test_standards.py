"""The pages of a log, before and after the check: valid HTML, nothing that axe finds, fit for a phone."""

from collections.abc import Callable
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
#: A page of each kind that shows something of the log.
PAGES = ("index.html", "verify.html", "data.html", "totals/lists.html", "area/kz-1-region.html")
OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"


@pytest.fixture
def paths(site: Any, v: SimpleNamespace) -> list[str]:
    """The pages of a log, each in one language, and those that say most in all."""
    finding = next((site.folder / "en" / "finding").glob("*.html")).name
    all_languages = ("verify.html", f"station/{v.STATION}.html")
    pages = zip((*PAGES, f"finding/{finding}"), cycle(("kk", "ru", "en")), strict=False)
    found = [f"{language}/{path}" for path, language in pages if path not in all_languages]
    return found + [f"{language}/{path}" for language in ("kk", "ru", "en") for path in all_languages]


def test_the_pages_are_valid_html(site: Any, paths: list[str], validate: Callable[..., list[Any]]) -> None:
    assert validate(site.folder / path for path in paths) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_the_check(
    site: Any,
    paths: list[str],
    visit: Visit,
    v: SimpleNamespace,
    axe: Callable[[Any], list[Any]],
    scheme: str,
) -> None:
    found = []
    with visit(color_scheme=scheme, bypass_csp=True) as page:
        for path in paths:
            page.goto(site.address + path)
            found += [(path, "before", *one) for one in axe(page)]
            if page.locator("[data-check-button]").count():
                v.press(page)
                page.evaluate(OPEN)
                found += [(path, "after", *one) for one in axe(page)]
    assert found == []


def test_what_is_wrong_fits_a_phone_and_a_finger(
    site: Any, paths: list[str], visit: Visit, v: SimpleNamespace, small: str
) -> None:
    found = {}
    for trouble in (False, True):
        if trouble:
            (site.folder / "tile" / "entries" / "000").unlink()
        with visit({"width": 320, "height": 800}, allow="404", has_touch=True, is_mobile=True) as page:
            for path in paths:
                page.goto(site.address + path)
                if page.locator("[data-check-button]").count():
                    v.press(page)
                page.evaluate(OPEN)
                if page.evaluate("document.documentElement.scrollWidth") > 320:
                    found[path, "wide", trouble] = [""]
                if faults := page.evaluate(small):
                    found[path, "small", trouble] = faults
    assert found == {}


def test_the_check_is_done_with_the_keyboard_alone(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    with visit() as page:
        page.goto(site.page("kk"))
        page.locator("[data-check-button]").focus()
        page.keyboard.press("Enter")
        page.locator("[data-check-said] .verdict").wait_for()
        assert page.evaluate("document.activeElement.matches('[data-check-button]')"), "focus stays"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("Enter")
        assert page.locator("[data-check-more] > details").first.get_attribute("open") is not None
