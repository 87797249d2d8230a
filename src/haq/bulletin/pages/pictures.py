"""Pictures that the site keeps as files: share cards, and bars to save and print."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from haq import charts
from haq.bulletin.model import AreaContest, AreaView
from haq.bulletin.pages.bars import bars_of, coverage, difference_words, leading, sides_of, summary_words
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.links import contest_slug
from haq.bulletin.pages.provenance import makers_in_words
from haq.charts.card import Card, CardBar, share_card
from haq.charts.painter import Painter

#: Choices on a share card.
ON_CARD = 3


@dataclass(frozen=True)
class Offered:
    """A picture that a page offers: where its light and dark variants lie, and what it shows."""

    light: str
    dark: str
    title: str


def has_card(view: AreaView) -> bool:
    """Tell whether an area has a share card: the whole election and the areas directly below it."""
    return view.page == 1 and not view.parents


def card_path(language: str, slug: str) -> str:
    """Name the share card of an area."""
    return f"assets/cards/{language}-{slug or 'all'}.png"


def picture_path(language: str, contest: str, dark: bool) -> str:
    """Name the picture of copies against the declared result in the whole election."""
    return f"assets/pictures/{language}-{contest_slug(contest)}-{'dark' if dark else 'light'}.svg"


def card_of(view: AreaView, desk: Desk) -> Card:
    """Draw the share card of an area: the first contest that has something to compare."""
    contest = next((c for c in view.contests if c.compared), view.contests[0])
    sides = sides_of(desk, contest.key)
    choices = leading([c for c in contest.choices if c.stations], ON_CARD)
    order = [c.key for c in contest.choices]
    title = desk.plain(desk.area(view.ref))
    under = [desk.day] if not view.ref.key else [desk.plain(desk.title), desk.day]
    if len(view.contests) > 1:
        under.append(desk.plain(desk.contest(contest.key)))
    said = desk.plain(coverage(desk, contest, brief=True))
    if choices and not contest.taken_off:  # what N lost takes the room
        said = f"{said} {desk.plain(desk.gettext('On these stations:'))}"
    everyone = len(contest.choices)
    return share_card(
        title,
        " · ".join(under),
        said,
        [
            CardBar(
                desk.plain(desk.choice(contest.key, c.key)),
                c.copies,
                c.declared,
                f"{desk.signed(c.declared - c.copies)} "
                f"{desk.plain(difference_words(desk, c.declared - c.copies, sides))}",
                order.index(c.key),
            )
            for c in choices
        ],
        desk.language,
        words=(desk.plain(sides.copies), desk.plain(sides.declared)),
        makers=desk.plain(makers_in_words(desk, contest.key)),
        note=desk.plain(
            summary_words(desk, contest) or desk.gettext("Stations with copies are no random sample.")
        ),
        band=desk.plain(made_up(desk)),
        shown_of=(
            (lambda n: desk.plain(desk.gettext("Choices shown: %(n)s of %(of)s.", n=n, of=everyone)))
            if choices and everyone > 1
            else None
        ),
    )


def made_up(desk: Desk) -> Markup:
    """Say that the election was invented, where it was."""
    if not desk.context.synthetic:
        return Markup()
    return Markup(" ").join(
        (
            desk.gettext("Made-up data."),
            desk.gettext("A program invented this election to show how these pages work."),
        )
    )


def shared_words(desk: Desk, contest: AreaContest, said: Markup) -> Markup:
    """Say in the words that go along with a shared page how the choices differ, with their marks.

    Args:
        desk: the desk.
        contest: the contest in an area.
        said: n of N, and the answer of the page.

    Returns:
        ``said`` and the largest differences, the largest first.
    """
    sides = sides_of(desk, contest.key)
    differing = [c for c in contest.choices if c.stations and c.declared != c.copies]
    differing.sort(key=lambda c: -abs(c.declared - c.copies))
    words = [
        Markup("{}: {} {}.").format(
            desk.choice(contest.key, c.key),
            desk.signed(c.declared - c.copies),
            difference_words(desk, c.declared - c.copies, sides),
        )
        for c in differing[:ON_CARD]
    ]
    return Markup(" ").join((said, *words))


def offered(view: AreaView, desk: Desk) -> list[Offered]:
    """List the pictures that ``pictures_of`` draws for an area, for its page."""
    return [
        Offered(
            picture_path(desk.language, contest.key, dark=False),
            picture_path(desk.language, contest.key, dark=True),
            desk.plain(sides_of(desk, contest.key).question),
        )
        for contest in _drawn(view, desk)
    ]


def _drawn(view: AreaView, desk: Desk) -> Iterator[AreaContest]:
    # The fixed words of the picture are about a declared result, so nothing that stands in for one is drawn.
    if not view.ref.key and view.page == 1:
        for contest in view.contests:
            if contest.key not in desk.context.stands_in and bars_of(desk, contest):
                yield contest


def pictures_of(
    view: AreaView,
    desk: Desk,
    cards: MutableMapping[str, str] | None = None,
    painter: Painter | None = None,
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Draw the pictures of an area.

    Args:
        view: the area.
        desk: whose language and names are used.
        cards: path of a share card -> SHA-256 of its drawing, of the cards that lie in the site already: one
            that would be drawn alike is left out, because to make an image of it is slow. What is drawn is
            noted here.
        painter: paints the cards.

    Yields:
        Path in the site, and what makes the file, which takes long and may be called in any thread: a share
        card for the whole election and the areas directly below it, and for the whole election one SVG a
        contest, light and dark. The same view gives the same bytes.
    """
    paint = painter or Painter(beside=False)
    if has_card(view) and view.contests:
        path, card = card_path(desk.language, view.ref.slug), card_of(view, desk)
        drawing = hashlib.sha256(card.svg.encode()).hexdigest()
        if cards is None or cards.get(path) != drawing:
            yield path, partial(paint.png, card.svg)
        if cards is not None:
            cards[path] = drawing
    for contest in _drawn(view, desk):
        choices = [
            charts.ChoiceTotals(c.key, desk.plain(desk.choice(contest.key, c.key)), c.copies, c.declared)
            for c in contest.choices
            if c.stations
        ]
        for dark in (False, True):
            picture = charts.counted_against_declared(
                choices, contest.copied, contest.stations, desk.language, dark=dark
            )
            yield picture_path(desk.language, contest.key, dark), partial(_encoded, picture)


def _encoded(picture: charts.Picture) -> bytes:
    return picture.svg().encode()
