"""What these pages do not show."""

from __future__ import annotations

from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.method import METHODS, Section, method_name


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
            "Stations with copies are those where somebody could stay and was given a copy. They "
            "are no random sample, so their totals say nothing of the other stations."
        ),
        _("Most stations may have no copy at all. Each page says n of N; nothing is said of the rest."),
        _(
            "A copy can be wrong: a slip of whoever wrote it, a bad photograph, or a forgery. Its "
            "grade says how it reached us."
        ),
    ]
    differences = [
        _(
            "A difference can be a slip of the pen, a recount or an alteration. It is a question "
            "to the commission, and its answer stands beside it."
        ),
        _(
            "A difference says nothing about any person. These pages name no member of a "
            "commission, no observer and no voter."
        ),
        _(
            "Where figures are the same, or a sum holds, the protocol is consistent. Whether it "
            "is true, these pages cannot know."
        ),
    ]
    figures = [
        _(
            "What happened before the count (pressure, lists of voters, ballots put in) does not "
            "show in a comparison of two sheets."
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
    return desk.page(
        "text.html",
        links.LIMITS,
        title=_("What this does not show"),
        description=_("What a reader must not take from these pages."),
        active="",
        heading=_("What this does not show"),
        lead=_("What a reader must not take from these pages."),
        sections=[
            Section(_("About the copies"), points=copies),
            Section(_("About the differences"), points=differences),
            Section(_("About the figures"), points=figures),
        ],
        others=[{"href": links.method_path(key), "name": method_name(desk, key)} for key in METHODS],
    )
