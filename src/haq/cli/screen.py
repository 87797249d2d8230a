"""The screen of ``haq check``: what a tired person needs first."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from haq.check import ContestReport, Pair, Report, by_area, by_unit
from haq.check.publishing import Published
from haq.cli.console import shown
from haq.cli.gaps import unpublished, unread
from haq.cli.words import Words

#: How many things of a kind the screen names without ``--verbose``.
TOP = 10
#: Columns [characters]; a narrower terminal wraps the lines itself, so that no figure is cut.
NARROWEST = 72


def show_report(
    report: Report,
    *,
    language: str,
    verbose: bool = False,
    out: Path | None = None,
    site: Path | None = None,
    published: Published | None = None,
) -> None:
    """Print a report for people.

    Args:
        report: what the check found.
        language: kk, ru or en.
        verbose: name every differing station, flagged protocol and refused row.
        out: where the full tables were written, if they were.
        site: where the bulletin was written, if it was.
        published: what was written there and what was not.
    """
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    console.width = max(console.width, NARROWEST)
    Screen(report, Words(language), console, verbose=verbose).show(out, site, published)


class Screen:
    """One report on one terminal."""

    def __init__(self, report: Report, words: Words, console: Console, *, verbose: bool) -> None:
        self.report = report
        self.words = words
        self.console = console
        self.limit = None if verbose else TOP
        self.verbose = verbose

    def show(self, out: Path | None, site: Path | None = None, published: Published | None = None) -> None:
        """Print everything: first what was read and what to beware of, then what was found."""
        self._head()
        self._files()
        self._notes()
        for contest in self.report.contests.values():
            self._contest(contest)
        words = self.words
        self._section("refused_heading", list(unread(self.report, words)))
        if published is not None:
            self._section("not_published", list(unpublished(published, self.report, words)))
        self._print()
        self._print(words("not_guilt"), "italic")
        if out is not None or site is None:
            self._print(words("written", out=str(out)) if out else words("write_hint"))
        if site is not None:
            self._print(words("site", site=str(site)))
            self._print(words("site_serve", command=f"haq bulletin serve {shlex.quote(str(site))}"))

    # Pieces

    def _print(self, text: str = "", style: str = "") -> None:
        self.console.print(Text(shown(text), style=style))

    def _heading(self, text: str) -> None:
        self._print()
        self._print(text, "bold")

    def _list(self, lines: Sequence[str], indent: str = "") -> None:
        for line in lines[: self.limit]:
            self._print(f"{indent}{line}")
        if self.limit is not None and len(lines) > self.limit:
            self._print(f"{indent}{self.words('and_more', n=len(lines) - self.limit)}")

    def _section(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self._heading(self.words(title))
            self._list(lines)

    def _table(self, *columns: tuple[str, bool]) -> Table:
        table = Table(
            box=box.SIMPLE_HEAD if self.console.is_terminal else None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for title, right in columns:
            table.add_column(
                Text(shown(title)), justify="right" if right else "left", no_wrap=right, overflow="fold"
            )
        return table

    def _row(self, table: Table, *cells: str, bold: bool = False) -> None:
        table.add_row(*(Text(shown(cell)) for cell in cells), style="bold" if bold else "")

    def _head(self) -> None:
        config, profile = self.report.election.config, self.report.election.profile
        state = "" if profile.confirmed else f" ({self.words('unconfirmed_law')})"
        self._print(config.title.best(self.words.language), "bold")
        self._print(f"{config.date.isoformat()} · {self.words('law')} {profile.key}{state}")
        if config.synthetic:
            self._print(self.words("synthetic_made", spec=config.synthetic))

    def _files(self) -> None:
        words = self.words
        titles = ((words(c), True) for c in ("read", "accepted", "refused", "skipped"))
        table = self._table((words("files"), False), *titles)
        for source in self.report.sources.values():
            rows = source.table.rows
            figures = [words.number(n) for n in (rows.read, rows.accepted, rows.refused, rows.skipped)]
            self._row(table, f"{source.key} ({source.name})", *figures)
        self._print()
        self.console.print(table)

    def _notes(self) -> None:
        notes = [f"· {note}" for note in self.report.notes if not note.startswith("law profile")]
        self._section("notes", notes)

    # Names

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

    def _source(self, key: str) -> str:
        """Name a source by its organisation and its key."""
        source = self.report.sources[key]
        organisation = self.report.election.config.organisations.get(source.config.organisation or "")
        return f"{organisation.name.best(self.words.language)} ({key})" if organisation else key

    def _choices(self, contest: ContestReport) -> list[str]:
        return list(self.report.election.config.contests[contest.key].choices)

    def _gaps(self, contest: ContestReport, gaps: Mapping[str, int]) -> str:
        """Name the largest differences of one unit, and how many more there are."""
        ordered = sorted(gaps.items(), key=lambda gap: -abs(gap[1]))
        text = ", ".join(f"{self._name(contest, k)} {self.words.signed(n)}" for k, n in ordered[:3])
        return text if len(ordered) <= 3 else f"{text} {self.words('and_more', n=len(ordered) - 3)}"

    # Contest

    def _contest(self, contest: ContestReport) -> None:
        words, rules = self.words, self.report.election.rules_of(contest.key)
        self._heading(f"— {getattr(rules.title, words.language)} —")
        if contest.stands_in:
            self._print(words("stands_in", declared=self._source(contest.declared)))
        if contest.together is not None:
            self._together(contest, contest.together)
        for pair in contest.copies.values():
            self._differ(contest, pair)
        for pair in contest.between:
            n, of = pair.comparison.differ_choices, pair.comparison.matched
            self._print(words("between", copies=pair.copies, declared=pair.declared, n=n, of=of))
        self._versions(contest)
        if contest.left_out:
            declared = self._source(contest.declared)
            of = contest.official
            self._print(words("version_leaves_out", declared=declared, n=contest.left_out, of=of))
        if contest.not_declared:
            self._print(words("not_declared", n=len(contest.not_declared), of=contest.stations))
            if self.verbose:
                self._print("  " + ", ".join(contest.not_declared))
        if contest.copies:
            self._largest(contest)
        elif not contest.versions:
            self._print(words("no_copies"))
        self._sums(contest)
        self._checks(contest)
        self._totals(contest)

    def _together(self, contest: ContestReport, pair: Pair) -> None:
        words, same = self.words, pair.same
        self._heading(words("copies_of", n=same.units, of=same.of))
        declared = contest.declared if contest.stands_in else words("declared")
        table = self._table(
            ("", False), (words("copies"), True), (declared, True), (words("difference"), False)
        )
        choices = [k for k in self._choices(contest) if k in same.copies]
        for key in choices:
            if not same.pairs[key]:
                self._row(table, self._name(contest, key), "—", "—", words("not_compared"))
                continue
            gap = pair.differences[key]
            figures = (words.number(same.copies[key]), words.number(same.declared[key]))
            self._row(table, self._name(contest, key), *figures, words.signed(gap), bold=gap != 0)
        self.console.print(table)
        gone = {k: n for k in choices if (n := same.units - same.pairs[k])}
        if gone:
            text = ", ".join(f"{self._name(contest, k)} {words.number(n)}" for k, n in gone.items())
            self._print(words("left_out", lines=text))
        if contest.together_seats is not None and same.units:
            by_copies, by_declared = contest.together_seats
            sides = [
                ", ".join(f"{self._name(contest, k)} {n}" for k, n in s.items())
                for s in (by_copies, by_declared)
            ]
            right = words("same") if by_copies == by_declared else sides[1]
            self._print(words("seats_on_both", copies=sides[0], declared=right))

    def _differ(self, contest: ContestReport, pair: Pair) -> None:
        comparison, words = pair.comparison, self.words
        source = self.report.sources[pair.copies]
        place = "" if source.level == self.report.election.base_level else f" [{self._level(source.level)}]"
        self._print(
            words(
                "differ",
                copies=self._source(pair.copies) + place,
                n=comparison.differ_choices,
                of=comparison.matched,
                leading=comparison.differ_leading,
                votes=comparison.differ_votes,
                lines=comparison.differ_lines,
            )
        )
        if pair.copies in contest.contradictions:
            frame = contest.contradictions[pair.copies]
            units = ", ".join(frame["unit"].unique(maintain_order=True).to_list()[: self.limit])
            self._print(words("contradict", copies=pair.copies, n=frame.height, units=units))

    def _versions(self, contest: ContestReport) -> None:
        for key, version in contest.versions.items():
            found, latest = version.changes, version.pair.declared
            self._print(
                self.words(
                    "version_of",
                    copies=key,
                    declared=latest,
                    n=found.frame.height,
                    of=version.pair.comparison.rows,
                    dropped=found.dropped.height,
                    added=found.added.height,
                )
            )
            gaps = {k: n for k in self._choices(contest) if (n := version.pair.differences.get(k))}
            if gaps:
                self._print(f"  {self._gaps(contest, gaps)}")
            units = [*found.frame["unit"], *found.dropped["unit"], *found.added["unit"]]
            self._list(units, "  ")

    def _largest(self, contest: ContestReport) -> None:
        words = self.words
        gaps: dict[tuple[str, str], dict[str, int]] = {}
        copies: dict[tuple[str, str], list[str]] = {}
        for pair in contest.copies.values():
            level = self.report.sources[pair.copies].level
            choices = tuple(k for k in self._choices(contest) if k in pair.comparison.lines)
            for unit, parts in by_unit(pair.comparison.differing(), choices).items():
                place = (level, unit)
                for key, gap in parts.items():
                    if abs(gap) > abs(gaps.setdefault(place, {}).get(key, 0)):
                        gaps[place][key] = gap
                if parts:
                    copies.setdefault(place, []).append(pair.copies)
        ranked = sorted(gaps, key=lambda place: -max(abs(gap) for gap in gaps[place].values()))
        if not ranked:
            if any(pair.comparison.matched for pair in contest.copies.values()):
                self._heading(words("no_difference"))
            return
        self._heading(words("largest"))
        table = self._table(("", False), (words("difference"), False), (words("copies"), False))
        base = self.report.election.base_level
        for place in ranked[: self.limit]:
            level, unit = place
            name = unit if level == base else f"{unit} [{self._level(level)}]"
            self._row(table, name, self._gaps(contest, gaps[place]), ", ".join(copies[place]))
        self.console.print(table)
        if self.limit is not None and len(ranked) > self.limit:
            self._print(words("and_more", n=len(ranked) - self.limit))

    def _sums(self, contest: ContestReport) -> None:
        if not contest.rolls:
            return
        words = self.words
        self._heading(words("sums_up"))
        for roll in (summed.roll for summed in contest.rolls):
            names = {"below": self._level(roll.below), "level": self._level(roll.level)}
            parts = [words("sums_line", **names, n=roll.broken, of=roll.areas)]
            parts += [words("sums_unknown", n=roll.unknown)] if roll.unknown else []
            parts += [words("orphans", n=roll.orphans)] if roll.orphans else []
            parts += [words("childless", n=len(roll.childless))] if roll.childless else []
            self._print("; ".join(parts))
            areas = by_area(roll.frame)
            self._list([f"{unit}: {self._gaps(contest, gaps)}" for unit, gaps in areas.items()], "  ")

    def _checks(self, contest: ContestReport) -> None:
        words = self.words
        for severity, title in (("error", "broken"), ("warning", "warnings")):
            found: dict[str, list[tuple[int, str, Iterable[str]]]] = {}
            for key, checks in contest.checks.items():
                for check in checks.checks:
                    flagged = checks.flagged[check.code]
                    if check.severity == severity and flagged:
                        text = f"{key} {words('of', n=flagged, of=checks.flags.height)}"
                        units = (
                            self.report.sources[key]
                            .frame["unit"]
                            .filter(checks.flags[check.code].fill_null(False))
                        )
                        name = self._check_name(key, check.code)
                        found.setdefault(name, []).append((flagged, text, units))
            if not found:
                if severity == "error":
                    self._heading(words("none_broken"))
                continue
            self._heading(words(title))
            for name, counts in sorted(found.items(), key=lambda item: -sum(n for n, _, _ in item[1])):
                self._print(f"{name}: {' · '.join(text for _, text, _ in counts)}")
                if self.verbose:
                    for _, text, flagged_units in counts:
                        self._print(f"  {text}: {', '.join(flagged_units)}")
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
        words, totals = self.words, contest.totals.get(contest.declared)
        if totals is None:
            return
        self._heading(words("totals", source=contest.declared, n=totals.units, of=totals.of))
        choices = [k for k in self._choices(contest) if k in totals.sums]
        valid = sum(totals.sums[k] for k in choices)
        seats = contest.seats.seats if contest.seats else None
        top = self._summary(contest)
        titles = [("", False), (words("votes"), True), ("%", True)]
        titles += [(words("seats"), True)] if seats is not None else []
        titles += [(words("by_summary", source=top), True)] if top else []
        table = self._table(*titles)
        for key in choices:
            cells = [words.number(totals.sums[key])]
            cells.append(words.percent(totals.sums[key], valid) if valid > 0 else "—")
            if seats is not None:
                cells.append(words.number(seats[key]) if key in seats else "—")
            if top:
                cells.append(words.number(contest.totals[top].sums.get(key, 0)))
            self._row(table, self._name(contest, key), *cells)
        self.console.print(table)
        self._print(words("share"))
        gone = {k: n for k in choices if (n := totals.missing[k])}
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

    def _summary(self, contest: ContestReport) -> str:
        """Find the source with the declared figures of the whole country, if there is one."""
        top = self.report.election.profile.levels[-1].key
        for key in contest.totals:
            source = self.report.sources[key]
            if source.level == top != self.report.election.base_level and source.config.kind == "official":
                return key
        return ""
