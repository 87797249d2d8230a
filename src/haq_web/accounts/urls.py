"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from haq_web.accounts.forms import SignInForm
from haq_web.common.access import public, signed_in

app_name = "accounts"
urlpatterns = [
    path(
        "sign-in/",
        public(
            LoginView.as_view(
                template_name="accounts/sign_in.html",
                authentication_form=SignInForm,
                redirect_authenticated_user=True,
            )
        ),
        name="sign-in",
    ),
    path("sign-out/", signed_in(LogoutView.as_view()), name="sign-out"),
]
