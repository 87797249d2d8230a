"""The main job: an election's sources (``election.toml``) to checks, totals and entries.

What a check publishes stands in ``haq.check.publication`` and ``haq.check.output``, which load
more than a check itself needs.
"""

from haq.check.document import by_area, by_unit, document
from haq.check.election import Election, load_election
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
    "by_area",
    "by_unit",
    "check_election",
    "document",
    "load_election",
    "read_source",
    "sources_in",
]
