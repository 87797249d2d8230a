"""What the pages of the bulletin show, as plain values without any language.

A page is a function of one of these values and of the ``Context``, which is the same for every page.
Keys are those of the entries and of the law profile; pages turn them into words.
"""

from haq.bulletin.model.areas import (
    AreaContest,
    AreaView,
    ChoiceSums,
    SeatsView,
    Weight,
    Withdrawals,
    WithdrawnView,
)
from haq.bulletin.model.base import (
    AreaRef,
    Context,
    EvidenceFile,
    Figure,
    Language,
    LogView,
    Place,
    Problem,
    Promise,
    Redacted,
    Reply,
    Withdrawn,
)
from haq.bulletin.model.sheets import (
    AreaRow,
    Check,
    FindingRow,
    FindingsView,
    FindingView,
    Found,
    GoneFinding,
    Row,
    Sheet,
    StationContest,
    StationRow,
    StationView,
)
from haq.bulletin.model.tables import DataView, Download, Tables

__all__ = [
    "AreaContest",
    "AreaRef",
    "AreaRow",
    "AreaView",
    "Check",
    "ChoiceSums",
    "Context",
    "DataView",
    "Download",
    "EvidenceFile",
    "Figure",
    "FindingRow",
    "FindingView",
    "FindingsView",
    "Found",
    "GoneFinding",
    "Language",
    "LogView",
    "Place",
    "Problem",
    "Promise",
    "Redacted",
    "Reply",
    "Row",
    "SeatsView",
    "Sheet",
    "StationContest",
    "StationRow",
    "StationView",
    "Tables",
    "Weight",
    "Withdrawals",
    "Withdrawn",
    "WithdrawnView",
]
