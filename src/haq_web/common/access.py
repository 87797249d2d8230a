"""How a view declares who may open it.

Every URL asks for a signed-in person unless its view says otherwise (Django's
``LoginRequiredMiddleware``). That default protects; the declaration shows that somebody
thought about it. ``checks.py`` refuses to start while any URL lacks one.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Access(StrEnum):
    """Who may open a view."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    ROLE = "role"


def public(view: View) -> View:
    """Declare that anybody may open the view, signed in or not.

    Raises:
        TypeError: the view already declares another access.
    """
    declare(view, Access.PUBLIC)
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Declare that any signed-in person may open the view, whatever their role.

    Raises:
        TypeError: the view already declares another access.
    """
    declare(view, Access.SIGNED_IN)
    return view


def declare(view: Callable[..., HttpResponseBase], access: Access) -> None:
    """Mark the view; for decorators that check something more, such as a role.

    Raises:
        TypeError: the view already declares another access.
    """
    if declared(view) not in (None, access):
        raise TypeError(f"{view!r} already declares {declared(view)!r}, so it cannot declare {access!r}")
    view.__dict__["haq_access"] = access


def declared(view: Callable[..., HttpResponseBase]) -> Access | None:
    """Tell what the view declares, or None."""
    access: Access | None = getattr(view, "haq_access", None)
    return access


def contradicts(view: Callable[..., HttpResponseBase]) -> bool:
    """Tell whether the view is open although it declares otherwise, or closed although public."""
    is_open = not getattr(view, "login_required", True)
    return is_open != (declared(view) is Access.PUBLIC)
