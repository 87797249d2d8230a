"""The page of a station: what was on the wall, and what was declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import AreaRef, Check, Found, StationContest, StationView
from haq.bulletin.pages import links
from haq.bulletin.pages.checking import broken_in_words, checks_table, relation_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.folding import folded_words
from haq.bulletin.pages.provenance import Answer, Origin, answers_of, origins_of
from haq.bulletin.pages.sheets import compare, sheet_name, sheet_of, sheet_table
from haq.bulletin.pages.verdicts import COPY_WITHDRAWN, RESULT_WITHDRAWN, Verdict, verdict_of
from haq.bulletin.pages.words import (
    care_words,
    check_name,
    entry_lines,
    finding_name,
    kind_of,
    problem_sentence,
    withdrawn_lines,
)


class Broken(NamedTuple):
    """What is wrong with a sheet, where, and each rule that it breaks with the figures of both sides."""

    name: Markup
    sheet: Markup
    words: tuple[Markup, ...]


class FindingLine(NamedTuple):
    """A finding in the list of its station: a link, or a warning that has no page.

    Attributes:
        care: why it does not stand by itself.
        rules: the findings that are folded into this line, where one sheet breaks several rules.
    """

    path: str
    name: Markup
    detail: Markup
    care: tuple[Markup, ...] = ()
    rules: tuple[FindingLine, ...] = ()


class Part(NamedTuple):
    """One contest on the page of a station."""

    key: str
    anchor: str
    prefix: str
    title: Markup
    verdict: Verdict
    table: Markup
    broken: tuple[Broken, ...]
    holding: int
    failing: int
    unknown: int
    checks: Markup
    findings: tuple[FindingLine, ...]
    warnings: tuple[FindingLine, ...]
    origins: tuple[Origin, ...]
    answers: tuple[Answer, ...]


def station_page(desk: Desk, view: StationView) -> str:
    """Write the page of a station.

    Args:
        desk: of the language.
        view: everything that the page shows.

    Returns:
        The whole HTML text.
    """
    parts = [part_of(desk, contest) for contest in view.contests]
    lost = list(_lost(desk, view))
    title = desk.station(view.short, view.names)
    if parts:
        description = " ".join(filter(None, (desk.plain(t) for p in parts for t in _shared(p.verdict))))
    elif lost:
        description = " ".join(desk.plain(words) for _, said in lost for words in said)
    else:
        description = desk.plain(desk.gettext("No protocol of this station has reached us."))
    return desk.page(
        "station.html",
        links.station_path(view.slug),
        replies_held=any(s.kind == "replies" for s in desk.context.election.sources),
        title=title,
        description=description,
        heading=title,
        place=place_lines(desk, view),
        crumbs=crumbs_of(desk, view.areas),
        registered=view.registered
        if any(source.kind == "stations" for source in desk.context.election.sources)
        else None,
        listed=view.listed,
        taken_off=any(entry.kind == "station" for entry in view.withdrawn),
        lost=lost,
        several=len(desk.context.election.contests) > 1,
        parts=parts,
        question=_question(desk, view),
        problems=[problem_sentence(desk, problem) for problem in view.problems],
        withdrawn=withdrawn_lines(desk, view.withdrawn),
        entries=entry_lines(desk, view.entries),
    )


def _shared(verdict: Verdict) -> tuple[Markup | str, ...]:
    """Say what goes along when the page is shared: the signed difference first, then what it is."""
    return verdict.mark, verdict.says, verdict.compared


def _lost(desk: Desk, view: StationView) -> Iterator[tuple[Markup, list[Markup]]]:
    """Name the contests of which everything here was withdrawn, and say what that was."""
    shown = {contest.key for contest in view.contests}
    for contest in desk.context.election.contests:
        gone = {entry.kind for entry in view.withdrawn if entry.contest == contest.key not in shown}
        kinds = (("official", RESULT_WITHDRAWN), ("copy", COPY_WITHDRAWN))
        said = [desk.gettext(words) for kind, words in kinds if kind in gone]
        if said:
            yield desk.contest(contest.key), said


def _question(desk: Desk, view: StationView) -> Markup:
    """Ask what the page answers; without a copy nobody here knows what hung on the wall."""
    if any(sheet.kind == "copy" for contest in view.contests for sheet in contest.sheets):
        return desk.gettext("What was on the wall, and what was declared?")
    return desk.gettext("What was declared?")


def crumbs_of(desk: Desk, areas: Sequence[AreaRef]) -> list[tuple[str, Markup]]:
    """Give the areas above a unit as (path, name), from the whole election down."""
    return [
        (links.HOME, desk.gettext("Whole election")),
        *((links.area_path(area.slug), desk.area(area)) for area in areas),
    ]


def place_lines(desk: Desk, view: StationView) -> list[Markup]:
    """Give the name and address of a station, each once, as far as they are known."""
    lines = [
        desk.name(names, raw) for names, raw in ((view.names, view.name), (view.addresses, view.address))
    ]
    shown = [line for line in dict.fromkeys(lines) if line]
    # A station without a number has its name for a heading already.
    title = desk.plain(desk.station(view.short, view.names))
    return [line for line in shown if desk.plain(line) != title]


def part_of(desk: Desk, contest: StationContest) -> Part:
    """Prepare one contest for the page of a station."""
    level = desk.base_level
    key = contest.key
    prefix = links.anchor_prefix(key, len(desk.context.election.contests))
    seen = compare(contest)
    failing = sum(1 for check in contest.checks if check.broken)
    unknown = sum(1 for check in contest.checks if check.broken is None)
    return Part(
        key=key,
        anchor=f"{prefix}contest",
        prefix=prefix,
        title=desk.contest(key),
        verdict=verdict_of(desk, contest, level, seen),
        table=sheet_table(desk, contest, level, prefix),
        broken=broken_of(desk, contest, level),
        holding=len(contest.checks) - failing - unknown,
        failing=failing,
        unknown=unknown,
        checks=checks_table(desk, contest, level, prefix),
        findings=tuple(finding_lines(desk, contest)),
        warnings=tuple(finding_line(desk, contest, f) for f in contest.findings if f.severity == "warning"),
        origins=tuple(origins_of(desk, contest, prefix)),
        answers=tuple(answers_of(desk, contest.replies)),
    )


def broken_of(desk: Desk, contest: StationContest, level: str) -> tuple[Broken, ...]:
    """Say of each sheet that breaks rules what is wrong, with the figures of both sides of each rule."""
    broken: dict[int, list[Check]] = {}
    for check in contest.checks:
        if check.broken:
            broken.setdefault(check.sheet, []).append(check)
    found = []
    for sheet, checks in broken.items():
        figures = contest.sheets[sheet].figures
        words = []
        for check in checks:
            relation = relation_of(desk, level, check.relation)
            if relation is not None:
                said = broken_in_words(desk, contest.key, level, relation, figures, check)
                if len(checks) > 1:
                    said = Markup("{}: {}").format(check_name(desk, level, check.relation), said)
                words.append(said)
        name = check_name(desk, level, checks[0].relation)
        if len(checks) > 1:
            name = desk.ngettext("%(num)s rule is broken", "%(num)s rules are broken", len(checks))
        found.append(Broken(name, sheet_name(desk, contest, sheet), tuple(words)))
    return tuple(found)


def finding_lines(desk: Desk, contest: StationContest) -> Iterator[FindingLine]:
    """List the findings of a station that are no warnings; the broken rules of one sheet are one line."""
    sheets: dict[tuple[object, ...], list[Found]] = {}
    for found in contest.findings:
        if found.severity == "error":
            alone = found.entry if found.kind != "arithmetic" else ""
            sheets.setdefault((found.sources, found.rows, alone), []).append(found)
    for same in sheets.values():
        line = finding_line(desk, contest, same[0])
        if len(same) > 1:
            rules = tuple(finding_line(desk, contest, found) for found in same)
            line = line._replace(path="", name=folded_words(desk, same), rules=rules)
        yield line


def finding_line(desk: Desk, contest: StationContest, found: Found) -> FindingLine:
    """Say in a line what a finding is about."""
    if found.kind == "arithmetic":
        name = check_name(desk, found.level, found.check)
    else:
        name = finding_name(desk, kind_of(desk, found))
    places = [
        sheet_name(desk, contest, index)
        for source, row in zip(found.sources, found.rows, strict=False)
        if (index := sheet_of(contest, source, row)) is not None
    ]
    detail = [Markup(" – ").join(places)] if places else []
    if found.largest:
        line, difference = found.largest
        label = desk.label(contest.key, found.level, line)
        detail.append(Markup('{} <span class="diff">{}</span>').format(label, desk.signed(difference)))
    elif found.severity == "warning":
        # A warning has no page of its own: its figures stand here.
        detail += [
            Markup("{} {}").format(
                desk.label(contest.key, found.level, line),
                Markup(" – ").join(desk.number(f) if f is not None else "?" for f in figures),
            )
            for line, figures in list(found.lines.items())[:6]
        ]
    path = links.finding_path(found.id) if found.id else ""
    return FindingLine(path, name, Markup("; ").join(detail), tuple(care_words(desk, found)))
