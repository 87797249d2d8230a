"""The words of the check in the browser: one file a language, fetched when somebody checks a page."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.words import ENTRIES, MISSING, N_
from haq.bulletin.pages.writing import GROUPS, PLURALS, day

#: What the log does not prove, whoever checks it.
NOT_TRUE = N_(
    "That the entries are true, or that none is missing. A log keeps what was put into it, right or wrong."
)
NOT_WHO = N_("Who wrote the entries.")

#: What the script says.
WORDS: dict[str, str] = {
    "reading": N_("Files of the log read: %(n)s"),
    "holds": N_("Checked: nothing contradicts the log."),
    "proven": N_("What was proven"),
    "not-proven": N_("What was not proven"),
    "witnesses": N_(
        "Witnesses that signed the same log: %(n)s of %(of)s (%(names)s). The policy asks for %(needed)s."
    ),
    "same": N_("The log is as it was at your last check (%(when)s)."),
    "grown": N_(
        "Since your last check (%(when)s, entries: %(before)s) the log has only grown: nothing was "
        "changed, taken away or put in between."
    ),
    "not-true": NOT_TRUE,
    "not-who": NOT_WHO,
    "not-sums": N_(
        "That the sums on this page are right. They come from the entries of many pages; building the site "
        "again from the log shows whether they are."
    ),
    "not-shown": N_(
        "That this page shows what the entries say. Their text stands below, as it was read from the log: "
        "compare it."
    ),
    "not-withdrawn": N_(
        "That no later entry withdraws these entries. Where one does, this page has to say so; building "
        "the site again from the log shows whether one does."
    ),
    "alone": N_(
        "That everybody is shown the same log: no witness signs it. Compare its root, below, with what "
        "others see."
    ),
    "first": N_(
        "That the log only grew: this browser checks it for the first time. It remembers this state now, "
        "and compares at the next check."
    ),
    "forgetful": N_(
        "That the log only grew: this browser keeps nothing between visits, perhaps because the window is "
        "private, so there is nothing to compare with."
    ),
    "not-keys": N_(
        "That the keys are the right ones: they came from this site. Compare them, below, with what the "
        "log and its witnesses publish elsewhere."
    ),
    "not-script": N_(
        "That this check is honest: it came from this site too. The command below proves the same without it."
    ),
    "contents": N_("What the entries say, read from the log"),
    "entry": N_("%(kind)s, entry %(place)s"),
    "figures": N_("Figures"),
    "keys": N_("Keys and root, to compare"),
    "key": N_("Public key of the log"),
    "witness": N_("Witness %(name)s"),
    "did-sign": N_("signed"),
    "did-not-sign": N_("did not sign"),
    "size": N_("Entries"),
    "root": N_("Root"),
    "details": N_("Details for experts (in English)"),
    "command": N_("This command proves the same, on any computer with haq:"),
    "save": N_("Save the evidence"),
    "accept": N_("I have compared the keys: go on with these"),
    "insecure": N_(
        "This page came over http: without encryption, and browsers then let no page check signatures."
    ),
    "old": N_("This browser cannot check signatures of the kind Ed25519."),
    "instead": N_("Nothing was checked. The command below proves the same, on any computer with haq."),
}

_COMPARE = N_(
    "Save the evidence, compare with a mirror of this site, and tell the observers whose data these are."
)
#: What can be wrong, as frontend/bulletin/log/check.ts names it: what it is, what it means, what to do.
TROUBLES: dict[str, tuple[str, str, str]] = {
    "unreadable": (
        N_("The log of this site cannot be read."),
        N_(
            "Its checkpoint or policy does not have the form that it must have. A fault of the server is "
            "likelier than a trick. Nothing is proven."
        ),
        N_("Try again later, or check a mirror of this site."),
    ),
    "other-log": (
        N_("This is another log than the one that this page was made from."),
        N_("The page names the log %(log)s, and the site shows %(other)s. This is serious, if it lasts."),
        N_(
            "Load the page again. If it stays so, compare with a mirror, and tell the observers whose data "
            "these are."
        ),
    ),
    "unknown-log": (
        N_("The site names no key for this log."),
        N_("Without the key of the log %(other)s its signature says nothing. Nothing is proven."),
        N_("Check a mirror of this site, or ask the observers whose data these are for the key."),
    ),
    "keys-changed": (
        N_("The key of the log is another than at your last check."),
        N_(
            "This is grave. Whoever signs now is not who signed before (%(when)s): the whole log may have "
            "been exchanged."
        ),
        N_(
            "Do not believe this site before its owners have said elsewhere why there is a new key. Save "
            "the evidence, and compare with a mirror."
        ),
    ),
    "log-forged": (
        N_("The signature of the log is forged or damaged."),
        N_(
            "This is grave. Whoever made this checkpoint does not hold the key of the log, or the file was "
            "damaged. Nothing is proven."
        ),
        _COMPARE,
    ),
    "log-exchanged": (
        N_("This site showed another log at your last check."),
        N_(
            "At your last check (%(when)s) it was the log %(was)s, and now it is %(other)s. A new election "
            "may have a log of its own; but whoever wants to hide an old log could do it like this."
        ),
        N_(
            "Ask the observers whose data these are, or look for a mirror of the old log. Compare the key "
            "below with what they publish elsewhere before you go on."
        ),
    ),
    "split-view": (
        N_("You were shown two different logs."),
        N_(
            "This is as grave as can be. Both are signed with the same key, and the log of now does not "
            "continue the one of your last check (%(when)s): something that was published was changed, "
            "taken away or put in between. The two signed checkpoints prove it to anybody."
        ),
        N_(
            "Save the evidence now: it holds both checkpoints. Compare with a mirror, and give it to the "
            "witnesses and to the observers whose data these are."
        ),
    ),
    "rolled-back": (
        N_("The log is shorter than at your last check."),
        N_(
            "At your last check (%(when)s) it had %(before)s entries, and now %(size)s are shown. Either "
            "an old copy is shown by mistake, or entries are being hidden."
        ),
        N_(
            "Try again in some minutes. If it stays so, save the evidence, compare with a mirror, and tell "
            "the observers whose data these are."
        ),
    ),
    "witness-forged": (
        N_("The signature of a witness is forged or damaged: %(name)s."),
        N_(
            "This is grave. The log shows a signature under this name that its key did not make, so the "
            "witness did not sign this."
        ),
        N_("Save the evidence, and tell this witness and the observers whose data these are."),
    ),
    "too-few-witnesses": (
        N_("Too few witnesses signed: %(n)s of %(of)s, and the policy asks for %(needed)s."),
        N_(
            "Witnesses can be out of reach for a while. As long as they are missing, nobody vouches that "
            "you are shown the same log as everybody else."
        ),
        N_("Try again later. If it stays so, ask the witnesses why they do not sign."),
    ),
    "witnesses-changed": (
        N_("The witnesses are not those of your last check."),
        N_(
            "Since %(when)s the site names other witnesses, or asks for more or fewer of them. There can "
            "be a good reason for it; but whoever chooses the witnesses could choose friends."
        ),
        N_(
            "Compare the keys below with what the witnesses publish elsewhere. Go on only if they are the "
            "same."
        ),
    ),
    "entry-changed": (
        N_("An entry was changed after it was signed."),
        N_("This is grave. What the site holds as entry %(entries)s is not what the log signed."),
        N_(
            "Load the page again. If it stays so, compare with a mirror, which has the entry as it was, "
            "and tell the observers whose data these are."
        ),
    ),
    "page-changed": (
        N_("This page was made from other entries than the log holds."),
        N_("This is grave. The log holds something else as entry %(entries)s than this page names."),
        N_(
            "Load the page again. If it stays so, compare with a mirror, and tell the observers whose data "
            "these are."
        ),
    ),
    "tile-changed": (
        N_("A file of the log was changed or damaged."),
        N_("Its hashes do not lead to the signed root, so nothing can be proven from it: entry %(entries)s."),
        N_(
            "A fault in copying does this as well as a hand. Load the page again. If it stays so, compare "
            "with a mirror, and tell the observers whose data these are."
        ),
    ),
    "file-missing": (
        N_("A file of the log is not there."),
        N_(
            "Nothing can be proven without it: entry %(entries)s. It may be a fault of the server, or "
            "somebody hides it."
        ),
        N_(
            "Load the page again. If it stays so, compare with a mirror, and tell the observers whose data "
            "these are."
        ),
    ),
    "page-newer": (
        N_("This page is newer than the log that the site shows."),
        N_(
            "The signed log does not have entry %(entries)s yet. That can be so while a site is brought up "
            "to date."
        ),
        N_("Load the page again in a minute. If it stays so, compare with a mirror."),
    ),
}

#: Fields of entries that people compare with a page; others stand by their key.
FIELDS: dict[str, str] = {
    "election": N_("Election"),
    "station": N_("Station"),
    "area": N_("Area"),
    "areas": N_("Areas"),
    "level": N_("Level"),
    "unit": N_("Station or area"),
    "name": N_("Name"),
    "address": N_("Address"),
    "registered": N_("Registered voters"),
    "contest": N_("Contest"),
    "version": N_("Version"),
    "source": N_("Source"),
    "row": N_("Row of the source"),
    "organisation": N_("Organisation"),
    "grade": N_("Grade"),
    "files": N_("Files (SHA-256)"),
    "file": N_("File (SHA-256)"),
    "copy_entry": N_("Digest of the copy's entry"),
    "reader": N_("Who read it"),
    "text": N_("Text"),
    "date": N_("Date"),
    "finding": N_("Kind of finding"),
    "check": N_("Rule"),
    "sources": N_("Sources"),
    "reason": N_("Reason"),
    "retracts": N_("Digest of what is withdrawn"),
    "replaced_by": N_("Digest of what stands in its place"),
    "commitment": N_("Salted hash"),
    "about": N_("What it is about"),
    "opens": N_("To be shown from"),
    "law": N_("Law profile"),
}
_HOLE = re.compile(r"%\((\w+)\)s")


def words_file(desk: Desk) -> bytes:
    """Write the words of a language as ``assets/check-<language>.json``.

    Args:
        desk: of the language.

    Returns:
        JSON as frontend/bulletin/log/saying.ts describes it; ``{name}`` stands for what the script puts in.
    """
    words = {key: _say(desk, message) for key, message in WORDS.items()}
    for key, (what, means, todo) in TROUBLES.items():
        words |= {key: _say(desk, what), f"{key}-means": _say(desk, means), f"{key}-do": _say(desk, todo)}
    tree = {
        "language": desk.language,
        "group": GROUPS[desk.language],
        "months": [_month(desk, number) for number in range(1, 13)],
        "words": words,
        "counted": _counted(desk),
        "kinds": {key: _say(desk, message) for key, message in ENTRIES.items()},
        "fields": {key: _say(desk, message) for key, message in FIELDS.items()},
        "missing": {key: _say(desk, MISSING[key]) for key in ("empty", "unreadable")},
        "names": _names(desk),
        "lines": _lines(desk),
    }
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _say(desk: Desk, message: str) -> str:
    holes = {name: f"{{{name}}}" for name in _HOLE.findall(message)}
    return desk.plain(desk.gettext(message, **holes))


def _month(desk: Desk, number: int) -> str:
    # A day and a year that cannot be mistaken for each other or for a name.
    return day(date(2345, number, 16), desk.language).replace("2345", "{year}").replace("16", "{day}")


def _counted(desk: Desk) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"entries": {}, "signed": {}}
    for form, sample in PLURALS[desk.language]:
        found["entries"][form] = desk.plain(
            desk.ngettext(
                "%(num)s entry of this page stands in the log unchanged, as the page names it.",
                "%(num)s entries of this page stand in the log unchanged, as the page names them.",
                sample,
                num="{num}",
            )
        )
        found["signed"][form] = desk.plain(
            desk.ngettext(
                "The log %(log)s, %(num)s entry long, is signed with its key.",
                "The log %(log)s, %(num)s entries long, is signed with its key.",
                sample,
                num="{num}",
                log="{log}",
            )
        )
    return found


def _names(desk: Desk) -> dict[str, dict[str, str]]:
    election = desk.context.election
    return {
        "level": {level.key: desk.plain(desk.level(level.key)) for level in desk.profile.levels},
        "contest": {one.key: desk.plain(desk.contest(one.key)) for one in election.contests},
        "organisation": {one.key: desk.plain(desk.organisation(one.key)) for one in election.organisations},
    }


def _lines(desk: Desk) -> dict[str, dict[str, str]]:
    """Name lines and choices, by contest; where an entry names none, the first of that key."""
    found: dict[str, dict[str, Any]] = {"": {}}
    for level in desk.profile.levels:
        form = desk.form(level.key)
        for line in form.lines if form else ():
            found[""].setdefault(line.key, desk.plain(desk.said(line.name)))
    for contest in desk.context.election.contests:
        choices = {one.key: desk.plain(desk.choice(contest.key, one.key)) for one in contest.choices}
        found[contest.key] = choices
        for key, name in choices.items():
            found[""].setdefault(key, name)
    return found
