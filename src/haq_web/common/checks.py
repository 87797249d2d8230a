"""The check that every URL declares its access, nested includes too."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from haq_web.common.access import contradicts, declared


@register(Tags.urls)
def every_url_declares_its_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a URL whose view says nothing about who may open it, or contradicts what it says."""
    return access_errors(get_resolver().url_patterns)


def access_errors(patterns: Iterable[URLPattern | URLResolver]) -> list[CheckMessage]:
    """List what is wrong with the declarations of all views under the patterns."""
    errors: list[CheckMessage] = []
    for route, pattern in walk(patterns):
        if declared(pattern.callback) is None:
            errors.append(
                Error(
                    f"/{route} does not declare who may open it.",
                    hint="Decorate its view with @public, @signed_in or @require_role.",
                    id="haq.E101",
                )
            )
        elif contradicts(pattern.callback):
            errors.append(
                Error(
                    f"/{route} declares {declared(pattern.callback)!r}, yet its view does otherwise.",
                    hint="Use only the decorators of common/access.py, not Django's own.",
                    id="haq.E102",
                )
            )
    return errors


def walk(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route with its pattern, through all nested includes."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern
