"""The search index: small static files that a browser loads as it needs them, the same for every language.

``manifest.json`` names the shards. ``w-<first letters>.json`` holds tokens and the stations that they
stand in, ``n-<first digits>.json`` the numbers of stations, ``s-<number>.json`` a hundred stations as
they are shown. Stations are ordered by area, so that a whole area is one run of numbers.
``t-<third letter>.json`` lists the longer tokens by a letter that a slip in the first two leaves alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from haq.bulletin.model import AreaRef, Place
from haq.bulletin.search.fold import fold
from haq.bulletin.slugs import natural
from haq.entries import Names

#: Where the files lie in the site.
FOLDER = "assets/search"
#: Stations in a shard. Matches of one street lie far apart, so many small shards cost less than few large.
STATIONS = 100
#: A shard of tokens above this is split by a third letter [bytes].
LARGEST_SHARD = 32_000
#: Tokens from this length on are found with one letter wrong.
FORGIVEN = 5
#: A word on more than this share of stations, in more than so many places, cannot find anybody's station.
COMMON_SHARE, COMMON_RUNS = 0.2, 2_000

_LANGUAGES = ("kk", "ru", "en")


def in_order(places: Iterable[Place]) -> list[Place]:
    """Order stations by area, then by number."""
    return sorted(
        places,
        key=lambda place: (
            tuple(natural(area.key) for area in place.areas),
            natural(place.short),
            place.unit,
        ),
    )


def search_files(places: Iterable[Place]) -> Iterator[tuple[str, bytes]]:
    """Make the files of the search.

    Args:
        places: every station once, in any order.

    Yields:
        Path in the site and contents, by kind and then by name; the same bytes for the same stations.
    """
    ordered = in_order(places)
    words, numbers = _postings(ordered)
    coded = {token: encode(found) for token, found in words.items()}
    common = sorted(
        token
        for token, found in words.items()
        if len(found) > COMMON_SHARE * len(ordered) and len(coded[token]) > COMMON_RUNS
    )
    for token in common:
        del coded[token]
    thirds: dict[str, list[str]] = {}
    for token in sorted(coded):
        if len(token) >= FORGIVEN and not _is_number(token):
            thirds.setdefault(token[2], []).append(token)
    word_shards = _shards(coded)
    number_shards = _shards({token: encode(found) for token, found in numbers.items()})
    yield (
        f"{FOLDER}/manifest.json",
        _json(
            {
                "format": 1,
                "stations": len(ordered),
                "shard": STATIONS,
                "words": sorted(word_shards),
                "numbers": sorted(number_shards),
                "thirds": sorted(thirds),
                "common": common,
            }
        ),
    )
    for prefix, text in sorted(number_shards.items()):
        yield f"{FOLDER}/n-{_file(prefix)}.json", text
    for start in range(0, len(ordered), STATIONS):
        yield (
            f"{FOLDER}/s-{start // STATIONS}.json",
            _json(_shown(ordered[start : start + STATIONS])),
        )
    for third, tokens in sorted(thirds.items()):
        yield f"{FOLDER}/t-{_file(third)}.json", _json(tokens)
    for prefix, text in sorted(word_shards.items()):
        yield f"{FOLDER}/w-{_file(prefix)}.json", text


def texts_of(place: Place) -> tuple[str, ...]:
    """Give every text that names the place of a station, each once."""
    names, addresses = place.names, place.addresses
    texts = (
        place.name, place.address, names.kk, names.ru, names.en, addresses.kk, addresses.ru, addresses.en,
    )  # fmt: skip
    return tuple(dict.fromkeys(text for text in texts if text))


def encode(stations: Sequence[int]) -> list[int]:
    """Write rising numbers as distances; ``-k`` stands for the next ``k`` numbers without a gap.

    Args:
        stations: numbers from 0, rising.

    Returns:
        ``[5, 6, 7, 8, 20]`` as ``[6, -3, 12]``: the first distance is counted from -1.
    """
    coded: list[int] = []
    last = -1
    for one in stations:
        if one - last == 1 and coded:
            if coded[-1] < 0:
                coded[-1] -= 1
            else:
                coded.append(-1)
        else:
            coded.append(one - last)
        last = one
    return coded


def _postings(ordered: Sequence[Place]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    words: dict[str, list[int]] = {}
    numbers: dict[str, list[int]] = {}
    area_tokens: dict[AreaRef, tuple[str, ...]] = {}
    for index, place in enumerate(ordered):
        own = fold(place.short)
        tokens = {token for token in fold(place.unit) if not _is_number(token)}
        tokens.update(token for token in own if not _is_number(token))
        for text in texts_of(place):
            tokens.update(fold(text))
        for area in place.areas:
            found = area_tokens.get(area)
            if found is None:
                names = area.names
                texts = (area.short, names.kk or "", names.ru or "", names.en or "")
                found = area_tokens[area] = tuple(token for text in texts for token in fold(text))
            tokens.update(found)
        for token in tokens:
            words.setdefault(token, []).append(index)
        # The whole number as well: 31-0027 is not 27-0031.
        whole = {"-".join(own)} if len(own) > 1 else set()
        for token in whole.union(token for token in own if _is_number(token)):
            numbers.setdefault(token, []).append(index)
    return words, numbers


def _is_number(token: str) -> bool:
    return "0" <= token[0] <= "9"


def _shards(coded: Mapping[str, list[int]]) -> dict[str, bytes]:
    groups: dict[str, dict[str, list[int]]] = {}
    for token in sorted(coded):
        groups.setdefault(token[:2], {})[token] = coded[token]
    shards: dict[str, bytes] = {}
    for prefix, tokens in groups.items():
        text = _json(tokens)
        if len(text) <= LARGEST_SHARD:
            shards[prefix] = text
            continue
        parts: dict[str, dict[str, list[int]]] = {}
        for token, found in tokens.items():
            parts.setdefault(token[:3], {})[token] = found
        for longer, part in parts.items():
            shards[longer] = _json(part)
    return shards


def _file(prefix: str) -> str:
    """Name a shard in plain letters, whatever alphabet its tokens are in."""
    if all("a" <= one <= "z" or "0" <= one <= "9" for one in prefix):
        return prefix
    return "x" + "-".join(f"{ord(one):x}" for one in prefix)


def _shown(places: Sequence[Place]) -> dict[str, object]:
    areas: list[list[object]] = []
    known: dict[tuple[AreaRef, ...], int] = {(): -1}

    def area_of(path: tuple[AreaRef, ...]) -> int:
        found = known.get(path)
        if found is None:
            above = area_of(path[:-1])
            last = path[-1]
            found = known[path] = len(areas)
            areas.append([last.level, last.short or last.key, _said(last.names, ""), above])
        return found

    stations = [
        [
            place.short,
            place.slug,
            area_of(place.areas),
            _said(place.names, place.name),
            _said(place.addresses, place.address),
        ]
        for place in places
    ]
    return {"areas": areas, "stations": stations}


def _said(names: Names, written: str) -> str | dict[str, str]:
    """Give a text by language; one whose language nobody knows is a plain text."""
    said = {language: text for language in _LANGUAGES if (text := getattr(names, language))}
    return said or written


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A text may hold half of a pair of surrogates; JSON has an escape for it, UTF-8 has none.
    return text.encode("utf-8", "backslashreplace")
