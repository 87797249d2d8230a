"""``election.toml``: what is checked against what, and which column means which line."""

from __future__ import annotations

import tomllib
import unicodedata
from difflib import get_close_matches
from pathlib import Path, PurePath

from pydantic import ValidationError

from haq.check.config import DETAILS, FIGURES, RESERVED, ElectionConfig, SourceConfig
from haq.errors import InputError
from haq.law import Contest, load_profile, profile_digest


class Election:
    """An ``election.toml`` together with its law profile, checked against each other.

    Attributes:
        path: the file.
        config: what it says.
        law: key or path of the law profile.
        profile: the law profile.
    """

    def __init__(self, path: Path, config: ElectionConfig, law: str | Path) -> None:
        self.path = path
        self.config = config
        self.law = law
        self.profile = load_profile(law)

    @property
    def law_sha256(self) -> str:
        """SHA-256 of what the law profile says, so that an entry can name the rules."""
        return profile_digest(self.law)

    @property
    def folder(self) -> Path:
        """The folder of ``election.toml``."""
        return self.path.parent

    @property
    def base_level(self) -> str:
        """Key of the lowest level: the stations."""
        return self.profile.levels[0].key

    def level_of(self, source: SourceConfig) -> str:
        """Key of the level whose protocols a source holds."""
        return source.level or self.base_level

    def contest_of(self, source: SourceConfig) -> str:
        """Key of the contest of a source; the only one where the source names none."""
        return source.contest or next(iter(self.config.contests))

    def rules_of(self, contest: str) -> Contest:
        """Give the law profile's rules of a contest."""
        return self.profile.contests[self.config.contests[contest].law or contest]

    def levels_above(self, level: str) -> tuple[str, ...]:
        """Keys of the levels above ``level``, from low to high."""
        keys = [known.key for known in self.profile.levels]
        return tuple(keys[keys.index(level) + 1 :])


def load_election(folder: Path) -> Election:
    """Read ``election.toml`` and check it against its law profile.

    Args:
        folder: the folder that holds ``election.toml``, or the file itself.

    Returns:
        The election.

    Raises:
        InputError: no such file, not TOML, a key that haq does not know, or a contradiction
            with the law profile; the message names file, key and reason.
        LawError: the law profile itself cannot be used.
    """
    path = folder / "election.toml" if folder.is_dir() else folder
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such file; give a folder with election.toml, or make one with "
            "`haq check --init FILE…`"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}; election.toml is a UTF-8 text file") from None
    try:
        tree = tomllib.loads(text)
    # A number of thousands of digits is a bare ValueError; a deep nest is a RecursionError.
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid TOML: {' '.join(str(error).split())}") from None
    try:
        config = ElectionConfig.model_validate(tree)
    except ValidationError as error:
        raise InputError(f"{path}: {_explain(error)}") from None

    for name, value in (("law", config.law), ("synthetic", config.synthetic or "")):
        if PurePath(value).is_absolute() or ".." in PurePath(value).parts:
            raise InputError(
                f"{path}: {name}: {value!r} leads out of the election's folder; keep the file inside"
            )
    law = path.parent / config.law if config.law.endswith(".toml") else config.law
    election = Election(path, config, law)
    _check_law(election)
    _check_contests(election)
    for key, source in config.sources.items():
        _check_source(election, key, source)
    _check_versions(election)
    return election


def _explain(error: ValidationError) -> str:
    first, *others = error.errors(include_url=False)
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        reason = f"haq does not know the key {first['loc'][-1]!r}; see docs/methods/check.md"
    elif first["type"] == "missing":
        reason = "is missing"
    elif first["type"] == "string_pattern_mismatch":
        reason = f"{first['input']!r} is no key; use small Latin letters and digits, and start with a letter"
    else:
        reason = str(first["msg"]).removeprefix("Value error, ")
    more = f" (and {len(others)} more)" if others else ""
    return f"{where}: {reason}{more}"


def _known(path: Path, where: str, key: str, known: list[str], what: str) -> None:
    if key in known:
        return
    near = get_close_matches(key, known, n=3, cutoff=0.5) or known[:8]
    raise InputError(f"{path}: {where}: no {what} {key!r}; known are {', '.join(near) or 'none'}")


def _check_law(election: Election) -> None:
    """Refuse a law profile whose lines or levels are called like what frames use themselves."""
    profile = election.profile
    levels = {level.key for level in profile.levels}
    lines = {line.key for form in profile.forms.values() for line in form.lines}
    for key in sorted((lines | levels) & RESERVED | lines & levels):
        raise InputError(
            f"{election.path}: law {profile.key}: a line or level is called {key!r}, which haq uses itself; "
            "rename it in the profile"
        )


def _check_contests(election: Election) -> None:
    path, profile = election.path, election.profile
    for key, contest in election.config.contests.items():
        _known(
            path,
            f"contests.{key}",
            contest.law or key,
            list(profile.contests),
            f"contest in law {profile.key}",
        )
        allowed = election.rules_of(key).choice_kinds
        seen: dict[str, str] = {}
        for choice, config in contest.choices.items():
            for name in filter(None, (config.name.kk, config.name.ru, config.name.en)):
                twin = seen.setdefault(_looks(name), choice)
                if twin != choice:
                    raise InputError(
                        f"{path}: contests.{key}.choices: {twin} and {choice} are both called {name!r} "
                        "to the eye; give each its own name"
                    )
            where = f"contests.{key}.choices.{choice}"
            if config.kind not in allowed:
                raise InputError(
                    f"{path}: {where}: kind {config.kind.value!r} is not on this ballot paper in law "
                    f"{profile.key}; it has {', '.join(kind.value for kind in allowed)}"
                )
            taken = RESERVED | {level.key for level in profile.levels}
            taken |= {line.key for form in profile.forms.values() for line in form.lines}
            if choice in taken:
                raise InputError(
                    f"{path}: {where}: the key {choice!r} already means something else; rename it"
                )


# Cyrillic letters that look like Latin ones, in small letters.
_LOOKALIKES = str.maketrans("авекмнорстухіһ", "abekmhopctyxih")


def _looks(name: str) -> str:
    """Fold a name so that two names that a reader cannot tell apart become equal."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().translate(_LOOKALIKES).split())


def _check_source(election: Election, key: str, source: SourceConfig) -> None:
    path, config = election.path, election.config
    where = f"sources.{key}"
    levels = [level.key for level in election.profile.levels]
    level = election.level_of(source)
    _known(path, f"{where}.level", level, levels, f"level in law {election.profile.key}")
    lines = _check_kind(election, where, source)
    if source.organisation is not None:
        _known(path, f"{where}.organisation", source.organisation, list(config.organisations), "organisation")
    fields = [level, *election.levels_above(level), *DETAILS[source.kind], *lines]
    for field in source.columns:
        _known(path, f"{where}.columns.{field}", field, fields, "field")
    used: dict[str | int, str] = {}
    for field, column in source.columns.items():
        twin = used.setdefault(column, field) if field in lines else field
        if twin != field:
            raise InputError(
                f"{path}: {where}.columns: {twin} and {field} both take column {column!r}; "
                "one of them is wrong"
            )
    if level not in source.columns and (
        level != levels[-1] or len(levels) == 1 or source.kind not in FIGURES
    ):
        raise InputError(f"{path}: {where}.columns.{level}: is missing; which column holds the key?")
    if source.kind in FIGURES and not set(source.columns) & set(lines):
        raise InputError(f"{path}: {where}.columns: no column holds a line or a choice")
    if source.kind == "replies" and "reply" not in source.columns:
        raise InputError(f"{path}: {where}.columns.reply: is missing; which column holds the answer?")
    if source.shapes is not None and source.kind != "areas":
        raise InputError(f"{path}: {where}.shapes: outlines belong to a source of kind areas")


def _check_kind(election: Election, where: str, source: SourceConfig) -> list[str]:
    """Check what a source of its kind must and must not say; list the counts that it may hold."""
    path, config = election.path, election.config
    level = election.level_of(source)
    if source.kind == "stations":
        if source.organisation or level != election.base_level:
            raise InputError(f"{path}: {where}: a list of stations has no organisation and no other level")
        if source.contest is not None:
            _known(path, f"{where}.contest", source.contest, list(config.contests), "contest")
        return ["registered"]
    if source.kind == "areas":
        if source.organisation or source.contest or level == election.base_level:
            raise InputError(
                f"{path}: {where}: a list of areas has no organisation and no contest, and a level above "
                f"{election.base_level}: give level"
            )
        return []
    if source.contest is None and len(config.contests) > 1:
        raise InputError(f"{path}: {where}.contest: is missing; which of {', '.join(config.contests)}?")
    contest = election.contest_of(source)
    _known(path, f"{where}.contest", contest, list(config.contests), "contest")
    if source.kind == "replies":
        if source.organisation:
            raise InputError(f"{path}: {where}: replies come from commissions; remove organisation")
        return []
    if source.kind == "copies" and source.organisation is None:
        raise InputError(f"{path}: {where}.organisation: is missing; whose copies are they?")
    return [
        *(line.key for line in election.profile.form(level).lines),
        *config.contests[contest].choices,
    ]


def _check_versions(election: Election) -> None:
    """Refuse two files that say the same thing, so that haq would have to choose.

    Those are two official results of one contest, level and version, and two lists of one level's areas.
    """
    seen: dict[tuple[str, str, int], str] = {}
    for key, source in election.config.sources.items():
        if source.kind == "areas":
            level = election.level_of(source)
            twin = seen.setdefault(("", level, 0), key)
            if twin != key:
                raise InputError(
                    f"{election.path}: sources.{twin} and sources.{key} both list the areas of level "
                    f"{level}; put both into one file"
                )
        elif source.kind == "official":
            place = (election.contest_of(source), election.level_of(source), source.version)
            twin = seen.setdefault(place, key)
            if twin != key:
                raise InputError(
                    f"{election.path}: sources.{twin} and sources.{key} are both version {source.version} of "
                    f"the official result of {place[0]} at level {place[1]}; give the later one "
                    f"version = {source.version + 1}, or put both parts into one file"
                )
