"""What all units of an election share while their values are assembled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from haq.bulletin.model import AreaRef, Context, EvidenceFile, Problem, Redacted
from haq.bulletin.slugs import area_slug
from haq.entries import ElectionEntry, Names, SourceFile
from haq.errors import InputError
from haq.law import CHOICES, Linear, Profile

NO_NAMES = Names()
Side = tuple[tuple[tuple[str, int], ...], int]


class Rule(NamedTuple):
    """A control relation as plain values, ``choices`` spelled out: sides are (terms, constant)."""

    key: str
    op: str
    tolerance: int
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Layout:
    """The lines of one contest's sheets at one level, in the order of the form, choices last.

    Attributes:
        lines: keys of the form.
        choices: keys of the choices in ballot order.
        known: all of them.
        relations: control relations.
    """

    lines: tuple[str, ...]
    choices: tuple[str, ...]
    known: frozenset[str]
    relations: tuple[Rule, ...]


@dataclass(frozen=True)
class Setting:
    """The election with everything that the page of a single unit needs of the others.

    Attributes:
        context: what every page needs.
        names: (level, area) -> what is known of its name.
        files: SHA-256 -> where the file lies in the site, or the code of the reason why it does not.
        redacted: SHA-256 -> the redaction that removed the file, as far as it is known.
    """

    context: Context
    names: Mapping[tuple[str, str], Names]
    files: Mapping[str, EvidenceFile | str]
    redacted: Mapping[str, Redacted] = field(default_factory=dict)

    @cached_property
    def base(self) -> str:
        """Key of the level of stations."""
        return self.context.profile.levels[0].key

    @cached_property
    def above(self) -> tuple[str, ...]:
        """Keys of the levels between the stations and the whole election, the largest first."""
        return tuple(level.key for level in reversed(self.context.profile.levels[1:-1]))

    @cached_property
    def top(self) -> str:
        """Key of the level of the whole election."""
        return self.context.profile.levels[-1].key

    @cached_property
    def levels(self) -> frozenset[str]:
        """Keys of all levels."""
        return frozenset(level.key for level in self.context.profile.levels)

    @cached_property
    def sources(self) -> Mapping[str, SourceFile]:
        """Files that figures came from, by key."""
        return {source.key: source for source in self.context.election.sources}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Source -> its place in the election's entry."""
        return {key: place for place, key in enumerate(self.sources)}

    @cached_property
    def organisations(self) -> frozenset[str]:
        """Keys of the organisations."""
        return frozenset(o.key for o in self.context.election.organisations)

    @cached_property
    def contests(self) -> tuple[str, ...]:
        """Keys of the contests."""
        return tuple(contest.key for contest in self.context.election.contests)

    @cached_property
    def declared(self) -> Mapping[tuple[str, str], SourceFile]:
        """(contest, level) -> the source that copies are compared with, where there is one."""
        return {
            (contest, level): source
            for contest in self.contests
            for level in self.levels
            if (source := declared_source(self.context.election.sources, contest, level, self.contests[0]))
        }

    @cached_property
    def _versions(self) -> Mapping[tuple[str, str], Mapping[str, int]]:
        found: dict[tuple[str, str], dict[str, int]] = {}
        for source in sorted(self.context.election.sources, key=lambda s: s.version):
            if source.kind == "official":
                place = (source.contest or self.contests[0], source.level)
                found.setdefault(place, {})[source.key] = source.version
        return found

    def versions(self, contest: str, level: str) -> Mapping[str, int]:
        """Give the sources of the official result of a contest at a level: key -> version, latest last."""
        return self._versions.get((contest, level), {})

    @cached_property
    def listed(self) -> frozenset[str]:
        """Keys of the contests that have a list of stations: N counts the stations of the list there."""
        lists = [s.contest for s in self.context.election.sources if s.kind == "stations"]
        return frozenset(self.contests if None in lists else (c for c in lists if c is not None))

    @cached_property
    def _chains(self) -> dict[tuple[tuple[str, str], ...], tuple[AreaRef, ...]]:
        return {}

    @cached_property
    def _layouts(self) -> dict[tuple[str, str], Layout]:
        return {}

    def layout(self, contest: str, level: str) -> Layout:
        """Give the lines of a contest's sheets at a level.

        Raises:
            LawError: the profile has no such level.
            StopIteration: the election has no such contest.
        """
        found = self._layouts.get((contest, level))
        if found is None:
            form = self.context.profile.form(level)
            rules = next(c for c in self.context.election.contests if c.key == contest)
            choices = tuple(c.key for c in rules.choices)
            lines = tuple(line.key for line in form.lines)
            found = Layout(
                lines,
                choices,
                frozenset((*lines, *choices)),
                tuple(
                    Rule(r.key, r.op, r.tolerance, (_side(r.left, choices), _side(r.right, choices)))
                    for r in form.relations
                ),
            )
            self._layouts[contest, level] = found
        return found

    def area(self, level: str, key: str, parent: str = "") -> AreaRef:
        """Refer to an area.

        Args:
            level: key of its level.
            key: its key.
            parent: key of the area above, which its own key may begin with.
        """
        return AreaRef(
            level, key, area_slug(level, key), self.names.get((level, key), NO_NAMES), short_of(key, parent)
        )

    def areas(self, keys: Mapping[str, str]) -> tuple[AreaRef, ...]:
        """Refer to the areas of a unit, from the largest to the smallest; unknown levels are left out."""
        chain = tuple([(level, key) for level in self.above if (key := keys.get(level))])
        known = self._chains.get(chain)
        if known is None:
            parents = ("", *(key for _, key in chain))
            known = tuple(self.area(*place, parent) for place, parent in zip(chain, parents, strict=False))
            self._chains[chain] = known
        return known


def short_of(key: str, parent: str) -> str:
    """Leave the key of the area above out of a key: ``KZ-11/01`` in ``KZ-11`` is ``01``."""
    if parent and key.startswith(parent) and key[len(parent) : len(parent) + 1] in ("/", "-", ".", ":"):
        return key[len(parent) + 1 :] or key
    return key


def hold_against_law(election: ElectionEntry, profile: Profile, where: str) -> list[Problem]:
    """Hold an election's entry against its law profile.

    Args:
        election: the entry.
        profile: the profile that it names.
        where: digest of the entry.

    Returns:
        ``unknown-law`` for a contest, and ``unknown-level`` for a source, that the profile does not know.

    Raises:
        InputError: a choice is called like a line of a form, so that one figure could be either.
    """
    levels = {level.key for level in profile.levels}
    lines = {line.key for form in profile.forms.values() for line in form.lines}
    for contest in election.contests:
        for choice in contest.choices:
            if choice.key in lines:
                raise InputError(
                    f"the election's entry: contests.{contest.key}.choices: {choice.key!r} is also a line "
                    f"of the form in law profile {profile.key}; rename the choice"
                )
    unknown = [
        Problem("unknown-law", where, values={"contest": c.key, "law": c.law})
        for c in election.contests
        if c.law not in profile.contests
    ]
    return unknown + [
        Problem("unknown-level", where, values={"source": s.key, "level": s.level})
        for s in election.sources
        if s.level not in levels
    ]


def declared_source(sources: Sequence[SourceFile], contest: str, level: str, only: str) -> SourceFile | None:
    """Choose what copies of a level are compared with, as ``haq check`` does.

    Args:
        sources: all files of the election.
        contest: key of the contest.
        level: key of the level.
        only: the contest of a source that names none.

    Returns:
        The latest version of the official result, which names it though an earlier one speaks for a unit
        that it leaves out; without one the second file of copies; nothing where a single file of copies
        stands alone.
    """
    here = [s for s in sources if s.level == level and (s.contest or only) == contest]
    official = [s for s in here if s.kind == "official"]
    if official:
        return max(official, key=lambda s: s.version)
    copies = [s for s in here if s.kind == "copies"]
    return copies[1] if len(copies) > 1 else None


def _side(side: Linear, choices: Sequence[str]) -> Side:
    terms = tuple(
        (name, factor)
        for key, factor in side.terms
        for name in (choices if key == CHOICES and choices else (key,))
    )
    return terms, side.constant
