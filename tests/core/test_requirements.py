"""The lock files pin and hash everything, agree with each other, and name no address."""

import re
from pathlib import Path

import pytest

LOCKS = ("core", "web", "dev", "bench")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; ([^\\]+?))? \\$")


def pins(lock: Path) -> dict[tuple[str, str], str]:
    """Read (package, marker) -> version."""
    found = (PIN.match(line) for line in lock.read_text("utf-8").splitlines())
    return {(pin[1], pin[3] or ""): pin[2] for pin in found if pin}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed_and_no_address_is_named(project: Path, name: str) -> None:
    lines = (project / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    code = [line for line in lines if line and not line.startswith("#")]
    for line, following in zip(code, [*code[1:], ""], strict=True):
        if not line.startswith("    --hash=sha256:"):
            assert PIN.match(line), line
            assert following.startswith("    --hash=sha256:"), line
    assert not [line for line in lines if "://" in line or line.startswith(("-i ", "--index", "--find"))]


def test_a_narrow_lock_fits_on_top_of_a_wider_one(project: Path) -> None:
    core, web, dev, bench = (pins(project / "requirements" / f"{name}.txt") for name in LOCKS)
    assert core
    assert core.items() <= web.items() <= dev.items() <= bench.items()


def test_what_builds_the_package_is_locked_too(project: Path) -> None:
    packages = {package for package, _ in pins(project / "requirements" / "core.txt")}
    assert {"hatchling", "babel", "editables"} <= packages
