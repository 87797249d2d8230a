"""Entries withdrawn and brought back: nothing in a log is undone, so each is a further entry."""

from __future__ import annotations

import re
from collections.abc import Mapping

from haq.entries import RetractionEntry, digest, encode, withdrawn
from haq.errors import InputError

# A number of nine digits and more, however it is grouped: a telephone, or a personal number.
_LONG_NUMBER = re.compile(r"(?:\d[\s().\u2010-\u2015-]{0,2}){8}\d")
# Dates and digests have as many digits, and are nobody's.
_NOBODY = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}|[0-9a-f]{64})\b")
# An e-mail address, the name of an account, or a link to one.
_ACCOUNT = re.compile(r"\S@\S|@\w|\b(?:t|telegram|wa)\.me\b|\btg:", re.IGNORECASE)


def check_reason(text: str) -> str:
    """Give back words that will stand in a log for good.

    Raises:
        InputError: they are none, or seem to say who somebody is.
    """
    if not text.strip():
        raise InputError("the reason is empty; say in a few words why")
    if len(text.strip().splitlines()) > 1:
        raise InputError("these words stand in several lines; say it in one")
    if _LONG_NUMBER.search(_NOBODY.sub("…", text)) or _ACCOUNT.search(text):
        raise InputError(
            "these words seem to hold a telephone number, a personal number, an e-mail address or an "
            "account, and a log cannot forget them; say it without (and put commas between the numbers of "
            "stations)"
        )
    return text.strip()


class Withdrawals:
    """What stands withdrawn of one election, while more is withdrawn and brought back.

    Attributes:
        lines: retractions to be appended, in order.
    """

    def __init__(self, election: str, retractions: Mapping[str, str], reason: str, language: str | None):
        """Begin with what a log holds.

        Args:
            election: its key.
            retractions: digest of each retraction of the election -> digest of what it withdraws.
            reason, language: of every retraction to come.

        Raises:
            InputError: the reason may not stand in a log.
        """
        self._retractions = dict(retractions)
        self._found = withdrawn(retractions)
        self._said = {"election": election, "reason": check_reason(reason), "language": language}
        self.lines: list[bytes] = []

    def by(self, key: str) -> str:
        """Give the digest of the retraction that withdraws an entry; empty where it stands."""
        return self._found.get(key, "")

    def withdraw(self, key: str, replaced_by: str | None = None) -> None:
        """Withdraw an entry that stands; nothing is done where it does not."""
        if key in self._found:
            return
        data = encode(
            RetractionEntry.model_validate({**self._said, "retracts": key, "replaced_by": replaced_by})
        )
        new = digest(data)
        if new in self._retractions:
            # The very same was said and taken back before. Said again it would be the same entry, and
            # without effect: what took it back is withdrawn instead.
            self.withdraw(self._found[new])
            return
        self._retractions[new] = key
        self.lines.append(data)
        if key in self._retractions:
            self._found = withdrawn(self._retractions)
        else:
            self._found[key] = new

    def restore(self, key: str) -> None:
        """Bring back an entry: withdraw every retraction of it that has effect."""
        while key in self._found:
            self.withdraw(self._found[key])
