"""Addresses of supervision and questions."""

from django.urls import URLPattern, path

from bihuan.web.leading import questions, supervision

app_name = "leading"

urlpatterns: list[URLPattern] = [
    path("supervision/", supervision.listing, name="supervision"),
    path("supervision/export/", supervision.export, name="supervision-export"),
    path("questions/", questions.listing, name="questions"),
]
