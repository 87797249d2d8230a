"""The one family of exceptions of the core.

Every message names what is wrong, where it stands and what to do about it, in one
line that a tired volunteer can act on. The command line prints it without a traceback.
"""

from __future__ import annotations


class HaqError(Exception):
    """Input or a rule that haq cannot work with; the message says what to do."""


class InputError(HaqError):
    """A file, an address or an ``election.toml`` cannot be used as it stands."""


class TableError(InputError):
    """A table cannot be read, or its columns cannot be mapped to fields."""


class LawError(HaqError):
    """A law profile is wrong: an unknown key, a contradiction, a missing source."""


class LogError(HaqError):
    """A log, a checkpoint or a proof is damaged, forged, or does not prove what it should."""


class TieError(HaqError):
    """Equal claims compete for the last seat, and no confirmed rule breaks the tie.

    Attributes:
        tied: the choices that tie, in the order in which they were given.
    """

    def __init__(self, tied: list[str], message: str | None = None) -> None:
        self.tied = tied
        super().__init__(message or f"a tie between {', '.join(tied)}: the law, not haq, breaks it")
