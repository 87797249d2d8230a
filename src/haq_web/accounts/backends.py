"""Sign in by user name or by e-mail."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from haq_web.accounts.models import User


class NameOrEmailBackend(ModelBackend):
    """Accept a user name or an e-mail, in any case, with the password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the active person with this name and password, or None."""
        if not username or password is None:
            return None
        user = User.objects.known_as(username).first()
        if user is None:
            # Spend the same time as for a wrong password: who has an account is nobody's business.
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None
