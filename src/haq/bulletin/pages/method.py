"""Short pages on how each number comes about, in words that a teacher understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.mandates import seat_rule, source_words
from haq.bulletin.pages.words import CHECKS, FINDINGS, GRADES, N_
from haq.law import Relation
from haq.law.expressions import CHOICES, Linear


@dataclass(frozen=True)
class Section:
    """A part of a page: paragraphs, points, steps, or a command."""

    title: Markup
    paragraphs: Sequence[Markup] = ()
    points: Sequence[Markup] = ()
    steps: Sequence[Markup] = ()
    command: str = ""


@dataclass(frozen=True)
class Method:
    """A method: its name, what it says first, how it goes, and what it does not show."""

    name: str
    lead: str
    steps: tuple[str, ...]
    limits: tuple[str, ...]


_METHODS: dict[str, Method] = {
    "comparison": Method(
        N_("How copies and the declared result are compared"),
        N_("Line by line: the declared number minus the number on the copy."),
        (
            N_("A plus means that more was declared than stands on the copy, a minus that less was."),
            N_(
                "Each copy is compared by itself. Copies that contradict each other are all shown; "
                "no majority decides among them."
            ),
            N_(
                "A line that is empty or unreadable on either side cannot be compared. It is "
                "neither the same nor different, and never a zero."
            ),
            N_(
                "Where a result was declared more than once, the latest is compared, and the "
                "earlier ones stand beside it."
            ),
        ),
        (
            N_("A difference does not say who made it, why, or whether on purpose."),
            N_("Two numbers that are the same may both be wrong."),
        ),
    ),
    "provenance": Method(
        N_("How good a copy is"),
        N_(
            "Every copy has a grade that says how it was made. The organisation that gives the copy names it."
        ),
        (
            N_(
                "A difference of 10 votes or more that rests on one copy of grade C or D waits "
                "for a second source, and its page says so."
            ),
            N_("The organisation that made a copy is named with the ties that it declares."),
            N_(
                "The SHA-256 of every photograph and every file is published: whoever exchanges "
                "one later is found out."
            ),
        ),
        (
            N_(
                "haq does not check a grade. Where there is no photograph, nobody can check it on "
                "these pages."
            ),
        ),
    ),
    "relations": Method(
        N_("Rules of the form that every protocol has to satisfy"),
        N_("A protocol can be checked against itself, without any copy."),
        (
            N_("Both sides are worked out from the numbers of one sheet, as the form of the law says."),
            N_("Where a number is missing, the rule is neither kept nor broken: it cannot be worked out."),
        ),
        (
            N_(
                "A protocol on which every sum holds may still be false: votes moved from one "
                "choice to another keep every sum."
            ),
            N_("A broken sum is most often a slip of the pen of tired people."),
        ),
    ),
    "totals": Method(
        N_("How the totals are added up"),
        N_("Only what is known on both sides is compared. Every sum says from how many stations it comes."),
        (
            N_(
                "For the comparison, a line of a station counts where all its copies agree and a "
                "figure was declared."
            ),
            N_("The copies and the declared figures are added up over those same stations."),
            N_("Beside it stands what was declared everywhere, over every station that declared a figure."),
            N_(
                "The sheet of a higher commission is compared with the sum of the sheets below "
                "it, by the key of the area and never by its name."
            ),
        ),
        (
            N_(
                "Stations with copies are no random sample, so their totals say nothing of the "
                "other stations."
            ),
            N_("A sum with a missing part is unknown, and not wrong."),
        ),
    ),
    "seats": Method(
        N_("How votes become seats"),
        N_("By the rule of the law, in whole numbers and exact fractions."),
        (),
        (
            N_(
                "Seats worked out from stations with copies are no forecast: they only show what "
                "the difference is worth on these stations."
            ),
            N_("Where a rule is not confirmed, the seats that rest on it may be others."),
        ),
    ),
    "findings": Method(
        N_("How findings come about"),
        N_(
            "A finding is a difference with a name and with the figures that show it. A rule "
            "finds it, not an opinion."
        ),
        (),
        (
            N_("A finding does not say who erred, why, or whether on purpose; most are slips of the pen."),
            N_(
                "Where nothing was found, not everything has to be right: only what can be "
                "compared is compared."
            ),
        ),
    ),
}

#: Keys of the method pages.
METHODS = tuple(_METHODS)


def method_page(desk: Desk, key: str) -> str:
    """Write the page of a method.

    Args:
        desk: the desk.
        key: one of ``METHODS``.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    method = _METHODS[key]
    sections = []
    if method.steps:
        sections.append(Section(_("How it is done"), points=[_(step) for step in method.steps]))
    sections += _details(desk, key)
    sections.append(Section(_("What it does not show"), points=[_(limit) for limit in method.limits]))
    return text_page(
        desk, links.method_path(key), _(method.name), _(method.lead), sections, active="verify", itself=key
    )


def text_page(
    desk: Desk,
    path: str,
    title: Markup,
    lead: Markup,
    sections: Sequence[Section],
    *,
    active: str,
    itself: str = "",
) -> str:
    """Write a page of text, with links to the methods at its end.

    Args:
        desk: the desk.
        path: of the page, below its language.
        title: its heading.
        lead: its first sentence, and what search machines show of it.
        sections: what it says.
        active: which entry of the menu it belongs to; empty for none.
        itself: the method that it describes, which needs no link.

    Returns:
        The HTML text.
    """
    return desk.page(
        "text.html",
        path,
        title=title,
        description=lead,
        active=active,
        heading=title,
        lead=lead,
        sections=sections,
        others=[
            {"href": links.method_path(key), "name": method_name(desk, key)}
            for key in METHODS
            if key != itself
        ],
    )


def method_name(desk: Desk, key: str) -> Markup:
    """Name a method."""
    return desk.gettext(_METHODS[key].name)


def _details(desk: Desk, key: str) -> Iterator[Section]:
    _ = desk.gettext
    if key == "provenance":
        yield Section(_("The grades"), points=[_(GRADES[grade]) for grade in sorted(GRADES) if grade])
    elif key == "relations":
        seen = set()
        for level in desk.profile.levels:
            if level.form in seen:
                continue
            seen.add(level.form)
            form = desk.profile.forms[level.form]
            relations = [_relation(desk, level.key, relation) for relation in form.relations]
            yield Section(
                _("In this election: %(organ)s", organ=desk.organ(level.key)),
                points=relations,
                paragraphs=() if relations else (_("The law profile has no such rule for this form."),),
            )
        yield Section(_("What haq looks at besides"), points=[_(words) for words in CHECKS.values()])
    elif key == "seats":
        for contest in desk.context.election.contests:
            yield Section(desk.contest(contest.key), points=seat_rule(desk, contest.key))
    elif key == "findings":
        yield Section(
            _("The kinds"),
            points=[
                Markup("<strong>{}</strong>. {}").format(_(name), _(words))
                for name, words in FINDINGS.values()
            ],
        )


def _relation(desk: Desk, level: str, relation: Relation) -> Markup:
    _ = desk.gettext
    sign = {
        "==": _("has to equal"),
        "<=": _("must not be more than"),
        ">=": _("must not be less than"),
    }[relation.op]
    said = Markup("{} <strong>{}</strong> {}").format(
        _side(desk, level, relation.left), sign, _side(desk, level, relation.right)
    )
    if relation.tolerance:
        said = Markup("{} {}").format(said, _("(a difference up to %(n)s is let pass)", n=relation.tolerance))
    weight = _("a warning") if relation.severity == "warning" else _("an error")
    return Markup('{}. <span class="quiet">{}</span> {}').format(said, weight, source_words(desk, relation))


def _side(desk: Desk, level: str, side: Linear) -> Markup:
    parts: list[Markup] = []
    numbers = [(desk.text(str(abs(side.constant))), side.constant)] if side.constant else []
    for name, factor in [*((_term(desk, level, k, f), f) for k, f in side.terms), *numbers]:
        sign = "\u2212 " if factor < 0 else "+ " if parts else ""
        parts.append(Markup("{}{}").format(sign, name))
    return Markup(" ").join(parts) or Markup("0")


def _term(desk: Desk, level: str, key: str, factor: int) -> Markup:
    if key == CHOICES:
        name = desk.gettext("votes for all choices")
    else:
        number = desk.line_number(level, key)
        name = desk.label("", level, key)
        name = Markup("«{}»{}").format(name, f" ({number})" if number else "")
    return name if abs(factor) == 1 else Markup("{} × {}").format(abs(factor), name)
