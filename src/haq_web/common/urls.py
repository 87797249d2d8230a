"""Pages that belong to no app."""

from django.urls import path
from django.views.i18n import set_language

from haq_web.common import views
from haq_web.common.access import public

app_name = "common"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/", public(set_language), name="language"),
]
