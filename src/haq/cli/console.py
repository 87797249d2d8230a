"""Where the command line writes, how it shows progress, and how it reports an error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from haq.cli.words import LANGUAGES, Language
from haq.errors import HaqError

#: Spaces that group figures; Python does not call them printable.
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"


def shown(text: str) -> str:
    """Write control characters of foreign text as escapes: a file must not steer the terminal."""
    return "".join(c if c.isprintable() or c in SPACES else repr(c)[1:-1] for c in text)


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Turn an error of haq into one line on standard error and exit code 2."""
    try:
        yield
    except HaqError as error:
        print(f"haq: {shown(' '.join(str(error).split()))}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # The reader (`| head`) went away; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:
        # What reads and writes files reports its own errors; this is the terminal or the disk behind `>`.
        print(f"haq: the output cannot be written: {error.strerror}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(2) from None


def prepare_output() -> None:
    """Make sure that any letter can be printed, and that there is somewhere to print to.

    Raises:
        SystemExit: standard output is closed.
    """
    if sys.stdout is None:
        raise SystemExit(2)
    if sys.stderr is None:
        # `print` would write errors to standard output instead, into the middle of a JSON document.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open until the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, ensure_ascii=plain, indent=1)
    sys.stdout.write("\n")
    sys.stdout.flush()


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Show a bar on standard error when the work takes long and somebody is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield tell


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that one step of unknown length is under way, when somebody is looking."""
    with progress() as tell:
        if tell is not None:
            tell(what, 0, 1)
        yield


def language_of_environment() -> Language:
    """Choose the terminal's language from LC_ALL, LC_MESSAGES or LANG; English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            code = value[:2].lower()
            return Language(code) if code in LANGUAGES else Language.EN
    return Language.EN
