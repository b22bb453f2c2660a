"""Addresses of teamwork. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.teamwork import assistance, shell

app_name = "teamwork"

urlpatterns: list[URLPattern] = [
    path("teamwork/", shell.first, name="first"),
    path("teamwork/assistance/", assistance.listing, name="assistance"),
    path("teamwork/assistance/export/", assistance.export, name="assistance-export"),
    path("teamwork/assistance/<int:task_id>/", assistance.task, name="task"),
    path("teamwork/assistance/<int:task_id>/<slug:noun>/", assistance.step, name="task-step"),
]
