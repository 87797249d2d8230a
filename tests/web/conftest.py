"""The small cast of the application's tests, named by role."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from haq_web.accounts.models import User

PASSWORD = "a long and private phrase"


def _person(username: str) -> User:
    return get_user_model().objects.create_user(username, f"{username}@example.org", PASSWORD)


@pytest.fixture
def password() -> str:
    """The password of everybody in the cast."""
    return PASSWORD


@pytest.fixture
def observer(db: None) -> User:
    """Somebody who watches a station and types its protocol."""
    return _person("observer")


@pytest.fixture
def coordinator(db: None) -> User:
    """Somebody who directs observers and releases what they found."""
    return _person("coordinator")


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody with an account and no part in the election at hand: in every permission test."""
    return _person("outsider")


@pytest.fixture
def anonymous() -> Client:
    """A browser in which nobody has signed in."""
    return Client()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords quickly: what is slow for a thief is slow for tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
