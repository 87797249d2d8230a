"""Make ``common`` an app, so that its templates are found and its checks run."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """What every page shares."""

    name = "haq_web.common"
    label = "common"

    def ready(self) -> None:
        """Register the check that every URL declares its access."""
        from haq_web.common import checks  # noqa: F401
