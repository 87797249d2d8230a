"""Every URL declares who may open it; the guard that says so can fail."""

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, include, path
from django.views.decorators.http import require_safe

from haq_web.accounts.models import User
from haq_web.common.access import public, signed_in
from haq_web.common.checks import access_errors, walk


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("whose page is this?")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("come in")


@require_safe
@signed_in
def for_people(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@login_not_required
@signed_in
def says_one_thing_does_another(request: HttpRequest) -> HttpResponse:
    return HttpResponse("oops")


# The test client reads this module as a URL configuration, too.
urlpatterns = [
    path("", include("haq_web.config.urls")),
    path("undeclared/", undeclared),
    path("open/", open_to_all),
    path("people/", for_people),
]


def test_every_url_of_the_application_declares_its_access() -> None:
    patterns = get_resolver("haq_web.config.urls").url_patterns
    assert [route for route, _ in walk(patterns)]  # the guard sees something at all
    assert access_errors(patterns) == []


def test_the_guard_finds_an_undeclared_view_behind_two_includes() -> None:
    inner = [path("open/", open_to_all), path("people/", for_people), path("secret/<int:pk>/", undeclared)]
    nested = [path("a/", include([path("b/", include(inner))]))]
    (error,) = access_errors(nested)
    assert error.id == "haq.E101"
    assert "/a/b/secret/<int:pk>/" in error.msg


def test_the_guard_finds_a_view_that_contradicts_its_declaration() -> None:
    (error,) = access_errors([path("x/", says_one_thing_does_another)])
    assert error.id == "haq.E102"


def test_a_view_declares_one_access_only() -> None:
    with pytest.raises(TypeError, match="already declares"):
        signed_in(open_to_all)


@pytest.mark.urls(__name__)
def test_what_nobody_declared_is_closed(anonymous: Client, outsider: User) -> None:
    assert anonymous.get("/open/").status_code == 200
    for route in ("/undeclared/", "/people/"):
        assert anonymous.get(route).headers["Location"].startswith(f"/sign-in/?next={route}")
    anonymous.force_login(outsider)
    assert anonymous.get("/people/").content == b"hello"


def test_pages_allow_nothing_from_elsewhere(anonymous: Client) -> None:
    policy = anonymous.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert settings.X_FRAME_OPTIONS == "DENY"
