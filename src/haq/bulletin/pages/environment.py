"""The desk at which every page is written: its language, its names, its numbers, its templates."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from haq.bulletin.model import AreaRef, Context, Language, LogView
from haq.bulletin.pages import links, writing
from haq.bulletin.pages.catalogues import catalogue_of
from haq.bulletin.pages.scripts import check_script
from haq.charts.words import number, signed
from haq.entries import ContestRules, Names, OrganisationTies, SourceFile
from haq.errors import LawError
from haq.law import Form, Text

#: In which languages a name is looked for where the page's own has none.
NEXT_BEST: dict[Language, tuple[Language, ...]] = {
    "kk": ("kk", "ru", "en"),
    "ru": ("ru", "kk", "en"),
    "en": ("en", "ru", "kk"),
}
LANGUAGE_NAMES: dict[Language, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
#: Where the site has no address of its own, the reader puts it here.
UNKNOWN_ADDRESS = "https://ADDRESS/"
#: As the Open Graph protocol wants them.
_TERRITORIES: dict[Language, str] = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_GB"}


class _Compiled(BytecodeCache):
    """Compiled templates, once for the desks of all languages."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Desk:
    """Everything that the pages of one language have in common.

    Texts of entries come from strangers: they pass through ``text`` or one of the functions that name
    things, which all give ready markup. Messages of the catalogues are markup too; what is put into
    their ``%(name)s`` is escaped unless it is markup, and whole numbers get their thousands apart.

    Attributes:
        context: what no page changes.
        language: of the pages.
        languages: of the site.
        memory: what pages of one kind have in common and keep between two of them.
        log: the log at its checkpoint, for the pages that show it; None elsewhere, because a page that shows
            it changes with every entry.
        placed: digest of an entry -> its place in the log and the hash of its leaf, in hexadecimal.
        address: of the site as commands name it, ready for a shell.
    """

    def __init__(self, context: Context, language: Language) -> None:
        self.context = context
        self.language = language
        self.languages = context.languages
        self.profile = context.profile
        self.base_level = context.profile.levels[0].key
        self._catalogue = catalogue_of(language)
        self._messages: dict[str, Markup] = {}
        self._contests = {contest.key: contest for contest in context.election.contests}
        self._organisations = {o.key: o for o in context.election.organisations}
        self._sources = {source.key: source for source in context.election.sources}
        self._levels = {level.key: level for level in context.profile.levels}
        self._labels: dict[tuple[str, str, str], Markup] = {}
        self._named: dict[str, Markup] = {}
        self._areas: dict[AreaRef, Markup] = {}
        self._frames: dict[tuple[str, str], tuple[Markup, Markup]] = {}
        self.memory: dict[tuple[str, ...], Any] = {}
        self.log: LogView | None = None
        self.placed: dict[str, tuple[int, str]] = {}
        self.address = shlex.quote(context.base_url or UNKNOWN_ADDRESS)
        self.number = lru_cache(maxsize=65536)(lambda value: number(value, language))
        self.signed = lru_cache(maxsize=65536)(lambda value: signed(value, language))
        self.title = self.name(context.election.title, context.election.election)
        self.plain_title = self.plain(self.title)
        self.day = self.date(context.election.date)
        self.environment = self._environment()

    def _environment(self) -> Environment:
        environment = Environment(
            loader=PackageLoader("haq.bulletin", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        # As newstyle gettext, except that whole numbers are written as the language writes them.
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.filters.update(
            number=self.number,
            signed=self.signed,
            percent=self.percent,
            date=self.date,
            text=writing.text,
            name=self.name,
            plain=self.plain,
            hyphenated=writing.hyphenated,
        )
        environment.globals.update(
            desk=self,
            context=self.context,
            language=self.language,
            links=links,
            # Whether pages can be checked against a log in the browser.
            checkable=bool(self.context.log) and check_script() is not None,
            gettext=self.gettext,
            ngettext=self.ngettext,
        )
        # The extension's own alias looks gettext up at every call.
        environment.globals["_"] = self.gettext
        return environment

    # Messages

    def gettext(self, message: str, /, **values: object) -> Markup:
        """Say a message of the catalogues; a percent sign in it is written twice."""
        if not values:
            said = self._messages.get(message)
            if said is None:
                said = self._messages[message] = Markup(self._catalogue.one(message) % {})  # noqa: S704
            return said
        return Markup(self._catalogue.one(message) % self._values(values))  # noqa: S704

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> Markup:
        """Say a message in the form that a number needs; ``%(num)s`` is that number."""
        text = self._catalogue.many(singular, plural, count)
        values.setdefault("num", count)
        return Markup(text % self._values(values))  # noqa: S704

    def _values(self, values: Mapping[str, object]) -> dict[str, str]:
        return {
            key: self.number(value) if type(value) is int else escape(value) for key, value in values.items()
        }

    # Numbers and dates; ``number`` and ``signed`` are made in ``__init__``, with a memory.

    def percent(self, part: int, whole: int, digits: int = 1) -> str:
        """Write a share of a whole above 0: ``48.7%``."""
        return writing.share(part, whole, self.language, digits)

    def instant(self, seconds: int) -> Markup:
        """Write a time that is given in seconds since 1970, in UTC."""
        try:
            when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        except (OverflowError, ValueError, OSError):
            # A signature may state any 64 bits.
            return escape(str(seconds))
        machine = f"{when:%Y-%m-%dT%H:%M:%SZ}"
        words = f"{writing.day(when.date(), self.language)}, {when:%H:%M} UTC"
        return Markup('<time datetime="{}">{}</time>').format(machine, words)

    def date(self, value: datetime.date | str) -> str:
        """Write a date in the language's own form; a text that is none stays as it is."""
        if not isinstance(value, str):
            return writing.day(value, self.language)
        try:
            return writing.day(datetime.date.fromisoformat(value), self.language)
        except ValueError:
            return value

    # Texts and names

    def text(self, value: str) -> Markup:
        """Write a text that a stranger chose, whose language nobody knows."""
        return writing.text(value)

    def name(self, names: Names | None, otherwise: str = "") -> Markup:
        """Write a name in the page's language, or in the next best with the language marked."""
        if names is not None:
            for language in NEXT_BEST[self.language]:
                found: str | None = getattr(names, language)
                if found:
                    shown = writing.text(found)
                    if language == self.language:
                        return shown
                    return Markup('<span lang="{}">{}</span>').format(language, shown)
        return writing.text(otherwise)

    def plain(self, markup: str) -> str:
        """Give the text of a markup, for a title or an attribute."""
        return markup.striptags() if isinstance(markup, Markup) else markup

    def said(self, text: Text) -> Markup:
        """Write words of the law profile."""
        words: str = getattr(text, self.language)
        return escape(words)

    def rules(self, contest: str) -> ContestRules | None:
        """Find a contest of the election by its key."""
        return self._contests.get(contest)

    def contest(self, key: str) -> Markup:
        """Name a contest in the words of the law profile."""
        rules = self._contests.get(key)
        law = self.profile.contests.get(rules.law) if rules else None
        return self.said(law.title) if law else writing.text(key)

    def form(self, level: str) -> Form | None:
        """Find the protocol form of a level; None for a level that the law profile does not have."""
        try:
            return self.profile.form(level)
        except LawError:
            return None

    def label(self, contest: str, level: str, key: str) -> Markup:
        """Name a line of the form or a choice of the ballot; an unknown key stands for itself."""
        found = self._labels.get((contest, level, key))
        if found is None:
            found = self._labels[contest, level, key] = self._label(contest, level, key)
        return found

    def _label(self, contest: str, level: str, key: str) -> Markup:
        rules = self._contests.get(contest)
        for choice in rules.choices if rules else ():
            if choice.key == key:
                return self.name(choice.name, key)
        form = self.form(level)
        for line in form.lines if form else ():
            if line.key == key:
                return self.said(line.name)
        return Markup('<code class="key">{}</code>').format(writing.text(key))

    def choice(self, contest: str, key: str) -> Markup:
        """Name a choice of the ballot paper."""
        return self.label(contest, self.base_level, key)

    def line_number(self, level: str, key: str) -> str:
        """Give the number of a line as printed on the form; empty where there is none."""
        form = self.form(level)
        return next((line.number for line in form.lines if line.key == key), "") if form else ""

    def level(self, key: str) -> Markup:
        """Name a level: ``Region``."""
        level = self._levels.get(key)
        return self.said(level.name) if level else writing.text(key)

    def organ(self, key: str) -> Markup:
        """Name the commission of a level: ``regional commission``."""
        level = self._levels.get(key)
        return self.said(level.organ) if level else writing.text(key)

    def organisation(self, key: str) -> Markup:
        """Name an organisation."""
        named = self._named.get(key)
        if named is None:
            found = self._organisations.get(key)
            named = self._named[key] = self.name(found.name, key) if found else writing.text(key)
        return named

    def ties(self, key: str) -> OrganisationTies | None:
        """Find an organisation with the ties that it declares."""
        return self._organisations.get(key)

    def source(self, key: str) -> SourceFile | None:
        """Find a file that figures came from."""
        return self._sources.get(key)

    def area(self, ref: AreaRef) -> Markup:
        """Name an area: its name, else its level and number; the whole election by its title."""
        if not ref.key:
            return self.title
        named = self._areas.get(ref)
        if named is None:
            number = writing.text(ref.short or ref.key)
            named = self.name(ref.names) or Markup("{} {}").format(self.level(ref.level), number)
            self._areas[ref] = named
        return named

    def station(self, short: str, names: Names | None = None) -> Markup:
        """Name a station by its number, or by its name where it has no number."""
        if short:
            before, after = self._station_words
            return Markup(f"{before}{writing.text(short)}{after}")  # noqa: S704 (all three are markup)
        return self.name(names) or self.gettext("Polling station without a number")

    @cached_property
    def _station_words(self) -> tuple[Markup, Markup]:
        """Give what stands before and after the number of a station."""
        before, after = self.gettext("Polling station %(number)s", number=Markup("\0")).split("\0")
        return before, after

    # Pages

    def page(
        self,
        template: str,
        path: str,
        *,
        title: str,
        description: str,
        active: str = "",
        image: str = "",
        **values: Any,
    ) -> str:
        """Write a page in the frame of ``base.html``.

        Args:
            template: name of a template that extends ``base.html``.
            path: of the page inside the language's folder, ``station/1654.html``.
            title: what the page is about, without the election's title.
            description: one sentence with n of N, for those who share the page.
            active: which link of the navigation the page belongs to: ``home``, ``find``, ``findings``,
                ``totals``, ``data``, ``verify``, or none.
            image: path of a share card in the site; empty for none.
            values: what the template itself needs.

        Returns:
            The whole HTML text.
        """
        root = links.root_of(path)
        header, footer = self._frame(root, active)
        if self.context.synthetic:
            # Whoever sees only what was shared has to see this.
            description = Markup("{} {}").format(self.gettext("Made-up data."), description)
        return self._template(template).render(
            values,
            path=path,
            root=root,
            site=f"../{root}",
            title=self.plain(title),
            description=self.plain(description),
            image=image,
            header=header,
            footer=footer,
        )

    def part(self, template: str, **values: Any) -> Markup:
        """Write a part of a page from a template."""
        return Markup(self._template(template).render(values))  # noqa: S704

    def _template(self, name: str) -> Template:
        return self.environment.get_template(name)

    def _frame(self, root: str, active: str) -> tuple[Markup, Markup]:
        frame = self._frames.get((root, active))
        if frame is None:
            values = {"root": root, "site": f"../{root}", "active": active}
            frame = self.part("_header.html", **values), self.part("_footer.html", **values)
            self._frames[root, active] = frame
        return frame

    @property
    def locale(self) -> str:
        """The language as the Open Graph protocol names it."""
        return _TERRITORIES[self.language]

    def language_name(self, language: Language) -> str:
        """Name a language in itself."""
        return LANGUAGE_NAMES[language]
