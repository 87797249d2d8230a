"""Where the command line writes, how it shows progress, and how it reports an error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from haq.cli.words import LANGUAGES, Language
from haq.errors import HaqError


@contextmanager
def reporting_errors() -> Iterator[None]:
    """Turn an error of haq into one line on standard error and exit code 2."""
    try:
        yield
    except HaqError as error:
        text = " ".join(str(error).split())
        print(f"haq: {text}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # The reader (`| head`) went away; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
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
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield tell


def language_of_environment() -> Language:
    """Choose the terminal's language from LC_ALL, LC_MESSAGES or LANG; English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            code = value[:2].lower()
            return Language(code) if code in LANGUAGES else Language.EN
    return Language.EN
