"""What all tests share: the real elections beside the project, and which database is in use."""

import importlib.util
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

PROVE = os.environ.get("HAQ_PROVE") == "1"

# `make test` tries the same examples every time and never fails because a machine is slow;
# `make prove` looks for new ones.
hypothesis.settings.register_profile("haq", deadline=None, derandomize=not PROVE, print_blob=True)
hypothesis.settings.load_profile("haq")

# The core is tested with or without Django. Where Django is, it has to stand before the first
# test module imports a model.
if importlib.util.find_spec("django"):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haq_web.config.settings")
    os.environ["HAQ_DEBUG"] = "1"
    import django

    django.setup()


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Make a PNG of one grey point; with a note of the camera if one is given."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    def make(shade: int = 0, note: bytes = b"") -> bytes:
        head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
        text = chunk(b"tEXt", b"Comment\0" + note) if note else b""
        points = chunk(b"IDAT", zlib.compress(bytes([0, shade])))
        return b"\x89PNG\r\n\x1a\n" + head + text + points + chunk(b"IEND", b"")

    return make


@pytest.fixture(scope="session")
def prove_share() -> float:
    """The share of a long simulation to run: 1 in `make prove`, 0.01 otherwise."""
    return 1.0 if PROVE else 0.01


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real elections, used where it lies; without it the test is skipped."""
    folder = Path(os.environ.get("HAQ_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no real elections: put them into ../shared/data or name the folder in HAQ_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def shared_vectors() -> Path:
    """The folder of test vectors, beside the real elections; without it the test is skipped."""
    data = Path(os.environ.get("HAQ_SHARED_DATA") or ROOT.parent / "shared" / "data")
    folder = Path(os.environ.get("HAQ_SHARED_VECTORS") or data.parent / "vectors")
    if not folder.is_dir():
        pytest.skip("no vectors: put them into ../shared/vectors or name the folder in HAQ_SHARED_VECTORS")
    return folder


@pytest.fixture(scope="session")
def missing() -> Callable[[str, str], NoReturn]:
    """Skip loudly because something is not on this machine, or fail where it is required.

    Call it with the thing (``postgres``, ``browser``) and the reason. ``HAQ_REQUIRE_POSTGRES=1``
    and ``HAQ_REQUIRE_BROWSER=1`` turn the skip into a failure.
    """

    def skip_or_fail(thing: str, reason: str) -> NoReturn:
        if os.environ.get(f"HAQ_REQUIRE_{thing.upper()}") == "1":
            pytest.fail(f"{reason} (HAQ_REQUIRE_{thing.upper()}=1)")
        pytest.skip(reason)

    return skip_or_fail


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, on SQLite, what only means something on PostgreSQL."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="only on PostgreSQL: make test-postgres"))
