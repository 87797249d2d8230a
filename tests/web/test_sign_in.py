"""People sign in by user name or e-mail, in any case, and out again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from haq_web.accounts.models import User


@pytest.mark.parametrize("name", ["observer", "OBSERVER", "observer@example.org", "Observer@Example.ORG "])
def test_by_user_name_or_email_in_any_case(
    anonymous: Client, observer: User, password: str, name: str
) -> None:
    answer = anonymous.post("/sign-in/", {"username": name, "password": password})
    assert answer.headers["Location"] == "/"
    assert anonymous.session["_auth_user_id"] == str(observer.pk)


@pytest.mark.parametrize("name", ["observer", "nobody", "nobody@example.org"])
def test_a_wrong_password_says_the_same_as_a_wrong_name(anonymous: Client, observer: User, name: str) -> None:
    answer = anonymous.post(
        "/sign-in/", {"username": name, "password": "wrong"}, headers={"accept-language": "en"}
    )
    assert "This name and password do not match." in answer.content.decode()
    assert "_auth_user_id" not in anonymous.session


def test_somebody_who_was_deactivated_stays_out(anonymous: Client, outsider: User, password: str) -> None:
    outsider.is_active = False
    outsider.save()
    anonymous.post("/sign-in/", {"username": "outsider", "password": password})
    assert "_auth_user_id" not in anonymous.session


def test_signing_in_never_leads_to_another_site(anonymous: Client, observer: User, password: str) -> None:
    answer = anonymous.post("/sign-in/?next=//evil.example/", {"username": "observer", "password": password})
    assert answer.headers["Location"] == "/"


def test_only_a_post_signs_out(anonymous: Client, observer: User) -> None:
    anonymous.force_login(observer)
    assert anonymous.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in anonymous.session
    anonymous.post("/sign-out/")
    assert "_auth_user_id" not in anonymous.session


def test_names_are_kept_in_small_letters_cyrillic_too(db: None) -> None:
    user = User.objects.create_user("Әсел", "Asel@Example.ORG")
    assert (user.username, user.email) == ("әсел", "asel@example.org")
    assert User.objects.known_as("ӘСЕЛ").get() == user


def test_a_name_never_reads_as_an_address() -> None:
    with pytest.raises(ValidationError) as refusal:
        User(username="observer@example.org").clean_fields(exclude=["password"])
    assert list(refusal.value.message_dict) == ["username"]


def test_an_address_belongs_to_one_person_but_may_be_left_out(observer: User) -> None:
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("second", "OBSERVER@example.org")
    User.objects.create_user("third")
    User.objects.create_user("fourth")
    assert User.objects.filter(email="").count() == 2
