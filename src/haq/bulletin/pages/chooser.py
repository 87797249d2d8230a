"""The entrance of the site: the choice of language."""

from __future__ import annotations

from haq.bulletin.model import Context
from haq.bulletin.pages.environment import LANGUAGE_NAMES, Desk


def chooser_page(context: Context) -> str:
    """Write the page at the top of the site.

    Args:
        context: its languages; the page itself is marked with the first of them.

    Returns:
        The HTML text. Each line is in its own language.
    """
    desks = [Desk(context, language) for language in context.languages]
    rows = [
        {
            "language": desk.language,
            "name": LANGUAGE_NAMES[desk.language],
            "title": desk.title,
            "day": desk.day,
            "made_up": desk.gettext("Made-up data.") if context.synthetic else "",
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
    )
