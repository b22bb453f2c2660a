"""Addresses of the desk. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.desk import bulk, case, dispatching, export, listing, live, presence, queue, revisits, steps

app_name = "desk"

urlpatterns: list[URLPattern] = [
    path("desk/", queue.first, name="queue"),
    path("desk/units/", dispatching.units, name="units"),
    path("desk/people/", dispatching.people, name="people"),
    path("desk/live/", live.live, name="live"),
    path("desk/find/", listing.find_number, name="find"),
    path("desk/bulk/", bulk.bulk, name="bulk"),
    path("desk/revisits/", revisits.sheet, name="revisits"),
    path("desk/revisits/<str:number>/", revisits.outcome, name="outcome"),
    path("desk/<slug:code>/", queue.queue, name="named"),
    path("cases/", listing.cases, name="cases"),
    path("cases/export/", export.export, name="export"),
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/deadlines/", case.deadlines, name="deadlines"),
    path("cases/<str:number>/presence/", presence.presence, name="presence"),
    path("cases/<str:number>/sheet/", case.sheet, name="sheet"),
    path("cases/<str:number>/reveal/", case.reveal, name="reveal"),
    path("cases/<str:number>/personal/", case.personal, name="personal"),
    path("cases/<str:number>/evidence/<int:ident>/", case.file, name="file"),
    path("cases/<str:number>/<slug:noun>/", steps.step, name="step"),
]
