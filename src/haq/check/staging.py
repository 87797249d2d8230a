"""Finds the folder of an election's files; a synthetic election's files are made on the spot."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haq.check.election import Election


@contextmanager
def sources_in(election: Election, data: Path | None) -> Iterator[Path]:
    """Give the folder that holds the election's files for as long as the check runs.

    Args:
        election: the election; where its ``synthetic`` names a specification and none of
            its files is in the data folder, the files are made from it in a temporary folder.
        data: the folder given by the user; absent, the election's own folder.

    Yields:
        The folder.

    Raises:
        HaqError: the specification of a synthetic election cannot be used.
    """
    folder = data or election.folder
    files = {source.file for source in election.config.sources.values()}
    if election.config.synthetic is None or any((folder / file).exists() for file in files):
        yield folder
        return
    from haq import synthetic

    spec = synthetic.load_spec(election.folder / election.config.synthetic)
    with tempfile.TemporaryDirectory(prefix="haq-") as made:
        synthetic.write(synthetic.make(spec), Path(made))
        yield Path(made)
