"""Why anybody should believe the site: how to build it again and compare."""

from __future__ import annotations

from haq.bulletin.model import WithdrawnView
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.log import copy_section, digest_paragraphs, log_page
from haq.bulletin.pages.method import Section, text_page
from haq.bulletin.pages.rebuilding import commands, version_words
from haq.bulletin.pages.withdrawn import NOTHING, gone_section


def verify_page(desk: Desk, gone: WithdrawnView = NOTHING) -> str:
    """Write the page that says how to check the site.

    Args:
        desk: the desk.
        gone: what was withdrawn or removed.

    Returns:
        The HTML text.
    """
    if desk.log is not None:
        return log_page(desk, desk.log, gone)
    _ = desk.gettext
    address = [] if desk.context.base_url else [_("Put the address of this site in place of ADDRESS.")]
    return text_page(
        desk,
        links.VERIFY,
        _("Why should I believe this site?"),
        _("You need not. Build it again from the entries and compare."),
        [
            Section(
                _("Build this site again"),
                steps=[
                    _(
                        "Run these commands. They fetch the entries and every file that the site was "
                        "built from, check their SHA-256, and build the site again."
                    ),
                    *address,
                    _(
                        "If the last command prints nothing, the list of this site has the hash of every "
                        "file that you built. That its pages are what the list says, you see by "
                        "fetching them: see below. If it prints something, it names the files that "
                        "differ."
                    ),
                    _("A Mac has the command %(command)s in place of sha256sum.", command="shasum -a 256"),
                ],
                command=commands(desk),
                paragraphs=[version_words(desk)],
            ),
            copy_section(desk),
            gone_section(desk, gone),
            Section(
                _("Check one station"),
                points=[
                    _(
                        "Open its page and compare the numbers with the photograph, or with the "
                        "protocol that you saw on the wall."
                    ),
                    _(
                        "At the foot of the page stand the digests of all its entries; look each "
                        "of them up in the file of entries."
                    ),
                ],
            ),
            Section(
                _("What the digests are"),
                paragraphs=[
                    _(
                        "An entry is one published item: a copy, a result, a finding. Its digest "
                        "is the SHA-256 of its text: whoever changes an entry changes its digest "
                        "too."
                    ),
                    *digest_paragraphs(desk),
                ],
            ),
        ],
        active="verify",
    )
