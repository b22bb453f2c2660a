"""Addresses of proof."""

from django.urls import URLPattern, path

from bihuan.web.proof import pages

app_name = "proof"

urlpatterns: list[URLPattern] = [
    path("cases/<str:number>/packs/<int:ident>.zip", pages.pack, name="pack"),
    path("packs/", pages.verify, name="verify"),
]
