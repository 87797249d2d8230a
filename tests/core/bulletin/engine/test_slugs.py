"""Names of pages: no key escapes, no two keys share a page."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haq.bulletin.slugs import area_slug, natural, slug_of

KEYS = st.text(min_size=1, max_size=80) | st.from_regex(r"[A-Za-z0-9/._-]{1,70}", fullmatch=True)
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@pytest.mark.parametrize(
    ("key", "slug"), [("1654", "1654"), ("KZ-11", "kz-11"), ("KZ-11/01", "kz-11_01"), ("11-0001", "11-0001")]
)
def test_an_ordinary_key_stays_readable(key: str, slug: str) -> None:
    assert slug_of(key) == slug


@pytest.mark.parametrize(
    "key", ["CON", "NUL.X", "../../etc", "", ".", "..", "a", "A.", "Әуезов", "<script>", "X" * 300, "KZ_1"]
)
def test_any_other_key_gets_letters_of_its_digest(key: str) -> None:
    assert re.search(r"-[0-9a-f]{32}$", slug_of(key))


def test_a_cyrillic_key_can_still_be_read() -> None:
    assert slug_of("Москва/Тверской/1654").startswith("moskva-tverskoy-1654-")


@given(KEYS)
@example("\x00")
@example("\ud800")
def test_a_name_is_safe_everywhere(key: str) -> None:
    slug = slug_of(key)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", slug)
    assert ".." not in slug and len(slug) <= 93 and not DEVICES.match(slug)


@given(st.lists(KEYS, min_size=2, max_size=40, unique=True))
@example(["KZ-11", "kz-11", "Kz-11", "KZ/11", "KZ_11"])
def test_no_two_keys_share_a_name(keys: list[str]) -> None:
    assert len({slug_of(key).casefold() for key in keys}) == len(keys)


def test_a_key_that_imitates_a_digested_name_is_digested_itself() -> None:
    taken = slug_of("a")
    assert slug_of(taken.upper()) != taken


@given(KEYS, KEYS)
def test_the_second_page_of_an_area_is_no_other_area(one: str, other: str) -> None:
    assert f"{area_slug('region', one)}-2" != area_slug("region", other)
    assert area_slug("region", one) != area_slug("district", one)


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["10", "9", "KZ-2/1", "KZ-10/1", "1а", "1"], key=natural) == [
        "KZ-2/1", "KZ-10/1", "1", "1а", "9", "10",
    ]  # fmt: skip
