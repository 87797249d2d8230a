"""An election's rules as versioned data: read ``load_profile`` first.

Everything that a country's law says is a TOML file under ``profiles``; the code knows no country.
"""

from haq.law.expressions import CHOICES, Linear, parse_linear, parse_relation
from haq.law.loader import load_profile, profile_digest, profile_keys
from haq.law.profile import (
    Base,
    BaseOf,
    Blackout,
    ChoiceKind,
    Contest,
    Duty,
    Form,
    Level,
    Line,
    Polls,
    Profile,
    Quantity,
    Relation,
    Rule,
    SeatRule,
    Source,
    Text,
    Threshold,
    Ties,
    TooFewLists,
)
from haq.law.writer import profile_text

__all__ = [
    "CHOICES",
    "Base",
    "BaseOf",
    "Blackout",
    "ChoiceKind",
    "Contest",
    "Duty",
    "Form",
    "Level",
    "Line",
    "Linear",
    "Polls",
    "Profile",
    "Quantity",
    "Relation",
    "Rule",
    "SeatRule",
    "Source",
    "Text",
    "Threshold",
    "Ties",
    "TooFewLists",
    "load_profile",
    "parse_linear",
    "parse_relation",
    "profile_digest",
    "profile_keys",
    "profile_text",
]
