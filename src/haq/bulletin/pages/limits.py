"""What these pages do not show."""

from __future__ import annotations

from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.method import Section, text_page


def limits_page(desk: Desk) -> str:
    """Write the page of limits.

    Args:
        desk: the desk.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    copies = [
        _(
            "There are copies only of stations where somebody could get one. These are no random "
            "sample: their totals say nothing of the other stations."
        ),
        _(
            "Many stations may have no copy at all. Each page says how many of how many; nothing is "
            "said of the rest."
        ),
        _(
            "A copy can be wrong: a slip of whoever wrote it, a bad photograph, or a forgery. Its "
            "grade is what its organisation says of it."
        ),
    ]
    differences = [
        _(
            "A difference can be a slip of the pen, a recount or an alteration. It is a question "
            "to the commission."
        ),
        _("Where the commission replied, its reply stands beside the difference."),
        _(
            "A difference says nothing about any person. haq itself writes no name of a member of a "
            "commission, an observer or a voter. A photograph or a reply shows what was written on it."
        ),
        _(
            "Where figures are the same, or a sum holds, the protocol is consistent. Whether it "
            "is true, these pages cannot know."
        ),
    ]
    figures = [
        _(
            "What may have happened before the count (pressure, wrong voter lists, stuffed "
            "ballots) does not show when two sheets are compared."
        ),
        _("A missing figure stays missing. It is never filled in, rounded or taken for a zero."),
        _("Names, areas and addresses are as the sources give them."),
    ]
    if desk.context.stands_in:
        copies.append(
            _(
                "Where nothing official is known, copies of different organisations are compared "
                "with each other. That they agree does not make them official."
            )
        )
    return text_page(
        desk,
        links.LIMITS,
        _("What this does not show"),
        _("What a reader must not take from these pages."),
        [
            Section(_("About the copies"), points=copies),
            Section(_("About the differences"), points=differences),
            Section(_("About the figures"), points=figures),
        ],
        active="",
    )
