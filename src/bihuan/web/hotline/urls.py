"""Addresses of the hotline form."""

from django.urls import URLPattern, path

from bihuan.web.hotline import views

app_name = "hotline"

urlpatterns: list[URLPattern] = [
    path("", views.registration, name="registration"),
    path("caller/", views.caller, name="caller"),
    path("hints/", views.hints, name="hints"),
    path("<str:number>/", views.slip, name="slip"),
    path("<str:number>/chasers/", views.chaser, name="chaser"),
]
