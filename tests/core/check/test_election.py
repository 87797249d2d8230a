"""``election.toml``: what is wrong with it is said with file, key and reason."""

from pathlib import Path

import pytest

from haq.check import load_election
from haq.errors import InputError, LawError

GOOD = """
format = 1
key = "village"
title = { en = "Village" }
date = 2021-01-10
law = "kz-majilis-2021"

[contests.lists.choices]
alpha = { name = { en = "Alpha" } }

[organisations.citizens]
name = { en = "Citizens" }
ties = []

[sources.declared]
kind = "official"
file = "declared.csv"

[sources.declared.columns]
station = "s"
alpha = "a"
"""


def load(folder: Path, text: str) -> None:
    (folder / "election.toml").write_text(text, "utf-8")
    load_election(folder)


def test_the_good_one_is_good(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "format"),
        ("format = 1", "", "format: is missing"),
        ("format = 1", "format = 1\nfolmat = 3", "haq does not know the key 'folmat'"),
        ("date = 2021-01-10", 'date = "soon"', "date"),
        ('law = "kz-majilis-2021"', 'law = "kz-majilis-2012x"', "no law profile is called"),
        (
            "[contests.lists.choices]",
            "[contests.list.choices]",
            "no contest in law .* 'list'; known are lists",
        ),
        ('alpha = { name = { en = "Alpha" } }', "alpha = { name = {} }", "give the name in kk, ru or en"),
        (
            'alpha = { name = { en = "Alpha" } }',
            'alpha = { name = { en = "A" }, kind = "against_all" }',
            "'against_all' is not on this ballot paper",
        ),
        (
            'alpha = { name = { en = "Alpha" } }',
            'registered = { name = { en = "A" } }',
            "already means something else",
        ),
        ('kind = "official"', 'kind = "offcial"', "sources.declared.kind"),
        ('kind = "official"', 'kind = "copies"', "whose copies are they"),
        ('kind = "official"', 'kind = "official"\nlevel = "village"', "no level in law .* 'village'"),
        ('kind = "official"', 'kind = "official"\ncontest = "x"', "no contest 'x'"),
        (
            'kind = "official"',
            'kind = "copies"\norganisation = "x"',
            "no organisation 'x'; known are citizens",
        ),
        ('kind = "official"', 'kind = "official"\nversion = 0', "sources.declared.version"),
        ('alpha = "a"', 'alfa = "a"', "no field 'alfa'; known are alpha"),
        ('alpha = "a"', "", "no column holds a line or a choice"),
        ('station = "s"\n', "", "columns.station: is missing"),
        ("[sources.declared.columns]", "[sources.declared.columns", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises((InputError, LawError), match=said) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert "\n" not in str(caught.value)


def test_no_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"election\.toml: no such file.*--init"):
        load_election(tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_election(tmp_path)


def test_a_law_profile_beside_the_election_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "kz-majilis-2021"\nkey = "mine"\n', "utf-8")
    try:
        load(tmp_path, GOOD.replace('"kz-majilis-2021"', '"mine.toml"'))
    except LawError as error:  # what a child profile must say itself is the law room's business
        assert "mine.toml" in str(error)
