"""The fixed words that several pages share: kinds of findings, checks, grades, states, problems.

Messages are English; ``N_`` marks them for the catalogues, and ``Desk.gettext`` says them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from markupsafe import Markup

from haq.bulletin.model import Figure, Found, Problem, Withdrawn
from haq.bulletin.pages.environment import LANGUAGE_NAMES, Desk


def N_(message: str) -> str:
    """Mark a message for the catalogues, to be said later."""
    return message


#: Kind of finding (``arithmetic:warning`` for warnings) -> its name, and one sentence on what it is.
FINDINGS: dict[str, tuple[str, str]] = {
    "official-differs": (
        N_("Declared otherwise than on the copy"),
        N_("The declared result of a station gives another number than a copy of its protocol."),
    ),
    "official-changed": (
        N_("The official result was changed"),
        N_("What was declared first and what was declared later are not the same."),
    ),
    "copies-disagree": (
        N_("Two copies of one protocol disagree"),
        N_("Two copies of the same protocol show different numbers."),
    ),
    "sum-differs": (
        N_("The sum of the level below differs"),
        N_("The summary of a commission is not the sum of the protocols under it."),
    ),
    "arithmetic": (
        N_("A sum does not add up"),
        N_("The numbers of one protocol break a rule that every protocol has to satisfy."),
    ),
    "arithmetic:copies": (
        N_("A sum on a copy does not add up"),
        N_("The numbers of one copy break a rule that every protocol has to satisfy."),
    ),
    "arithmetic:declared": (
        N_("A sum on a declared sheet does not add up"),
        N_("The numbers that a commission declared break a rule that every protocol has to satisfy."),
    ),
    "arithmetic:warning": (
        N_("Worth a look"),
        N_("A number is unusual. Most of them have an ordinary reason."),
    ),
    "not-declared": (
        N_("No declared result"),
        N_("The station is known from a list or a copy, and nothing was declared for it."),
    ),
}

#: On how many protocols or sheets the findings of a kind are; a protocol is a station's or a summary.
SPREAD: dict[str, str] = {
    "official-differs": N_("on %(n)s of %(of)s protocols that have a copy and a declared result"),
    "official-changed": N_("on %(n)s of %(of)s declared protocols"),
    "copies-disagree": N_("on %(n)s of %(of)s protocols that have a copy"),
    "sum-differs": N_("on %(n)s of %(of)s summary sheets"),
    "not-declared": N_("at %(n)s of %(of)s stations"),
    "arithmetic:copies": N_("counting every broken rule; on %(n)s of %(of)s copies"),
    "arithmetic:declared": N_("counting every broken rule; on %(n)s of %(of)s declared sheets"),
    "arithmetic:warning": N_("on %(n)s of %(of)s copies and declared sheets"),
}

#: Why a finding does not stand by itself: one sentence for each code of ``Found.care``.
CARE: dict[str, str] = {
    "no-figures": N_("Its figures stand on no sheet among the entries."),
    "withdrawn": N_("A figure that it rests on was withdrawn by those who published it."),
    "waits": N_(
        "The difference is large and rests on a single copy of a weak grade. It waits for a second source."
    ),
    "one-reading": N_("One reading so far; a second person has not read the copy yet."),
    "contradicted": N_("Another copy of the same protocol has another number on this line."),
    "own-sum": N_(
        "The copy itself breaks a rule of the form. With the other number on this line it would break it "
        "less, or not at all."
    ),
}

#: haq's own checks: what is said when one flags. Relations of the law profile bring their own words.
CHECKS: dict[str, str] = {
    "negative": N_("A number below zero"),
    "above_registered": N_("More ballots issued, found or cast than registered voters"),
    "turnout_100": N_("Turnout of 100%% or more"),
    "issued_found_gap": N_("Ballots issued and ballots found differ by 15 or more and by 2%% or more"),
    "blank_high": N_("Blank ballots are 3%% or more"),
    "invalid_high": N_("Invalid ballots are 3%% or more"),
    "one_choice_99": N_("One choice has 99%% or more of the votes"),
    "digits_swapped": N_("Two digits or two lines were probably exchanged"),
}

#: Provenance of a copy, best first.
GRADES: dict[str, str] = {
    "A": N_("grade A, a signed and sealed copy"),
    "B": N_("grade B, two independent photographs of the posted sheet"),
    "C": N_("grade C, one photograph"),
    "D": N_("grade D, typed or sent as text"),
    "": N_("grade not given"),
}

STATES: dict[str, str] = {
    "same": N_("same"),
    "differs": N_("differs"),
    "no-copy": N_("no copy"),
    "not-declared": N_("not declared"),
    "declared-twice": N_("declared twice"),
    "official-withdrawn": N_("result withdrawn"),
    "copy-withdrawn": N_("copy withdrawn"),
}

#: What stands where there is no number.
MISSING: dict[str, str] = {
    "empty": N_("empty"),
    "unreadable": N_("unreadable"),
    "different": N_("readings differ"),
    "absent": N_("not on this sheet"),
    "unknown": N_("not known"),
    "twice": N_("declared twice"),
}

#: How far the readings of a copy have come.
READINGS: dict[str, str] = {
    "unread": N_("nobody has read this copy yet"),
    "first": N_("first reading only"),
    "different": N_("its readings differ"),
    "agreed": N_("two readings agree"),
    "file": N_("figures came in a file"),
}

#: Kinds of entries.
ENTRIES: dict[str, str] = {
    "election": N_("election"),
    "station": N_("station"),
    "area": N_("area"),
    "official": N_("official result"),
    "copy": N_("copy"),
    "reading": N_("reading of a copy"),
    "finding": N_("finding or warning"),
    "reply": N_("reply of the commission"),
    "total": N_("totals"),
    "retraction": N_("retraction"),
    "redaction": N_("removal of a file"),
    "commitment": N_("promise of data"),
    "reveal": N_("promised data"),
}

#: What is wrong with an entry: a sentence for each ``Problem.code``.
PROBLEMS: dict[str, str] = {
    "not-json": N_("This line cannot be read as JSON."),
    "not-valid": N_("This entry does not have the form that an entry must have."),
    "not-canonical": N_("This entry is not written in the one agreed way, so its digest cannot be trusted."),
    "unknown-kind": N_("haq does not know this kind of entry."),
    "other-election": N_("This entry belongs to another election."),
    "too-long": N_("This entry is longer than 65,535 bytes, the most that a log takes; it is not used."),
    "twice": N_("This entry is there twice."),
    "two-elections": N_("There are two different descriptions of the election; the first one is used."),
    "two-officials": N_(
        "Two entries give the same version of an official result; where their figures differ, none is chosen."
    ),
    "two-summaries": N_(
        "There are several summary sheets of the whole election under different keys; the first key is shown."
    ),
    "reading-without-copy": N_("There is a reading of a copy that is not among the entries."),
    "copy-without-reading": N_("There is a copy whose figures nobody has sent."),
    "readings-differ": N_("The readings of one copy differ; no figure is chosen where they do."),
    "two-stations": N_("Two entries describe the same station differently."),
    "unknown-contest": N_("The entry names a contest that the election does not have."),
    "unknown-source": N_("The entry names a file that the election does not list."),
    "unknown-organisation": N_("The entry names an organisation that the election does not list."),
    "unknown-line": N_("The sheet has a line that the law profile does not know."),
    "unknown-law": N_(
        "The election has a contest that the law profile does not know, so no seats are shared out in it."
    ),
    "unknown-level": N_("The entry names a level that the law profile does not have."),
    "two-areas": N_("Two entries describe the same area differently."),
    "wrong-source": N_("The entry does not fit the source that it names: it is shown, and stands in no sum."),
    "two-parents": N_("One area stands under two different areas."),
    "finding-without-figures": N_(
        "The figures of this finding stand on no sheet among the entries. Its page is kept, and it is in no "
        "list of the largest differences."
    ),
    "difference-without-finding": N_(
        "Copies differ from what was declared, and no finding among the entries says so. The pages of these "
        "stations show the difference."
    ),
    "total-differs": N_(
        "A published total is not the sum of the protocols among these entries: some are missing or were "
        "changed."
    ),
    "unknown-unit": N_(
        "The entry is about a station or area that is on no list; it is none of the stations counted."
    ),
    "file-missing": N_("A file that the entry names was not given."),
    "file-hash": N_("A file is not the one that the entry names: its SHA-256 is another."),
    "file-not-shown": N_("A file is of a kind that these pages do not show."),
    "file-redacted": N_(
        "A file was removed for what it says of people. Its SHA-256 stays; whoever holds the file removes it."
    ),
    "retracts-nothing": N_("A retraction names an entry that is not there; it changes nothing."),
    "photograph-damaged": N_(
        "A photograph is damaged or cut off, so nobody can say what is in it; it is not shown."
    ),
    "photograph-tells-where": N_(
        "A photograph still carries what the camera noted, such as the place and the device. It is not "
        "shown, so that it endangers nobody; haq check takes this out."
    ),
    "profile-differs": N_("The law profile is not the one that the election names."),
}


class EntryLine(NamedTuple):
    """An entry at the foot of a page.

    Attributes:
        kind: in words.
        digest: SHA-256 of the entry.
        place: in the log, from 0; None where the site is built from a file.
        leaf: hash of its leaf in the log, in hexadecimal; empty likewise.
    """

    kind: str
    digest: str
    place: int | None = None
    leaf: str = ""


def entry_lines(desk: Desk, entries: Iterable[tuple[str, str]]) -> list[EntryLine]:
    """Name the entries of a page, in the order of the log where there is one.

    Args:
        desk: of the page.
        entries: (kind, digest).
    """
    lines = [
        EntryLine(
            desk.gettext(ENTRIES[kind]) if kind in ENTRIES else kind, key, *desk.placed.get(key, (None, ""))
        )
        for kind, key in entries
    ]
    return sorted(lines, key=lambda line: line.place or 0) if desk.placed else lines


def entry_mark(desk: Desk, digest: str) -> Markup:
    """Name an entry within a sentence: by its place in the log, or by its digest."""
    place, _ = desk.placed.get(digest, (None, ""))
    return Markup("<code>{}</code>").format(digest if place is None else place)


class WithdrawnLine(NamedTuple):
    """An entry that was withdrawn, in words.

    Attributes:
        kind: of the entry.
        entry: its place in the log, or its digest; ``by`` and ``instead`` likewise of the retraction and of
            what stands in its place, which may be nothing.
        reason: why, in the words of whoever withdrew it.
        language: of the reason; empty where it is the page's or not known.
    """

    kind: Markup
    entry: Markup
    by: Markup
    instead: Markup
    reason: Markup
    language: str


def withdrawn_lines(desk: Desk, withdrawn: Iterable[Withdrawn]) -> list[WithdrawnLine]:
    """Say which entries were withdrawn, and why."""
    return [
        WithdrawnLine(
            kind=desk.gettext(ENTRIES[one.kind]) if one.kind in ENTRIES else desk.text(one.kind),
            entry=entry_mark(desk, one.entry),
            by=entry_mark(desk, one.by),
            instead=entry_mark(desk, one.replaced_by) if one.replaced_by else Markup(),
            reason=desk.text(one.reason),
            language=language_of(desk, one.language),
        )
        for one in withdrawn
    ]


def language_of(desk: Desk, language: str) -> str:
    """Give the language of a stranger's words for ``lang``; empty where it is the page's or not known."""
    return language if language in LANGUAGE_NAMES and language != desk.language else ""


def kind_of(desk: Desk, found: Found) -> str:
    """Give the key of ``FINDINGS`` that a finding belongs to: broken sums by the sheet that they are on."""
    if found.kind != "arithmetic":
        return found.kind
    if found.severity == "warning":
        return "arithmetic:warning"
    source = desk.source(found.sources[0]) if found.sources else None
    names = {"copies": "arithmetic:copies", "official": "arithmetic:declared"}
    return names.get(source.kind if source else "", "arithmetic")


def care_words(desk: Desk, found: Found) -> list[Markup]:
    """Say why a finding has to be read with care, a sentence a reason."""
    codes = found.care or (("waits",) if found.waits else ())
    if "withdrawn" in codes:
        codes = tuple(code for code in codes if code != "no-figures")  # that is why they stand on none
    return [desk.gettext(CARE[code]) if code in CARE else desk.text(code) for code in codes]


def finding_name(desk: Desk, kind: str) -> Markup:
    """Name a kind of finding."""
    known = FINDINGS.get(kind)
    return desk.gettext(known[0]) if known else desk.text(kind)


def check_name(desk: Desk, level: str, check: str) -> Markup:
    """Say what is wrong when a check flags: the relation's words of the law profile, or haq's own."""
    if check in CHECKS:
        return desk.gettext(CHECKS[check])
    form = desk.form(level)
    for relation in form.relations if form else ():
        if relation.key == check:
            return desk.said(relation.name)
    return Markup('<code class="key">{}</code>').format(desk.text(check))


def grade_words(desk: Desk, grade: str) -> Markup:
    """Say what a provenance grade means."""
    return desk.gettext(GRADES[grade]) if grade in GRADES else desk.text(grade)


def kept(desk: Desk, key: tuple[str, ...], make: Callable[[], Markup]) -> Markup:
    """Give a part that is the same on thousands of pages, made once a desk."""
    found: Markup | None = desk.memory.get(key)
    if found is None:
        found = desk.memory[key] = make()
    return found


def state_mark(desk: Desk, state: str) -> Markup:
    """Mark a state by shape and word."""
    return kept(
        desk,
        ("state", state),
        lambda: Markup('<span class="state state-{}">{}</span>').format(state, desk.gettext(STATES[state])),
    )


def missing_box(desk: Desk, why: str) -> Markup:
    """Put the word for a missing figure into its dashed box: a key of ``MISSING``."""
    return kept(
        desk,
        ("missing", why),
        lambda: Markup('<span class="missing">{}</span>').format(desk.gettext(MISSING[why])),
    )


def figure_of(desk: Desk, figure: Figure | None) -> Markup | str:
    """Write a figure of a sheet, or the box that says why there is none."""
    if isinstance(figure, int):
        return desk.number(figure)
    return missing_box(desk, "absent" if figure is None else figure)


def difference_mark(desk: Desk, difference: int | None) -> Markup:
    """Write a signed difference with its shape; a difference that nobody can know is boxed."""
    if difference is None:
        return missing_box(desk, "unknown")
    if difference == 0:
        return Markup('<span class="diff same">= <span class="visually-hidden">{}</span></span>').format(
            desk.gettext(STATES["same"])
        )
    return Markup('<span class="diff">{}</span>').format(desk.signed(difference))


def problem_sentence(desk: Desk, problem: Problem) -> Markup:
    """Say what is wrong with an entry, where, and what it names."""
    known = PROBLEMS.get(problem.code)
    sentence = (
        desk.gettext(known)
        if known
        else desk.gettext("Something is wrong here: %(code)s.", code=problem.code)
    )
    named = Markup(", ").join(
        Markup("{} <code>{}</code>").format(desk.text(key), desk.text(value))
        for key, value in sorted(problem.values.items())
    )
    where = Markup("<code>{}</code>").format(desk.text(problem.where)) if problem.where else Markup()
    return Markup('{} <span class="quiet">{}{}{}</span>').format(
        sentence, where, Markup(" · ") if where and named else "", named
    )
