"""``haq check`` over a whole country, official and copies, against a bare Polars script."""

import os
import sys
import tempfile
from pathlib import Path

import polars as pl
from registry import Row, alternate, bench, compare

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HAQ_SHARED_DATA", ROOT.parent / "shared" / "data"))
EXAMPLE = ROOT / "examples" / "russia-2021" / "election.toml"

#: The least that any program must do: read both files, join them by station, and sum.
BARE = """
import sys
import polars as pl
official, copies = (pl.read_parquet(path) for path in sys.argv[1:])
keys = ["region", "oik", "tik", "uik"]
numbers = [name for name, kind in official.schema.items() if kind.is_integer()]
joined = official.join(copies, on=keys, suffix=":copy", nulls_equal=True)
sums = joined.select(
    *(pl.col(name).sum() for name in numbers), *(pl.col(f"{name}:copy").sum() for name in numbers)
)
print(joined.height, sums.row(0))
"""


def make_election(folder: Path) -> None:
    """Write a copy of every station, some with an honest slip, and an election that compares them."""
    official = SHARED / "russia" / "russia_2021.parquet"
    frame = pl.read_parquet(official)
    numbers = [name for name, kind in frame.schema.items() if kind.is_integer()]
    slip = pl.int_range(pl.len()) % 977 == 0
    frame.with_columns(
        pl.when(slip).then(pl.col(numbers[-5]) + 9).otherwise(pl.col(numbers[-5])).alias(numbers[-5])
    ).write_parquet(folder / "copies.parquet")
    (folder / "official.parquet").symlink_to(official.resolve())
    text = EXAMPLE.read_text("utf-8").replace("russia_2021.parquet", "official.parquet")
    columns = text.split("[sources.official.columns]")[1]
    (folder / "election.toml").write_text(
        text + '\n[organisations.observers]\nname = { en = "Observers" }\nties = []\n'
        '\n[sources.copies]\nkind = "copies"\norganisation = "observers"\nfile = "copies.parquet"\n'
        f"\n[sources.copies.columns]{columns}",
        "utf-8",
    )


@bench("check: 96,325 stations, official and copies")
def whole_country() -> list[Row]:
    """Measure whole processes, in turns."""
    if not (SHARED / "russia").is_dir():
        print(f"skipped: {SHARED / 'russia'} is not there", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_election(folder)
        haq = [str(Path(sys.executable).with_name("haq")), "check", str(folder), "--json"]
        bare = [sys.executable, "-c", BARE, str(folder / "official.parquet"), str(folder / "copies.parquet")]
        measured = alternate({"haq": haq, "bare Polars": bare}, times=7)
        return compare(measured, "haq", "bare Polars", bar=3.0, memory=1024)
