"""The address of a site goes into pages and into commands that people copy: nothing else passes."""

import pytest

from haq.bulletin.address import site_address
from haq.errors import InputError


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", ""),
        ("https://example.org", "https://example.org/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a/"),
        ("https://xn--80ak6aa92e.kz/2023/%D1%8F/", "https://xn--80ak6aa92e.kz/2023/%D1%8F/"),
        ("https://user.github.io/~haq/kz-2023", "https://user.github.io/~haq/kz-2023/"),
    ],
)
def test_an_address_ends_with_a_slash(given: str, address: str) -> None:
    assert site_address(given) == address
    assert site_address(address) == address


@pytest.mark.parametrize(
    "given",
    [
        "example.org",
        "//example.org/",
        "javascript:alert(1)",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://a b.org/",
        "https://example.org/?x=1",
        "https://example.org/#x",
        "https://me:secret@example.org/",
        "https://example.org/; rm -rf ~",
        "https://example.org/$(id)",
        'https://example.org/"><script>',
        "https://example.org/a/../b/",
        "https://example.org//b",
        "https://example.org/%zz",
        "https://example.org/\n",
        "https://пример.рф/",
        " https://example.org/",
    ],
)
def test_what_is_no_address_is_one_clear_error(given: str) -> None:
    with pytest.raises(InputError, match="give the address of the site's folder") as caught:
        site_address(given)
    assert "\n" not in str(caught.value)
