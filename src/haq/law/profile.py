"""What a law profile holds: an election's rules as frozen values, each with its source.

The TOML files under ``profiles`` have exactly this shape. ``haq.law.loader`` reads them and hands
``source`` and ``confirmed`` down from the nearest enclosing table; ``haq.law.contradictions``
looks for what no single value can show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from haq.errors import LawError
from haq.law.expressions import Linear, parse_linear, parse_relation

_SHARE = re.compile(r"[0-9]{1,9}(?:/[0-9]{1,9})?")


def _share(value: Any) -> Fraction:
    if isinstance(value, Fraction) and 0 <= value <= 1:
        return value
    if not isinstance(value, str) or not _SHARE.fullmatch(value):
        raise ValueError('write a share as a fraction in quotes, like "5/100"')
    if "/" in value and int(value.split("/")[1]) == 0:
        raise ValueError("a share cannot be divided by zero")
    share = Fraction(value)
    if share > 1:
        raise ValueError(f"a share of {value} lies outside 0..1")
    return share


def _sum_of_lines(value: Any) -> Linear:
    if not isinstance(value, str):
        raise ValueError('write a sum of lines in quotes, like "issued_early + issued_inside"')
    try:
        return parse_linear(value)
    except LawError as error:
        raise ValueError(str(error)) from error


def _relation(value: str) -> str:
    try:
        parse_relation(value)
    except LawError as error:
        raise ValueError(str(error)) from error
    return value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
ProfileKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Share = Annotated[Fraction, BeforeValidator(_share)]
Sum = Annotated[Linear, BeforeValidator(_sum_of_lines)]
Seats = Annotated[StrictInt, Field(ge=1, le=100_000)]


class ChoiceKind(StrEnum):
    """What a line on the ballot paper is."""

    LIST = "list"
    CANDIDATE = "candidate"
    ANSWER = "answer"
    AGAINST_ALL = "against_all"


class BaseOf(StrEnum):
    """What a threshold is a share of."""

    VALID_WITH_AGAINST_ALL = "valid_with_against_all"
    VALID_FOR_LISTS = "valid_for_lists"
    VALID = "valid"
    TURNOUT = "turnout"
    REGISTERED = "registered"


class Table(BaseModel):
    """A table of a profile: only the keys that are known here, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Text(Table):
    """Words in Kazakh, Russian and English."""

    kk: Words
    ru: Words
    en: Words


class Rule(Table):
    """A value of the law, with where it comes from.

    Attributes:
        source: key of the profile's ``sources``.
        confirmed: whether somebody has seen it in the source, as opposed to remembering or inferring it.
        note: what a reader must know to trust or distrust it.
    """

    source: str
    confirmed: StrictBool
    note: Words | None = None


class Titles(Table):
    """What the title of a source is in Kazakh and in Russian, as far as somebody has said it."""

    kk: Words | None = None
    ru: Words | None = None


class Source(Table):
    """A law, a decree, a dataset or a person's memory that rules are taken from.

    Attributes:
        title: in English.
        titles: the same in the other languages.
        address: where it stands, as text; haq never opens it.
        retrieved: the day on which it was read; absent where nobody wrote it down.
        memory_only: nobody has had the text before them, so no rule resting on it is confirmed.
    """

    title: Words
    titles: Titles = Titles()
    address: str = ""
    article: str = ""
    retrieved: date | None = None
    memory_only: StrictBool = False


class Level(Rule):
    """A level at which protocols exist; profiles list levels from the lowest to the highest."""

    key: Key
    name: Text
    organ: Text
    form: Key


class Threshold(Rule):
    """The share of the base that a list needs.

    Attributes:
        inclusive: whether a list that stands exactly on the line passes.
    """

    share: Share
    inclusive: StrictBool = True


class Base(Rule):
    """What the threshold is a share of."""

    of: BaseOf


class TooFewLists(Rule):
    """What happens when fewer lists pass than the law wants to see in the chamber.

    Attributes:
        fewer_than: the rule applies when fewer lists than this pass.
        multiplier: factor on the quotient of an admitted list.
        minimum_seats: what an admitted list gets at least.
    """

    fewer_than: Annotated[StrictInt, Field(ge=2, le=2)] = 2
    admit: Literal["runner_up"]
    multiplier: Share
    minimum_seats: Annotated[StrictInt, Field(ge=0)]


class Ties(Rule):
    """Who gets a seat that equal claims compete for."""

    broken_by: Literal["earlier_registered"]


class SeatRule(Rule):
    """How the votes of a contest become seats."""

    method: Literal[
        "largest_remainder",
        "dhondt",
        "sainte_lague",
        "modified_sainte_lague",
        "huntington_hill",
        "adams",
        "danish",
        "plurality",
        "two_round",
    ]
    quota: Literal["hare", "droop", "hagenbach_bischoff", "imperiali"] | None = None
    threshold: Threshold | None = None
    base: Base | None = None
    too_few_lists: TooFewLists | None = None
    ties: Ties | None = None


class Contest(Rule):
    """One race with its own ballot paper.

    Attributes:
        seats: mandates filled on one ballot paper; absent where the number differs from area to area.
        districts: how many districts vote in the race, each on its own paper; absent where it differs.
    """

    key: Key
    title: Text
    seats: Seats | None = None
    districts: Seats | None = None
    choice_kinds: Annotated[tuple[ChoiceKind, ...], Field(min_length=1)]
    seat_rule: SeatRule | None = None


class Line(Rule):
    """A line of the protocol form, ``number`` as printed there or empty where unknown."""

    key: Key
    number: str = ""
    name: Text


class Relation(Rule):
    """A control relation between lines.

    Attributes:
        tolerance: by how much the two sides may differ before it counts as broken.
        severity: ``error`` where the sheet cannot be right; ``warning`` where it needs a look.
        name: what is wrong when it is broken.
    """

    key: Key
    expression: Annotated[str, AfterValidator(_relation)]
    tolerance: Annotated[StrictInt, Field(ge=0)] = 0
    severity: Literal["error", "warning"]
    name: Text
    _parsed: tuple[Linear, str, Linear] = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Keep the parsed expression beside its text."""
        self._parsed = parse_relation(self.expression)

    @property
    def text(self) -> str:
        """Give the relation as it is written in the profile."""
        return self.expression

    @property
    def left(self) -> Linear:
        """Give the left sum."""
        return self._parsed[0]

    @property
    def op(self) -> str:
        """Give the operator: ``==``, ``<=`` or ``>=``."""
        return self._parsed[1]

    @property
    def right(self) -> Linear:
        """Give the right sum."""
        return self._parsed[2]


Quantity = Literal["registered", "received", "issued", "found", "valid", "invalid", "blank", "turnout"]


class Form(Rule):
    """The protocol form of a level.

    Attributes:
        quantities: what the lines mean in any country, each as a sum of lines.
    """

    lines: tuple[Line, ...]
    relations: tuple[Relation, ...] = ()
    quantities: Mapping[Quantity, Sum] = Field(default_factory=dict)

    def line(self, key: str) -> Line:
        """Find a line by its key.

        Raises:
            LawError: the form has no such line.
        """
        for line in self.lines:
            if line.key == key:
                return line
        raise LawError(f"the form has no line {key!r}; it has {', '.join(line.key for line in self.lines)}")


class Due(Rule):
    """When a duty must be done: so many days or hours from a moment, negative before it."""

    days: StrictInt | None = None
    hours: StrictInt | None = None
    counted_from: Literal[
        "polling_day", "close_of_poll", "protocol_signed", "decision", "application", "request", "end_of_term"
    ] = "polling_day"


class Duty(Rule):
    """Who must do what, by when."""

    key: Key
    article: str
    who: Text
    what: Text
    due: Due | None = None


class Notice(Rule):
    """Whom pollsters must tell before they poll, and what."""

    to: Text
    contents: tuple[Text, ...] = ()
    before: Literal["fieldwork", "publication"]


class Blackout(Rule):
    """When nothing may be published: days before the polling day, and the day itself."""

    days_before: Annotated[StrictInt, Field(ge=0, le=366)]
    polling_day: StrictBool
    covers: tuple[Literal["poll", "forecast", "online_vote", "exit_poll"], ...]


class DisclosureField(Rule):
    """Something that must be published together with a poll."""

    key: Key
    name: Text


class ExitPolls(Rule):
    """Where exit polls may be taken and when they may be published."""

    inside_premises: StrictBool
    release: Literal["close_of_poll", "last_close_of_poll", "after_polling_day"]


class Polls(Rule):
    """The rules on opinion polls, exit polls and forecasts."""

    who_may: Text
    experience_years: Annotated[StrictInt, Field(ge=0)] | None = None
    notice: Notice | None = None
    blackout: Blackout | None = None
    disclosure: tuple[DisclosureField, ...] = ()
    exit_polls: ExitPolls | None = None


class Profile(Rule):
    """The rules of one election."""

    key: ProfileKey
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    title: Text
    valid_from: date
    valid_to: date | None = None
    sources: Mapping[Key, Source]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    contests: Annotated[Mapping[Key, Contest], Field(min_length=1)]
    forms: Annotated[Mapping[Key, Form], Field(min_length=1)]
    duties: tuple[Duty, ...] = ()
    polls: Polls | None = None

    def form(self, level_key: str) -> Form:
        """Find the protocol form of a level.

        Raises:
            LawError: the profile has no such level.
        """
        for level in self.levels:
            if level.key == level_key:
                return self.forms[level.form]
        known = ", ".join(level.key for level in self.levels)
        raise LawError(f"profile {self.key} has no level {level_key!r}; it has {known}")
