"""Seats in words: by the copies and as declared on the same stations, and on everything declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from haq.bulletin.model import AreaContest, SeatsView
from haq.bulletin.pages.bars import sides_of
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import N_, difference_mark, missing_box
from haq.entries import Names
from haq.law import Rule

#: Why there are no seats: a sentence for each ``SeatsView.note``.
REASONS: dict[str, str] = {
    "part": N_("No seats, because the files cover only a part of the country."),
    "no-rule": N_("No seats, because the law profile has no rule for them."),
    "no-number": N_("No seats, because nobody has said how many there are."),
    "missing": N_(
        "No seats from the sum of the station protocols, because stations or choices are missing from it."
    ),
}
#: Parts of the rule that nobody has confirmed.
UNCONFIRMED: dict[str, str] = {
    "method": N_("how votes are turned into seats"),
    "threshold": N_("the share of the votes that a list needs"),
    "base": N_("what the threshold is a share of"),
    "too_few_lists": N_("what happens where only one list passes"),
    "ties": N_("who wins where claims are equal"),
}
#: How the totals of the entries begin to say the same, in English.
_BEGINNINGS = {
    "The method": "method",
    "The threshold": "threshold",
    "The base": "base",
    "The rule for too few lists": "too_few_lists",
    "The rule on ties": "ties",
}
#: What a threshold is a share of.
BASES: dict[str, str] = {
    "valid_with_against_all": N_("all votes, those against all among them"),
    "valid_for_lists": N_("the votes for lists"),
    "valid": N_("the valid votes"),
    "turnout": N_("the voters who took part"),
    "registered": N_("the registered voters"),
}
METHODS_OF_SEATS: dict[str, str] = {
    "largest_remainder": N_(
        "Each list gets the whole part of its votes divided by the quota; "
        "the seats left go to the largest remainders."
    ),
    "dhondt": N_(
        "Every seat goes to the list with the most votes, divided by 1, 2, 3 … for each seat "
        "that it has (D'Hondt)."
    ),
    "sainte_lague": N_(
        "Every seat goes to the list with the most votes, divided by 1, 3, 5 … for each seat "
        "that it has (Sainte-Laguë)."
    ),
    "modified_sainte_lague": N_(
        "Every seat goes to the list with the most votes, divided by 1.4, 3, 5 … for each seat "
        "that it has (modified Sainte-Laguë)."
    ),
    "huntington_hill": N_(
        "Every seat goes to the list with the most votes, divided by the root of n(n + 1), where "
        "n is how many it has (Huntington-Hill)."
    ),
    "adams": N_(
        "Every list gets a seat; the others go to the list with the most votes, divided by 1, 2, "
        "3 … for each seat that it has (Adams)."
    ),
    "danish": N_(
        "Every seat goes to the list with the most votes, divided by 1, 4, 7 … for each seat "
        "that it has (Danish method)."
    ),
    "plurality": N_("The choice with most votes wins."),
    "two_round": N_("The choice with more than half of the votes wins; otherwise there is a second round."),
}
QUOTAS: dict[str, str] = {
    "hare": N_("The quota is the votes of the lists that take part divided by the number of seats."),
    "droop": N_(
        "The quota is the votes of the lists that take part divided by the number of seats plus "
        "one, and the next whole number above (Droop)."
    ),
    "hagenbach_bischoff": N_(
        "The quota is the votes of the lists that take part divided by the number of seats plus "
        "one (Hagenbach-Bischoff)."
    ),
    "imperiali": N_(
        "The quota is the votes of the lists that take part divided by the number of seats plus "
        "two (Imperiali)."
    ),
}


#: The name of a basis, and the seats of a choice on it.
Column = tuple[Markup, Callable[[str], Markup | str]]


@dataclass(frozen=True)
class SeatRow:
    """Seats of a choice on each basis."""

    name: Markup
    cells: tuple[Markup | str, ...]


@dataclass(frozen=True)
class SeatTable:
    """Seats of a contest, and what has to be said about them."""

    caption: Markup
    heads: tuple[Markup, ...]
    rows: tuple[SeatRow, ...]
    reasons: tuple[Markup, ...]


def seat_table(desk: Desk, contest: AreaContest, seats: SeatsView) -> SeatTable:
    """Lay out the seats of a contest.

    Args:
        desk: the desk.
        contest: the contest in the whole election.
        seats: its seats.

    Returns:
        One row for each choice that wins a seat on any basis; a basis that gives no seats is left out
        and its reason said. Against all wins none anywhere and is not listed.
    """
    _ = desk.gettext
    columns = [*_same_stations(desk, contest, seats), *_everywhere(desk, contest, seats)]
    bases = [b for b in (seats.copies, seats.declared, seats.official, seats.sheet) if b is not None]
    rows = [
        SeatRow(desk.choice(contest.key, c.key), tuple(cell(c.key) for _head, cell in columns))
        for c in contest.choices
        if any(base.get(c.key) for base in bases)
    ]
    caption = _("Seats") if seats.seats is None else _("Seats, %(n)s in all", n=seats.seats)
    heads = tuple(head for head, _cell in columns)
    return SeatTable(caption, heads, tuple(rows), tuple(_reasons(desk, contest, seats)))


def _same_stations(desk: Desk, contest: AreaContest, seats: SeatsView) -> list[Column]:
    """Give the columns of the stations with copies: one where both sides give the same seats."""
    _, sides = desk.gettext, sides_of(desk, contest.key)
    ours, theirs = seats.copies, seats.declared
    if ours is None or theirs is None:
        return []
    if ours == theirs:
        return [(_("on the stations with copies: the same on both"), _figures(desk, ours))]

    def difference(key: str) -> Markup:
        known = key in ours and key in theirs
        return difference_mark(desk, theirs[key] - ours[key] if known else None)

    return [
        (_("by %(copies)s", copies=sides.copies), _figures(desk, ours)),
        (_("%(declared)s on the same stations", declared=sides.declared), _figures(desk, theirs)),
        (_("Difference"), difference),
    ]


def _everywhere(desk: Desk, contest: AreaContest, seats: SeatsView) -> list[Column]:
    """Give the columns of the whole election: one where both bases give the same seats."""
    _, sides = desk.gettext, sides_of(desk, contest.key)
    if seats.official is not None and seats.official == seats.sheet and not sides.stands_in:
        return [(_("declared everywhere: the same on both"), _figures(desk, seats.official))]
    columns: list[Column] = []
    if seats.official is not None:
        head = _("sum of the station protocols")
        if sides.stands_in:
            head = _("%(organisation)s, all its stations", organisation=sides.stands_in)
        columns.append((head, _figures(desk, seats.official)))
    if seats.sheet is not None:
        organ = desk.organ(desk.profile.levels[-1].key)
        columns.append((_("sheet: %(organ)s", organ=organ), _figures(desk, seats.sheet)))
    return columns


def _figures(desk: Desk, base: Mapping[str, int]) -> Callable[[str], Markup | str]:
    return lambda key: desk.number(base[key]) if key in base else missing_box(desk, "unknown")


def _reasons(desk: Desk, contest: AreaContest, seats: SeatsView) -> list[Markup]:
    _ = desk.gettext
    both = seats.copies is not None and seats.declared is not None
    said = []
    if seats.official is None and seats.note:
        known = REASONS.get(seats.note)
        said.append(_(known) if known else _("No seats: %(why)s", why=desk.text(seats.note)))
    if both and contest.compared < contest.stations:
        said.append(
            _(
                "The seats on stations with copies are to be read against each other, and are no forecast: "
                "these stations are no random sample."
            )
        )
    if seats.resting and seats.official is not None:
        said.append(_("The seats from the published total rest on figures that were withdrawn."))
    bases = (seats.copies, seats.declared, seats.official, seats.sheet)
    if seats.unconfirmed and any(base is not None for base in bases):
        parts = Markup(", ").join(_unconfirmed(desk, part) for part in seats.unconfirmed)
        said.append(
            _("These seats rest on rules that nobody has yet confirmed in the law: %(parts)s.", parts=parts)
        )
    return said


def _unconfirmed(desk: Desk, part: str) -> Markup:
    key = next((k for beginning, k in _BEGINNINGS.items() if part.startswith(beginning)), part)
    if key in UNCONFIRMED:
        return desk.gettext(UNCONFIRMED[key])
    return Markup('<span lang="en">{}</span>').format(desk.text(part.rstrip(".")))


def seat_rule(desk: Desk, contest: str) -> list[Markup]:
    """Say in words how the votes of a contest become seats, with the source of each rule."""
    _ = desk.gettext
    rules = desk.rules(contest)
    law = desk.profile.contests.get(rules.law) if rules else None
    rule = law.seat_rule if law else None
    if rule is None:
        return [_("The law profile has no rule on seats for this contest.")]
    said = [Markup("{} {}").format(_(METHODS_OF_SEATS[rule.method]), source_words(desk, rule))]
    if rule.quota:
        said.append(_(QUOTAS[rule.quota]))
    if rule.threshold is not None:
        share = rule.threshold.share
        words = _(
            "Seats go to lists with %(share)s or more.",
            share=desk.percent(
                share.numerator, share.denominator, 0 if (100 * share).denominator == 1 else 2
            ),
        )
        said.append(Markup("{} {}").format(words, source_words(desk, rule.threshold)))
    if rule.threshold is not None and rule.base is not None:
        words = _("The threshold is a share of: %(base)s.", base=_(BASES[rule.base.of]))
        said.append(Markup("{} {}").format(words, source_words(desk, rule.base)))
    return said


def source_words(desk: Desk, rule: Rule) -> Markup:
    """Say where a rule of the law profile comes from, and whether somebody has seen it there."""
    _ = desk.gettext
    source = desk.profile.sources.get(rule.source)
    if source is None:
        title = desk.text(rule.source)
    else:
        title = desk.name(Names(kk=source.titles.kk, ru=source.titles.ru, en=source.title))
        if source.article:
            title = _("%(title)s, article %(article)s", title=title, article=desk.text(source.article))
    state = _("confirmed") if rule.confirmed else _("not confirmed")
    return Markup('<span class="small quiet">({}: {}; <strong>{}</strong>)</span>').format(
        _("source"), title, state
    )
