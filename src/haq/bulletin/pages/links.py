"""Where every page lies inside a language's folder, and the way from one page to another."""

from __future__ import annotations

import re
from hashlib import sha256

HOME = "index.html"
FIND = "find.html"
FINDINGS = "findings.html"
DATA = "data.html"
LIMITS = "limits.html"
VERIFY = "verify.html"
WITHDRAWN = "withdrawn.html"


def root_of(path: str) -> str:
    """Give the way from a page up to its language's folder: ``../`` for ``station/1654.html``."""
    return "../" * path.count("/")


def station_path(slug: str) -> str:
    """Name the page of a station."""
    return f"station/{slug}.html"


def area_path(slug: str, page: int = 1) -> str:
    """Name the page of an area, or a further page of its list of stations."""
    return f"area/{slug}.html" if page == 1 else f"area/{slug}-{page}.html"


def finding_path(identity: str) -> str:
    """Name the page of a finding."""
    return f"finding/{identity}.html"


def findings_path(kind: str, page: int = 1) -> str:
    """Name a page of the list of findings of a kind (``arithmetic:warning`` for warnings)."""
    return f"findings/{kind.replace(':', '-')}-{page}.html"


def totals_path(contest: str) -> str:
    """Name the page of a contest's totals."""
    return f"totals/{contest_slug(contest)}.html"


def method_path(key: str) -> str:
    """Name the page of a method."""
    return f"methods/{key}.html"


def contest_slug(key: str) -> str:
    """Turn the key of a contest, which strangers write, into a name for a file or an anchor.

    Args:
        key: key of the contest.

    Returns:
        The key where it is plain; else what is plain in it, and 8 digits of its hash.
    """
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,47}", key) and not re.fullmatch(r"con|prn|aux|nul|c-.*|.*\d", key):
        return key
    plain = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:40]
    # A letter first, as an anchor wants it; and no device of Windows, such as "con".
    return f"c-{plain}-{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def copy_anchor(prefix: str, copy: int) -> str:
    """Name the place of a copy on its station's page.

    Args:
        prefix: ``anchor_prefix`` of the contest.
        copy: number of the copy, from 1.
    """
    return f"{prefix}copy-{copy}"


def anchor_prefix(contest: str, contests: int) -> str:
    """Give what anchors of a contest begin with: nothing in an election of one contest."""
    return "" if contests == 1 else f"{contest_slug(contest)}-"
