"""A real browser, and the sites that journeys walk through, built and served by the real commands."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

HERE = Path(__file__).resolve().parent
#: Opens a page: size, then options of a browser context.
Visit = Callable[..., AbstractContextManager[Page]]
HAQ = [sys.executable, "-c", "from haq.cli import main; main()"]
#: Chromium talks to nobody but the page.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder with `haq bulletin serve`, and give its address."""
    with subprocess.Popen(
        [*HAQ, "bulletin", "serve", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = ""
            for line in server.stdout:
                said += line
                if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                    yield found.group()
                    break
            else:
                pytest.fail(f"the server ended: {said}")
        finally:
            server.terminate()


def build(election: Path, out: Path, *options: str) -> Path:
    """Check an election and build its site, as a user does."""
    done = subprocess.run(
        [*HAQ, "check", str(election), "--site", str(out), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def haq() -> list[str]:
    """The command that runs haq."""
    return HAQ


@pytest.fixture(scope="session")
def kazakh_folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the synthetic Kazakh election, as files."""
    return build(project / "examples" / "kazakhstan-2021", tmp_path_factory.mktemp("kazakh") / "site")


@pytest.fixture(scope="session")
def kazakh(kazakh_folder: Path) -> Iterator[str]:
    """The address of the synthetic Kazakh election."""
    with served(kazakh_folder) as address:
        yield address


@pytest.fixture(scope="session")
def moscow(project: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site of Moscow 2011."""
    folder = tmp_path_factory.mktemp("moscow") / "site"
    build(project / "examples" / "moscow-2011", folder, "--data", str(shared_data / "moscow_2011"))
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def chromium(missing: Callable[[str, str], NoReturn]) -> Iterator[Browser]:
    """A browser without a window."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("browser", "no Chromium: on Debian and Ubuntu, apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visit(chromium: Browser) -> Visit:
    """Open a page of any size in any light."""

    def visit(size: dict[str, int] = PHONE, **options: Any) -> AbstractContextManager[Page]:
        return opened(chromium, size, **options)

    return visit


@pytest.fixture(scope="session")
def tool(missing: Callable[[str, str], NoReturn]) -> Callable[[str], Path]:
    """Find a file of a checker that npm installed."""

    def find(path: str) -> Path:
        found = HERE / "node_modules" / path
        if not found.is_file():
            missing("browser", f"no {path}: run make test, which installs the checkers")
        return found

    return find


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


@pytest.fixture
def phone(chromium: Browser, scripts: bool) -> Iterator[Page]:
    """A page on a phone; nothing may be asked of another host, and nothing may break the content policy."""
    with opened(chromium, PHONE, scripts=scripts) as page:
        yield page


@contextmanager
def opened(
    chromium: Browser, size: dict[str, int], *, scripts: bool = True, allow: str = "", **options: Any
) -> Iterator[Page]:
    """Open a page, and see afterwards that it asked nobody else and broke no rule of its own.

    ``allow`` is part of a complaint that a test provokes on purpose.
    """
    context = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=scripts,
        accept_downloads=True,
        **options,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    foreign: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if _foreign(request.url) else None)
    page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert foreign == []
    assert [said for said in complaints if not allow or allow not in said] == []


def _foreign(url: str) -> bool:
    return not re.match(r"(http://127\.0\.0\.1:\d+/|file:|data:|blob:|about:)", url)


def _complains(said: ConsoleMessage) -> bool:
    # A browser that shows a picture alone asks the host for an icon, and no page can tell it not to.
    return said.type == "error" and not str(said.location.get("url")).endswith("/favicon.ico")
