"""People who work here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth import models as auth
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(auth.UserManager["User"]):
    """Ways to look people up."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address as it is kept: small letters throughout."""
        return (email or "").strip().casefold()

    def known_as(self, name: str) -> models.QuerySet[User]:
        """Find the person who signs in with this user name or e-mail, in any case.

        A user name holds no "@" and an e-mail does, so nobody can take a name that
        reads as somebody else's address.
        """
        if "@" in name:
            return self.filter(email=self.normalize_email(name))
        return self.filter(username=User.normalize_username(name.strip()))


class User(auth.AbstractUser):
    """A person who signs in.

    User name and e-mail are kept in small letters, because SQLite folds the case of
    Latin letters only. The e-mail may be empty: some people must not leave an address.
    """

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[RegexValidator(r"\A[\w.+-]+\Z", _("Use letters, digits and . + - _ only."))],
        error_messages={"unique": _("This user name is taken.")},
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~models.Q(email=""),
                name="one_person_per_email",
                violation_error_message=_("This e-mail belongs to somebody else."),
            ),
        ]

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Return the user name as it is kept: one Unicode form, small letters."""
        return super().normalize_username(username).casefold()
