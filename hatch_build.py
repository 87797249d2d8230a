"""Compile the translations and the scripts while the package is built, editable installs included."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: What the scripts are made of; their tests are no part of them.
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "bulletin/**/*.ts")
ASSETS = Path("src", "haq", "bulletin", "assets")
#: Finds a station; checks a page against the public log.
SCRIPTS = (ASSETS / "search.js", ASSETS / "check.js")


class BuildHaq(BuildHookInterface):  # type: ignore[type-arg]
    """Turn every ``.po`` into a ``.mo``, and the TypeScript of the bulletin into ``SCRIPTS``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write what git ignores and the package ships."""
        compile_catalogues(Path(self.root))
        refusal = build_scripts(Path(self.root))
        if refusal:
            self.app.abort(refusal)


def compile_catalogues(root: Path) -> None:
    """Write each catalogue beside its source, under its name."""
    for source in sorted((root / "src").glob("**/LC_MESSAGES/*.po")):
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def build_scripts(root: Path) -> str:
    """Build the scripts where their sources are others than those they were built from.

    Args:
        root: folder of the project.

    Returns:
        Nothing, or one line that says what is missing and what to do.
    """
    front, scripts = root / "frontend", [root / script for script in SCRIPTS]
    if os.environ.get("HAQ_WITHOUT_FRONTEND") == "1":
        for script in scripts:
            script.unlink(missing_ok=True)
        return ""
    if not front.is_dir():
        missing = [script.name for script in scripts if not script.is_file()]
        return (
            f"{', '.join(missing)} and frontend/ are both missing: build from a complete source."
            if missing
            else ""
        )
    # Times say little after a checkout or in an archive: a script names the digest of its sources.
    stamp = f"/* built from {digest_of(front)} */\n".encode()
    if all(script.is_file() and script.read_bytes().startswith(stamp) for script in scripts):
        return ""
    for step in (("ci", "--ignore-scripts"), ("run", "build")):
        # frontend/npm.py finds npm; nothing in the arguments comes from outside.
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(front / "npm.py"), *step, "--silent", "--loglevel=error"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = " ".join((done.stderr.strip() or done.stdout.strip() or "no npm on this machine").split())[
                :300
            ]
            return (
                f"The scripts could not be built: npm {step[0]} failed ({said}). Make an npm registry "
                "reachable and try again, or set HAQ_WITHOUT_FRONTEND=1 to build haq without them."
            )
    for script in scripts:
        script.write_bytes(stamp + (front / "dist" / script.name).read_bytes())
    return ""


def digest_of(front: Path) -> str:
    """Give the SHA-256 of the names and contents of the scripts' sources."""
    files = sorted(file for pattern in SOURCES for file in front.glob(pattern) if ".test." not in file.name)
    digest = sha256()
    for file in files:
        # Line ends as git may have turned them around.
        text = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.relative_to(front).as_posix()}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()
