"""Protocols: control relations, agreement of readings, comparison, roll-up, totals, findings.

Frames of protocols hold ``unit`` (key of the station or area), ``row`` (of the file) and
one Int64 column a line or choice, null where the sheet is empty or cannot be read.
"""

from haq.protocols.agreement import (
    Agreement,
    Figure,
    Missing,
    Reader,
    Reading,
    State,
    agree,
    one_per_unit,
)
from haq.protocols.checks import Check, checks_of, flag_frame, flag_protocol
from haq.protocols.comparison import DIFFERENCE, Comparison, compare, compare_lines
from haq.protocols.expressions import columns_of, exact_sum, is_known, polars_of, value_of
from haq.protocols.findings import (
    Finding,
    Kind,
    arithmetic,
    broken_sums,
    changed,
    contradicted,
    differences,
    not_declared,
)
from haq.protocols.rollup import RollUp, roll_up
from haq.protocols.slips import Slip, likely_slip
from haq.protocols.totals import SameUnits, Totals, add_up, same_units
from haq.protocols.versions import SOURCE, Changes, changes, contradictions, last_of_each

__all__ = [
    "DIFFERENCE",
    "SOURCE",
    "Agreement",
    "Changes",
    "Check",
    "Comparison",
    "Figure",
    "Finding",
    "Kind",
    "Missing",
    "Reader",
    "Reading",
    "RollUp",
    "SameUnits",
    "Slip",
    "State",
    "Totals",
    "add_up",
    "agree",
    "arithmetic",
    "broken_sums",
    "changed",
    "changes",
    "checks_of",
    "columns_of",
    "compare",
    "compare_lines",
    "contradicted",
    "contradictions",
    "differences",
    "exact_sum",
    "flag_frame",
    "flag_protocol",
    "is_known",
    "last_of_each",
    "likely_slip",
    "not_declared",
    "one_per_unit",
    "polars_of",
    "roll_up",
    "same_units",
    "value_of",
]
