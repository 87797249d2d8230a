"""Why anybody should believe the site: how to build it again and compare."""

from __future__ import annotations

from markupsafe import Markup

from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.method import METHODS, Section, method_name


def verify_page(desk: Desk) -> str:
    """Write the page that says how to check the site.

    Args:
        desk: the desk.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    languages = ",".join(desk.languages)
    base = f" --base-url {desk.context.base_url}" if desk.context.base_url else ""
    commands = "\n".join(
        [
            "pip install haq",
            f"haq bulletin build entries.jsonl --out again --languages {languages}{base}",
            "diff -r -x '.haq-*' -x files again site",
        ]
    )
    entries = Markup('<a href="../data/entries.jsonl" download>entries.jsonl</a>')
    return desk.page(
        "text.html",
        links.VERIFY,
        title=_("Why should I believe this site?"),
        description=_("You need not. Build it again from the entries and compare."),
        active="verify",
        heading=_("Why should I believe this site?"),
        lead=_("You need not. Build it again from the entries and compare."),
        sections=[
            Section(
                _("Build this site again"),
                steps=[
                    _("Download %(file)s: every figure on these pages comes from it.", file=entries),
                    _(
                        "Run these three commands. The folder “site” is this site as you saved "
                        "it; “again” is the one that you built."
                    ),
                    _(
                        "If the last command prints nothing, the two are the same to the last "
                        "byte. The photographs (the folder files) are compared by their SHA-256."
                    ),
                ],
                command=commands,
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
                        "is the SHA-256 of its text, so an entry cannot be changed without its "
                        "digest changing too."
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
        others=[{"href": links.method_path(key), "name": method_name(desk, key)} for key in METHODS],
    )
