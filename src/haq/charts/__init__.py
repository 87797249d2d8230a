"""Pictures of what methods return: one specification for page, SVG and PDF."""

from haq.charts.comparison import (
    ChoiceTotals,
    RelationCount,
    StationDifference,
    counted_against_declared,
    largest_differences,
    relations,
)
from haq.charts.picture import Picture
from haq.charts.turnout import turnout_share
from haq.charts.words import Language

__all__ = [
    "ChoiceTotals",
    "Language",
    "Picture",
    "RelationCount",
    "StationDifference",
    "counted_against_declared",
    "largest_differences",
    "relations",
    "turnout_share",
]
