"""Why anybody should believe the site: how to build it again and compare."""

from __future__ import annotations

from markupsafe import Markup

from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.method import Section, text_page
from haq.bulletin.pages.rebuilding import EVERYTHING, commands, version_words


def verify_page(desk: Desk) -> str:
    """Write the page that says how to check the site.

    Args:
        desk: the desk.

    Returns:
        The HTML text.
    """
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
            Section(
                _("Check a copy of this site"),
                steps=[
                    _("Put a saved or mirrored copy of the whole site into the folder “mirror”."),
                    _(
                        "The command names every file of it that is not as in the site that you built: "
                        "changed, missing or added."
                    ),
                ],
                command=f"haq bulletin verify mirror --list again/{EVERYTHING}",
            ),
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
                    Markup("{} <code>{}</code>").format(
                        _("The election's entry:"), desk.text(desk.context.digest)
                    ),
                    Markup("{} <code>{}</code>").format(
                        _("The law profile %(key)s:", key=desk.text(desk.profile.key)),
                        desk.text(desk.context.election.law_sha256),
                    ),
                ],
            ),
        ],
        active="verify",
    )
