"""Tables of votes, and seat rules from a law profile or from the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from haq.errors import HaqError, InputError
from haq.law import ChoiceKind, Contest, Profile, SeatRule, load_profile
from haq.seats.divisors import METHODS
from haq.tables import Field, Table, read
from haq.tables import Mapping as Columns

#: Key of *against all* in a table of votes.
AGAINST_ALL = "against_all"
QUOTAS = ("hare", "droop", "hagenbach_bischoff", "imperiali")
#: What ``--method`` takes.
NAMES = (*QUOTAS, *METHODS, "plurality")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?) ?%|(\d+)/(\d+)")


def read_votes(path: Path) -> dict[str, int]:
    """Read a table with the columns ``choice`` and ``votes``.

    Args:
        path: CSV, XLSX or Parquet.

    Returns:
        Choice -> votes [votes, >= 0], in the order of the file.

    Raises:
        InputError: a cell or a row that cannot be read, or nothing at all; the first one is named.
    """
    table = read(
        path,
        Columns({"choice": "choice", "votes": "votes"}),
        (Field("choice", "key"), Field("votes", "count")),
    )
    _refuse(table, path.name)
    votes = dict(table.frame.select("choice", "votes").iter_rows())
    for row, choice, count in table.frame.select("row", "choice", "votes").iter_rows():
        if count is None or count < 0:
            shown = "nothing" if count is None else count
            raise InputError(
                f"{path.name}, row {row}, column 'votes': {choice!r} has {shown}; write a whole number from 0"
            )
    if not votes:
        raise InputError(f"{path.name}: no row with votes; it needs a row a choice, with its votes")
    return votes


def _refuse(table: Table, name: str) -> None:
    """Name the first thing that could not be read: seats from half a table would be wrong."""
    for row, _, column, value, reason in table.refused_cells.iter_rows():
        what = reason if value is None else f"{value!r} is {reason}"
        raise InputError(f"{name}, row {row}, column {column!r}: {what}; correct the table")
    for row, _, reason, _ in table.refused_rows.iter_rows():
        raise InputError(f"{name}, row {row}: {reason}; correct the table")
    for row, reason in table.skipped.iter_rows():
        raise InputError(f"{name}, row {row}: {reason}; leave out what is no choice")


@dataclass(frozen=True)
class Ballot:
    """A contest whose seats are shared.

    Attributes:
        profile: the law; None where the rule comes from the command line.
        contest: of the law.
        rule: how votes become seats.
        seats: mandates to fill [seats].
        kinds: choice -> kind.
    """

    profile: Profile | None
    contest: Contest | None
    rule: SeatRule
    seats: int
    kinds: Mapping[str, ChoiceKind]


def ballot_of(
    choices: Mapping[str, int],
    *,
    law: str | None,
    contest: str | None,
    seats: int | None,
    method: str | None,
    threshold: str | None,
) -> Ballot:
    """Put together how the votes of a table become seats.

    Args:
        choices: of the table.
        law: key or path of a law profile.
        contest: of the law; the first with a seat rule when absent.
        seats: mandates, instead of the law's number.
        method: instead of the law's, see ``NAMES``.
        threshold: instead of the law's: ``5%`` or ``1/20``, of the votes for all choices.

    Raises:
        HaqError: something is missing, unknown or contradictory.
    """
    profile = load_profile(law) if law else None
    found = _contest(profile, contest) if profile else None
    rule = found.seat_rule if found else None
    if method is not None or threshold is not None or rule is None:
        rule = _own_rule(rule, method, threshold)
    filled = seats if seats is not None else found.seats if found else None
    if filled is None:
        raise HaqError("how many seats are filled? The law does not say; give --seats")
    if filled < 1:
        raise HaqError(f"--seats {filled}: at least one seat has to be filled")
    allowed = set(found.choice_kinds) if found else set(ChoiceKind)
    if AGAINST_ALL in choices and ChoiceKind.AGAINST_ALL not in allowed:
        raise HaqError(f"{AGAINST_ALL!r} is in the table, and the law's ballot paper has no such line")
    kind = ChoiceKind.LIST if ChoiceKind.LIST in allowed else ChoiceKind.CANDIDATE
    kinds = {c: ChoiceKind.AGAINST_ALL if c == AGAINST_ALL else kind for c in choices}
    return Ballot(profile, found, rule, filled, kinds)


def _contest(profile: Profile, key: str | None) -> Contest:
    if key is None:
        with_rule = [c for c in profile.contests.values() if c.seat_rule is not None]
        if not with_rule:
            raise HaqError(
                f"law {profile.key} describes no seat rule; give --method, --seats and --threshold"
            )
        return with_rule[0]
    if key not in profile.contests:
        raise HaqError(f"law {profile.key} has no contest {key!r}; it has {', '.join(profile.contests)}")
    return profile.contests[key]


def _own_rule(law: SeatRule | None, method: str | None, threshold: str | None) -> SeatRule:
    """Build a rule from the command line, with the law's for what is not said there."""
    said: dict[str, object] = {"source": "command_line", "confirmed": True}
    if method is not None:
        name = method.casefold().replace("-", "_")
        if name not in NAMES:
            raise HaqError(f"--method {method}: haq knows {', '.join(NAMES)}")
        quota = name if name in QUOTAS else None
        said |= {"method": "largest_remainder" if quota else name, "quota": quota}
    elif law is not None:
        said |= {
            "method": law.method,
            "quota": law.quota,
            "too_few_lists": law.too_few_lists,
            "ties": law.ties,
        }
    else:
        raise HaqError(f"no rule on seats: give --law, or --method with one of {', '.join(NAMES)}")
    if threshold is not None:
        base = law.base if law is not None and law.base is not None else None
        own = {"of": "valid_with_against_all", "source": "command_line", "confirmed": True}
        said |= {
            "threshold": {"share": _share(threshold), "source": "command_line", "confirmed": True},
            "base": base or own,
        }
    elif law is not None:
        said |= {"threshold": law.threshold, "base": law.base}
    return SeatRule.model_validate(said)


def _share(text: str) -> str:
    match = _SHARE.fullmatch(text.strip())
    if not match:
        raise HaqError(f"--threshold {text}: write 5% or 1/20")
    share = (
        Fraction(match[1].replace(",", ".")) / 100
        if match[1]
        else Fraction(int(match[2]), int(match[3]) or 1)
    )
    if share >= 1:
        raise HaqError(f"--threshold {text}: nobody has more than all votes; write less than 100%")
    return f"{share.numerator}/{share.denominator}"
