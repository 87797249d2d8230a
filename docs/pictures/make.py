"""Make the pictures of the README: the real pages in a real browser.

Usage: python docs/pictures/make.py DATA
DATA is the folder of the real elections (the one that holds moscow_2011).
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
HAQ = [sys.executable, "-c", "from haq.cli import main; main()"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE, DESK = (390, 844), (1440, 900)

#: Picture -> election, page, size, light or dark.
PICTURES = {
    "home-kk-phone": ("kazakhstan-2021", "kk/index.html", PHONE, "light"),
    "home-ru-desk": ("kazakhstan-2021", "ru/index.html", DESK, "light"),
    "station-1654-ru-phone": ("moscow-2011", "ru/station/1654.html", PHONE, "light"),
    "station-1654-en-phone-dark": ("moscow-2011", "en/station/1654.html", PHONE, "dark"),
}


def main(data: Path) -> None:
    """Build both sites in a folder that is thrown away, and photograph them."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise SystemExit("no Chromium: on Debian and Ubuntu, apt install chromium")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for election, options in (
            ("kazakhstan-2021", []),
            ("moscow-2011", ["--data", str(data / "moscow_2011")]),
        ):
            site = Path(made) / election
            subprocess.run(  # noqa: S603 (haq itself)
                [*HAQ, "check", str(EXAMPLES / election), "--site", str(site), *options],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            photograph(browser, site, election)
        browser.close()


def photograph(browser: Browser, site: Path, election: str) -> None:
    """Take the pictures of one site."""
    with subprocess.Popen(  # noqa: S603 (haq itself)
        [*HAQ, "bulletin", "serve", str(site)], stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdout is None:
            raise SystemExit("the server says nothing")
        address = next(
            found.group() for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+/", line))
        )
        for name, (of, path, (width, height), scheme) in PICTURES.items():
            if of == election:
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page.goto(address + path)
                page.screenshot(path=HERE / f"{name}.png")
                page.close()
        server.terminate()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
