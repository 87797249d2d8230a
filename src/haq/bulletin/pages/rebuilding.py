"""How to build the site again: what it takes, and the commands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

import haq
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import N_

#: Lists what a rebuild needs, and every file of the site; both for ``sha256sum -c``.
NEEDED, EVERYTHING = "data/rebuild.sha256", "site.sha256"
#: What a file under ``data`` is to a rebuild.
_FILES = {
    "data/entries.jsonl": N_("Every entry, one a line: all that this site was made from"),
    "data/law.toml": N_("The law profile of this election"),
    "data/held-back.json": N_("Files that the entries name and this site does not show, with the reason"),
}


def build_command(desk: Desk) -> str:
    """Write the command that builds this site from a folder ``site``, or from a copy of the log."""
    address = desk.context.base_url
    base = f" --base-url {shlex.quote(address)}" if address else ""
    begin = "haq log rebuild copy" if desk.context.log else "haq bulletin build site"
    return f"{begin} --out again --languages {','.join(desk.languages)}{base}"


def commands(desk: Desk) -> str:
    """Write the commands that fetch what a rebuild needs, build, and compare: a line each."""
    fetch = "curl --fail --create-dirs"
    return "\n".join(
        [
            f"haq --version  # {haq.__version__}",
            f"site={desk.address}",
            "mkdir site && cd site",
            f'{fetch} -o {NEEDED} "$site"{NEEDED} -o {EVERYTHING} "$site"{EVERYTHING}',
            f'cut -c67- {NEEDED} | xargs -I {{}} {fetch} -o {{}} "$site"{{}}',
            f"sha256sum -c {NEEDED}",
            "cd ..",
            build_command(desk),
            f"diff again/{EVERYTHING} site/{EVERYTHING}",
        ]
    )


def log_commands(desk: Desk) -> str:
    """Write the commands that copy the log, check it, build the site from it, and compare: a line each."""
    return "\n".join(
        [
            f"haq --version  # {haq.__version__}",
            f"site={desk.address}",
            'haq log mirror "$site" copy',
            "haq log verify copy",
            build_command(desk),
            f'curl --fail -o {EVERYTHING} "$site"{EVERYTHING}',
            f"diff again/{EVERYTHING} {EVERYTHING}",
        ]
    )


def version_words(desk: Desk) -> Markup:
    """Say which haq built the site, and what another one may do."""
    return desk.gettext(
        "This site was built by haq %(version)s. Another version of haq, or of the libraries that it uses, "
        "may write other bytes for the same figures; the last command then names the files that differ.",
        version=haq.__version__,
    )


def needed_rows(desk: Desk, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Say what a rebuild needs, in words.

    Args:
        desk: the desk.
        paths: every file of the site that it needs.

    Returns:
        A row for each file under ``data``, with its path; one for all photographs and documents, and one
        for all outlines, with none.
    """
    rows: list[dict[str, Any]] = [
        {"path": path, "name": path.removeprefix("data/"), "what": desk.gettext(_FILES[path])}
        for path in paths
        if path in _FILES
    ]
    files = [path for path in paths if path not in _FILES]
    shapes = sum(path.endswith(".geojson") for path in files)
    if pictures := len(files) - shapes:
        what = desk.ngettext("%(num)s photograph or document", "%(num)s photographs or documents", pictures)
        rows.append({"path": "", "name": "files/", "what": what})
    if shapes:
        what = desk.ngettext("%(num)s outline of areas", "%(num)s outlines of areas", shapes)
        rows.append({"path": "", "name": "files/", "what": what})
    return rows
