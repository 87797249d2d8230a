"""Bars: copies against the declared result, largest differences, broken relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haq.charts.canvas import BODY, EDGE, LINE, SMALL, Canvas
from haq.charts.picture import Picture
from haq.charts.theme import choose
from haq.charts.words import Language, number, say, signed

BAR = 12


@dataclass(frozen=True)
class ChoiceTotals:
    """Votes of one choice on the stations that have copies.

    Attributes:
        key: the choice.
        name: its name in the language of the picture.
        copies: votes by the copies [votes].
        official: votes declared on the same stations [votes].
    """

    key: str
    name: str
    copies: int
    official: int


@dataclass(frozen=True)
class RelationCount:
    """How often one control relation is broken.

    Attributes:
        key: the relation.
        name: what is wrong when it is broken, in the language of the picture.
        broken: protocols that break it.
        checked: protocols whose lines allowed the check.
        of: protocols in all.
    """

    key: str
    name: str
    broken: int
    checked: int
    of: int


@dataclass(frozen=True)
class StationDifference:
    """One line of one station where a copy and the declared figure part.

    Attributes:
        station: key of the station.
        line: name of the line or choice in the language of the picture.
        copy: figure on the copy [votes].
        official: declared figure [votes].
    """

    station: str
    line: str
    copy: int
    official: int

    @property
    def difference(self) -> int:
        """Return declared minus copy [votes]."""
        return self.official - self.copy


def counted_against_declared(
    choices: Sequence[ChoiceTotals],
    stations: int,
    of: int,
    language: Language,
    *,
    width: int = 390,
    dark: bool = False,
) -> Picture:
    """Draw two bars a choice, copies and declared, with the signed difference in words.

    Args:
        choices: totals in ballot order, both on the same stations.
        stations: stations that have copies, at most ``of``.
        of: stations of the election.
        language: language of the fixed words.
        width: width of the picture [pixels].
        dark: for a dark page.

    Returns:
        The picture; it says so where there is nothing to compare.
    """
    theme, title = choose(dark), say("counted.title", language)
    canvas = Canvas(width, theme)
    if not choices or not stations:
        empty = say("counted.empty", language, of=of)
        canvas.heading(title, empty)
        return canvas.finish(title, [empty])
    out_of = say("counted.of", language, n=stations, of=of)
    canvas.heading(title, out_of)
    sentences = [out_of]
    words = {"copies": say("counted.copies", language), "declared": say("counted.declared", language)}
    left, right = EDGE + 88, width - EDGE - 78
    low = min(0, *(min(one.copies, one.official) for one in choices))
    high = max(1, *(max(one.copies, one.official) for one in choices))
    per_vote = (right - left) / (high - low)
    zero = left - low * per_vote
    for index, one in enumerate(choices):
        color = theme.choices[index % len(theme.choices)]
        for line in canvas.wrap(one.name, BODY, "bold"):
            canvas.put(line, EDGE, canvas.y + LINE / 2, size=BODY, weight="bold")
            canvas.y += LINE
        for source, votes in (("copies", one.copies), ("declared", one.official)):
            middle = canvas.y + LINE / 2
            canvas.put(words[source], EDGE, middle, color=theme.muted)
            end = zero + votes * per_vote
            facts: dict[str, int | str] = {"choice": one.key, "source": source, "votes": votes}
            canvas.bar(zero, end, middle - BAR / 2, BAR, color, open=source == "declared", **facts)
            canvas.put(number(votes, language), width - EDGE, middle, align="right")
            canvas.y += LINE
        difference = one.official - one.copies
        kind = "above" if difference > 0 else "below" if difference else "same"
        text = say(f"counted.{kind}", language, d=signed(difference, language))
        canvas.put(text, EDGE, canvas.y + LINE / 2, color=theme.accent if difference else theme.muted)
        canvas.y += LINE + 8
        figures = ", ".join(
            f"{words[source]} {number(votes, language)}"
            for source, votes in (("copies", one.copies), ("declared", one.official))
        )
        sentences.append(f"{one.name}: {figures}; {text}.")
    return canvas.finish(title, sentences)


def relations(
    rows: Sequence[RelationCount], language: Language, *, width: int = 390, dark: bool = False
) -> Picture:
    """Draw how many protocols break each control relation, most first.

    Args:
        rows: one for each relation; equal counts keep their order.
        language: language of the fixed words.
        width: width of the picture [pixels].
        dark: for a dark page.

    Returns:
        The picture; the longest bar is the relation that most protocols break.
    """
    theme, title = choose(dark), say("relations.title", language)
    canvas = Canvas(width, theme)
    if not any(row.checked for row in rows):
        empty = say("relations.empty", language)
        canvas.heading(title, empty)
        return canvas.finish(title, [empty])
    out_of = say("relations.of", language)
    canvas.heading(title, out_of)
    sentences = [out_of]
    largest = max(1, *(row.broken for row in rows))
    for row in sorted(rows, key=lambda row: -row.broken):
        for line in canvas.wrap(row.name, BODY):
            canvas.put(line, EDGE, canvas.y + LINE / 2, size=BODY)
            canvas.y += LINE
        canvas.patch(EDGE, EDGE + 1, canvas.y, canvas.y + 14, theme.muted)
        if row.broken:
            end = EDGE + 1 + (width - 2 * EDGE - 1) * row.broken / largest
            canvas.bar(EDGE + 1, end, canvas.y + 3, 8, theme.accent, relation=row.key, broken=row.broken)
        canvas.y += 15
        said = "relations.row" if row.checked else "relations.unchecked"
        text = say(said, language, broken=row.broken, checked=row.checked, of=row.of)
        canvas.put(text, EDGE, canvas.y + LINE / 2, color=theme.accent if row.broken else theme.muted)
        canvas.y += LINE + 8
        sentences.append(f"{row.name}: {text}.")
    return canvas.finish(title, sentences)


def largest_differences(
    rows: Sequence[StationDifference],
    of: int,
    language: Language,
    *,
    shown: int = 10,
    width: int = 390,
    dark: bool = False,
) -> Picture:
    """Draw the largest differences between copies and declared figures as signed bars.

    Args:
        rows: every line that differs; zero differences are left out.
        of: stations that were compared.
        language: language of the fixed words.
        shown: how many to draw at most.
        width: width of the picture [pixels].
        dark: for a dark page.

    Returns:
        The picture; bars to the right of the line were declared above the copy.
    """
    theme, title = choose(dark), say("largest.title", language)
    canvas = Canvas(width, theme)
    differing = [row for row in rows if row.difference]
    if not differing:
        empty = say("largest.same" if of else "largest.empty", language, of=of)
        canvas.heading(title, empty)
        return canvas.finish(title, [empty])
    differing.sort(key=lambda row: (-abs(row.difference), row.station, row.line))
    drawn = differing[:shown]
    out_of = say("largest.of", language, n=len(differing), of=of, shown=len(drawn))
    canvas.heading(title, out_of)
    sentences = [out_of]
    # The zero line stands where bars of both signs have the same scale.
    above = max(0, *(row.difference for row in drawn))
    below = max(0, *(-row.difference for row in drawn))
    per_vote = (width - 2 * EDGE) / (above + below)
    zero = EDGE + below * per_vote
    for row in drawn:
        name = f"{row.station} · {row.line}"
        for line in canvas.wrap(name, BODY):
            canvas.put(line, EDGE, canvas.y + LINE / 2, size=BODY)
            canvas.y += LINE
        facts: dict[str, int | str] = {"station": row.station, "line": row.line, "difference": row.difference}
        canvas.patch(zero - 0.5, zero + 0.5, canvas.y, canvas.y + 16, theme.muted)
        canvas.bar(
            zero,
            zero + row.difference * per_vote,
            canvas.y + 3,
            10,
            theme.accent,
            open=row.difference < 0,
            **facts,
        )
        canvas.y += 18
        text = say(
            "largest.row",
            language,
            d=signed(row.difference, language),
            copy=row.copy,
            official=row.official,
        )
        canvas.put(text, EDGE, canvas.y + LINE / 2, size=SMALL, color=theme.muted)
        canvas.y += LINE + 8
        sentences.append(f"{name}: {text}.")
    return canvas.finish(title, sentences)
