"""The entrance for an ASGI server: ``haq_web.config.asgi:application``."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haq_web.config.settings")

application = get_asgi_application()

# A server runs no checks. Without a key it must fail here, not at the first visitor.
_ = settings.SECRET_KEY
