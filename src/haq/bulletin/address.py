"""The address at which a site will stand."""

from __future__ import annotations

import re

from haq.errors import InputError

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"https?://(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
    r"(?:/(?:[A-Za-z0-9._~+,=:@-]|%[0-9A-Fa-f]{2})+)*/?"
)


def site_address(text: str) -> str:
    """Check the address of a site: it goes into pages and into commands that people copy.

    Args:
        text: as it was given; empty for a site without an address.

    Returns:
        The address with a slash at its end; empty for none.

    Raises:
        InputError: it is no address of a folder on the web.
    """
    if not text:
        return ""
    if not _ADDRESS.fullmatch(text) or {".", ".."} & set(text.split("/")):
        raise InputError(
            f"base URL {text!r}: give the address of the site's folder, such as "
            "https://example.org/bulletin/: http or https, Latin letters, no ? and no #"
        )
    return text if text.endswith("/") else f"{text}/"
