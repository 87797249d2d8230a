"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haq_web.common.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this place is and where to sign in."""
    return render(request, "common/home.html")
