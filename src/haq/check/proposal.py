"""Proposes an ``election.toml`` for somebody's tables: a start that a person finishes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path

from haq import tables
from haq.check.config import RESERVED
from haq.errors import InputError
from haq.law import ChoiceKind, Form, Profile, load_profile, profile_keys

#: What a header says in general -> keys under which law profiles know the line.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "registered": ("registered",),
    "received": ("received", "ballots_received"),
    "issued": ("ballots_issued", "signatures"),
    "issued_early": ("issued_early",),
    "issued_inside": ("issued_inside",),
    "issued_outside": ("issued_outside",),
    "cancelled": ("cancelled", "ballots_unused_cancelled"),
    "mobile_box": ("in_mobile_boxes",),
    "fixed_box": ("in_fixed_boxes",),
    "invalid": ("invalid", "ballots_invalid"),
    "valid": ("valid",),
    "blank": ("blank",),
    "voted": ("ballots_cast", "ballots_issued"),
    "lost": ("lost",),
    "unaccounted": ("unaccounted",),
    "absentee": ("issued_absentee",),
}
#: Lines that a table must have in common with a form before its law is guessed.
_ENOUGH = 3
#: How alike a header and a line's name must be to count as the same.
_ALIKE = 0.8


@dataclass(frozen=True)
class _File:
    path: Path
    file: str
    preview: tables.Preview


def propose_election(files: Sequence[Path], data: Path | None = None, law: str | None = None) -> str:
    """Propose an ``election.toml`` from the headers and first rows of some tables.

    Args:
        files: tables, the official result first; the others are taken for copies.
        data: folder that the file paths will be relative to; absent, that of the first file.
        law: key or path of the law profile; absent, the one whose form fits best.

    Returns:
        The text of an ``election.toml`` with a comment on every guess.

    Raises:
        HaqError: a file cannot be read, or no column can be a choice.
    """
    folder = data or files[0].parent
    read = [_File(path, _relative(path, folder), tables.preview(path)) for path in files]
    profile = load_profile(law) if law else _guessed_profile(read[0])
    form = profile.form(profile.levels[0].key)
    contest = next(iter(profile.contests.values()))
    lines = {column for column, _ in _mapped(read[0], form).values()}
    taken = RESERVED | {level.key for level in profile.levels}
    taken |= {line.key for known in profile.forms.values() for line in known.lines}
    choices = _choices(read[0], lines, taken)
    if not choices:
        raise InputError(
            f"{read[0].file}: no column looks like votes for a choice; give a table with one column a choice"
        )
    return (
        "\n".join(
            _lines(read, profile, form, contest.key, contest.choice_kinds, choices, guessed=law is None)
        )
        + "\n"
    )


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        raise InputError(f"{path}: lies outside of {folder}; give the common folder with --data") from None


def _guessed_profile(file: _File) -> Profile:
    """Choose the one law profile whose form fits the headers best, or ask.

    Raises:
        InputError: no profile fits well, or several fit alike.
    """
    fits: dict[str, int] = {}
    for key in profile_keys():
        profile = load_profile(key)
        against_all = any(ChoiceKind.AGAINST_ALL in c.choice_kinds for c in profile.contests.values())
        if file.preview.proposal.best("against_all") is None or against_all:
            fits[key] = len(_mapped(file, profile.form(profile.levels[0].key)))
    best = max(fits.values(), default=0)
    found = [key for key, lines in fits.items() if lines == best]
    if best < _ENOUGH or len(found) > 1:
        nearest = f" (nearest: {', '.join(found)})" if best else ""
        raise InputError(
            f"{file.file}: the headers do not tell under which law this election was held{nearest}; "
            "give it with --law KEY (`haq law list` names them)"
        )
    return load_profile(found[0])


def _mapped(file: _File, form: Form) -> dict[str, tuple[int, str]]:
    """Map lines of a form to columns [from 1] with the reason, by name and then by meaning."""
    found: dict[str, tuple[int, str]] = {}
    taken: set[int] = set()
    headers = [_plain(header) for header in file.preview.headers]
    for line in form.lines:
        names = [_plain(line.key), *(_plain(getattr(line.name, code)) for code in ("kk", "ru", "en"))]
        scores = [
            (max(SequenceMatcher(None, name, header).ratio() for name in names), -i)
            for i, header in enumerate(headers)
            if header and i + 1 not in taken
        ]
        score, position = max(scores, default=(0.0, 0))
        if score >= _ALIKE:
            found[line.key] = (1 - position, "the header reads like the line's name")
            taken.add(1 - position)
    keys = {line.key for line in form.lines}
    for guess in file.preview.proposal.guesses:
        for key in _SYNONYMS.get(guess.field, ()):
            if key in keys and key not in found and guess.column not in taken:
                found[key] = (guess.column, guess.reason)
                taken.add(guess.column)
    return {line.key: found[line.key] for line in form.lines if line.key in found}


# Kazakh letters that a Russian keyboard lacks, and ё: the same name is written both ways.
_SPELLINGS = str.maketrans("әғқңөұүһіё", "агкноуухие")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().replace("_", " ").translate(_SPELLINGS)
    return " ".join(re.findall(r"\w+", folded))


def _choices(file: _File, lines: Collection[int], taken: Collection[str]) -> dict[str, tables.Guess]:
    """Give each column that counts votes for a choice, and is no line, a key of its own."""
    found: dict[str, tables.Guess] = {}
    votes = [guess for guess in file.preview.proposal.choices if guess.column not in lines]
    for guess in votes:
        ascii_text = unicodedata.normalize("NFKD", guess.header).encode("ascii", "ignore").decode().lower()
        key = re.sub(r"[^a-z0-9]+", "_", ascii_text).strip("_")[:40]
        if not re.match(r"[a-z]", key) or key in found or key in taken:
            free = (f"choice_{n}" for n in count(1))
            key = next(name for name in free if name not in found and name not in taken)
        found[key] = guess
    against = file.preview.proposal.best("against_all")
    if against is not None:
        found["against_all"] = against
    return found


def _lines(
    files: Sequence[_File],
    profile: Profile,
    form: Form,
    contest: str,
    kinds: Sequence[ChoiceKind],
    choices: Mapping[str, tables.Guess],
    *,
    guessed: bool,
) -> Iterator[str]:
    yield "# Proposed by haq from the headers. Read every line, mend what is wrong, then run `haq check`."
    yield "format = 1"
    yield 'key = "my-election"  # a short name of your own'
    yield 'title = { en = "My election" }'
    yield f"date = {profile.valid_from.isoformat()}  # polling day: put in the right one"
    yield f"law = {_quote(profile.key)}" + ("  # guessed; `haq law list` shows the others" if guessed else "")
    yield ""
    yield f"[contests.{contest}.choices]"
    lists = [kind for kind in kinds if kind != ChoiceKind.AGAINST_ALL]
    for key, guess in choices.items():
        kind = ChoiceKind.AGAINST_ALL if key == "against_all" else lists[0]
        language = "ru" if re.search(r"[\u0400-\u04ff]", guess.header) else "en"
        rest = "" if kind == ChoiceKind.LIST else f', kind = "{kind.value}"'
        name = guess.header.strip() or key
        yield f"{key} = {{ name = {{ {language} = {_quote(name)} }}{rest} }}  # {_one_line(guess.reason)}"
    for number, file in enumerate(files):
        key = "official" if number == 0 else f"copies_{number}" if len(files) > 2 else "copies"
        yield ""
        if number:
            yield f"[organisations.observers_{number}]"
            yield f"name = {{ en = {_quote(file.path.stem)} }}  # whose copies are they?"
            yield "ties = []  # declared ties to parties, candidates or states"
            yield ""
        yield f"[sources.{key}]"
        yield f'kind = "{"copies" if number else "official"}"'
        if number:
            yield f'organisation = "observers_{number}"'
        yield f"file = {_quote(file.file)}"
        yield ""
        yield f"[sources.{key}.columns]"
        yield from _columns(file, profile, form, choices)


def _columns(file: _File, profile: Profile, form: Form, choices: Mapping[str, tables.Guess]) -> Iterator[str]:
    headers, named = file.preview.headers, file.preview.layout.header
    proposal = file.preview.proposal

    def refer(column: int) -> str:
        value = tables.reference(headers, column - 1, named)
        return str(value) if isinstance(value, int) else _quote(value)

    used: set[int] = {proposal.key} if isinstance(proposal.key, int) else set()
    base = profile.levels[0].key
    if proposal.key is None:
        yield f'{base} = ""  # {_one_line(proposal.key_reason)}'
    else:
        key = proposal.key if isinstance(proposal.key, int) else _quote(proposal.key)
        yield f"{base} = {key}  # {_one_line(proposal.key_reason)}"
    for level in profile.levels[1:]:
        guess = proposal.best(level.key)
        if guess is not None:
            used.add(guess.column)
            yield f"{level.key} = {refer(guess.column)}  # {_one_line(guess.reason)}"
    for line, (column, reason) in _mapped(file, form).items():
        used.add(column)
        yield f"{line} = {refer(column)}  # {_one_line(reason)}"
    here = {_plain(header): i for i, header in enumerate(headers, start=1)}
    ours = {guess.column for guess in proposal.choices}
    for key, guess in choices.items():
        found = here.get(_plain(guess.header)) if named else guess.column
        against = proposal.best("against_all")
        if key == "against_all" and against is not None:
            found = against.column
        if found is not None:
            used.add(found)
            yield f"{key} = {refer(found)}" + (
                "" if found in ours else "  # the same header as in the first file"
            )
        else:
            yield f"# {key} = ?  # no column is called {_one_line(guess.header)!r}"
    key_text = str(proposal.key)
    left = [h for i, h in enumerate(headers, start=1) if i not in used and h.strip() and h not in key_text]
    if left:
        yield f"# columns not used: {', '.join(repr(_one_line(header)) for header in left)}"


def _quote(text: str) -> str:
    # Every JSON string is a basic string of TOML, but for an escaped solidus, which json does not write.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
