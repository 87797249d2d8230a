"""Find my station: the page with the field, and the ways that need no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from haq.bulletin.model import AreaRef, Place
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.writing import GROUPS, PLURALS
from haq.bulletin.search.concordance import INLINE, LINES, MANY, Book, Word, concordance
from haq.bulletin.search.index import texts_of

#: More ranges of numbers than this stand on a page of their own.
RANGES = 24
#: Cyrillic letters that sound like each letter of the order.
_CYRILLIC = {
    "a": "А Ә", "b": "Б", "c": "Ш Щ Ч", "d": "Д", "e": "Е Ё Э", "f": "Ф", "g": "Г Ғ", "h": "Х Һ",
    "i": "И Й І Ы", "j": "Ж", "k": "К Қ", "l": "Л", "m": "М", "n": "Н Ң", "o": "О Ө", "p": "П", "r": "Р",
    "s": "С", "t": "Т Ц", "u": "У Ұ Ү", "v": "В", "z": "З",
}  # fmt: skip
#: Latin letters that people write for a letter of the order: as the first, and after it.
_LATIN = {
    "c": ("sh", "ch"), "h": ("kh", "h"), "i": ("i", "y"), "j": ("zh", "j"), "k": ("k", "q"), "t": ("t", "ts"),
}  # fmt: skip
_AFTER = {"c": ("sh", "ch"), "i": ("i", "y"), "j": ("zh", "j")}


def find_pages(desk: Desk, places: Iterable[Place] | Book, *, searchable: bool) -> Iterator[tuple[str, str]]:
    """Write every page that leads to stations.

    Args:
        desk: language and formats.
        places: every station, or the ``Book`` made of them, which is the same for all languages.
        searchable: whether ``search.js`` is part of the site; without it there is no field.

    Yields:
        Path inside the language's folder, and the HTML: ``find.html`` first, then those under ``find/``.
    """
    book = places if isinstance(places, Book) else concordance(places)
    writer = _Writer(desk, book)
    yield links.FIND, writer.front(searchable)
    yield from writer.numbers()
    for prefix, pages in book.words.items():
        for number, words in enumerate(pages, 1):
            yield writer.words(prefix, pages, number, words)
    listed = {word.token: word for pages in book.words.values() for page in pages for word in page}
    for word in listed.values():
        if INLINE < len(word.stations) <= MANY:
            yield from writer.word(word)


class _Writer:
    def __init__(self, desk: Desk, book: Book) -> None:
        self.desk = desk
        self.book = book
        self._rows: dict[int, Markup] = {}
        self._areas: dict[tuple[AreaRef, ...], Markup] = {}

    def front(self, searchable: bool) -> str:
        desk, book = self.desk, self.book
        letters = [
            (self._letter(first), [(_words_path(prefix), self._prefix(prefix)) for prefix in group])
            for first, group in _by_first(book.words)
        ]
        areas = dict.fromkeys(place.areas[0] for place in book.places if place.areas)
        return desk.page(
            "find.html",
            links.FIND,
            title=desk.gettext("Find my station"),
            description=desk.ngettext(
                "%(num)s polling station, by number, address or area, in any spelling.",
                "%(num)s polling stations, by number, address or area, in any spelling.",
                len(book.places),
            ),
            active="find",
            searchable=searchable,
            count=len(book.places),
            plurals=PLURALS[desk.language],
            group=GROUPS[desk.language],
            levels=[(level.key, desk.level(level.key)) for level in desk.profile.levels],
            ranges=self._ranges() if len(book.by_number) <= RANGES else [],
            ranges_path="find/numbers.html" if len(book.by_number) > RANGES else "",
            letters=letters,
            areas=[(links.area_path(area.slug), desk.area(area)) for area in areas],
            many=MANY,
            addressed=any(texts_of(place) for place in book.places),
        )

    def numbers(self) -> Iterator[tuple[str, str]]:
        pages = self.book.by_number
        ranges = self._ranges()
        title = self.desk.gettext("Stations by number")
        if len(pages) > RANGES:
            yield self._page("find/numbers.html", title, parts=ranges)
        for number, page in enumerate(pages, 1):
            yield self._page(
                _numbers_path(number),
                Markup("{}: {}").format(title, ranges[number - 1][1]),
                neighbours=self._neighbours(
                    [(_numbers_path(n), ranges[n - 1][1]) for n in range(1, len(pages) + 1)], number
                ),
                sections=[(None, [self._row(index) for index in page])],
            )

    def words(
        self, prefix: str, pages: Sequence[Sequence[Word]], number: int, words: Sequence[Word]
    ) -> tuple[str, str]:
        desk = self.desk
        parts = [
            (_words_path(prefix, n), Markup("{} – {}").format(self._first(page[0]), self._first(page[-1])))
            for n, page in enumerate(pages, 1)
        ]
        entries: list[Mapping[str, object]] = []
        for word in words:
            count = len(word.stations)
            many = desk.ngettext("%(num)s station", "%(num)s stations", count) if count > INLINE else ""
            entries.append(
                {
                    "spelt": self._spelt(word),
                    "path": _word_path(word) if INLINE < count <= MANY else "",
                    "many": many,
                    "rows": [self._row(index) for index in word.stations] if count <= INLINE else (),
                }
            )
        return self._page(
            _words_path(prefix, number),
            desk.gettext("Words of addresses: %(letters)s", letters=self._prefix(prefix)),
            parts=parts if len(parts) > 1 else [],
            here=number,
            words=entries,
        )

    def word(self, word: Word) -> Iterator[tuple[str, str]]:
        chunks = [word.stations[at : at + LINES] for at in range(0, len(word.stations), LINES)]
        title = self._spelt(word)
        parts = [(_word_path(word, n), span) for n, span in enumerate(self._spans(chunks), 1)]
        for number, chunk in enumerate(chunks, 1):
            yield self._page(
                _word_path(word, number),
                title,
                back=(_words_path(word.token[:2]), self._prefix(word.token[:2])),
                parts=parts if len(parts) > 1 else [],
                here=number,
                sections=[
                    (self._path(areas) if areas else None, [self._row(index, area=False) for index in group])
                    for areas, group in self._by_area(chunk)
                ],
            )

    def _page(
        self,
        path: str,
        title: Markup,
        *,
        back: tuple[str, Markup] | None = None,
        parts: Sequence[tuple[str, Markup]] = (),
        here: int = 0,
        neighbours: Sequence[tuple[str, str, Markup]] = (),
        sections: Sequence[tuple[Markup | None, Sequence[Markup]]] = (),
        words: Sequence[Mapping[str, object]] = (),
    ) -> tuple[str, str]:
        desk = self.desk
        crumbs = [(links.FIND, desk.gettext("Find my station")), *([back] if back else [])]
        return path, desk.page(
            "find_list.html",
            path,
            title=title,
            description=desk.ngettext(
                "%(num)s polling station, by number, address or area, in any spelling.",
                "%(num)s polling stations, by number, address or area, in any spelling.",
                len(self.book.places),
            ),
            active="find",
            heading=title,
            crumbs=crumbs,
            parts=parts,
            here=here,
            neighbours=neighbours,
            sections=sections,
            words=words,
        )

    # Parts of a page

    def _row(self, index: int, *, area: bool = True) -> Markup:
        row = self._rows.get(index)
        if row is None:
            row = self._rows[index] = self._link(self.book.places[index])
        if not area or not self.book.places[index].areas:
            return row
        return Markup('{} <span class="quiet">{}</span>').format(
            row, self._path(self.book.places[index].areas)
        )

    def _link(self, place: Place) -> Markup:
        desk = self.desk
        where = [
            text
            for text in (desk.name(place.names, place.name), desk.name(place.addresses, place.address))
            if text
        ]
        number = Markup("<b>{}</b>").format(desk.text(place.short)) if place.short and where else ""
        shown = Markup(", ").join([number, *where] if number else where) or desk.station(place.short)
        return Markup('<a href="../{}">{}</a>').format(links.station_path(place.slug), shown)

    def _path(self, areas: tuple[AreaRef, ...]) -> Markup:
        path = self._areas.get(areas)
        if path is None:
            path = self._areas[areas] = Markup(" · ").join(self.desk.area(area) for area in areas)
        return path

    def _by_area(self, stations: Iterable[int]) -> Iterator[tuple[tuple[AreaRef, ...], list[int]]]:
        for areas, group in groupby(stations, key=lambda index: self.book.places[index].areas):
            yield areas, list(group)

    def _spans(self, chunks: Sequence[Sequence[int]]) -> list[Markup]:
        """Name the parts of a list by their first and last area, as briefly as tells them apart."""
        spans: list[Markup] = []
        for depth in (1, 2, None):
            spans = []
            for chunk in chunks:
                ends = [self.book.places[chunk[0]], self.book.places[chunk[-1]]]
                named = [self._path(end.areas[:depth]) or self.desk.station(end.short) for end in ends]
                spans.append(Markup(" – ").join(dict.fromkeys(named)))
            if len(set(spans)) == len(spans):
                return spans
        return [Markup("{}. {}").format(number, span) for number, span in enumerate(spans, 1)]

    def _ranges(self) -> list[tuple[str, Markup]]:
        places = self.book.places
        found = []
        for number, page in enumerate(self.book.by_number, 1):
            ends = [self.desk.text(places[index].short or "–") for index in (page[0], page[-1])]
            found.append(
                (_numbers_path(number), Markup(" – ").join(ends if ends[0] != ends[1] else ends[:1]))
            )
        return found

    @staticmethod
    def _neighbours(parts: Sequence[tuple[str, Markup]], here: int) -> list[tuple[str, str, Markup]]:
        found = []
        if here > 1:
            found.append(("prev", *parts[here - 2]))
        if here < len(parts):
            found.append(("next", *parts[here]))
        return found

    def _spelt(self, word: Word) -> Markup:
        """Write every spelling, and the Latin letters after the last spelling that shares them."""
        latin = list(dict.fromkeys(letters for _, letters in word.spellings if letters))
        spelt = Markup(", ").join(self.desk.text(spelling) for spelling, _ in word.spellings)
        return Markup("{} ({})").format(spelt, ", ".join(latin)) if latin else spelt

    def _first(self, word: Word) -> Markup:
        spelling, letters = word.spellings[0]
        return self.desk.text(letters or spelling)

    def _letter(self, first: str) -> str:
        latin = ", ".join(one.capitalize() for one in _LATIN.get(first, (first,)))
        return f"{latin} · {_CYRILLIC[first]}" if first in _CYRILLIC else latin

    @staticmethod
    def _prefix(prefix: str) -> Markup:
        """Write two letters of the order as people write them: ``ca`` is sha and cha."""
        if prefix == "ts":
            return Markup("ts, c")
        first, after = prefix[:1], prefix[1:]
        firsts = (first,) if first == "t" else _LATIN.get(first, (first,))
        return Markup(", ").join(one + two for one in firsts for two in _AFTER.get(after, (after,)))


def _by_first(prefixes: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for first, group in groupby(sorted(prefixes), key=lambda prefix: prefix[0]):
        yield first, list(group)


def _numbers_path(number: int) -> str:
    return f"find/numbers-{number}.html"


def _words_path(prefix: str, number: int = 1) -> str:
    plain = prefix if prefix.isascii() else "x" + "-".join(f"{ord(one):x}" for one in prefix)
    return f"find/w-{plain}.html" if number == 1 else f"find/w-{plain}-{number}.html"


def _word_path(word: Word, number: int = 1) -> str:
    return f"find/word-{word.slug}.html" if number == 1 else f"find/word-{word.slug}-{number}.html"
