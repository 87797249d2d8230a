"""The database is the one that the environment names."""

import os
from collections.abc import Callable
from typing import NoReturn

import psycopg
import pytest
from django.db import connection

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def test_tests_run_on_the_database_that_was_named(db: None) -> None:
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    assert connection.vendor == ("postgresql" if on_postgres else "sqlite")


def test_a_postgres_answers(missing: Callable[[str, str], NoReturn]) -> None:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        url = POSTGRES
    server = url.rpartition("/")[0] + "/postgres"  # the test's own database may not exist yet
    try:
        psycopg.connect(server, connect_timeout=5).close()
    except psycopg.OperationalError:
        missing("postgres", "no PostgreSQL on 127.0.0.1:5432, so nothing was tested on it")


@pytest.mark.postgres
def test_the_server_is_one_that_django_supports(db: None) -> None:
    oldest = connection.features.minimum_database_version
    assert oldest is not None
    assert connection.get_database_version() >= oldest
