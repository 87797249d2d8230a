"""Which findings do not stand by themselves: they are shown, and never ranked among the firm ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from haq.bulletin.figures import agreed_figures
from haq.bulletin.model import Check, Figure, Found, StationContest
from haq.bulletin.setting import Rule, Setting

#: Kinds of findings whose largest difference is between somebody's copy and another sheet.
_OF_COPIES = ("official-differs", "copies-disagree")
_SHEETS = ("official", "copies")


def cautions_of(found: Found, contest: StationContest, setting: Setting) -> tuple[str, ...]:
    """Name the reasons for which a finding has to be read with care.

    Args:
        found: the finding.
        contest: the sheets at its unit.
        setting: the election.

    Returns:
        ``no-figures`` (they stand on no sheet of the entries), with ``withdrawn`` where a sheet of a
        file that it names was retracted, ``waits`` (for a second source),
        ``one-reading`` (one person has read the copy), ``contradicted`` (by another copy, on the line that
        differs most), ``own-sum`` (the copy breaks a rule, and would break it less with the other figure on
        that line); in this order.
    """
    if not stands(found, contest, setting):
        gone = {sheet.source for sheet in contest.withdrawn}
        return ("no-figures",) if gone.isdisjoint(found.sources) else ("no-figures", "withdrawn")
    doubts = {"waits"} if found.waits else set()
    line, difference = found.largest or (None, 0)
    for index in _used(found, contest):
        sheet = contest.sheets[index]
        if sheet.kind != "copy":
            continue
        if sheet.state == "first":
            doubts.add("one-reading")
        if line is not None and found.kind in _OF_COPIES:
            first = (sheet.source, sheet.row) == (found.sources[0], found.rows[0])
            other = difference if first else -difference
            doubts.update(doubts_of(contest, index, line, other, found.level, setting))
    if found.kind != "official-differs":
        doubts.discard("contradicted")  # it is what the finding says
    return tuple(code for code in ("waits", "one-reading", "contradicted", "own-sum") if code in doubts)


def doubts_of(
    contest: StationContest, copy: int, line: str, difference: int, level: str, setting: Setting
) -> Iterator[str]:
    """Say why one figure of a copy is not firm.

    Args:
        contest: the sheets of the unit.
        copy: index of the copy.
        line: key of the figure.
        difference: the figure that it is compared with, minus this one.
        level: of the unit.
        setting: the election.

    Yields:
        ``contradicted``, ``own-sum``.
    """
    figure = contest.sheets[copy].figures.get(line)
    stand_in = _stand_in(contest)
    for index, other in enumerate(contest.sheets):
        if other.kind == "copy" and index != copy and other.counts and other.source != stand_in:
            number = other.figures.get(line)
            if type(number) is int and number != figure:
                yield "contradicted"
                break
    broken = [check for check in contest.checks if check.sheet == copy and check.broken]
    if broken:
        errors = {r.key for r in setting.context.profile.form(level).relations if r.severity == "error"}
        rules = {rule.key: rule for rule in setting.layout(contest.key, level).relations}
        if any(c.relation in errors and _mends(c, rules[c.relation], line, difference) for c in broken):
            yield "own-sum"


def _mends(check: Check, rule: Rule, line: str, difference: int) -> bool:
    """Tell whether a broken rule would be broken less, or not at all, with the other figure on a line.

    A slip on the copy itself is then enough to explain the difference. A rule that breaks elsewhere says
    nothing about this figure, though it stands in it too.
    """
    left, right = (sum(n for name, n in terms if name == line) * difference for terms, _ in rule.sides)
    if check.left is None or check.right is None or left == right:
        return False
    gap = check.left - check.right
    if rule.op != "==":  # the breach of an inequality lies on one side only
        return (left < right) == (rule.op == "<=")
    return abs(gap + left - right) < abs(gap)


def shaky(contest: StationContest, level: str, setting: Setting) -> bool:
    """Tell whether the largest difference of a unit rests on no copy that stands by itself."""
    if contest.largest is None:
        return False
    line, difference = contest.largest
    row = next(row for row in contest.rows if row.key == line)
    for index, sheet in enumerate(contest.sheets):
        if sheet.kind != "copy" or row.differences[index] != difference:
            continue
        waits = any(
            f.waits and (sheet.source, sheet.row) in zip(f.sources, f.rows, strict=False)
            for f in contest.findings
        )
        doubts = any(doubts_of(contest, index, line, difference, level, setting))
        if not waits and not doubts and sheet.state != "first":
            return False
    return True


def stands(found: Found, contest: StationContest, setting: Setting) -> bool:
    """Tell whether the figures of a finding are those of the sheets that it names.

    A sum of the level below is no sheet, and is left to the table of the summary.
    """
    for place, key in enumerate(found.sources):
        source = setting.sources.get(key)
        if source is not None and (source.kind not in _SHEETS or source.level != found.level):
            continue
        row = found.rows[place] if place < len(found.rows) else None
        shown = {line: f[place] if place < len(f) else None for line, f in found.lines.items()}
        sheets = [s for s in contest.sheets if s.source == key and row in (None, s.row)]
        held: list[Mapping[str, Figure]] = [sheet.figures for sheet in sheets]
        if row is None:
            # Several copies of one source count where they agree; without a sheet nothing may be claimed.
            held.append(agreed_figures(sheets) if sheets else {})
        if not any(all(_number(f.get(line)) == n for line, n in shown.items()) for f in held):
            return False
    return True


def _number(figure: Figure | None) -> int | None:
    return figure if isinstance(figure, int) else None


def _used(found: Found, contest: StationContest) -> Iterator[int]:
    """List the indices of the sheets that a finding names by file and row."""
    named = {(s, r) for s, r in zip(found.sources, found.rows, strict=False) if r is not None}
    yield from (i for i, sheet in enumerate(contest.sheets) if (sheet.source, sheet.row) in named)


def _stand_in(contest: StationContest) -> str:
    """Name the source of copies that stands where nothing official was declared."""
    declared = contest.sheets[contest.declared] if contest.declared is not None else None
    return declared.source if declared is not None and declared.kind == "copy" else ""
