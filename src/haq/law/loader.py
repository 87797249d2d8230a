"""Read law profiles from TOML, or say in one line why not."""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from haq.errors import LawError
from haq.law.contradictions import first_contradiction
from haq.law.profile import Profile, Rule

_FOLDER: Final = Path(__file__).parent / "profiles"
_PROVENANCE: Final = ("source", "confirmed")


def profile_keys() -> tuple[str, ...]:
    """List the keys of the profiles that come with haq, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load_profile(key_or_path: str | Path) -> Profile:
    """Read a law profile and check it.

    Args:
        key_or_path: the key of a profile that comes with haq, or the path of a ``.toml`` file.

    Returns:
        The profile, with ``extends`` merged and every value's source filled in.

    Raises:
        LawError: there is no such profile, or it is wrong; the message names file, key and reason.
    """
    path = _find(key_or_path)
    try:
        return _checked(_with_keys(_merged(path, ()), path), path)
    except RecursionError as error:
        raise LawError(f"{path.name}: tables are nested too deeply; a profile needs five levels") from error


def merged_tables(key_or_path: str | Path) -> dict[str, Any]:
    """Read a profile as plain tables, ``extends`` merged and every value's source filled in.

    Args:
        key_or_path: as for ``load_profile``.

    Returns:
        The tables, as a file without ``extends`` would hold them.

    Raises:
        LawError: there is no such profile, or it cannot be read.
    """
    try:
        return _merged(_find(key_or_path), ())
    except RecursionError as error:
        raise LawError("the profile's tables are nested too deeply; five levels are enough") from error


def profile_digest(key_or_path: str | Path) -> str:
    """Hash what a profile says, ``extends`` merged, so that an entry can name the rules it used.

    Args:
        key_or_path: as for ``load_profile``.

    Returns:
        SHA-256, in hexadecimal, of the merged tables as JSON with sorted keys and without spaces;
        comments and the order of keys do not count, dates are ISO 8601 texts.

    Raises:
        LawError: there is no such profile, or it cannot be read.
    """
    tree = merged_tables(key_or_path)
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _find(key_or_path: str | Path) -> Path:
    if isinstance(key_or_path, Path) or key_or_path.endswith(".toml"):
        return Path(key_or_path)
    keys = profile_keys()
    if key_or_path in keys:
        return _FOLDER / f"{key_or_path}.toml"
    near = difflib.get_close_matches(key_or_path[:100], keys, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(keys)}"
    raise LawError(f"no law profile is called {key_or_path[:100]!r}; {hint}")


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise LawError(f"{path.name}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    # A path with a null byte is a ValueError.
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise LawError(f"law profile {str(path)!r} cannot be read: {reason}") from error
    try:
        return tomllib.loads(text)
    # Duplicate keys come here too; a number of thousands of digits is a bare ValueError.
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise LawError(f"{path.name}: not valid TOML: {reason}") from error


def _merged(path: Path, children: tuple[Path, ...]) -> dict[str, Any]:
    """Read a file and lay it over the profile that it ``extends``."""
    if path in children:
        chain = " -> ".join(p.stem for p in (*children, path))
        raise LawError(f"{path.name}: extends: profiles extend each other in a circle: {chain}")
    raw = _read(path)
    if "extends" not in raw:
        return _sourced(raw, path, whole=True)
    base = raw.pop("extends")
    if not isinstance(base, str) or not base or not set(base) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise LawError(f"{path.name}: extends: give the key of another profile, like kz-majilis-2023")
    beside = path.parent / f"{base}.toml"
    parent = beside if _is_file(beside) else _find(base)
    # Each file answers for what it says itself: the child's source never covers the parent's rules,
    # nor the parent's a rule that the child changes.
    below = _without(_merged(parent, (*children, path)), raw.pop("without", []), path)
    merged = _laid_over(below, _sourced(raw, path, whole=False))
    return _sourced(merged, path, whole=True)


def _without(below: dict[str, Any], dropped: Any, path: Path) -> dict[str, Any]:
    """Leave out the tables of the parent that the child names under ``without``."""
    if not isinstance(dropped, list) or not all(isinstance(dotted, str) for dotted in dropped):
        raise LawError(f'{path.name}: without: list dotted keys, like ["contests.lists"]')
    for dotted in dropped:
        first, _, rest = dotted.partition(".")
        if first not in below or (rest and not isinstance(below[first], dict)):
            raise LawError(f"{path.name}: without: the profile that it extends has no {dotted!r}")
        inner = {first: _without(below[first], [rest], path)} if rest else {}
        below = {key: value for key, value in below.items() if key != first} | inner
    return below


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system
        return False


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Merge tables key by key; anything else, lists too, is replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _laid_over(old, value)
        else:
            merged[key] = value
    return merged


def _with_keys(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    """Give each contest its key, which in the file is the name of its table."""
    contests = raw.get("contests")
    if not isinstance(contests, dict):
        return raw
    keyed = {}
    for key, contest in contests.items():
        if isinstance(contest, dict) and "key" in contest:
            raise LawError(f"{path.name}: contests.{key}.key: unknown key; the table's name is the key")
        keyed[key] = {**contest, "key": key} if isinstance(contest, dict) else contest
    return {**raw, "contests": keyed}


def _sourced(raw: dict[str, Any], path: Path, *, whole: bool) -> dict[str, Any]:
    """Hand ``source`` and ``confirmed`` down to every rule that has none of its own.

    Without ``whole`` the file changes another profile: a table of tables only leads to what it changes.
    """

    def fill(model: type[BaseModel], raw: Any, above: Mapping[str, Any], dotted: str) -> Any:
        if not isinstance(raw, dict):
            return raw
        filled = dict(raw)
        if issubclass(model, Rule):
            above = {**above, **{name: raw[name] for name in _PROVENANCE if name in raw}}
            if whole or not all(isinstance(value, dict) for value in raw.values()):
                for name in _PROVENANCE:
                    if name not in above:
                        reason = f"no {name} here nor in any enclosing table; say where it comes from"
                        raise LawError(f"{path.name}: {dotted or 'the profile'}: {reason}")
                    filled.setdefault(name, above[name])
        for name, field in model.model_fields.items():
            inner = _model_within(field.annotation)
            if inner is None or name not in filled:
                continue
            value, here = filled[name], f"{dotted}.{name}" if dotted else name
            if isinstance(value, list):
                filled[name] = [fill(inner, item, above, f"{here}.{n}") for n, item in enumerate(value)]
            elif isinstance(value, dict) and _is_mapping(field.annotation):
                filled[name] = {key: fill(inner, item, above, f"{here}.{key}") for key, item in value.items()}
            else:
                filled[name] = fill(inner, value, above, here)
        return filled

    filled: dict[str, Any] = fill(Profile, raw, {}, "")
    return filled


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(_model_within, get_args(annotation)) if m is not None), None)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is Mapping or (
        hasattr(annotation, "__metadata__") and _is_mapping(get_args(annotation)[0])
    )


def _checked(raw: Any, path: Path) -> Profile:
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        raise LawError(f"{path.name}: {_first_reason(error)}") from error
    if path.parent == _FOLDER and profile.key != path.stem:
        raise LawError(f"{path.name}: key: {profile.key!r} is not the name of the file")
    wrong = first_contradiction(profile)
    if wrong is not None:
        raise LawError(f"{path.name}: {wrong}")
    return profile


def _first_reason(error: ValidationError) -> str:
    """Say what pydantic found first, in one line and without its vocabulary."""
    errors = error.errors(include_url=False, include_input=False)
    first = errors[0]
    dotted = ".".join(str(part) for part in first["loc"] if part != "[key]") or "the profile"
    reasons = {
        "extra_forbidden": "unknown key; check the spelling or remove it",
        "missing": "missing; add it",
        "frozen_instance": "cannot be changed",
    }
    reason = reasons.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return " ".join(f"{dotted}: {reason}{more}".split())
