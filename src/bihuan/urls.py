"""Every address of the platform."""

from django.urls import URLPattern, URLResolver, include, path

from bihuan.web import health, pickers
from bihuan.web.knowledge import searching

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("service/", include("bihuan.web.public.urls")),
    path("registration/", include("bihuan.web.hotline.urls")),
    path("imports/", include("bihuan.web.imports.urls")),
    path("reports/", include("bihuan.web.reports.urls")),
    path("search/", searching.results, name="search"),
    path("knowledge/", include("bihuan.web.knowledge.urls")),
    path("pick/areas/", pickers.areas, name="pick-areas"),
    path("pick/nodes/<str:tree>/", pickers.nodes, name="pick-nodes"),
    path("api/v1/", include("bihuan.api.v1.urls")),
    path("", include("bihuan.web.proof.urls")),
    path("", include("bihuan.web.desk.urls")),
    path("", include("bihuan.web.appeals.urls")),
    path("", include("bihuan.web.closing.urls")),
    path("", include("bihuan.web.notices.urls")),
    path("", include("bihuan.web.leading.urls")),
    path("", include("bihuan.web.oversight.urls")),
    path("", include("bihuan.web.teamwork.urls")),
    path("", include("bihuan.web.fieldwork.urls")),
    path("", include("bihuan.web.sharing.urls")),
    path("", include("bihuan.web.setup.urls")),
    path("", include("bihuan.web.urls")),
]
