"""Every address of the platform."""

from django.urls import URLPattern, URLResolver, include, path

from bihuan.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("bihuan.web.urls")),
]
