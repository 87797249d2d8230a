"""The pages that stand above the stations: home, areas, totals, lists of findings, search, methods, data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files

from haq.bulletin.assemble.areas import Atlas
from haq.bulletin.assemble.findings import Findings
from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.stations import search_places
from haq.bulletin.assemble.sums import Place
from haq.bulletin.model import AreaView, DataView, Language, LogView
from haq.bulletin.model import Place as SearchPlace
from haq.bulletin.pages import links
from haq.bulletin.pages.area import area_page
from haq.bulletin.pages.check_words import words_file
from haq.bulletin.pages.chooser import chooser_page, not_found_page
from haq.bulletin.pages.data import data_page
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.find import find_pages
from haq.bulletin.pages.finding import finding_page
from haq.bulletin.pages.findings import findings_index_page, findings_page
from haq.bulletin.pages.home import home_page
from haq.bulletin.pages.limits import limits_page
from haq.bulletin.pages.method import METHODS, method_page
from haq.bulletin.pages.pictures import pictures_of
from haq.bulletin.pages.scripts import check_script
from haq.bulletin.pages.totals import totals_page
from haq.bulletin.pages.verify import verify_page
from haq.bulletin.pages.withdrawn import gone_finding_page, withdrawn_page
from haq.bulletin.search import concordance, script, search_files
from haq.charts.painter import Painter

#: Writes a file of the site: path, bytes.
Write = Callable[[str, bytes], None]


class Overview:
    """Writes everything that is no page of a station or of a station's finding."""

    def __init__(
        self,
        atlas: Atlas,
        write: Write,
        cards: Mapping[str, str] | None = None,
        *,
        log: LogView | None = None,
        placed: Mapping[str, tuple[int, str]] | None = None,
        processes: int = 1,
    ) -> None:
        """Prepare the pages of every language.

        Args:
            atlas: all areas.
            write: writes a file of the site.
            cards: share cards that lie in the site already, see ``pictures_of``.
            log: at its checkpoint, for the pages that show it.
            placed: places in the log of the entries of no station, see ``Desk``.
            processes: how many may work; the cards are painted by one of their own.
        """
        self.cards = dict(cards or {})
        self.atlas, self.write = atlas, write
        context = atlas.setting.context
        self.desks = [(language, Desk(context, language)) for language in context.languages]
        for _, desk in self.desks:
            desk.log, desk.placed = log, dict(placed or {})
        self._artist, self._painter = ThreadPoolExecutor(1), Painter(beside=processes > 1)
        self._drawn: list[tuple[str, Future[bytes]]] = []

    def pictures(self) -> None:
        """Write the pictures of all areas, which were drawn beside the pages."""
        for path, drawn in self._drawn:
            self.write(path, drawn.result())
        self._drawn.clear()
        self._artist.shutdown()
        self._painter.close()

    def page(self, language: Language, path: str, text: str) -> None:
        """Write a page of a language."""
        self.write(f"{language}/{path}", text.encode())

    def area(self, place: Place, before: Frames | None = None, touched: Set[str] = frozenset()) -> None:
        """Write the pages of an area, and of the findings at it; home stands for the whole election.

        Further pages of its list that are as they were are left out, see ``Atlas.views``.
        """
        root = self.atlas.tree.root
        for view in self.atlas.views(place, before, touched):
            for language, desk in self.desks:
                if place == root and view.page == 1:
                    self._home(language, desk, view)
                else:
                    self.page(language, links.area_path(view.ref.slug, view.page), area_page(desk, view))
                if view.page == 1:
                    for path, draw in pictures_of(view, desk, self.cards, self._painter):
                        self._drawn.append((path, self._artist.submit(draw)))
        for finding in self.atlas.area_findings(place):
            for language, desk in self.desks:
                self.page(language, links.finding_path(finding.found.id), finding_page(desk, finding))
        for gone in self.atlas.area_gone_findings(place):
            for language, desk in self.desks:
                self.page(language, links.finding_path(gone.entry.page), gone_finding_page(desk, gone))

    def _home(self, language: Language, desk: Desk, view: AreaView) -> None:
        self.page(language, links.HOME, home_page(desk, view))
        for contest in view.contests:
            self.page(language, links.totals_path(contest.key), totals_page(desk, view, contest.key))

    def findings(self, before: Findings | None = None, touched: Set[str] = frozenset()) -> None:
        """Write the lists of findings: those pages that are not as they were, see ``FindingLists.views``."""
        counts, spread = self.atlas.lists.counts(), self.atlas.lists.spread()
        for language, desk in self.desks:
            self.page(language, links.FINDINGS, findings_index_page(desk, counts, spread))
        for view in self.atlas.lists.views(before, touched):
            for language, desk in self.desks:
                self.page(language, links.findings_path(view.kind, view.page), findings_page(desk, view))

    def findings_paths(self) -> Iterator[str]:
        """Name the pages of all lists of findings."""
        for kind, pages in self.atlas.lists.pages().items():
            for language, _ in self.desks:
                yield from (f"{language}/{links.findings_path(kind, n)}" for n in range(1, pages + 1))

    def search(self) -> None:
        """Write the files of the search, and the ways to a station that need no script."""
        write_search(list(search_places(self.atlas.frames, self.atlas.setting)), self.desks, self.write)

    def fixed(self) -> None:
        """Write what is the same whatever the figures are."""
        context = self.atlas.setting.context
        assets = files("haq.bulletin") / "assets"
        parts = sorted(
            (p for p in (assets / "css").iterdir() if p.name.endswith(".css")), key=lambda p: p.name
        )
        self.write("assets/site.css", b"\n".join(part.read_bytes() for part in parts))
        self.write("assets/icon.svg", (assets / "icon.svg").read_bytes())
        search = script()
        if search is not None:
            self.write("assets/search.js", search)
        check = check_script() if context.log else None
        if check is not None:
            self.write("assets/check.js", check)
            for language, desk in self.desks:
                self.write(f"assets/check-{language}.json", words_file(desk))
        self.write("index.html", chooser_page(context).encode())
        self.write("404.html", not_found_page(context).encode())
        for language, desk in self.desks:
            for key in METHODS:
                self.page(language, links.method_path(key), method_page(desk, key))
            self.page(language, links.LIMITS, limits_page(desk))

    def data(self, view: DataView) -> None:
        """Write the page of downloads, how to check the site, and what was withdrawn."""
        gone = self.atlas.withdrawn_view()
        for language, desk in self.desks:
            self.page(language, links.DATA, data_page(desk, view, gone))
            self.page(language, links.VERIFY, verify_page(desk, gone))
            self.page(language, links.WITHDRAWN, withdrawn_page(desk, gone))


def write_search(places: Sequence[SearchPlace], desks: Sequence[tuple[Language, Desk]], write: Write) -> None:
    """Write the files of the search, and the ways to a station that need no script.

    Args:
        places: every station.
        desks: of every language.
        write: writes a file of the site.
    """
    for path, data in search_files(places):
        write(path, data)
    book = concordance(places)
    searchable = script() is not None
    for language, desk in desks:
        for path, text in find_pages(desk, book, searchable=searchable):
            write(f"{language}/{path}", text.encode())
