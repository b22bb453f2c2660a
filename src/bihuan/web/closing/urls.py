"""Addresses around closing. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.closing import ledger, requests, reviews, setup, surveys, views

app_name = "closing"

urlpatterns: list[URLPattern] = [
    path("approvals/", views.approvals, name="approvals"),
    path("care/", views.care_calls, name="care"),
    path("surveys/", surveys.listing, name="surveys"),
    path("surveys/export/", surveys.export, name="surveys-export"),
    path("reviews/", reviews.listing, name="reviews"),
    path("reviews/export/", reviews.export, name="reviews-export"),
    path("reviews/<str:number>/script/", reviews.script, name="review-script"),
    path("requests/", requests.listing, name="requests"),
    path("requests/export/", requests.export, name="requests-export"),
    path("requests/of/<str:number>/", requests.of_case, name="request-of"),
    path("requests/<str:number>/", requests.one, name="request"),
    path("requests/<str:number>/steps/<slug:code>/", requests.step, name="request-step"),
    path("ledger/", ledger.page, name="ledger"),
    path("ledger/export/", ledger.export, name="ledger-export"),
    path("setup/revisits/", setup.rules, name="rules"),
    path("setup/revisits/<int:ident>/", setup.rule, name="rule"),
    path("setup/sheets/", setup.sheets, name="sheets"),
    path("setup/sheets/new/", setup.sheet, name="new-sheet"),
    path("setup/sheets/<int:ident>/", setup.sheet, name="sheet"),
]
