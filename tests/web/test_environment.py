"""Settings come from the environment; what is malformed or unsafe is refused in words."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from haq_web.config import environment


def test_postgres_with_everything() -> None:
    read = environment.database("postgres://aigul:p%40ss%2Fword@db.example.org:6432/haq?sslmode=require")
    assert read == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "haq",
        "USER": "aigul",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example.org",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///haq.sqlite3", "haq.sqlite3"),
        ("sqlite:////srv/haq/data.sqlite3", "/srv/haq/data.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_sqlite_waits_its_turn_to_write(url: str, name: str) -> None:
    read = environment.database(url)
    assert read["NAME"] == name
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in read["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    "url",
    ["mysql://root:hunter2@h/haq", "postgres://u:hunter2@h", "postgres://u:hunter2@h:port/haq", "haq", ""],
)
def test_an_unusable_database_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        environment.database(url)
    assert "hunter2" not in str(refusal.value)


def test_a_typing_slip_switches_nothing() -> None:
    assert environment.flag({"HAQ_HTTPS": "1"}, "HAQ_HTTPS")
    assert not environment.flag({"HAQ_HTTPS": "0"}, "HAQ_HTTPS", default=True)
    assert environment.flag({"HAQ_HTTPS": ""}, "HAQ_HTTPS", default=True)
    with pytest.raises(ImproperlyConfigured, match="HAQ_HTTPS is 'off': set it to 1 or 0"):
        environment.flag({"HAQ_HTTPS": "off"}, "HAQ_HTTPS", default=True)


def test_words_are_separated_by_commas() -> None:
    assert environment.words({"HAQ_HOSTS": " a.kz, b.kz,"}, "HAQ_HOSTS") == ["a.kz", "b.kz"]
    assert environment.words({}, "HAQ_HOSTS") == []


def deployed(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the application as on a server: nothing of this environment but its paths."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "haq_web", *command], env=kept | variables, capture_output=True, text=True
    )


def test_a_deployment_passes_all_security_checks() -> None:
    run = deployed(
        *("check", "--deploy", "--fail-level", "WARNING"),
        HAQ_SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        HAQ_HOSTS="haq.example.org",
    )
    assert run.returncode == 0, run.stderr


def test_a_deployment_without_a_key_is_told_what_to_do() -> None:
    run = deployed("check")
    assert run.returncode == 1
    assert "HAQ_SECRET_KEY is not set" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unknown_language_is_named() -> None:
    run = deployed("check", HAQ_DEBUG="1", HAQ_LANGUAGE="fr")
    assert run.returncode == 1
    assert "HAQ_LANGUAGE is 'fr'" in run.stderr
    assert "kk, ru, en" in run.stderr
