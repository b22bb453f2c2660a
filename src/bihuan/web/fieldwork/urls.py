"""Addresses of work outside. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.fieldwork import calendar, crews, shell, visits

app_name = "fieldwork"

urlpatterns: list[URLPattern] = [
    path("fieldwork/", shell.first, name="first"),
    path("fieldwork/calendar/", calendar.page, name="calendar"),
    path("fieldwork/appointments/<int:visit_id>/", visits.page, name="visit"),
    path("fieldwork/appointments/<int:visit_id>/<slug:noun>/", visits.step, name="visit-step"),
    path("fieldwork/crews/", crews.listing, name="crews"),
    path("fieldwork/crews/new/", crews.adding, name="crew-new"),
    path("fieldwork/crews/<int:crew_id>/", crews.editing, name="crew"),
]
