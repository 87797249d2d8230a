"""The page of downloads, sources and problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from haq.bulletin.model import DataView, Download, WithdrawnView
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.rebuilding import EVERYTHING, NEEDED, build_command, log_commands, needed_rows
from haq.bulletin.pages.sheets import has_versions
from haq.bulletin.pages.withdrawn import NOTHING, all_words
from haq.bulletin.pages.words import N_, problem_sentence
from haq.entries import OrganisationTies, SourceFile

#: What a download is: a sentence for each ``Download.what``.
DOWNLOADS: dict[str, str] = {
    "check": N_("A folder that haq can check again"),
    "entries": N_("Every entry, one a line: all that this site was made from"),
    "totals": N_("Sums with the number of stations behind each"),
    "differences": N_("Every line on which a copy and the declared result differ"),
    "findings": N_("Findings and warnings with their figures"),
    "stations": N_("Stations: number, name, address, areas"),
    "areas": N_("Areas and their names"),
    "source": N_("The figures of one source, as they were read"),
    "gaps": N_("Cells without a figure: empty, unreadable, or read differently"),
    "replies": N_("What commissions replied"),
    "law": N_("The law profile of this election"),
    "package": N_("What is in the tables, column by column (Frictionless data package)"),
    "nist": N_("Results in the international format NIST SP 1500-100"),
}
#: What a source is.
SOURCES: dict[str, str] = {
    "stations": N_("list of stations"),
    "areas": N_("list of areas"),
    "official": N_("declared result"),
    "copies": N_("copies of protocols"),
    "replies": N_("replies of commissions"),
}


def data_page(desk: Desk, view: DataView, gone: WithdrawnView = NOTHING) -> str:
    """Write the page of downloads.

    Args:
        desk: the desk.
        view: the downloads and the problems.
        gone: what was withdrawn or removed.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    return desk.page(
        "data.html",
        links.DATA,
        title=_("Data"),
        description=desk.ngettext(
            "%(num)s entry stands behind this site.", "%(num)s entries stand behind this site.", view.entries
        ),
        active="data",
        view=view,
        tables=_tables(desk, [file for file in view.downloads if file.what != "nist"]),
        reports=_tables(desk, [file for file in view.downloads if file.what == "nist"]),
        downloads=[_download(desk, file) for file in view.downloads],
        sources=[_source(desk, source) for source in desk.context.election.sources],
        key=desk.text(desk.context.election.election),
        needed=needed_rows(desk, view.needed),
        lists=(NEEDED, EVERYTHING),
        rebuild=log_commands(desk) if desk.context.log else build_command(desk),
        organisations=[_organisation(desk, one) for one in desk.context.election.organisations],
        gone=all_words(desk, gone),
        problems=[problem_sentence(desk, problem) for problem in view.problems],
    )


def _tables(desk: Desk, files: Sequence[Download]) -> list[dict[str, Any]]:
    """Put the forms of one table together: CSV for a spreadsheet, Parquet for a program."""
    order = {what: place for place, what in enumerate(DOWNLOADS)}
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for file in files:
        stem = file.path.removesuffix(".csv").removesuffix(".parquet").removeprefix("data/")
        what = DOWNLOADS.get(file.what)
        row = found.setdefault(
            (order.get(file.what, len(order)), stem),
            {
                "name": desk.text(stem),
                "what": desk.gettext(what) if what else desk.text(file.what),
                "rows": "" if file.rows is None else desk.ngettext("%(num)s row", "%(num)s rows", file.rows),
                "files": [],
            },
        )
        row["files"].append({"path": file.path, "form": _form(file.path), "size": size(desk, file.bytes)})
    return [found[place] for place in sorted(found)]


def _form(path: str) -> str:
    return {"csv": "CSV", "parquet": "Parquet", "json": "JSON", "jsonl": "JSON Lines", "zip": "ZIP"}.get(
        path.rpartition(".")[2], path.rpartition(".")[2].upper()
    )


def _download(desk: Desk, file: Download) -> dict[str, Markup | str]:
    return {
        "path": file.path,
        "name": desk.text(file.path.removeprefix("data/")),
        "sha256": file.sha256,
    }


def size(desk: Desk, count: int) -> Markup:
    """Write the size of a file in bytes, kilobytes (1,000 bytes) or megabytes, rounded up."""
    if count < 1000:
        return desk.gettext("%(n)s B", n=count)
    if count < 1_000_000:
        return desk.gettext("%(n)s kB", n=-(-count // 1000))
    tenths = -(-count // 100_000)
    mark = "." if desk.language == "en" else ","
    return desk.gettext("%(n)s MB", n=f"{desk.number(tenths // 10)}{mark}{tenths % 10}")


def _source(desk: Desk, source: SourceFile) -> dict[str, Markup | str]:
    _ = desk.gettext
    parts = [_(SOURCES[source.kind]) if source.kind in SOURCES else desk.text(source.kind)]
    if source.organisation:
        parts.append(desk.organisation(source.organisation))
    if source.contest:
        parts.append(desk.contest(source.contest))
    parts.append(desk.level(source.level))
    if source.kind == "official" and has_versions(desk, source):
        parts.append(_("version %(n)s", n=source.version))
    return {
        "file": desk.text(source.file),
        "what": Markup(" · ").join(parts),
        "sha256": source.sha256,
    }


def _organisation(desk: Desk, one: OrganisationTies) -> dict[str, Markup]:
    _ = desk.gettext
    if one.ties:
        named = Markup(", ").join(desk.text(tie) for tie in one.ties)
        ties = _("declared ties: %(ties)s", ties=named)
    else:
        ties = _("no ties are recorded in the description of this election")
    return {"name": desk.name(one.name, one.key), "ties": ties}
