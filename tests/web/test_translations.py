"""Every text of the application stands in Kazakh and in Russian."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))


def texts(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield every text marked for translation in the code and the templates, with its file."""
    for path in sorted(package.rglob("*")):
        if path.suffix not in (".py", ".html"):
            continue
        source = path.read_text("utf-8")
        code = templatize(source) if path.suffix == ".html" else source
        for _, found, _, _ in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
            yield (found if isinstance(found, str) else found[0]), path


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_text_is_translated(project: Path, language: str) -> None:
    package = project / "src" / "haq_web"
    with (package / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    used = dict(texts(package))
    assert "Skip to the content" in used  # templates are read
    assert "This user name is taken." in used  # and so is code

    def translated(text: str) -> bool:
        message = catalogue.get(text)
        return bool(message and message.string and not message.fuzzy)

    assert {text: str(path) for text, path in used.items() if not translated(text)} == {}
    left_over = {message.id for message in catalogue if message.id} - used.keys()
    assert left_over == set()


def test_the_compiled_catalogues_are_in_use() -> None:
    with override("kk"):
        assert gettext("Sign in") == "Кіру"
    with override("ru"):
        assert gettext("Sign in") == "Войти"
