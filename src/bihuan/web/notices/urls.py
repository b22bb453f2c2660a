"""Addresses of the inbox."""

from django.urls import URLPattern, path

from bihuan.web.notices import views

app_name = "notices"

urlpatterns: list[URLPattern] = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/reading/", views.reading, name="reading"),
    path("notices/preferences/", views.preferences, name="preferences"),
    path("notices/<int:ident>/", views.notice, name="notice"),
]
