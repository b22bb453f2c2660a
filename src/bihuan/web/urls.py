"""Addresses of the shell."""

from django.conf import settings
from django.urls import URLPattern, path

from bihuan.web import style, views

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("password/", views.password, name="password"),
    path("language/", views.language, name="language"),
]
if settings.DEMO:
    urlpatterns += [
        path("style/", style.page, name="style"),
        path("style/areas.json", style.areas, name="style-areas"),
        path("style/refusal/", style.refusal, name="style-refusal"),
        path("style/live/", style.live, name="style-live"),
    ]
