"""Run the application's commands: ``python -m haq_web runserver``, ``… migrate``, ``… check``."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Hand the command line to Django, with the project's settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haq_web.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
