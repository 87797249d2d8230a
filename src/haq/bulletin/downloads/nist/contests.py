"""Contests, selections and their votes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haq.bulletin.downloads.nist.declared import Declared
from haq.bulletin.downloads.nist.objects import array, counted, identifier, joined, quoted, spoken, thing
from haq.entries import ChoiceName, ContestRules
from haq.law import ChoiceKind

_VARIATIONS = {"largest_remainder": "proportional", "plurality": "plurality", "two_round": "majority"}
_TOTAL = ',"Type":"total"'


@dataclass(frozen=True)
class Counts:
    """The figures of a contest that go into one report.

    Attributes:
        declared: the contest.
        frames: pieces like ``Declared.frame`` with the column ``tail``, in the order in which they are
            written.
        reported: units with a whole result.
        known: units known at all; None where the report does not list the units of that level.
    """

    declared: Declared
    frames: Sequence[pl.DataFrame]
    reported: int
    known: int | None


def contest_object(counts: Counts, district: str) -> str:
    """Write a contest with the votes of every choice in every unit of the report.

    Args:
        counts: its figures.
        district: id of the unit in which it was held.

    Returns:
        JSON text: a ``CandidateContest`` where there are candidates, a ``BallotMeasureContest`` where
        voters answer a question, otherwise a ``PartyContest``.
    """
    one = counts.declared
    rules, law = one.rules, one.law
    kinds = {choice.kind for choice in rules.choices}
    if ChoiceKind.CANDIDATE.value in kinds:
        # haq knows no contest in which a voter has several votes.
        kind, own = "CandidateContest", {"NumberElected": _whole(rules.seats), "VotesAllowed": "1"}
    elif ChoiceKind.ANSWER.value in kinds:
        kind, own = "BallotMeasureContest", {"Type": quoted("ballot-measure")}
    else:
        kind, own = "PartyContest", {}
    method = law.seat_rule.method if law is not None and law.seat_rule is not None else None
    title = law.title.en if law is not None else rules.key
    votes = _votes(counts)
    return thing(
        kind,
        {
            "@id": quoted(f"contest-{rules.key}"),
            "BallotTitle": spoken(law.title) if law is not None else None,
            "ContestSelection": array(_selections(rules, votes)),
            "ElectionDistrictId": quoted(district),
            "ExternalIdentifier": array([identifier("contest", rules.key)]),
            "Name": quoted(title),
            "OtherCounts": array(votes[""]),
            "SubUnitsReported": _whole(counts.reported if counts.known is not None else None),
            "TotalSubUnits": _whole(counts.known),
            "VoteVariation": quoted(_VARIATIONS[method]) if method is not None else None,
            **own,
        },
    )


def _whole(number: int | None) -> str | None:
    return None if number is None else str(number)


def _votes(counts: Counts) -> dict[str, list[str]]:
    """Write the votes of each choice, and under an empty key the blank ballots, of every unit."""
    texts = {"": counted("OtherCounts", {"Undervotes": pl.col("quantity:blank")}, "")}
    for choice in counts.declared.rules.choices:
        if choice.key in counts.declared.choices:
            votes = {"Count": pl.col(f"choice:{choice.key}")}
            texts[choice.key] = counted("VoteCounts", votes, _TOTAL)
    found: dict[str, list[str]] = {key: [] for key in texts}
    for frame in counts.frames:
        for key, text in joined(frame, texts).items():
            found[key].append(text)
    return {key: [text for text in written if text] for key, written in found.items()}


def _selections(rules: ContestRules, votes: Mapping[str, list[str]]) -> Iterator[str]:
    for order, choice in enumerate(rules.choices, start=1):
        kind, of = _kind_of(rules, choice)
        yield thing(
            kind,
            {
                "@id": quoted(f"choice-{rules.key}-{choice.key}"),
                **of,
                "SequenceOrder": str(order),
                "VoteCounts": array(votes.get(choice.key, [])),
            },
        )


def _kind_of(rules: ContestRules, choice: ChoiceName) -> tuple[str, dict[str, str | None]]:
    """Choose the class of a selection; *against all* is an answer: no party and no candidate is invented."""
    if choice.kind == ChoiceKind.LIST.value:
        return "PartySelection", {"PartyIds": array([quoted(_party(rules, choice))])}
    if choice.kind == ChoiceKind.CANDIDATE.value:
        return "CandidateSelection", {"CandidateIds": array([quoted(_candidate(rules, choice))])}
    return "BallotMeasureSelection", {
        "ExternalIdentifier": array([identifier(choice.kind.replace("_", "-"), choice.key)]),
        "Selection": spoken(choice.name, choice.key),
    }


def _party(rules: ContestRules, choice: ChoiceName) -> str:
    return f"party-{rules.key}-{choice.key}"


def _candidate(rules: ContestRules, choice: ChoiceName) -> str:
    return f"candidate-{rules.key}-{choice.key}"


def parties_of(contests: Sequence[ContestRules]) -> Iterator[str]:
    """Write the lists of every contest as parties."""
    for rules in contests:
        for choice in rules.choices:
            if choice.kind == ChoiceKind.LIST.value:
                yield thing(
                    "Party",
                    {
                        "@id": quoted(_party(rules, choice)),
                        "ExternalIdentifier": array([identifier("choice", choice.key)]),
                        "Name": spoken(choice.name, choice.key),
                    },
                )


def candidates_of(contests: Sequence[ContestRules]) -> Iterator[str]:
    """Write the candidates of every contest: the names on the ballot paper, and nothing else of them."""
    for rules in contests:
        for choice in rules.choices:
            if choice.kind == ChoiceKind.CANDIDATE.value:
                yield thing(
                    "Candidate",
                    {
                        "@id": quoted(_candidate(rules, choice)),
                        "BallotName": spoken(choice.name, choice.key),
                        "ExternalIdentifier": array([identifier("choice", choice.key)]),
                    },
                )


def ballots_of(counts: Counts, *, several: bool) -> list[str]:
    """Write the ballots found and the invalid ones of every unit.

    Args:
        counts: the figures of a contest.
        several: whether the election has several contests: the format counts ballots by election, so
            the contest is then named as the type of the count.
    """
    kind = _TOTAL
    if several:
        kind = f',"OtherType":{quoted(counts.declared.rules.key)},"Type":"other"'
    parts = {"BallotsCast": pl.col("quantity:found"), "BallotsRejected": pl.col("quantity:invalid")}
    ballots = counted("BallotCounts", parts, kind, enough=True)
    return [text for frame in counts.frames if (text := joined(frame, {kind: ballots})[kind])]
