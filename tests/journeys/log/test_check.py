"""The button "Check this page": in each language, on a mirror, and where a browser cannot."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
#: Language -> what the button is called, what was and was not proven, and that the log is as it was.
WORDS = {
    "kk": ("Осы бетті тексеру", "Дәлелденгені", "Дәлелденбегені", "соңғы тексеруіңіздегідей", "Алға"),
    "ru": ("Проверить эту страницу", "Что доказано", "Что не доказано", "такой же", "Вперёд"),
    "en": ("Check this page", "What was proven", "What was not proven", "as it was", "Forward"),
}
#: What a browser without a part of what the check needs looks like.
WITHOUT_CRYPTO = "Object.defineProperty(crypto, 'subtle', { value: undefined })"
WITHOUT_ED25519 = (
    "crypto.subtle.generateKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))"
)
WITHOUT_MEMORY = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"
)


@pytest.mark.parametrize("language", WORDS)
def test_a_page_is_checked_in_each_language(
    site: Any, visit: Visit, v: SimpleNamespace, language: str
) -> None:
    button, proven, not_proven, same, choice = WORDS[language]
    with visit() as page:
        page.goto(site.page(language))
        expect(page.get_by_role("button", name=button)).to_be_visible()
        said = v.press(page)
        assert said.index(proven) < said.index("3") < said.index(not_proven)
        assert v.NAME in said and "567" in said and "citizens.example, students.example" in said
        assert said.count("✓") == 4 and said.count("–") == 7, said
        assert not page.locator("[data-check-progress]").inner_text()
        # What the entry in the log says is there to be held against the page.
        page.locator("[data-check-more] > details > summary").first.click()
        official = page.locator("[data-check-more] details details").nth(1)
        official.locator("summary").click()
        assert official.get_by_role("row").filter(has_text=choice).get_by_role("cell").inner_text() == "110"
        keys = page.locator("[data-check-more] > details").nth(1)
        keys.locator("summary").click()
        for key in (v.LOG, *v.WITNESSES):
            expect(keys).to_contain_text(str(key.public))
        again = v.press(page)
        assert same in again and again.count("✓") == 5 and again.count("–") == 6


def test_every_kind_of_page_with_entries_has_the_button(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    finding = next((site.folder / "en" / "finding").glob("*.html")).name
    paths = ("index.html", "verify.html", "totals/lists.html", "area/kz-1-region.html", f"finding/{finding}")
    with visit() as page:
        for path in paths:
            page.goto(f"{site.address}en/{path}")
            said = v.press(page)
            assert said.startswith("✓ Checked: nothing contradicts the log."), (path, said)
            assert ("sums on this page" in said) == (
                path.partition("/")[0] in ("index.html", "totals", "area")
            )
        for path in ("find.html", "data.html", "findings.html", "methods/seats.html"):
            page.goto(f"{site.address}en/{path}")
            assert page.locator("[data-check-button]").count() == 0, path


def test_a_log_that_grew_is_seen_to_continue(
    site: Any, grown: Path, visit: Visit, v: SimpleNamespace
) -> None:
    with visit() as page:
        page.goto(site.page())
        v.press(page)
        site.replace(grown)
        page.reload()
        said = v.press(page)
        assert "entries: 567) the log has only grown" in said and "571 entries long" in said


def test_what_the_page_shows_is_left_to_the_eyes(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    """Whoever changes only a figure of the page is not found by the log, and the check does not claim it."""
    path = site.folder / "en" / "station" / f"{v.STATION}.html"
    path.write_text(path.read_text("utf-8").replace(">110<", ">111<"), "utf-8")
    with visit() as page:
        page.goto(site.page())
        expect(page.locator("main")).to_contain_text("111")
        said = v.press(page)
        not_proven = said.partition("What was not proven")[2]
        assert "That this page shows what the entries say" in not_proven
        assert "That this check is honest" in not_proven and "That the keys are the right ones" in not_proven


class Quiet(SimpleHTTPRequestHandler):
    """An ordinary server of static files."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def mirrored(built: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of the site, in a folder of somebody else's server."""
    shutil.copytree(built, tmp_path / "mirrors" / "village")
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/mirrors/village/"
        server.shutdown()


def test_a_mirror_is_checked_by_itself(mirrored: str, visit: Visit, v: SimpleNamespace) -> None:
    with visit() as page:
        asked: list[str] = []
        page.goto(f"{mirrored}ru/station/{v.STATION}.html")
        page.on("request", lambda request: asked.append(request.url))
        assert v.press(page).startswith("✓ Проверено")
        assert asked and all(url.startswith(mirrored) for url in asked)
        commands = page.locator("code[data-check-command]").all_text_contents()
        assert commands[0] == f"haq log mirror {mirrored} copy && haq log verify copy"
        assert commands[1].startswith(f"haq log prove {mirrored} 3 --leaf ")
        assert page.locator("[data-check-placeholder]").count() == 0


def unable(page: Page, v: SimpleNamespace, said: str) -> None:
    """Press, and see that the page says why it cannot check, claims nothing, and gives the command."""
    assert said in (words := v.press(page))
    assert "Nothing was checked" in words and "✓" not in words
    command = page.locator("[data-check-more] code").inner_text()
    address = page.evaluate("new URL('../../', location.href).href")
    assert command == f"haq log mirror {address} copy && haq log verify copy"


@pytest.mark.parametrize("lack", [WITHOUT_CRYPTO, WITHOUT_ED25519], ids=["no-web-crypto", "no-ed25519"])
def test_an_old_browser_says_so_and_gives_the_command(
    site: Any, visit: Visit, v: SimpleNamespace, lack: str
) -> None:
    with visit() as page:
        page.add_init_script(lack)
        page.goto(site.page())
        unable(page, v, "This browser cannot check signatures of the kind Ed25519.")


def test_plain_http_says_so_and_gives_the_command(site: Any, chromium: Browser, v: SimpleNamespace) -> None:
    """Any address in 127.0.0.0/8 counts as secure, so the site is asked for under a name."""
    port = site.address.rstrip("/").rpartition(":")[2]
    flags = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP village.test 127.0.0.1"]
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    browser = chromium.browser_type.launch(executable_path=path, args=flags)
    try:
        page = browser.new_page()
        page.goto(f"http://village.test:{port}/en/station/{v.STATION}.html")
        assert page.evaluate("window.isSecureContext") is False
        unable(page, v, "This page came over http: without encryption")
    finally:
        browser.close()


def test_a_browser_that_keeps_nothing_still_checks(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    with visit() as page:
        page.add_init_script(WITHOUT_MEMORY)
        page.goto(site.page())
        for _ in range(2):
            said = v.press(page)
            assert said.startswith("✓ Checked")
            assert "this browser keeps nothing between visits" in said.partition("What was not proven")[2]


@pytest.mark.parametrize("lost", ["assets/check-en.json", "checkpoint", "tile/entries/000"])
def test_what_cannot_be_loaded_is_said_and_can_be_tried_again(
    site: Any, visit: Visit, v: SimpleNamespace, lost: str
) -> None:
    with visit(allow="ERR_FAILED") as page:
        page.goto(site.page())
        page.route(site.address + lost, lambda route: route.abort())
        assert "could not be loaded, so nothing was checked" in v.press(page)
        expect(page.locator("[data-check-more] code")).to_contain_text(f"haq log mirror {site.address} copy")
        page.unroute(site.address + lost)
        assert v.press(page).startswith("✓ Checked")


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run commands as a person pastes them."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_PROXY": "*", "no_proxy": "*", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_of_a_page_prove_the_same(
    site: Any, visit: Visit, v: SimpleNamespace, tmp_path: Path
) -> None:
    with visit() as page:
        page.goto(site.page())
        whole, single = page.locator("code[data-check-command]").all_text_contents()
    done = run(whole, tmp_path)
    assert done.returncode == 0, done.stderr
    assert v.NAME in done.stdout and "567" in done.stdout
    done = run(single, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f'"station":"{v.STATION}"' in done.stdout + done.stderr
    place = single.split()[4]
    other = run(single.replace(f" {place} ", " 9 "), tmp_path)
    assert other.returncode != 0, other.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: apt install curl")
def test_the_commands_of_the_page_of_the_log_build_the_same_site(
    site: Any, visit: Visit, tmp_path: Path
) -> None:
    with visit() as page:
        page.goto(f"{site.address}en/verify.html")
        commands = page.locator("code[data-check-command]").first.text_content()
    done = run(commands, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "again" / "site.sha256").read_bytes() == (site.folder / "site.sha256").read_bytes()


def test_without_scripts_the_commands_stand_in_for_the_button(site: Any, visit: Visit) -> None:
    with visit(scripts=False) as page:
        page.goto(site.page("kk"))
        expect(page.locator("[data-check-button]")).to_be_hidden()
        expect(page.locator(".check noscript .note")).to_contain_text("JavaScript")
        page.locator(".check details summary").first.click()
        expect(page.locator("code[data-check-command]").first).to_have_text(
            "haq log mirror https://ADDRESS/ copy && haq log verify copy"
        )
        expect(page.locator("[data-check-placeholder]")).to_be_visible()


def test_the_log_stands_on_the_first_page_and_on_its_own(site: Any, visit: Visit, v: SimpleNamespace) -> None:
    with visit() as page:
        page.goto(f"{site.address}en/index.html")
        line = page.locator(".log-line")
        expect(line).to_have_text(f"Public log {v.NAME}: 567 entries. Witnesses that signed: 3 of 3.")
        box = line.bounding_box()
        assert box is not None and box["y"] + box["height"] < 844, "in the first screenful"
        line.get_by_role("link").click()
        expect(page.locator("main")).to_contain_text("Witnesses that signed: 3 of 3; the policy asks for 2.")
        expect(page.locator("main")).to_contain_text("citizens.example: signed 1 January 2026, 00:00 UTC")
        expect(page.locator("main")).to_contain_text(str(v.LOG.public))
        expect(page.get_by_role("row").filter(has_text="Exit poll <answers>")).to_contain_text(
            "not shown yet"
        )


def test_nothing_jumps_when_the_button_appears(site: Any, visit: Visit) -> None:
    place = "document.querySelector('.check > details').getBoundingClientRect().top + scrollY"
    places = []
    for late in (True, False):
        with visit() as page:
            if late:
                page.route(
                    "**/assets/check.js", lambda route: route.fulfill(body="", content_type="text/javascript")
                )
            page.goto(site.page("ru"))
            places.append(page.evaluate(place))
    assert places[0] == places[1]
