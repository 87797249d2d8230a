"""Checks that stop a deployment which would be unsafe or half configured."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


@register
def a_secret_key_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Ask for ``HAQ_SECRET_KEY`` in words, before Django fails on the first session."""
    try:
        present = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        present = False
    if present:
        return []
    return [
        Error(
            "HAQ_SECRET_KEY is not set.",
            hint="Set it to a long random text that nobody else knows, or HAQ_DEBUG=1 on your own machine.",
            id="haq.E001",
        )
    ]


@register
def the_language_is_one_of_ours(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name the languages when ``HAQ_LANGUAGE`` is none of them."""
    known = [code for code, _ in settings.LANGUAGES]
    if settings.LANGUAGE_CODE in known:
        return []
    return [
        Error(
            f"HAQ_LANGUAGE is {settings.LANGUAGE_CODE!r}.",
            hint=f"Set it to one of {', '.join(known)}.",
            id="haq.E002",
        )
    ]
