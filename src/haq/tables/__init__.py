"""Any CSV, XLSX or Parquet file in: columns mapped to fields, every refused cell and row named."""

from haq.tables.extract import extract, extract_layout, left_out
from haq.tables.layout import Layout
from haq.tables.mapping import Field, Mapping
from haq.tables.preview import Preview, preview
from haq.tables.proposal import Guess, Proposal, propose, reference
from haq.tables.source import detect
from haq.tables.table import RowCount, Table, read

__all__ = [
    "Field",
    "Guess",
    "Layout",
    "Mapping",
    "Preview",
    "Proposal",
    "RowCount",
    "Table",
    "detect",
    "extract",
    "extract_layout",
    "left_out",
    "preview",
    "propose",
    "read",
    "reference",
]
