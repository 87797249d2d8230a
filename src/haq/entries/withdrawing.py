"""Which entries are withdrawn: a retraction takes an entry back, unless it is taken back itself."""

from __future__ import annotations

from collections.abc import Mapping


def withdrawn(retractions: Mapping[str, str]) -> dict[str, str]:
    """Tell what stands withdrawn.

    Args:
        retractions: digest of each retraction -> digest of the entry that it withdraws. No circle can be
            among them, because an entry cannot hold the digest of a later one.

    Returns:
        Digest of each withdrawn entry -> digest of the retraction that has effect, the first in the order
        of digests where there are several. A retraction that is withdrawn has none.
    """
    against: dict[str, list[str]] = {}
    for key in sorted(retractions):
        against.setdefault(retractions[key], []).append(key)
    stands: dict[str, bool] = {}
    for key in retractions:
        waiting = [key]
        while waiting:
            now = waiting[-1]
            unknown = [other for other in against.get(now, ()) if other not in stands]
            if unknown:
                waiting += unknown
                continue
            stands[now] = not any(stands[other] for other in against.get(now, ()))
            waiting.pop()
    found = {target: next((key for key in keys if stands[key]), "") for target, keys in against.items()}
    return {target: key for target, key in found.items() if key}
