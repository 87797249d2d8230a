"""Pages of no language: the entrance of the site, and what stands in place of a page that is not there."""

from __future__ import annotations

from urllib.parse import urlsplit

from haq.bulletin.model import Context
from haq.bulletin.pages.environment import LANGUAGE_NAMES, Desk


def chooser_page(context: Context) -> str:
    """Write the page at the top of the site.

    Args:
        context: its languages; the page itself is marked with the first of them.

    Returns:
        The HTML text. Each line is in its own language.
    """
    return _page(context, top="")


def not_found_page(context: Context) -> str:
    """Write the page that a server shows where there is none.

    It is shown at any depth, so its links begin at the top of the host, or of the folder that the base
    URL names.

    Args:
        context: its languages; the page itself is marked with the first of them.

    Returns:
        The HTML text.
    """
    return _page(context, top=urlsplit(context.base_url).path or "/", lost=True)


def _page(context: Context, *, top: str, lost: bool = False) -> str:
    desks = [Desk(context, language) for language in context.languages]
    rows = [
        {
            "language": desk.language,
            "name": LANGUAGE_NAMES[desk.language],
            "title": desk.title,
            "day": desk.day,
            "made_up": desk.gettext("Made-up data.") if context.synthetic else "",
            "lost": desk.gettext("This page is not here."),
            "advice": desk.gettext("Its address may be mistyped, or the page may have moved."),
            "find": desk.gettext("Find my station"),
            "gone": desk.gettext(
                "A finding that was withdrawn keeps a page that says so; the list names everything "
                "that was withdrawn."
            ),
            "list": desk.gettext("Withdrawn entries and removed files"),
        }
        for desk in desks
    ]
    first = desks[0]
    template = first.environment.get_template("chooser.html")
    return template.render(
        first=first.language,
        title=first.plain(first.title),
        description=" · ".join(f"{desk.plain(desk.title)}, {desk.day}" for desk in desks),
        rows=rows,
        top=top,
        lost=lost,
    )
