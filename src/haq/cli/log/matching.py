"""Which new entry stands in the place of one that is gone: of the same kind, about the same thing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

#: Kind -> what it is about, and what tells apart several about the same.
_ABOUT: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "election": ((), ()),
    "station": (("station",), ()),
    "area": (("level", "area"), ()),
    "official": (("contest", "level", "unit", "source", "version"), ("row",)),
    "copy": (("contest", "level", "unit", "organisation", "source"), ("row",)),
    "reply": (("contest", "level", "unit"), ("date",)),
    "finding": (("finding", "check", "contest", "level", "unit", "sources"), ("rows",)),
    "total": (("contest", "level", "source"), ()),
    "retraction": (("retracts",), ()),
    "commitment": (("organisation",), ()),
    "reveal": (("commitment_entry",), ()),
}
Tree = Mapping[str, Any]


class Matching:
    """Finds what replaces what.

    Attributes:
        gone: digest -> entry that is no longer there.
    """

    def __init__(self, gone: Mapping[str, Tree], new: Mapping[str, Tree], copies: Mapping[str, Tree]) -> None:
        """Compare two sets of entries.

        Args:
            gone: digest -> entry that is no longer there.
            new: digest -> entry that came.
            copies: digest -> copy, for the readings among them.
        """
        self.gone = gone
        self._copies = copies
        self._gone, self._new = (
            [_grouped((key, _names(tree, copies)[n]) for key, tree in trees.items()) for n in (0, 1)]
            for trees in (gone, new)
        )

    def replacement(self, tree: Tree) -> str | None:
        """Give the digest of the entry in the place of one that is gone; None where nobody can tell."""
        for name, gone, new in zip(_names(tree, self._copies), self._gone, self._new, strict=True):
            if name and len(gone[name]) == len(new[name]) == 1:
                return new[name][0]
        return None


def same_subject(one: Tree, other: Tree, copies: Mapping[str, Tree]) -> bool:
    """Tell whether two entries are of the same kind about the same thing, so that one can replace the other.

    Args:
        one, other: the entries.
        copies: digest -> copy, for readings.
    """
    if one.get("kind") == other.get("kind") == "reading" and one.get("copy_entry") == other.get("copy_entry"):
        return one.get("election") == other.get("election")
    name = _names(one, copies)[0]
    return bool(name) and name == _names(other, copies)[0]


def _names(tree: Tree, copies: Mapping[str, Tree]) -> tuple[str, str]:
    """Name what an entry is about, and the same with what tells it apart; empty where it is unknown."""
    kind = str(tree.get("kind"))
    if kind == "reading":
        copy = copies.get(str(tree.get("copy_entry")))
        if copy is None:
            return "", ""
        names = _names(copy, {})
        return f"reading {names[0]}", f"reading {tree.get('reader')} {names[1]}"
    if kind not in _ABOUT:
        return "", ""
    about, apart = _ABOUT[kind]
    loose = [kind, tree.get("election"), *(tree.get(key) for key in about)]
    return json.dumps(loose), json.dumps([*loose, *(tree.get(key) for key in apart)])


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in pairs:
        groups[name].append(key)
    return groups
