"""Addresses of the customer's pages; none carries a number or a code but the survey's door, whose
token opens one survey once."""

from django.urls import URLPattern, path

from bihuan.web.public import survey, views

app_name = "public"

urlpatterns: list[URLPattern] = [
    path("", views.front, name="front"),
    path("complaint/", views.complaint, name="complaint"),
    path("receipt/", views.receipt, name="receipt"),
    path("lookup/", views.look_up, name="look_up"),
    path("code/", views.code, name="code"),
    path("progress/", views.progress, name="progress"),
    path("progress/material/", views.material, name="material"),
    path("progress/file/", views.file, name="file"),
    path("progress/confirmation/", views.confirmation, name="confirmation"),
    path("progress/rejection/", views.rejection, name="rejection"),
    path("progress/withdrawal/", views.withdrawal, name="withdrawal"),
    path("progress/chaser/", views.chaser, name="chaser"),
    path("survey/", survey.page, name="survey"),
    path("survey/<str:token>/", survey.door, name="survey-door"),
    path("exit/", views.exit_, name="exit"),
]
