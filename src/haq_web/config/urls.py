"""The root of all URLs. Every view below declares who may open it: ``common/access.py``."""

from django.urls import include, path

urlpatterns = [
    path("", include("haq_web.common.urls")),
    path("", include("haq_web.accounts.urls")),
]
