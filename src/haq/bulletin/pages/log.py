"""The public log as pages show it: why anybody should believe the site, in a line and on a page."""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup

from haq.bulletin.model import LogView, Promise, WithdrawnView
from haq.bulletin.pages import links
from haq.bulletin.pages.check_words import NOT_TRUE, NOT_WHO
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.method import Section
from haq.bulletin.pages.rebuilding import EVERYTHING, log_commands, version_words
from haq.bulletin.pages.withdrawn import NOTHING, gone_section
from haq.bulletin.pages.words import N_, entry_mark

#: How a promise stands: its mark, and what is said.
PROMISES: dict[str, tuple[str, str]] = {
    "waiting": ("no-copy", N_("not shown yet")),
    "kept": ("same", N_("shown, and it is what was promised")),
    "broken": ("differs", N_("shown, and it is NOT what was promised")),
    "file-missing": ("no-copy", N_("shown, but the file is not here, so nobody can compare")),
}


class LogLine(NamedTuple):
    """The log in a line.

    Attributes:
        says: name, entries, witnesses.
        mark: ``same`` where as many witnesses signed as the policy asks for, ``differs`` where they did not,
            ``no-copy`` where it names none.
        warning: what to know where too few signed; empty otherwise.
    """

    says: Markup
    mark: str
    warning: Markup


def log_line(desk: Desk) -> LogLine | None:
    """Say in a line what the site was built from; None where that is no log."""
    log = desk.log
    if log is None:
        return None
    says = desk.ngettext(
        "Public log %(log)s: %(num)s entry.",
        "Public log %(log)s: %(num)s entries.",
        log.size,
        log=desk.text(log.origin),
    )
    return LogLine(Markup("{} {}").format(says, _witness_words(desk, log)), _mark(log), _warning(desk, log))


def _mark(log: LogView) -> str:
    if not log.enough:
        return "differs"
    return "same" if log.witnesses else "no-copy"


def _signed(log: LogView) -> int:
    return sum(time is not None for time in log.witnesses.values())


def _witness_words(desk: Desk, log: LogView) -> Markup:
    if not log.witnesses:
        return desk.gettext("No witness signs it.")
    return desk.gettext("Witnesses that signed: %(n)s of %(of)s.", n=_signed(log), of=len(log.witnesses))


def _warning(desk: Desk, log: LogView) -> Markup:
    if log.enough:
        return Markup()
    return desk.gettext("Too few witnesses: the policy asks for %(needed)s.", needed=log.needed)


def log_page(desk: Desk, log: LogView, gone: WithdrawnView = NOTHING) -> str:
    """Write the page that says why anybody should believe a site that was built from a log.

    Args:
        desk: the desk.
        log: at the checkpoint of the site.
        gone: what was withdrawn or removed.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    heading = _("Why should I believe this site?")
    lead = _(
        "You need not. Everything here is made from a public log that only grows, which others sign too "
        "and anybody can copy. Whoever changes, takes away or slips in an entry is found out, by anybody."
    )
    return desk.page(
        "log.html",
        links.VERIFY,
        title=heading,
        description=lead,
        active="verify",
        heading=heading,
        lead=lead,
        log=_log_values(desk, log),
        promises=[_promise(desk, promise) for promise in log.promises],
        sections=[gone_section(desk, gone), *_sections(desk)],
    )


def _log_values(desk: Desk, log: LogView) -> dict[str, Any]:
    _ = desk.gettext
    if log.witnesses:
        says = _(
            "Witnesses that signed: %(n)s of %(of)s; the policy asks for %(needed)s.",
            n=_signed(log),
            of=len(log.witnesses),
            needed=log.needed,
        )
    else:
        says = _("No witness signs it: that everybody is shown the same log rests on its owner alone.")
    return {
        "name": desk.text(log.origin),
        "size": log.size,
        "root": log.root,
        "key": desk.text(log.key),
        "mark": _mark(log),
        "says": says,
        "warning": _warning(desk, log),
        "meaning": _(
            "As long as they are missing, nobody vouches that you are shown the same log as everybody "
            "else. Witnesses can be out of reach for a while; if it stays so, ask them why they do not "
            "sign."
        ),
        "witnesses": [
            {"name": desk.text(name), "when": "" if time is None else desk.instant(time)}
            for name, time in log.witnesses.items()
        ],
    }


def _promise(desk: Desk, promise: Promise) -> dict[str, Any]:
    mark, state = PROMISES[promise.state]
    return {
        "about": desk.text(promise.about),
        "organisation": desk.organisation(promise.organisation) if promise.organisation else "",
        "entry": entry_mark(desk, promise.entry),
        "opens": desk.date(promise.opens) if promise.opens else "",
        "mark": mark,
        "state": desk.gettext(state),
        "file": promise.file,
    }


def _sections(desk: Desk) -> list[Section]:
    _ = desk.gettext
    # The script takes the sentence away, and puts the address in.
    placeholder = Markup("<span data-check-placeholder>{}</span>").format(
        _("Put the address of this site in place of ADDRESS.")
    )
    address = [] if desk.context.base_url else [placeholder]
    return [
        Section(
            _("Check everything yourself"),
            steps=[
                _(
                    "These commands copy the log, check every signature and every entry, build this site "
                    "again from the copy, and compare."
                ),
                *address,
                _(
                    "If the last command prints nothing, the list of this site has the hash of every file "
                    "that you built. If it prints something, it names the files that differ."
                ),
                _("Keep the folder “copy”. The next time the first command sees whether the log only grew."),
            ],
            command=log_commands(desk),
            paragraphs=[version_words(desk)],
        ),
        copy_section(desk),
        Section(
            _("Check one station"),
            points=[
                _(
                    "Open its page and compare the numbers with the photograph, or with the protocol that "
                    "you saw on the wall."
                ),
                _(
                    "At the foot of the page stands a button. It reads the entries of the page from the "
                    "log, checks them, and shows what they say."
                ),
            ],
        ),
        Section(_("What the log does not prove"), points=[_(NOT_TRUE), _(NOT_WHO)]),
        Section(
            _("What an entry is"),
            paragraphs=[
                _(
                    "An entry is one published item: a copy, a result, a finding. It has a place in the "
                    "log, from 0, and a hash: the SHA-256 of a zero byte and its text. Whoever changes the "
                    "entry changes the hash, and with it the root that was signed."
                ),
                *digest_paragraphs(desk),
            ],
        ),
    ]


def copy_section(desk: Desk) -> Section:
    """Say how to check a copy of the site."""
    _ = desk.gettext
    return Section(
        _("Check a copy of this site"),
        steps=[
            _("Put a saved or mirrored copy of the whole site into the folder “mirror”."),
            _(
                "The command names every file of it that is not as in the site that you built: changed, "
                "missing or added."
            ),
        ],
        command=f"haq bulletin verify mirror --list again/{EVERYTHING}",
    )


def digest_paragraphs(desk: Desk) -> list[Markup]:
    """Name the entry of the election, and its law profile, by their digests."""
    _ = desk.gettext
    return [
        Markup("{} <code>{}</code>").format(_("The election's entry:"), desk.text(desk.context.digest)),
        Markup("{} <code>{}</code>").format(
            _("The law profile %(key)s:", key=desk.text(desk.profile.key)),
            desk.text(desk.context.election.law_sha256),
        ),
    ]
