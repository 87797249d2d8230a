"""Read settings from environment variables, refusing what is malformed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(environment: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """Read a yes-or-no variable.

    Args:
        environment: usually ``os.environ``.
        name: the variable; ``1`` means yes, ``0`` no, empty or absent the default.
        default: the answer when nothing is said.

    Raises:
        ImproperlyConfigured: the value is neither ``0`` nor ``1``. A typing slip must
            not quietly switch protection off.
    """
    value = environment.get(name, "")
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")
    return value == "1" if value else default


def words(environment: Mapping[str, str], name: str) -> list[str]:
    """Read a list separated by commas; spaces around its items do not count."""
    return [word.strip() for word in environment.get(name, "").split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Turn a database URL into Django's settings for it.

    Args:
        url: ``sqlite:///relative/path``, ``sqlite:////absolute/path``, ``sqlite:///:memory:``
            or ``postgres://user:password@host:port/name?option=value``; special characters
            percent-encoded.

    Returns:
        One value of ``DATABASES``.

    Raises:
        ImproperlyConfigured: another scheme, no database name, or a port that is no number.
            The message never repeats the URL: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from error
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme!r}: use sqlite:///haq.sqlite3 or postgres://user@host/name."
        )
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: add /name at its end.")
    if parts.scheme == "sqlite":
        return _sqlite(name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _sqlite(name: str) -> dict[str, Any]:
    # IMMEDIATE takes the write lock at the start of a transaction: a reader that turns
    # writer halfway would otherwise fail at once instead of waiting its turn.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
