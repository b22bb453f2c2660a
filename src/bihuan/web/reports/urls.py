"""Addresses of the figures pages. Everything that is chosen stands in the address."""

from django.urls import URLPattern, path

from bihuan.web.reports import maps, views

app_name = "reports"

urlpatterns: list[URLPattern] = [
    path("figures/", views.figures_page, name="figures"),
    path("map/", maps.map_page, name="map"),
    path("map/workbook/", maps.workbook, name="map-workbook"),
    path("figures/workbook/", views.workbook, name="workbook"),
]
