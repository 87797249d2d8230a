"""The home page says what this is, in three languages."""

import pytest
from django.test import Client

from haq_web.accounts.models import User


@pytest.mark.parametrize(
    ("language", "title", "door"),
    [
        ("kk", "Сайлауды басынан аяғына дейін тексеру", "Кіру"),
        ("ru", "Проверить выборы от начала до конца", "Войти"),
        ("en", "Check an election from beginning to end", "Sign in"),
    ],
)
def test_in_the_language_of_the_browser(anonymous: Client, language: str, title: str, door: str) -> None:
    page = anonymous.get("/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    assert title in page
    assert door in page
    # Every language is offered in its own words.
    assert all(f">{name}</button>" in page for name in ("Қазақша", "Русский", "English"))


def test_kazakh_when_the_browser_asks_for_none_of_ours(anonymous: Client) -> None:
    assert '<html lang="kk"' in anonymous.get("/", headers={"accept-language": "fr"}).content.decode()


def test_a_chosen_language_stays(anonymous: Client) -> None:
    anonymous.post("/language/", {"language": "ru", "next": "/"})
    assert '<html lang="ru"' in anonymous.get("/", headers={"accept-language": "en"}).content.decode()


def test_whoever_signed_in_is_named_and_can_leave(anonymous: Client, outsider: User) -> None:
    anonymous.force_login(outsider)
    page = anonymous.get("/", headers={"accept-language": "en"}).content.decode()
    assert "outsider" in page
    assert 'action="/sign-out/"' in page
