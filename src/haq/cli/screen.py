"""The screen of ``haq check``: what a tired person needs first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from haq.check import ContestReport, Pair, Report, by_unit
from haq.cli.words import Words

#: How many differing stations the screen names without ``--verbose``.
TOP = 10


def show_report(report: Report, *, language: str, verbose: bool = False, out: Path | None = None) -> None:
    """Print a report for people.

    Args:
        report: what the check found.
        language: kk, ru or en.
        verbose: name every differing station and every refused row.
        out: where the full tables were written, if they were.
    """
    Screen(report, Words(language), Console(highlight=False, soft_wrap=True), verbose=verbose).show(out)


class Screen:
    """One report on one terminal."""

    def __init__(self, report: Report, words: Words, console: Console, *, verbose: bool) -> None:
        self.report = report
        self.words = words
        self.console = console
        self.verbose = verbose

    def show(self, out: Path | None) -> None:
        """Print everything, the most needed first."""
        self._head()
        self._files()
        for contest in self.report.contests.values():
            self._contest(contest)
        self._refused()
        self._notes()
        words = self.words
        self.console.print()
        self.console.print(words("not_guilt"), style="italic")
        self.console.print(words("written", out=str(out)) if out else words("write_hint"))

    # Pieces

    def _print(self, text: str = "", style: str = "") -> None:
        self.console.print(Text(text, style=style))

    def _heading(self, text: str) -> None:
        self._print()
        self._print(text, "bold")

    def _table(self, *columns: tuple[str, bool]) -> Table:
        table = Table(
            box=box.SIMPLE_HEAD if self.console.is_terminal else None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for title, right in columns:
            table.add_column(title, justify="right" if right else "left", no_wrap=right, overflow="fold")
        return table

    def _head(self) -> None:
        config, profile = self.report.election.config, self.report.election.profile
        state = "" if profile.confirmed else f" ({self.words('unconfirmed_law')})"
        self._print(config.title.best(self.words.language), "bold")
        self._print(f"{config.date.isoformat()} · {self.words('law')} {profile.key}{state}")
        if config.synthetic:
            self._print(self.words("synthetic_made", spec=config.synthetic))

    def _files(self) -> None:
        words = self.words
        table = self._table(
            (words("files"), False),
            *((words(c), True) for c in ("read", "accepted", "refused", "skipped")),
        )
        for source in self.report.sources.values():
            rows = source.table.rows
            figures = [words.number(n) for n in (rows.read, rows.accepted, rows.refused, rows.skipped)]
            name = source.name if source.name == source.key else f"{source.key} ({source.name})"
            table.add_row(Text(name), *figures)
        self._print()
        self.console.print(table)

    def _name(self, contest: ContestReport, key: str) -> str:
        choices = self.report.election.config.contests[contest.key].choices
        if key in choices:
            return choices[key].name.best(self.words.language)
        for level in self.report.election.profile.levels:
            for line in self.report.election.profile.forms[level.form].lines:
                if line.key == key:
                    return str(getattr(line.name, self.words.language))
        return key

    def _level(self, key: str) -> str:
        for level in self.report.election.profile.levels:
            if level.key == key:
                return str(getattr(level.name, self.words.language))
        return key

    def _contest(self, contest: ContestReport) -> None:
        words, rules = self.words, self.report.election.rules_of(contest.key)
        self._heading(f"— {getattr(rules.title, words.language)} —")
        if contest.stands_in:
            self._print(words("stands_in", declared=contest.declared))
        if contest.together is not None:
            self._together(contest, contest.together)
        for pair in contest.copies.values():
            self._differ(pair)
        for pair in contest.versions.values():
            self._version(contest, pair)
        for pair in contest.between:
            n, of = pair.comparison.differ_choices, pair.comparison.matched
            self._print(words("between", copies=pair.copies, declared=pair.declared, n=n, of=of))
        if contest.copies:
            self._largest(contest)
        elif not contest.versions:
            self._print(words("no_copies"))
        self._sums(contest)
        self._checks(contest)
        self._totals(contest)

    def _together(self, contest: ContestReport, pair: Pair) -> None:
        words, same, comparison = self.words, pair.same, pair.comparison
        self._print()
        self._print(words("copies_of", n=same.units, of=same.of), "bold")
        table = self._table(
            ("", False), (words("copies"), True), (words("declared"), True), (words("difference"), False)
        )
        choices = [k for k in self._choices(contest) if k in same.copies]
        for key in choices:
            gap = comparison.sums[key]
            table.add_row(
                self._name(contest, key),
                words.number(same.copies[key]),
                words.number(same.declared[key]),
                words.signed(gap),
                style="" if gap == 0 else "bold",
            )
        self.console.print(table)
        if contest.together_seats is not None:
            by_copies, declared = contest.together_seats
            shown = [
                ", ".join(f"{self._name(contest, k)} {n}" for k, n in s.items())
                for s in (by_copies, declared)
            ]
            right = words("same") if by_copies == declared else shown[1]
            self._print(words("seats_on_both", copies=shown[0], declared=right))
        gone = {k: n for k in choices if (n := comparison.missing[k])}
        if gone:
            text = ", ".join(f"{self._name(contest, k)} {words.number(n)}" for k, n in gone.items())
            self._print(words("missing_lines", lines=text))

    def _differ(self, pair: Pair) -> None:
        comparison, words = pair.comparison, self.words
        self._print(
            words(
                "differ",
                copies=pair.copies,
                n=comparison.differ_choices,
                of=comparison.matched,
                leading=comparison.differ_leading,
                votes=comparison.differ_votes,
                lines=comparison.differ_lines,
            )
        )
        if comparison.unmatched.height:
            self._print(words("not_declared", copies=pair.copies, n=comparison.unmatched.height))

    def _version(self, contest: ContestReport, pair: Pair) -> None:
        words, changed = self.words, pair.comparison.differing().height
        of = pair.comparison.matched
        self._print(words("version_of", copies=pair.copies, declared=pair.declared, n=changed, of=of))
        for key in self._choices(contest):
            if pair.comparison.sums.get(key):
                self._print(f"  {self._name(contest, key)} {words.signed(pair.comparison.sums[key])}")

    def _choices(self, contest: ContestReport) -> list[str]:
        return list(self.report.election.config.contests[contest.key].choices)

    def _largest(self, contest: ContestReport) -> None:
        words = self.words
        gaps: dict[str, dict[str, int]] = {}
        copies: dict[str, list[str]] = {}
        for pair in contest.copies.values():
            choices = [k for k in self._choices(contest) if k in pair.comparison.lines]
            for unit, parts in by_unit(pair.comparison.differing(), tuple(choices)).items():
                for key, gap in parts.items():
                    if abs(gap) > abs(gaps.setdefault(unit, {}).get(key, 0)):
                        gaps[unit][key] = gap
                if parts:
                    copies.setdefault(unit, []).append(pair.copies)
        ranked = sorted(gaps, key=lambda unit: -max(abs(gap) for gap in gaps[unit].values()))
        self._print()
        if not ranked:
            self._print(words("no_difference"))
            return
        self._print(words("largest"), "bold")
        table = self._table(("", False), (words("difference"), False), (words("copies"), False))
        shown = ranked if self.verbose else ranked[:TOP]
        for unit in shown:
            table.add_row(Text(unit), Text(self._gaps(contest, gaps[unit])), Text(", ".join(copies[unit])))
        self.console.print(table)
        if len(shown) < len(ranked):
            self._print(words("and_more", n=len(ranked) - len(shown)))

    def _gaps(self, contest: ContestReport, gaps: Mapping[str, int]) -> str:
        """Name the largest differences of one unit, and how many more there are."""
        ordered = sorted(gaps.items(), key=lambda gap: -abs(gap[1]))
        text = ", ".join(f"{self._name(contest, k)} {self.words.signed(n)}" for k, n in ordered[:3])
        return text if len(ordered) <= 3 else f"{text} {self.words('and_more', n=len(ordered) - 3)}"

    def _sums(self, contest: ContestReport) -> None:
        if not contest.rolls:
            return
        words = self.words
        self._heading(words("sums_up"))
        for roll, _, _ in contest.rolls:
            line = words(
                "sums_line",
                below=self._level(roll.below),
                level=self._level(roll.level),
                n=roll.broken,
                of=roll.areas,
            )
            extra = [words("unknown", n=roll.unknown)] if roll.unknown else []
            extra += [words("orphans", n=roll.orphans)] if roll.orphans else []
            self._print("; ".join([line, *extra]))
            areas: dict[str, dict[str, int]] = {}
            for unit, key, gap in roll.frame.select("unit", "line", "difference").rows():
                areas.setdefault(unit, {})[key] = gap
            for unit in list(areas)[: None if self.verbose else TOP]:
                self._print(f"  {unit}: {self._gaps(contest, areas[unit])}")
            if len(areas) > TOP and not self.verbose:
                self._print(f"  {words('and_more', n=len(areas) - TOP)}")

    def _checks(self, contest: ContestReport) -> None:
        words = self.words
        for severity, title in (("error", "broken"), ("warning", "warnings")):
            found: dict[str, list[tuple[int, str]]] = {}
            for key, checks in contest.checks.items():
                for check in checks.checks:
                    flagged = checks.flagged[check.code]
                    if check.severity == severity and flagged:
                        text = f"{key} {words('of', n=flagged, of=checks.flags.height)}"
                        found.setdefault(self._check_name(key, check.code), []).append((flagged, text))
            if not found:
                if severity == "error":
                    self._heading(words("none_broken"))
                continue
            self._heading(words(title))
            for name, counts in sorted(found.items(), key=lambda item: -sum(n for n, _ in item[1])):
                self._print(f"{name}: {' · '.join(text for _, text in counts)}")
        for key, checks in contest.checks.items():
            blind = max(checks.unknown.values(), default=0)
            if blind:
                self._print(words("unchecked", source=key, n=blind))

    def _check_name(self, source: str, code: str) -> str:
        form = self.report.election.profile.form(self.report.sources[source].level)
        for relation in form.relations:
            if relation.key == code:
                return str(getattr(relation.name, self.words.language))
        return self.words(code) if self.words.has(code) else code

    def _totals(self, contest: ContestReport) -> None:
        words = self.words
        totals = contest.totals.get(contest.declared)
        if totals is None:
            return
        self._heading(words("totals", source=contest.declared, n=totals.units, of=totals.of))
        choices = [k for k in self.report.election.config.contests[contest.key].choices if k in totals.sums]
        valid = sum(totals.sums[k] for k in choices)
        seats = contest.seats.seats if contest.seats else None
        columns = [("", False), (words("votes"), True), (words("share"), True)]
        table = self._table(*columns, *([(words("seats"), True)] if seats is not None else []))
        for key in choices:
            cells = [
                words.number(totals.sums[key]),
                words.percent(totals.sums[key], valid) if valid > 0 else "—",
            ]
            if seats is not None:
                cells.append(words.number(seats[key]) if key in seats else "—")
            table.add_row(Text(self._name(contest, key)), *cells)
        self.console.print(table)
        gone = {k: n for k in totals.sums if (n := totals.missing[k]) and k in choices}
        if gone:
            text = ", ".join(f"{self._name(contest, k)} {words.number(n)}" for k, n in gone.items())
            self._print(words("missing_lines", lines=text))
        if contest.seats is None and contest.seats_note:
            self._print(f"{words('no_seats')}: {contest.seats_note}")
        elif contest.seats is not None and contest.seats.unconfirmed:
            rules = ", ".join(words(f"rule_{key}") for key in contest.seats.unconfirmed)
            self._print(f"{words('rests_on')}: {rules}")
            if words.language == "en":
                self._print(contest.seats_note)

    def _refused(self) -> None:
        words, lines = self.words, list[str]()
        for source in self.report.sources.values():
            table = source.table
            for row, reason in table.refused_rows.select("row", "reason").rows():
                lines.append(f"{source.name}, {words('row', n=row)}: {reason}")
            cells = source.unreadable.select("row", "column", "value", "reason")
            for row, column, value, reason in cells.rows():
                lines.append(f"{source.name}, {words('row', n=row)}, {column} = {value!r}: {reason}")
            if source.empty_cells:
                lines.append(words("empty_cells", file=source.name, n=source.empty_cells))
            if table.duplicates.height:
                lines.append(words("duplicates", file=source.name, n=table.duplicates.height))
        if not lines:
            return
        self._heading(words("refused_heading"))
        shown = lines if self.verbose else lines[:TOP]
        for line in shown:
            self._print(line)
        if len(lines) > len(shown):
            self._print(words("and_more", n=len(lines) - len(shown)))

    def _notes(self) -> None:
        if self.report.notes:
            self._heading(self.words("notes"))
            for note in self.report.notes:
                self._print(f"· {note}")
