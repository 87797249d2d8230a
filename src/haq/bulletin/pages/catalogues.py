"""The translations of the pages: one catalogue a room and language, merged when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import cast

from haq.bulletin.model import Language


class Catalogue:
    """Every message of one language. English is the language of the messages themselves."""

    def __init__(self, messages: dict[str | tuple[str, int], str], plural: Callable[[int], int]) -> None:
        self._messages = messages
        self._plural = plural

    def one(self, message: str) -> str:
        """Translate a message, or give it back where there is no translation."""
        return self._messages.get(message, message)

    def many(self, singular: str, plural: str, number: int) -> str:
        """Translate a message in the form that a number needs."""
        form = self._plural(abs(number))
        text = self._messages.get((singular, form))
        return text if text is not None else singular if abs(number) == 1 else plural


def _english(number: int) -> int:
    return int(number != 1)


@cache
def catalogue_of(language: Language) -> Catalogue:
    """Merge the catalogues of all rooms in one language.

    Args:
        language: ``kk``, ``ru`` or ``en``.

    Returns:
        The messages; empty for English.
    """
    messages: dict[str | tuple[str, int], str] = {}
    plural: Callable[[int], int] = _english
    if language != "en":
        folder = files("haq.bulletin") / "locale" / language / "LC_MESSAGES"
        for source in sorted(folder.iterdir(), key=lambda file: file.name):
            if source.name.endswith(".po"):
                read = GNUTranslations(BytesIO(_compiled(folder, source, language)))
                # gettext offers no public way to look at what a catalogue holds.
                held = cast("dict[str | tuple[str, int], str]", vars(read)["_catalog"])
                messages.update({key: text for key, text in held.items() if key and text})
                plural = cast("Callable[[int], int]", vars(read)["plural"])
    return Catalogue(messages, plural)


def _compiled(folder: Traversable, source: Traversable, language: str) -> bytes:
    """Give the compiled catalogue: the one that the build made, or one made now in a source checkout."""
    built = folder / f"{source.name[:-3]}.mo"
    if built.is_file() and not _newer(source, built):
        return built.read_bytes()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language))
    return compiled.getvalue()


def _newer(source: Traversable, built: Traversable) -> bool:
    from pathlib import Path

    if not (isinstance(source, Path) and isinstance(built, Path)):
        return False
    return source.stat().st_mtime > built.stat().st_mtime
