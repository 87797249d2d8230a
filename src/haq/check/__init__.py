"""The main job: an election's sources (``election.toml``) to checks, totals and entries."""

from haq.check.document import by_unit, document
from haq.check.election import Election, load_election
from haq.check.output import write_report
from haq.check.publication import entries_of, findings_of
from haq.check.report import ContestReport, Pair, Report, SourceChecks
from haq.check.run import Progress, check_election
from haq.check.sources import Source, read_source
from haq.check.staging import sources_in

__all__ = [
    "ContestReport",
    "Election",
    "Pair",
    "Progress",
    "Report",
    "Source",
    "SourceChecks",
    "by_unit",
    "check_election",
    "document",
    "entries_of",
    "findings_of",
    "load_election",
    "read_source",
    "sources_in",
    "write_report",
]
