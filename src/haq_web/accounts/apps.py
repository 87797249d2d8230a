"""Make ``accounts`` an app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and how they sign in."""

    name = "haq_web.accounts"
    label = "accounts"
