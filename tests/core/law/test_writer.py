"""A profile written as one file is the same profile, with the same digest."""

import tomllib
from pathlib import Path

import pytest

from haq.errors import LawError
from haq.law import load_profile, profile_digest, profile_keys, profile_text

EXTENDING = """
extends = "kz-majilis-2021"
key = "village"
valid_from = 2021-01-10
valid_to = 2021-01-10
source = "law_memory"
confirmed = false

[title]
kk = "Ауыл \\"7\\""
ru = "Село\\u007f\\t"
en = "Village \\\\ 7"
"""


@pytest.mark.parametrize("key", profile_keys())
def test_a_profile_comes_back_from_its_text(key: str, tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(profile_text(key), "utf-8")
    assert "extends" not in tomllib.loads(path.read_text("utf-8"))
    assert load_profile(path) == load_profile(key)
    assert profile_digest(path) == profile_digest(key)
    assert profile_text(path) == profile_text(key)


def test_a_profile_beside_an_election_needs_no_other_file(tmp_path: Path) -> None:
    mine, law = tmp_path / "mine.toml", tmp_path / "law.toml"
    mine.write_text(EXTENDING, "utf-8")
    law.write_text(profile_text(mine), "utf-8")
    assert profile_digest(law) == profile_digest(mine)
    title = load_profile(law).title
    assert (title.kk, title.ru, title.en) == ('Ауыл "7"', "Село\x7f\t", "Village \\ 7")


def test_there_is_no_text_of_no_profile() -> None:
    with pytest.raises(LawError, match="no law profile is called"):
        profile_text("kz-majilis-1871")
