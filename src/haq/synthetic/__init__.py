"""Whole elections with a known truth, for the demo, tests and calibration."""

from haq.synthetic.alterations import Planted
from haq.synthetic.copies import Slip
from haq.synthetic.election import LEVELS, SyntheticElection, make
from haq.synthetic.form import LINES
from haq.synthetic.spec import Spec, load_spec, parse_spec
from haq.synthetic.truth import truth
from haq.synthetic.writer import write

__all__ = [
    "LEVELS",
    "LINES",
    "Planted",
    "Slip",
    "Spec",
    "SyntheticElection",
    "load_spec",
    "make",
    "parse_spec",
    "truth",
    "write",
]
