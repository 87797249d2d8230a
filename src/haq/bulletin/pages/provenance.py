"""Where figures come from: organisations and their ties, files, photographs, the commission's reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import EvidenceFile, Reply, Sheet, StationContest
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.sheets import copies_of, sheet_name
from haq.bulletin.pages.words import READINGS, entry_mark, grade_words

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Origin(NamedTuple):
    """Where one sheet comes from, in words.

    Attributes:
        anchor: id of its place on the page.
        name: as in the table.
        organisation: whose copy; empty for an official result.
        ties: what the organisation declares about itself.
        grade: provenance in words; empty for an official result.
        reading: state of the readings.
        file, row, sha256: the file that it came from.
        photographs: files as the page shows them.
        entry: digest, or place in the log.
    """

    anchor: str
    name: Markup
    organisation: Markup
    ties: Markup
    grade: Markup
    reading: Markup
    file: Markup
    row: int
    sha256: str
    photographs: tuple[EvidenceFile, ...]
    entry: Markup


def origins_of(desk: Desk, contest: StationContest, prefix: str) -> list[Origin]:
    """Say where each sheet of a contest comes from."""
    copies = copies_of(contest)
    found = []
    for index, sheet in enumerate(contest.sheets):
        copy = sheet.kind == "copy"
        found.append(
            Origin(
                anchor=links.copy_anchor(prefix, copies.index(index) + 1)
                if copy
                else f"{prefix}declared-{sheet.version}",
                name=sheet_name(desk, contest, index),
                organisation=desk.organisation(sheet.organisation) if copy else Markup(""),
                ties=ties_in_words(desk, sheet.organisation) if copy else Markup(""),
                grade=grade_words(desk, sheet.grade) if copy else Markup(""),
                reading=desk.gettext(READINGS[sheet.state]) if copy else Markup(""),
                file=_file(desk, sheet),
                row=sheet.row,
                sha256=source.sha256 if (source := desk.source(sheet.source)) else "",
                photographs=sheet.files,
                entry=entry_mark(desk, sheet.entry),
            )
        )
    return found


def _file(desk: Desk, sheet: Sheet) -> Markup:
    source = desk.source(sheet.source)
    return desk.text(source.file if source else sheet.source)


def ties_in_words(desk: Desk, organisation: str) -> Markup:
    """Say which ties an organisation declares."""
    found: Markup | None = desk.memory.get(("ties", organisation))
    if found is None:
        known = desk.ties(organisation)
        if known is None:
            found = desk.gettext("The election's entry does not name this organisation.")
        elif known.ties:
            ties = Markup("; ").join(desk.text(tie) for tie in known.ties)
            found = desk.gettext("Declared ties: %(ties)s.", ties=ties)
        else:
            found = desk.gettext("No ties are recorded in the description of this election.")
        desk.memory["ties", organisation] = found
    return found


def makers_in_words(desk: Desk, contest: str) -> Markup:
    """Say whose copies a contest has, each organisation with the ties that it declares.

    Args:
        desk: the desk.
        contest: its key.

    Returns:
        One sentence; empty where the election has no copies beside what stands in for a result.
    """
    copies = (s for s in desk.context.election.sources if s.kind == "copies" and s.contest in (None, contest))
    keys = dict.fromkeys(source.organisation or "" for source in copies)
    keys.pop(desk.context.stands_in.get(contest, ""), None)
    if not keys:
        return Markup()
    return desk.gettext("Whose copies: %(names)s.", names=Markup("; ").join(_maker(desk, k) for k in keys))


def _maker(desk: Desk, key: str) -> Markup:
    known = desk.ties(key)
    name = desk.organisation(key)
    if known is None or not known.ties:
        return name
    ties = Markup(", ").join(desk.text(tie) for tie in known.ties)
    return desk.gettext("%(name)s (declared ties: %(ties)s)", name=name, ties=ties)


class Answer(NamedTuple):
    """A commission's reply as a page shows it; ``language`` is empty where it is the page's or not known."""

    text: Markup
    language: str
    date: str
    files: tuple[EvidenceFile, ...]
    entry: Markup


def answers_of(desk: Desk, replies: Sequence[Reply]) -> list[Answer]:
    """Prepare the commission's replies for a page."""
    return [
        Answer(
            desk.text(reply.text),
            reply.language if reply.language != desk.language and _LANGUAGE.fullmatch(reply.language) else "",
            desk.date(reply.date) if reply.date else "",
            reply.files,
            entry_mark(desk, reply.entry),
        )
        for reply in replies
    ]
