"""Addresses of knowledge."""

from django.urls import URLPattern, path

from bihuan.web.knowledge import beside, views

app_name = "knowledge"

urlpatterns: list[URLPattern] = [
    path("", views.articles, name="articles"),
    path("new/", views.new, name="new"),
    path("beside/<str:number>/", beside.panel, name="beside"),
    path("modules/<str:number>/", beside.modules, name="modules"),
    path("check/<str:number>/", beside.check, name="check"),
    path("from-case/<str:number>/", views.from_case, name="from-case"),
    path("<int:article_id>/", views.article, name="article"),
    path("<int:article_id>/edit/", views.edit, name="edit"),
    path("<int:article_id>/uses/", beside.uses, name="uses"),
    path("<int:article_id>/<slug:noun>/", views.step, name="step"),
]
