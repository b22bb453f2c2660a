"""Addresses of the API: its description, its page for people, and everything else by the table of operations."""

from django.urls import URLPattern, path, re_path

from bihuan.api.v1 import page, views

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("openapi.json", page.openapi, name="openapi"),
    path("", page.operations, name="operations"),
    re_path(r"", views.entrance),
]
