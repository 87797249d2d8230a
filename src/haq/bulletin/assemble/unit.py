"""Everything that the entries say of one unit: decoded, held against the election, sorted by contest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from haq.bulletin.assemble.caution import cautions_of
from haq.bulletin.assemble.removed import absent_file, withdrawn_of
from haq.bulletin.decoding import LineError, read_entry
from haq.bulletin.figures import lay_out
from haq.bulletin.model import (
    EvidenceFile,
    Figure,
    Found,
    Problem,
    Reply,
    Sheet,
    StationContest,
    Withdrawn,
)
from haq.bulletin.setting import Setting
from haq.bulletin.slugs import finding_id
from haq.bulletin.withdrawing import retractions_in
from haq.entries import (
    AreaEntry,
    CopyEntry,
    Entry,
    FindingEntry,
    OfficialEntry,
    ReadingEntry,
    ReplyEntry,
    RetractionEntry,
    StationEntry,
    digest,
    withdrawn,
)

#: Readings of one copy: the entry, how often it stands there, its digest.
Readings = list[tuple[ReadingEntry, int, str]]
ReadingState = Literal["unread", "first", "different", "agreed", "file"]
#: Kinds of entries that a unit takes, in the order in which a page lists those that it rests on.
KINDS: dict[type[Entry], str] = {
    StationEntry: "station",
    AreaEntry: "area",
    OfficialEntry: "official",
    CopyEntry: "copy",
    ReadingEntry: "reading",
    FindingEntry: "finding",
    ReplyEntry: "reply",
    RetractionEntry: "retraction",
}
ORDER = {kind: place for place, kind in enumerate(KINDS.values())}


class Unit:
    """A station or an area, while its entries are read.

    Attributes:
        stations: station entries, or area entries, each with its digest; one unless something is wrong.
        contests: in the election's order, once ``settle`` was called.
        problems: what could not be used as it stands.
        entries: (kind, digest) of every entry in use, and of retractions.
        withdrawn: entries that were retracted.
        stations_withdrawn: (digest, entry) of station entries that were retracted.
        files: hashes of the evidence files that the sheets and replies name and the site has.
    """

    def __init__(self, setting: Setting, level: str, key: str) -> None:
        self.setting, self.level, self.key = setting, level, key
        self.stations: list[tuple[StationEntry, str]] = []
        self.areas: list[tuple[AreaEntry, str]] = []
        self.contests: tuple[StationContest, ...] = ()
        self.problems: list[Problem] = []
        self.entries: list[tuple[str, str]] = []
        self.withdrawn: list[Withdrawn] = []
        self.stations_withdrawn: list[tuple[str, StationEntry]] = []
        self.files: set[str] = set()
        self._retractions: dict[str, RetractionEntry] = {}
        self._gone: dict[str, str] = {}
        self._copies: list[tuple[CopyEntry, str]] = []
        self._readings: dict[str, Readings] = {}
        self._official: list[tuple[OfficialEntry, str]] = []
        self._findings: list[tuple[FindingEntry, str]] = []
        self._replies: list[tuple[ReplyEntry, str]] = []

    def read(self, lines: Iterable[bytes]) -> None:
        """Decode lines; equal ones stand beside each other."""
        lines = tuple(lines)
        self._retractions = retractions_in(lines, self.setting.context.election.election)
        self._gone = withdrawn({key: entry.retracts for key, entry in self._retractions.items()})
        last: bytes | None = None
        repeated = 0
        for line in (*lines, None):
            if line is not None and line == last:
                repeated += 1
                continue
            if last is not None:
                self._read_one(last, repeated)
            last, repeated = line, 0

    def _read_one(self, line: bytes, repeated: int) -> None:
        key = digest(line)
        try:
            entry = read_entry(line)
        except LineError as error:
            self.problem(error.code, key, reason=error.reason)
            return
        if entry.election != self.setting.context.election.election:
            self.problem("other-election", key, election=entry.election)
            return
        if key in self._gone:
            self.withdraw(entry, key, self._retractions[self._gone[key]], self._gone[key])
        else:
            self.add(entry, key, repeated)

    def withdraw(self, entry: Entry, key: str, retraction: RetractionEntry, by: str) -> None:
        """Take note of an entry that was retracted: it is named, and nothing rests on it."""
        taken_back = withdrawn_of(entry, key, retraction, by)
        if isinstance(entry, FindingEntry) and entry.contest in self.setting.contests:
            # Its page stays where links to it lead; warnings, and findings of no contest, never had one.
            taken_back = replace(taken_back, page=page_of(entry, key))
        self.withdrawn.append(taken_back)
        if isinstance(entry, StationEntry):
            self.stations_withdrawn.append((key, entry))
        self.entries.append((taken_back.kind, key))

    def problem(self, code: str, where: str, **values: str) -> None:
        """Name a problem with an entry of this unit."""
        self.problems.append(Problem(code, where, self.key, values))

    def add(self, entry: Entry, key: str, repeated: int = 0) -> None:
        """Take an entry of this unit.

        Args:
            entry: the entry.
            key: its digest.
            repeated: how many more times it stands among the entries.
        """
        # Two people who read the same figures write the same entry: that is no mistake.
        people = isinstance(entry, ReadingEntry) and entry.reader != "file"
        if repeated and not people:
            self.problem("twice", key, times=str(repeated + 1))
        if isinstance(entry, StationEntry):
            self.stations.append((entry, key))
        elif isinstance(entry, AreaEntry):
            self.areas.append((entry, key))
        elif isinstance(entry, ReadingEntry):
            self._readings.setdefault(entry.copy_entry, []).append((entry, 1 + repeated, key))
        elif isinstance(entry, OfficialEntry | CopyEntry | FindingEntry | ReplyEntry):
            if entry.contest not in self.setting.contests:
                self.problem("unknown-contest", key, contest=entry.contest)
                return
            if isinstance(entry, OfficialEntry):
                self._official.append((entry, key))
            elif isinstance(entry, CopyEntry):
                self._copies.append((entry, key))
            elif isinstance(entry, FindingEntry):
                self._findings.append((entry, key))
            else:
                self._replies.append((entry, key))
        self.entries.append((KINDS[type(entry)], key))

    def settle(self) -> None:
        """Put everything that was taken together: sheets, differences, findings, replies."""
        contests = []
        for contest in self.setting.contests:
            official = [(e, k) for e, k in self._official if e.contest == contest]
            copies = [(e, k) for e, k in self._copies if e.contest == contest]
            findings = [(e, k) for e, k in self._findings if e.contest == contest]
            replies = [(e, k) for e, k in self._replies if e.contest == contest]
            if official or copies or findings or replies:
                contests.append(self._contest(contest, official, copies, findings, replies))
        self.contests = tuple(contests)
        # The readings of a copy that was withdrawn went with it.
        copied = {key for _, key in self._copies} | {entry.entry for entry in self.withdrawn}
        for copy, readings in self._readings.items():
            for _, _, key in readings if copy not in copied else ():
                self.problem("reading-without-copy", key, copy=copy)
        self._name_unlisted()
        self.problems.sort(key=lambda p: (p.code, p.where))
        self.entries.sort(key=lambda e: (ORDER.get(e[0], len(ORDER)), e[1]))
        self.withdrawn.sort(key=lambda w: (ORDER.get(w.kind, len(ORDER)), w.entry))

    @property
    def sheets(self) -> list[str]:
        """Digests of the official results and copies of this unit, sorted."""
        return sorted(key for _, key in (*self._official, *self._copies))

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Contests that have a list of stations on which this station is not, in the election's order."""
        lists = [c for c in self.setting.contests if c in self.setting.listed]
        if self.level != self.setting.base or not lists:
            return ()
        beside = (self.stations[0][0].unlisted or ()) if self.stations else lists
        return tuple(contest for contest in lists if contest in beside)

    @property
    def taken_off(self) -> tuple[str, ...]:
        """Contests from whose list of stations this station was withdrawn, in the election's order."""
        lists = [entry.unlisted or () for _, entry in self.stations_withdrawn]
        return tuple(c for c in self.unlisted if any(c not in beside for beside in lists))

    def _name_unlisted(self) -> None:
        """Name what is about a unit that is on no list, a problem for each contest and kind of entry."""
        contests = set(self.unlisted)
        if not (self.stations or self.areas or self._official or self._copies):
            # Nothing but findings and replies knows of it.
            contests |= set(self.setting.contests) if self.level != self.setting.top else set()
        for contest in self.setting.contests if contests else ():
            for held in (self._official, self._copies, self._findings, self._replies):
                about = sorted((key, e.kind) for e, key in held if e.contest == contest in contests)
                if about:
                    first, kind = about[0]
                    self.problem("unknown-unit", first, unit=self.key, kind=kind, entries=str(len(about)))

    def _contest(
        self,
        contest: str,
        official: Sequence[tuple[OfficialEntry, str]],
        copies: Sequence[tuple[CopyEntry, str]],
        findings: Sequence[tuple[FindingEntry, str]],
        replies: Sequence[tuple[ReplyEntry, str]],
    ) -> StationContest:
        setting = self.setting
        layout = setting.layout(contest, self.level)
        order = setting.order
        versions = [self._version(e, k) for e, k in official]
        versions.sort(key=lambda s: (s.version, order.get(s.source, -1), s.row, s.entry))
        sheets = [self._copy(e, k) for e, k in copies]
        sheets.sort(key=lambda s: (order.get(s.source, len(order)), s.row, s.entry))
        for sheet in (*sheets, *versions):
            if sheet.source not in order:
                self.problem("unknown-source", sheet.entry, source=sheet.source)
            if not sheet.figures.keys() <= layout.known:
                unknown = sorted(sheet.figures.keys() - layout.known)
                self.problem("unknown-line", sheet.entry, line=", ".join(unknown))
        for before, after in pairwise(versions):
            if before.version == after.version:
                self.problem("two-officials", before.entry, version=str(before.version), other=after.entry)
        answers = tuple(self._reply(e, k) for e, k in sorted(replies, key=lambda r: (str(r[0].date), r[1])))
        found = [as_found(e, k, layout.choices, answers) for e, k in findings]
        found.sort(key=lambda f: (f.severity, -abs(f.largest[1]) if f.largest else 0, f.kind, f.entry))
        source = setting.declared.get((contest, self.level))
        known = setting.versions(contest, self.level)
        left_out_of = 0
        if source is not None and source.kind == "copies" and not versions:
            declared = [s for s in sheets if s.source == source.key and s.counts]
        else:
            # The last version that has this unit: a later one that leaves it out takes nothing back.
            counted = [s for s in versions if s.counts and (not known or s.source in known)]
            declared = [s for s in counted if s.version == counted[-1].version]
            latest = max(known.values(), default=0)
            left_out_of = latest if declared and declared[-1].version < latest else 0
        laid = lay_out(
            contest,
            layout,
            sheets,
            versions,
            declared=declared,
            awaited=source is not None,
            findings=found,
            replies=answers,
            left_out_of=left_out_of,
        )
        taken_back = [w for w in self.withdrawn if w.contest == contest and w.kind in ("official", "copy")]
        if taken_back:
            taken_back.sort(key=lambda w: (ORDER[w.kind], w.entry))
            laid = replace(laid, withdrawn=tuple(taken_back))
        return replace(laid, findings=tuple(self._weigh(f, laid) for f in found)) if found else laid

    def _weigh(self, found: Found, contest: StationContest) -> Found:
        """Say of a finding why it has to be read with care, if it has to."""
        care = cautions_of(found, contest, self.setting)
        # Of a unit that nothing else is known of, every finding is named as that already.
        if "no-figures" in care and (self.stations or self.areas or self._official or self._copies):
            self.problem("finding-without-figures", found.entry, kind=found.kind)
        return replace(found, care=care) if care else found

    def _version(self, entry: OfficialEntry, key: str) -> Sheet:
        counts = self._fits(entry, key, "official", version=entry.version)
        return Sheet(
            "official", entry.source, entry.row, "", entry.version, "", "agreed", entry.lines, (), key, counts
        )

    def _fits(
        self, entry: OfficialEntry | CopyEntry, key: str, kind: str, version: int = 1, organisation: str = ""
    ) -> bool:
        """Tell whether an entry is of the kind, level, contest, version and organisation of its source."""
        source = self.setting.sources.get(entry.source)
        if source is None:
            return True  # named as unknown, and in no sum
        contest = source.contest or self.setting.contests[0]
        whose = source.organisation or "" if kind == "copies" else ""
        theirs = (source.kind, source.level, contest, source.version if kind == "official" else 1, whose)
        if theirs == (kind, entry.level, entry.contest, version, organisation):
            return True
        self.problem("wrong-source", key, source=entry.source)
        return False

    def _copy(self, entry: CopyEntry, key: str) -> Sheet:
        if entry.organisation not in self.setting.organisations:
            self.problem("unknown-organisation", key, organisation=entry.organisation)
        figures, state = self._read_figures(key)
        return Sheet(
            "copy",
            entry.source,
            entry.row,
            entry.organisation,
            0,
            entry.grade or "",
            state,
            figures,
            self._evidence(entry.files, key),
            key,
            self._fits(entry, key, "copies", organisation=entry.organisation),
        )

    def _read_figures(self, copy: str) -> tuple[dict[str, Figure], ReadingState]:
        """Give the figures on which all readings of a copy agree; ``different`` stands for the others."""
        readings = self._readings.get(copy)
        if readings is None:
            self.problem("copy-without-reading", copy)
            return {}, "unread"
        first, times, _ = readings[0]
        if len(readings) == 1:
            person: ReadingState = "agreed" if times > 1 else "first"
            return dict(first.lines), "file" if first.reader == "file" else person
        figures: dict[str, Figure] = {}
        for key in dict.fromkeys(k for reading, _, _ in readings for k in reading.lines):
            said = {reading.lines.get(key, "empty") for reading, _, _ in readings}
            figures[key] = said.pop() if len(said) == 1 else "different"
        differ = sorted(k for k, f in figures.items() if f == "different")
        if differ:
            self.problem("readings-differ", copy, line=", ".join(differ))
        return figures, "different" if differ else "agreed"

    def _reply(self, entry: ReplyEntry, key: str) -> Reply:
        day = entry.date.isoformat() if entry.date else ""
        return Reply(entry.text, entry.language or "", day, self._evidence(entry.files, key), key)

    def _evidence(self, hashes: Sequence[str], where: str) -> tuple[EvidenceFile, ...]:
        found = []
        for sha256 in hashes:
            file = self.setting.files.get(sha256, "file-missing")
            if isinstance(file, str):
                redacted = self.setting.redacted.get(sha256) if file == "file-redacted" else None
                self.problem(file, where, sha256=sha256, **({"reason": redacted.reason} if redacted else {}))
                file = absent_file(sha256, file, redacted)
            else:
                self.files.add(sha256)
            found.append(file)
        return tuple(found)


def page_of(entry: FindingEntry, key: str) -> str:
    """Name the page of a finding; empty for a warning, which has none."""
    return finding_id(key) if entry.severity == "error" else ""


def as_found(entry: FindingEntry, key: str, choices: Sequence[str], replies: tuple[Reply, ...] = ()) -> Found:
    """Turn the entry of a finding into what pages show.

    Args:
        entry: the entry.
        key: its digest.
        choices: choices of its contest, in ballot order; the largest difference is one of votes, if
            votes differ at all.
        replies: of the commission about its unit.
    """
    differences = {
        line: figures[-1] - figures[0]
        for line, figures in entry.lines.items()
        if len(figures) > 1 and figures[-1] is not None and figures[0] is not None
    }
    votes = {c: differences[c] for c in choices if differences.get(c)}
    largest = max((votes or differences).items(), key=lambda item: abs(item[1]), default=None)
    return Found(
        id=page_of(entry, key),
        entry=key,
        kind=entry.finding,
        check=entry.check,
        severity=entry.severity,
        contest=entry.contest,
        level=entry.level,
        unit=entry.unit,
        sources=entry.sources,
        rows=entry.rows,
        lines=entry.lines,
        grade=entry.grade,
        waits=entry.waits,
        largest=largest,
        replies=replies,
    )
