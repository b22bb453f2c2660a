"""Addresses of imports."""

from django.urls import URLPattern, path

from bihuan.web.imports import views

app_name = "imports"

urlpatterns: list[URLPattern] = [
    path("", views.imports, name="index"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/mapping/", views.mapping, name="mapping"),
    path("<int:job_id>/progress/", views.progress, name="progress"),
    path("<int:job_id>/run/", views.run, name="run"),
    path("<int:job_id>/stop/", views.stop, name="stop"),
    path("<int:job_id>/refused.xlsx", views.refused_xlsx, name="refused-xlsx"),
    path("<int:job_id>/refused.csv", views.refused_csv, name="refused-csv"),
]
