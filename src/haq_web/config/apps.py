"""Make ``config`` an app, so that its checks run."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The settings and the URLs of the deployment."""

    name = "haq_web.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks of a deployment."""
        from haq_web.config import checks  # noqa: F401
