"""Addresses of appeals. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.appeals import setup, steps, views

app_name = "appeals"

urlpatterns: list[URLPattern] = [
    path("appeals/", views.listing, name="list"),
    path("appeals/earlier/", views.earlier, name="earlier"),
    path("appeals/new/<slug:body>/", views.intake, name="intake"),
    path("appeals/<str:number>/", views.appeal, name="appeal"),
    path("appeals/<str:number>/correction/", steps.correction, name="correction"),
    path("appeals/<str:number>/judgement/", steps.judgement, name="judgement"),
    path("appeals/<str:number>/letters/", steps.letter, name="letters"),
    path("appeals/<str:number>/letters/<int:version>.<slug:kind>", steps.file, name="letter-file"),
    path("appeals/<str:number>/letters/<int:version>/sending/", steps.sending, name="sending"),
    path("appeals/<str:number>/steps/<slug:noun>/", steps.step, name="step"),
    path("setup/appeals/", setup.bodies, name="bodies"),
    path("setup/appeals/<int:ident>/", setup.body, name="body"),
    path("setup/appeals/<int:ident>/terms/", setup.term, name="terms"),
    path("setup/appeals/<int:ident>/terms/<int:term_id>/removal/", setup.removal, name="term-removal"),
]
