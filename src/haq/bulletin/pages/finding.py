"""The page of a finding: what exactly is different, and what it does not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import AreaRef, EvidenceFile, FindingView, Found, Sheet
from haq.bulletin.pages import links
from haq.bulletin.pages.beside import beside_of, index_of, rules_broken, rules_held
from haq.bulletin.pages.checking import relation_of, rule_in_words, side_in_words
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.listing import place_of
from haq.bulletin.pages.provenance import answers_of, ties_in_words
from haq.bulletin.pages.sheets import copies_of, declared_name, sheet_name
from haq.bulletin.pages.station import crumbs_of
from haq.bulletin.pages.verdicts import difference_sentence
from haq.bulletin.pages.words import (
    FINDINGS,
    N_,
    care_words,
    check_name,
    difference_mark,
    entry_lines,
    figure_of,
    finding_name,
    grade_words,
    kind_of,
    missing_box,
)
from haq.law import CHOICES, Linear

#: What a finding of a kind does not show, besides what no finding shows.
NOT_SHOWN: dict[str, tuple[str, ...]] = {
    "official-differs": (
        N_("The copy may belong to another station or to a draft: look at its photograph or at the sheet."),
        N_("Votes may have been counted again after the copy was made. Then there is an act that says so."),
    ),
    "official-changed": (
        N_("A mistake in the first publication may have been put right. Then the commission can say which."),
    ),
    "copies-disagree": (N_("Nothing here says which of the two copies is right."),),
    "sum-differs": (
        N_("A protocol may be missing among those that haq was given, or one may have been added twice."),
        N_("The summary may be right and a protocol under it wrong."),
    ),
    "arithmetic": (
        N_("Most broken sums are slips of the pen. The votes themselves may be right."),
        N_("Which of the numbers is wrong cannot be told from the sum."),
    ),
    "not-declared": (N_("The result may have been published later, or in a place that haq was not given."),),
}


class Column(NamedTuple):
    """One of the sources of a finding.

    Attributes:
        name: of its column.
        who: organisation, grade and ties, or the commission.
        path: way to its place on the page of the unit; empty where the unit's page does not show it.
        file: name of the file, or its key.
        row: row of the file; None where it is a sum of rows or not there.
        sha256: of the file.
        photographs: of the sheet.
        entry: digest of the sheet's entry, if the page has it.
        copy: whether it is somebody's copy, of which photographs may be asked.
        holding: in words, how many of the rules that can be checked hold on the sheet.
        broken: the rules that it breaks, with its figures.
    """

    name: Markup
    who: Markup
    path: str
    file: Markup
    row: int | None
    sha256: str
    photographs: tuple[EvidenceFile, ...]
    entry: str
    copy: bool
    holding: Markup
    broken: tuple[Markup, ...]


class LineOf(NamedTuple):
    """A line that differs: its name, a figure a source, and the signed difference."""

    label: Markup
    number: str
    figures: tuple[Markup | str, ...]
    difference: Markup | None


class Large(NamedTuple):
    """The figures that are shown first: a label and a figure each, and what is between them."""

    figures: tuple[tuple[Markup, Markup | str], ...]
    label: Markup
    mark: Markup | str


def finding_page(desk: Desk, view: FindingView) -> str:
    """Write the page of a finding.

    Args:
        desk: of the language.
        view: everything that the page shows.

    Returns:
        The whole HTML text.
    """
    found = view.found
    place, home = place_of(desk, view.place)
    columns = columns_of(desk, view, home)
    heading = heading_of(desk, found)
    says = sentence_of(desk, view)
    lines = lines_of(desk, found)
    counted = desk.ngettext("%(num)s line is shown.", "%(num)s lines are shown.", len(lines))
    return desk.page(
        "finding.html",
        links.finding_path(found.id),
        replies_held=any(s.kind == "replies" for s in desk.context.election.sources),
        title=Markup("{}: {}").format(place, heading),
        # Who sees only what was shared has to see why it may not stand.
        description=" ".join(desk.plain(words) for words in (*care_words(desk, found), says, counted)),
        active="findings",
        crumbs=[*crumbs_of(desk, view.areas), (home, place)] if home != links.HOME else crumbs_of(desk, ()),
        heading=heading,
        place=place,
        home=home,
        contest=desk.contest(found.contest),
        says=says,
        large=large_of(desk, found, columns),
        columns=columns,
        lines=lines,
        compared=found.kind != "arithmetic" and len(found.sources) > 1,
        kind_sentence=desk.gettext(FINDINGS[found.kind][1]) if found.kind in FINDINGS else "",
        rule=rule_of(desk, found),
        grade=grade_words(desk, found.grade) if _has_copy(desk, found) else "",
        care=care_words(desk, found),
        beside=beside_of(desk, view, home),
        beside_line=desk.label(found.contest, found.level, found.largest[0]) if found.largest else "",
        answers=answers_of(desk, found.replies),
        not_shown=[desk.gettext(message) for message in NOT_SHOWN.get(found.kind, ())],
        entries=entry_lines(desk, _entries(view)),
    )


def _entries(view: FindingView) -> list[tuple[str, str]]:
    """List the entries that the page shows as (kind, digest), each once."""
    sheets = (_sheet(view, place) for place in range(len(view.found.sources)))
    found = [
        ("finding", view.found.entry),
        *((sheet.kind, sheet.entry) for sheet in sheets if sheet is not None),
        *(("reply", reply.entry) for reply in view.found.replies),
    ]
    return list(dict.fromkeys(found))


def _sheet(view: FindingView, place: int) -> Sheet | None:
    index = index_of(view, place)
    return view.contest.sheets[index] if view.contest is not None and index is not None else None


def _has_copy(desk: Desk, found: Found) -> bool:
    return any(source is not None and source.kind == "copies" for source in map(desk.source, found.sources))


def heading_of(desk: Desk, found: Found) -> Markup:
    """Name a finding: its kind, or for a broken sum what is wrong with it."""
    if found.kind == "arithmetic":
        return check_name(desk, found.level, found.check)
    return finding_name(desk, kind_of(desk, found))


def sentence_of(desk: Desk, view: FindingView) -> Markup:
    """Say in a sentence what is different."""
    found = view.found
    # What stands on no sheet is not said as if it did.
    if (
        "no-figures" not in found.care
        and found.largest
        and found.kind in ("official-differs", "copies-disagree")
    ):
        key = found.largest[0]
        figures = found.lines.get(key, ())
        rules = desk.rules(found.contest)
        if rules and any(choice.key == key for choice in rules.choices) and len(figures) == 2:
            copied, declared = figures
            if copied is not None and declared is not None and copied != declared:
                stands_in = None
                if found.kind == "copies-disagree":
                    source = desk.source(found.sources[-1])
                    stands_in = desk.organisation(source.organisation or "") if source else Markup("")
                name = desk.label(found.contest, found.level, key)
                return difference_sentence(desk, name, copied, declared, stands_in)
    sentence = FINDINGS.get(kind_of(desk, found))
    return desk.gettext(sentence[1]) if sentence else finding_name(desk, found.kind)


def columns_of(desk: Desk, view: FindingView, home: str) -> list[Column]:
    """Say of each source of a finding what it is and where it can be seen."""
    found, contest = view.found, view.contest
    prefix = links.anchor_prefix(found.contest, len(desk.context.election.contests))
    columns = []
    for place, key in enumerate(found.sources):
        source = desk.source(key)
        index = index_of(view, place)
        sheet = _sheet(view, place)
        path, who, name = "", Markup(""), desk.text(key)
        if source is not None and source.level != found.level:
            name = desk.gettext("Sum of the level below: %(level)s", level=desk.level(source.level))
        elif contest is not None and index is not None and sheet is not None:
            name = sheet_name(desk, contest, index)
            if sheet.kind == "copy":
                number = copies_of(contest).index(index) + 1
                path = f"{home}#{links.copy_anchor(prefix, number)}"
                who = Markup("{}. {} {}").format(
                    desk.organisation(sheet.organisation),
                    ties_in_words(desk, sheet.organisation),
                    desk.gettext(
                        "Grade stated with the copies: %(grade)s.", grade=grade_words(desk, sheet.grade)
                    ),
                )
            else:
                path = f"{home}#{prefix}declared-{sheet.version}"
                who = desk.organ(found.level)
        elif source is not None:
            if source.kind == "official":
                name = declared_name(desk, source)
            elif source.kind == "copies":
                name = desk.gettext("Copy of %(name)s", name=desk.organisation(source.organisation or ""))
        if isinstance(view.place, AreaRef):
            # The page of an area shows its sheets in its own way, without places to jump to.
            path = home
        columns.append(
            Column(
                name=name,
                who=who,
                path=path,
                file=desk.text(source.file if source else key),
                row=found.rows[place] if place < len(found.rows) else None,
                sha256=source.sha256 if source else "",
                photographs=sheet.files if sheet else (),
                entry=sheet.entry if sheet else "",
                copy=sheet is not None and sheet.kind == "copy",
                holding=rules_held(desk, view, index),
                broken=rules_broken(desk, view, index),
            )
        )
    return columns


def lines_of(desk: Desk, found: Found) -> list[LineOf]:
    """List the lines of a finding, votes first, each with the figure of every source."""
    rules = desk.rules(found.contest)
    choices = {choice.key: place for place, choice in enumerate(rules.choices)} if rules else {}
    form = desk.form(found.level)
    order = {line.key: place for place, line in enumerate(form.lines)} if form else {}
    keys = sorted(
        found.lines,
        key=lambda key: (key not in choices, choices.get(key, order.get(key, len(order))), key),
    )
    lines = []
    for key in keys:
        figures = found.lines[key]
        shown = tuple(desk.number(f) if f is not None else missing_box(desk, "unknown") for f in figures)
        mark = None
        if found.kind != "arithmetic" and len(figures) > 1:
            first, last = figures[0], figures[-1]
            mark = difference_mark(desk, None if first is None or last is None else last - first)
        label = desk.label(found.contest, found.level, key)
        lines.append(LineOf(label, desk.line_number(found.level, key), shown, mark))
    return lines


def large_of(desk: Desk, found: Found, columns: Sequence[Column]) -> Large | None:
    """Choose what stands first: the line that differs most, or both sides of a broken sum."""
    if found.kind == "arithmetic":
        return _sides(desk, found)
    if found.largest is None or len(columns) < 2:
        return None
    key, difference = found.largest
    figures = found.lines.get(key, ())
    if len(figures) != len(columns):
        return None
    ends = ((columns[0].name, figures[0]), (columns[-1].name, figures[-1]))
    return Large(
        tuple((name, figure_of(desk, figure)) for name, figure in ends),
        desk.label(found.contest, found.level, key),
        difference_mark(desk, difference),
    )


def _sides(desk: Desk, found: Found) -> Large | None:
    relation = relation_of(desk, found.level, found.check)
    if relation is None:
        return None
    figures = {key: values[0] for key, values in found.lines.items() if values}
    left, right = (_value(desk, found.contest, side, figures) for side in (relation.left, relation.right))
    if left is None or right is None:
        return None
    names = [
        side_in_words(desk, found.contest, found.level, side) for side in (relation.left, relation.right)
    ]
    return Large(
        ((names[0], desk.number(left)), (names[1], desk.number(right))),
        desk.gettext("one side minus the other"),
        desk.number(left - right),
    )


def _value(desk: Desk, contest: str, side: Linear, figures: Mapping[str, int | None]) -> int | None:
    """Add up one side of a relation; None where a figure is missing."""
    rules = desk.rules(contest)
    choices = [choice.key for choice in rules.choices] if rules else []
    total = side.constant
    for key, factor in side.terms:
        for name in choices if key == CHOICES else [key]:
            figure = figures.get(name)
            if figure is None:
                return None
            total += factor * figure
    return total


class Rule(NamedTuple):
    """The rule that a protocol breaks, in words, and whether somebody has seen it in the law."""

    words: Markup
    confirmed: bool


def rule_of(desk: Desk, found: Found) -> Rule | None:
    """Write the control relation that an arithmetic finding is about; None for other findings."""
    relation = relation_of(desk, found.level, found.check) if found.kind == "arithmetic" else None
    if relation is None:
        return None
    return Rule(rule_in_words(desk, found.contest, found.level, relation), relation.confirmed)
