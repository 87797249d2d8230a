"""A proposal which column is which field, from headers in Kazakh, Russian, English or Spanish.

A proposal is only that: a person confirms it. Every guess says in words why it was made.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from haq.tables.layout import looks_like_number
from haq.tables.mapping import Mapping, same_header


@dataclass(frozen=True)
class Guess:
    """One column and what it probably is.

    Attributes:
        column: number of the column [from 1].
        header: its header.
        field: well-known field, or ``choice``.
        confidence: how sure haq is [0 to 1].
        reason: why, in words.
    """

    column: int
    header: str
    field: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Proposal:
    """What the columns of a file probably are.

    Attributes:
        guesses: the columns of well-known fields, from left to right, one for each field.
        choices: the columns that probably count votes for a choice.
        key: how the station key is composed, None if no column names stations.
        key_reason: why, in words.
        notes: the fields that several columns may be, naming the columns.
    """

    guesses: tuple[Guess, ...]
    choices: tuple[Guess, ...]
    key: str | int | None
    key_reason: str
    notes: tuple[str, ...] = ()

    def best(self, field: str) -> Guess | None:
        """Return the surest column of a field, the leftmost of equals."""
        found = [guess for guess in self.guesses if guess.field == field]
        return max(found, key=lambda guess: guess.confidence, default=None)

    def mapping(self, headers: Sequence[str], named: bool = True) -> Mapping:
        """Return the proposal as a mapping: the key, then the surest column of each field.

        Args:
            headers: the headers of the file.
            named: whether the file has a header.
        """
        columns: dict[str, str | int] = {} if self.key is None else {"station": self.key}
        for guess in self.guesses:
            if guess.field not in columns and guess.field != "station":
                best = self.best(guess.field) or guess
                columns[guess.field] = reference(headers, best.column - 1, named)
        return Mapping(columns)


# Field -> what its header says. The first that fits is taken, so the narrow stand above the
# wide: "недействительных" also contains "действительных".
_WORDS: tuple[tuple[str, str], ...] = (
    ("against_all", r"против всех|against all|(барлығына|бәріне) қарсы|contra todos"),
    ("lost", r"утрачен|\blost\b|жоғал"),
    ("unaccounted", r"не учт[её]н|unaccounted|ignored|есепке алынбаған"),
    ("absentee", r"открепительн|absentee|есептен шығару"),
    ("mobile_box", r"перенос|portable|mobile box|тасымалданатын|көшпелі"),
    ("fixed_box", r"стационар|stationary|fixed box|тұрақты"),
    ("invalid", r"недействит|испорчен|invalid|\bnulos?\b|null votes|жарамсыз"),
    ("valid", r"действит|\bvalid|v[aá]lidos|жарамды"),
    ("blank", r"\bblank|blancos?\b|пуст(ые|ых)|\bбос\b"),
    ("cancelled", r"погашен|cancell?ed|destroyed|unused|sobrantes|канцел|күші жойыл|жойылған"),
    ("issued_early", r"выдан.*досрочн|досрочн.*выдан|issued.*(early|advance)|мерзімінен бұрын.*беріл"),
    ("issued_outside", r"выдан.*вне помещ|issued.*outside|on home|үй-жайдан тыс.*беріл"),
    ("issued_inside", r"выдан.*в помещ|issued.*(inside|station)|үй-жайда.*беріл"),
    ("issued", r"выдан|issued|ballots given|entregadas|берілген"),
    ("received", r"бюллетен\w*,? получен|получено бюлл|ballots received|received|recibidas|алынған"),
    ("voted", r"приня\w+ участие|проголосовал|\bvoted\b|ballots cast|votantes|voters who|қатысқан"),
    (
        "registered",
        r"(внес|включ)[её]н\w*\b.*спис|число избирателей|registered|eligible|inscritos|lista nominal|^ln$|"
        r"empadronad|тізімге|сайлаушылардың саны",
    ),
    ("turnout", r"явка|turnout|participaci[oó]n|келу"),
    (
        "region",
        r"регион|область|субъект|облыс|өңір|\bregion|^(state|province|estado|edo|departamento)$|^level ?1$",
    ),
    ("territory", r"\bтик\b|\btik\b|территориальн|аумақ|county|municip|^mun$|\bcentro\b|gmina|level ?2"),
    (
        "district",
        r"район|округ|\bоик\b|\boik\b|аудан|district|distrito|provincia|constituency|powiat|il[cç]e|level ?3",
    ),
    (
        "station",
        r"\bуик\b|\buik\b|участ(ок|к)|избирательный участок|учаске|polling station|precinct|station|"
        r"\bmesa\b|casilla|\bacta\b|sand[ıi]k no|^number$|^code$",
    ),
)
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _WORDS)
# Not a field, but it may tell apart stations that share a number.
_ADDRESS = re.compile(r"\baddress|\bадрес|мекен-?жай|\bdirecci[oó]n|\bdomicilio|\badres|\bubicaci[oó]n")
_AREAS = ("region", "district", "territory")
_COUNTS = {field for field, _ in _WORDS} - {*_AREAS, "station", "turnout"}
_NOT_A_CHOICE = re.compile(
    r"\bid\b|^no\b|№|\bкод|\bcod|code|\blat\b|\blon|date|time|дата|время|url|http|percent|%|year|order|"
    r"hour|minute|checksum|total|итого|всего|барлығы|count$|postal|teryt|\bstratum|estrato"
)
_CHOICE = re.compile(r"^\d+[.)]\s|парти|party|partido|кандидат|candidat|список|list\b|партия")


def reference(headers: Sequence[str], position: int, named: bool) -> str | int:
    """Return how a mapping names a column: by its header if that is unique, else by number."""
    alike = [same_header(header) for header in headers]
    if not named or not alike[position] or alike.count(alike[position]) > 1:
        return position + 1
    return headers[position]


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFC", header).casefold().replace("_", " ")
    return " ".join(text.split())


def _known(column: int, header: str, cells: Sequence[str]) -> Guess | None:
    text = _plain(header)
    for field, pattern in _COMPILED:
        match = pattern.search(text)
        if not match:
            continue
        if field not in _COUNTS:
            sure = 0.9 if match[0] == text else 0.7
            return Guess(column, header, field, sure, f"the header says {match[0]!r}")
        numbers = sum(map(looks_like_number, cells))
        if not cells:
            return Guess(
                column, header, field, 0.6, f"the header says {match[0]!r}; no figures to confirm it"
            )
        if numbers < 0.5 * len(cells):
            return None  # "valid" over a column of words is about something else
        return Guess(column, header, field, 0.9, f"the header says {match[0]!r} and the cells are numbers")
    return None


_WHOLE = re.compile(r"\d+|\d{1,3}(?:[ '\u00a0\u2009\u202f]\d{3})+")


def _choice(column: int, header: str, cells: Sequence[str]) -> Guess | None:
    # Some cells may be words ("нрзб") and numbers may have their groups apart: people decide.
    whole = sum(bool(_WHOLE.fullmatch(cell.strip())) for cell in cells)
    if not cells or whole < 0.6 * len(cells):
        return None
    text = _plain(header)
    if _CHOICE.search(text):
        return Guess(column, header, "choice", 0.9, "whole numbers under the name of a list or candidate")
    if not text or text.isdecimal() or _NOT_A_CHOICE.search(text):
        return None
    return Guess(column, header, "choice", 0.6, "whole numbers under a header that is no known line")


def _compose(
    guesses: Sequence[Guess],
    headers: Sequence[str],
    named: bool,
    shared: Callable[[Sequence[int]], int],
    gaps: Callable[[int], bool],
) -> tuple[str | int | None, str]:
    """Compose a key: the station alone if it is unique, otherwise with the areas above it."""
    stations = sorted((g for g in guesses if g.field == "station"), key=lambda g: (-g.confidence, g.column))
    areas = [g for g in guesses if g.field in _AREAS]
    for station in stations:
        if not shared([station.column - 1]):
            return reference(
                headers, station.column - 1, named
            ), f"{station.header!r} is different in every row"
    if not stations:
        return None, "no column names stations; say which column does"
    station = stations[0]
    parts = [g.column - 1 for g in areas if g.column < station.column] or [g.column - 1 for g in areas]
    # The nearest area first: as few parts as make the key unique.
    for count in range(1, len(parts) + 1):
        chosen = [*parts[-count:], station.column - 1]
        if not shared(chosen):
            return _template(
                headers, chosen, named, gaps
            ), "these columns together are different in every row"
    chosen = [*parts, station.column - 1]
    addresses = [n for n, header in enumerate(headers) if named and _ADDRESS.search(_plain(header))]
    for address in addresses:
        if address not in chosen and not shared([*chosen, address]):
            return _template(
                headers, [*chosen, address], named, gaps
            ), "different in every row, but only with the address; another source must write it the same way"
    return (
        _template(headers, chosen, named, gaps) if parts else reference(headers, station.column - 1, named),
        f"the surest columns, but {shared(chosen)} rows share their key with another row; several copies, "
        "or a column is missing",
    )


def _template(
    headers: Sequence[str], positions: Sequence[int], named: bool, gaps: Callable[[int], bool]
) -> str:
    places: list[str] = []
    for position in positions:
        place = reference(headers, position, named)
        name = f"#{place}" if isinstance(place, int) else place
        places.append(f"{{{name}?}}" if gaps(position) else f"{{{name}}}")
    return " / ".join(places)


def propose(
    headers: Sequence[str],
    sample: Sequence[Sequence[str | None]],
    *,
    named: bool = True,
    shared: Callable[[Sequence[int]], int] | None = None,
    gaps: Callable[[int], bool] | None = None,
) -> Proposal:
    """Propose which column is which field.

    Args:
        headers: headers in Kazakh, Russian, English or Spanish, from left to right.
        sample: some rows.
        named: whether the file has a header; without one there is little to go by.
        shared: tells how many rows hold the same cells as another row in the columns at
            these positions [from 0]; by default asked of the sample.
        gaps: tells whether some cells of the column at a position [from 0] are empty; by
            default asked of the sample.

    Returns:
        the proposal; a column that fits nothing is left out.
    """
    guesses: list[Guess] = []
    choices: list[Guess] = []
    for position, header in enumerate(headers):
        cells = [row[position] or "" for row in sample if position < len(row)]
        cells = [cell for cell in cells if cell.strip()]
        guess = _known(position + 1, header, cells) if named else None
        choice = None if guess or not named else _choice(position + 1, header, cells)
        guesses += [guess] if guess else []
        choices += [choice] if choice else []
    if not named and headers and sample and not _shared_in(sample, [0]):
        guesses.append(Guess(1, headers[0], "station", 0.4, "the first column is different in every row"))
    shared = shared or (lambda positions: _shared_in(sample, positions))
    gaps = gaps or (lambda position: any(not (row[position] or "").strip() for row in sample))
    key, reason = _compose(guesses, headers, named, shared, gaps)
    stations = {guess.column for guess in guesses if guess.field == "station"}
    first = min(stations, default=0)
    # Numbers to the left of the station's are codes of areas.
    choices = [choice for choice in choices if choice.column > first]
    single, notes = _one_for_each(guesses)
    return Proposal(single, tuple(choices), key, reason, notes)


def _one_for_each(guesses: Sequence[Guess]) -> tuple[tuple[Guess, ...], tuple[str, ...]]:
    """Keep the surest column of each field, the leftmost of equals, and name the others."""
    kept: list[Guess] = []
    notes: list[str] = []
    for field in dict.fromkeys(guess.field for guess in guesses):
        best, *others = sorted(
            (guess for guess in guesses if guess.field == field), key=lambda g: (-g.confidence, g.column)
        )
        if others:
            rivals = ", ".join(f"{other.column} ({other.header!r})" for other in others)
            notes.append(
                f"{field!r} may be column {best.column} ({best.header!r}) or {rivals}; the first is proposed"
            )
            doubt = 0.5 if others[0].confidence == best.confidence else best.confidence
            best = replace(best, confidence=doubt, reason=f"{best.reason}; or is it column {rivals}?")
        kept.append(best)
    return tuple(sorted(kept, key=lambda guess: guess.column)), tuple(notes)


def _shared_in(sample: Sequence[Sequence[str | None]], positions: Sequence[int]) -> int:
    counts = Counter(tuple(row[position] for position in positions if position < len(row)) for row in sample)
    return sum(count for count in counts.values() if count > 1)
